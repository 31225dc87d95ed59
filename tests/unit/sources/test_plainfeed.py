"""The short way through RSS: what it takes, it reads as feedparser does; what is unusual it leaves."""

import random
from pathlib import Path

import pytest

from monitor.model import FeedPage
from monitor.sources.plainfeed import read_plain
from monitor.sources.syndication import Syndication
from tests.builders import a_feed, a_fresh

FEEDS = Path(__file__).resolve().parents[2] / "data" / "feeds"
PIECES = FEEDS / "pieces"  # one a line
EVAL = Path(__file__).resolve().parents[4] / "shared" / "eval" / "feeds"
URL = "http://ridge.example/feeds/all.xml"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "atom": "http://www.w3.org/2005/Atom",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
        "wfw": "http://wellformedweb.org/CommentAPI/",
        "georss": "http://www.georss.org/georss",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "podcast": "https://podcastindex.org/namespace/1.0",
        "own": "https://ridge.example/own",
        "xhtml": "http://www.w3.org/1999/xhtml",
    }.items()
)


def pieces(name: str) -> list[str]:
    return (PIECES / f"{name}.txt").read_text("utf-8").split("\n")[:-1]


def short(body: str) -> FeedPage | None:
    return read_plain(a_feed(), a_fresh(url=URL), body)


def long(body: bytes) -> object:
    return Syndication(quick=False).read(a_feed(), a_fresh(url=URL, body=body, headers={}))


def rss(channel: str, *items: str) -> str:
    entries = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?>\n<rss version="2.0" {NAMESPACES}><channel>{channel}{entries}</channel></rss>'


@pytest.mark.parametrize("piece", pieces("rss-item"))
def test_every_piece_of_an_item_is_read_alike(piece: str) -> None:
    whole = "<title>T</title><link>https://ridge.example/1</link><guid>g</guid><description>D</description>"
    for body in (rss("", piece), rss("", piece + whole), rss("", whole + piece), rss("", whole, piece)):
        page = short(body)
        assert page is None or page == long(body.encode())


@pytest.mark.parametrize("piece", pieces("rss-channel"))
def test_every_piece_of_a_channel_is_read_alike(piece: str) -> None:
    whole = "<title>T</title><link>https://ridge.example/</link><description>D</description><language>de</language>"
    for body in (rss(piece, "<title>x</title>"), rss(piece + whole), rss(whole + piece, "<title>x</title>")):
        page = short(body)
        assert page is None or page == long(body.encode())


def test_any_mixture_is_read_alike() -> None:
    taken, dice = 0, random.Random(20261125)
    for _ in range(300):
        items = ["".join(dice.sample(pieces("rss-item"), dice.randint(1, 6))) for _ in range(dice.randint(0, 4))]
        body = rss("".join(dice.sample(pieces("rss-channel"), dice.randint(0, 6))), *items)
        page = short(body)
        taken += page is not None
        assert page is None or page == long(body.encode()), body
    assert taken > 20


def test_the_usual_news_feed_is_taken() -> None:
    item = (
        "<title>Two ferries</title><link>https://ridge.example/1?a=1&amp;b=2</link><guid isPermaLink='false'>1</guid>"
        "<pubDate>Sun, 22 Nov 2026 08:00:00 +0200</pubDate><dc:creator>Vera Holm</dc:creator><category>Sea</category>"
        "<description>&lt;p&gt;Short.&lt;/p&gt;</description><content:encoded><![CDATA[<p>Long one.</p>]]>"
        "</content:encoded><slash:comments>0</slash:comments><media:content url='https://ridge.example/a.jpg'/>"
    )
    channel = (
        "<title>Ridge Herald</title><link>https://ridge.example/</link><description/><language>en</language>"
        "<atom:link rel='self' href='https://ridge.example/feed' type='application/rss+xml'/><sy:updatePeriod>hourly"
        "</sy:updatePeriod><image><url>https://ridge.example/i.png</url><title>R</title></image>"
    )
    body = rss(channel, item)
    page = short(body)
    assert page is not None
    assert page == long(body.encode())
    assert page.entries[0].title == "Two ferries"


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE rss><rss version="2.0"><channel/></rss>',
        '<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel><title>&a;</title></channel></rss>',
        '<rss version="2.0"><channel><title>A & B</title></channel></rss>',
        '<rss version="2.0"><channel><title>&nbsp;</title></channel></rss>',
        '<rss version="2.0"><channel><title>cut',
        '<rss version="2.0"><channel/></rss> tail',
        'words <rss version="2.0"><channel/></rss>',
        '<rss version="2.0"><channel><un:known/></channel></rss>',
        '<rss version="2.0" xml:base="https://x.example/"><channel/></rss>',
        '<rss version="2.0"><channel/><channel/></rss>',
        '<rss version="2.0"><channel><title>a\x7fb</title></channel></rss>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        "<html/>",
        "",
        "{}",
        "<rss>" + "<channel>" * 100_000,
        f'<rss version="2.0"><channel>{"<item/>" * 2_001}</channel></rss>',
        f'<rss version="2.0"><channel><item>{"<category>x</category>" * 71}</item></channel></rss>',
    ],
)
def test_what_is_unusual_is_left_to_the_other_reader(body: str) -> None:
    assert short(body) is None


@pytest.mark.skipif(not EVAL.is_dir(), reason="no evaluation data beside the project")
def test_real_feeds_are_read_alike() -> None:
    files = [path for path in EVAL.rglob("*") if path.suffix in (".rss", ".atom")]
    taken = 0
    for path in files:
        quick = Syndication().read(a_feed(), a_fresh(url=URL, body=path.read_bytes(), headers={}))
        assert quick == long(path.read_bytes()), path.name
        taken += short(path.read_text("utf-8", "replace")) is not None
    assert taken >= len(files) // 4


@pytest.mark.parametrize("path", sorted(FEEDS.rglob("*.xml")), ids=lambda path: path.stem)
def test_our_own_samples_are_read_alike(path: Path) -> None:
    quick = Syndication().read(a_feed(), a_fresh(url=URL, body=path.read_bytes(), headers={}))
    assert quick == long(path.read_bytes())
