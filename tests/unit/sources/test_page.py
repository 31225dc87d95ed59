"""Section pages as entries, by selectors and without."""

from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.model import FeedPage, Selection, Unreadable
from monitor.sources.page import Page, compiled
from tests.builders import a_feed, a_fresh

URL = "https://ridge.example/news/"
FERRIES = "Two ferries share the quay for a week"
CRANE = "The old crane of the harbour is taken down"
PIER = "They will lie side by side until the new pier is built."
BREAD = "Bread becomes dearer before the winter"


def answer(html: str, *, url: str = URL, **feed: Any) -> FeedPage | Unreadable:
    body = f"<!DOCTYPE html><html lang='en'><head><title>Ridge: News</title></head><body>{html}</body></html>"
    visit = a_fresh(body=body.encode(), url=url, headers={"content-type": "text/html; charset=utf-8"})
    return Page().read(a_feed(kind="page", **feed), visit)


def read(html: str, **feed: Any) -> FeedPage:
    page = answer(html, **feed)
    assert isinstance(page, FeedPage), page
    return page


def teaser(href: str, title: str, more: str = "") -> str:
    return f'<article class="t"><h3><a href="{href}">{title}</a></h3>{more}</article>'


LISTED = (
    teaser("/news/2026/11/22/two-ferries-share", FERRIES, f"<p>{PIER}</p>")
    + teaser("/news/2026/11/21/old-crane-down", CRANE, '<time datetime="2026-11-21T15:30:00+02:00">yesterday</time>')
    + teaser("/news/bread-becomes-dearer", BREAD, "<p>Short.</p>")
)  # fmt: skip
AROUND = (
    '<nav><a href="/news/all-about-the-navigation-of-it">All about the navigation of this site</a></nav>'
    '<footer><a href="/terms-and-conditions-of-use">Terms and conditions of use, in full</a></footer>'
    '<a href="https://elsewhere.example/news/somebody-elses-long-story">A long story of somebody else entirely</a>'
    '<a href="/news/two-ferries-share#comments">12 comments on this</a>'
    '<a href="/tag/two-ferries-share">Tag of the ferries all</a>'
    '<a href="javascript:open()">Open this window here for more</a>'
    '<a href="/newsletter-for-all-of-you">Subscribe to our newsletter today</a>'
)  # fmt: skip


def test_headlines_are_found_without_being_told() -> None:
    page = read(AROUND + LISTED)
    assert (page.title, page.language, page.link) == ("Ridge: News", "en", URL)
    assert [entry.title for entry in page.entries] == [FERRIES, CRANE, BREAD]
    first, second, third = page.entries
    assert first.link == first.id == "https://ridge.example/news/2026/11/22/two-ferries-share"
    assert first.summary == PIER
    assert (first.published, third.published) == (datetime(2026, 11, 22, 12, tzinfo=UTC), None)
    assert second.published == datetime(2026, 11, 21, 13, 30, tzinfo=UTC)
    assert third.summary == ""


def test_the_best_words_of_an_address_are_its_title() -> None:
    link = "/news/two-ferries-share-the-quay"
    block = f'<div><a href="{link}"><img alt=""></a><a href="{link}">{FERRIES}</a><a href="{link}">Read more</a></div>'
    page = read(block + teaser("/news/old-crane-taken-down", CRANE) + teaser("/news/bread-becomes-dearer", BREAD))
    assert [entry.title for entry in page.entries] == [FERRIES, CRANE, BREAD]


def test_headlines_in_scripts_without_spaces() -> None:
    titles = [
        "港に二隻のフェリーが並ぶことになった",
        "古いクレーンがついに解体された",
        "冬を前にパンが値上がりしている",
    ]
    page = read("".join(teaser(f"/article/{number}00{number}", title) for number, title in enumerate(titles, 1)))
    assert [entry.title for entry in page.entries] == titles


def test_a_pattern_of_addresses_is_enough() -> None:
    html = teaser("/n/a", FERRIES) + teaser("/x/b", CRANE)
    assert [entry.link for entry in read(html, links=r"/n/\w+$").entries] == ["https://ridge.example/n/a"]


@pytest.mark.parametrize(
    "select",
    [
        Selection(item="article.t"),
        Selection(item="//article", link=".//a", title="h3", summary="p", date="time"),
        Selection(item="//article", link=".//a/@href", title="./h3/a/text()", date=".//time/@datetime"),
        Selection(item="article h3 a"),
    ],
)
def test_selectors_of_either_language(select: Selection) -> None:
    page = read(AROUND + LISTED, select=select)
    assert [entry.title for entry in page.entries] == [FERRIES, CRANE, BREAD]
    assert page.entries[0].published == datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_base_and_html_in_titles() -> None:
    html = '<base href="https://other.example/x/">' + teaser("a?b=1&amp;c=2", "Use &lt;b&gt; with &amp; care")
    (entry,) = read(html, select=Selection(item="article")).entries
    assert (entry.link, entry.title) == ("https://other.example/x/a?b=1&c=2", "Use <b> with & care")


def test_a_page_in_another_charset_that_its_meta_names() -> None:
    body = (
        f'<html><head><meta charset="windows-1251"></head><body>{teaser("/n/a", "Ціни на хліб зросли")}</body></html>'
    )
    visit = a_fresh(body=body.encode("cp1251"), url=URL, headers={"content-type": "text/html"})
    page = Page().read(a_feed(select=Selection(item="article")), visit)
    assert isinstance(page, FeedPage)
    assert page.entries[0].title == "Ціни на хліб зросли"


def test_a_page_that_lost_its_shape_is_told() -> None:
    assert answer("<p>Nothing here</p>") == Unreadable(
        "no headlines on the page", "give the feed select.item, or links with the pattern of its articles' addresses"
    )
    lost = answer(LISTED, select=Selection(item="div.gone"))
    assert lost == Unreadable("no headlines on the page", "nothing with a link fits select.item = 'div.gone'")
    assert Page().read(a_feed(), a_fresh(body=b"just words")) == Unreadable("no HTML page", "just words")


@pytest.mark.parametrize("selector", ["article..x", "//a[", "", "a:nonsense"])
def test_a_broken_selector_is_named(selector: str) -> None:
    with pytest.raises(ValueError, match="neither a CSS selector nor an XPath"):
        compiled(selector)


def test_a_bot_wall_in_the_place_of_the_page_is_named() -> None:
    assert answer('<iframe src="/_Incapsula_Resource?x=1"></iframe>') == Unreadable(
        "bot wall instead of the page", "Imperva challenge"
    )
