"""Texts made to cost the square of their length, or worse: four times as much takes about four times as long."""

import time
from collections.abc import Callable

import pytest

from monitor.extract import extract
from monitor.extract.edits import compare
from monitor.extract.walls import Looks, wall
from monitor.sources import KINDS
from monitor.sources.fields import author_names
from monitor.sources.leaves import read_leaf
from monitor.words import plain
from tests.builders import NOW, a_feed, a_fresh, an_entry

MOST = 9.0  # times as long for four times as much: what is linear takes four, the square sixteen
UNNOTICED = 0.02  # seconds; what takes no longer than that is not worth measuring

ITEM = "<item><title>One</title><link>http://a.example/1</link></item>"
RSS = f'<rss version="2.0"><channel><title>T</title>{ITEM}</channel></rss>'
URLSET = "<urlset><url><loc>http://a.example/1</loc></url></urlset>"


def feed(text: str) -> object:
    return KINDS["feed"].read(a_feed(), a_fresh(body=text.encode()))


def leaf(text: str) -> object:
    return read_leaf(a_feed(), a_fresh(body=text.encode()), "feed")


def sitemap(text: str) -> object:
    return KINDS["sitemap"].read(a_feed(kind="sitemap"), a_fresh(body=text.encode()))


def page(text: str) -> object:
    visit = a_fresh(body=text.encode(), headers={"content-type": "text/html"})
    return extract(an_entry(), visit, identity="id:1", found_at=NOW)


def forwarding(text: str) -> object:
    looks = Looks(title="", markup=text, text="", visible="", anchors=frozenset(), is_article=True)
    return wall(looks, a_fresh(), "One")


def later(text: str) -> object:
    return compare("One", "A ferry sank.", f"One{text[:1_000]}b", text)


def authors(text: str) -> object:
    return [author_names([f"{number}{text[:1_000]}"]) for number in range(len(text) // 1_000)]


def within(text: str, begins: str = "", ends: str = "") -> Callable[[int], str]:
    return lambda times: begins + text * times + ends


TITLE = RSS.partition("One")

HOSTILE: list[tuple[str, Callable[[str], object], Callable[[int], str], int]] = [
    ("half instructions", feed, within("<?", ends=RSS), 4_000),
    ("half doctypes", feed, within("<!DOCTYPE[]", ends=RSS), 1_500),
    ("doctypes cut off", feed, within("<!DOCTYPE [", ends=RSS), 1_500),
    ("entities cut off", feed, within("<!ENTITY % ", ends=RSS), 4_000),
    ("an entity of blanks", feed, within(" ", "<!DOCTYPE r [<!ENTITY a", RSS), 40_000),
    ("half references", feed, within("&#", TITLE[0], TITLE[2]), 10_000),
    ("a long name of a tag", feed, within("a", f"{TITLE[0]}<", TITLE[2]), 8_000),
    ("titles of a page", feed, within("<title ", "<html>"), 5_000),
    ("entries cut off", leaf, within("<item >x", RSS), 2_000),
    ("a long name of a part", leaf, within("a", f"{RSS}<link ", ">"), 20_000),
    ("generators cut off", leaf, within("<generator ", RSS), 4_000),
    ("comments of a sitemap", sitemap, within("<!-- -->", ends="<x>"), 6),
    ("many comments of a sitemap", sitemap, within("<!-- -->", ends=URLSET), 4_000),
    ("doctypes of a sitemap", sitemap, within("<!DOCTYPE[]", ends=URLSET), 1_500),
    ("half metas", forwarding, within("<meta "), 4_000),
    ("metas that forward nowhere", forwarding, within("<meta http-equiv=refresh "), 1_000),
    ("many articles", page, within("<article><time datetime='2026'></time></article>", "<html><body>", "</body>"), 500),
    ("full stops", page, within(".,", f"<html><body><article><p>{'The ferry sank at noon. ' * 40}", "x</p>"), 6_000),
    ("a number without end", later, within("1.", ends=" x"), 3_000),
    ("dates that run together", later, within("11111.1.", "1.1.", " x"), 8),
    ("many such dates", later, within("11111.1.", "1.1.", " x"), 2_000),
    ("months that run together", later, within("updatedjan"), 2_000),
    ("a name of many letters", authors, within("a"), 50_000),
    ("half tags", plain, within("<a ", "x<"), 3_000),
    ("half comments", plain, within("<!-- >", "x<"), 3_000),
    ("half sections", plain, within("<![CDATA[", "x<"), 6_000),
    ("attributes without end", plain, within('"<a b=c ', "x<"), 3_000),
]  # fmt: skip


def seconds(do: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    do(text)
    return time.process_time() - started


@pytest.mark.parametrize(("do", "text", "times"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_the_cost_grows_as_the_text_does(do: Callable[[str], object], text: Callable[[int], str], times: int) -> None:
    do(text(1))
    few = min(seconds(do, text(times)) for _ in range(3))
    many = min(seconds(do, text(4 * times)) for _ in range(2))
    assert many < max(UNNOTICED, MOST * few)


@pytest.mark.parametrize("text", ["<![foo[x", "a < b <![foo bar", "<![<![", "<!foo [ x"])
def test_a_section_of_an_unknown_name_is_no_bug(text: str) -> None:
    assert isinstance(plain(text), str)
