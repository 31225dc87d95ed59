"""The short way through Atom: what it takes, it reads as feedparser does."""

import random
from pathlib import Path

import pytest

from monitor.model import FeedPage
from monitor.sources.plainfeed import read_plain
from monitor.sources.syndication import Syndication
from tests.builders import a_feed, a_fresh

PIECES = Path(__file__).resolve().parents[2] / "data" / "feeds" / "pieces"  # one a line
URL = "http://ridge.example/feeds/all.xml"
LINK = '<link href="https://ridge.example/"/>'


def pieces(name: str) -> list[str]:
    return (PIECES / f"{name}.txt").read_text("utf-8").split("\n")[:-1]


def atom(feed: str, *entries: str, attributes: str = "") -> str:
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{attributes}>{feed}{inner}</feed>'


def alike(body: str) -> FeedPage | None:
    """The short answer, compared with the long one."""
    visit = a_fresh(url=URL, body=body.encode(), headers={})
    page = read_plain(a_feed(), visit, body)
    assert page is None or page == Syndication(quick=False).read(a_feed(), visit), body
    return page


@pytest.mark.parametrize("piece", pieces("atom-entry"))
def test_every_piece_of_an_entry_is_read_alike(piece: str) -> None:
    alike(atom(LINK, piece))
    alike(atom(LINK, '<link href="https://ridge.example/1"/>' + piece))
    alike(atom(LINK, piece + '<link href="https://ridge.example/1"/><title>T</title>'))


@pytest.mark.parametrize("piece", pieces("atom-feed"))
def test_every_piece_of_a_feed_is_read_alike(piece: str) -> None:
    alike(atom(piece))
    alike(atom(piece + LINK, '<link href="https://ridge.example/1"/>'))
    alike(atom(LINK + piece, attributes=' xml:lang="pt-BR"'))


def test_any_mixture_is_read_alike() -> None:
    taken, dice = 0, random.Random(20261125)
    for _ in range(300):
        entries = ["".join(dice.sample(pieces("atom-entry"), dice.randint(1, 5))) for _ in range(dice.randint(0, 3))]
        taken += alike(atom(LINK + "".join(dice.sample(pieces("atom-feed"), dice.randint(0, 4))), *entries)) is not None
    assert taken > 20


def test_the_usual_news_feed_is_taken() -> None:
    page = alike(
        atom(
            f"<title>Ridge Herald</title><id>urn:f</id>{LINK}<author><name>R</name></author>",
            '<title>Two ferries</title><id>urn:1</id><link href="https://ridge.example/1"/><author><name>Vera</name>'
            '</author><updated>2026-11-22T08:00:00Z</updated><summary type="html">&lt;p&gt;Short.&lt;/p&gt;</summary>',
            attributes=' xml:lang="en"',
        )
    )
    assert page is not None
    assert (page.language, page.entries[0].title, page.entries[0].authors) == ("en", "Two ferries", ("Vera",))


@pytest.mark.parametrize("attributes", [' xml:base="https://x.example/"', ' version="0.3"', ' lang="de"'])
def test_an_odd_root_is_left_to_the_other_reader(attributes: str) -> None:
    assert alike(atom(LINK, attributes=attributes)) is None
