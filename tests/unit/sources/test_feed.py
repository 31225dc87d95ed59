"""RSS, Atom and RDF as entries."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.model import Entry, FeedPage
from monitor.sources.syndication import Syndication
from tests.builders import a_feed, a_fresh

FEEDS = Path(__file__).resolve().parents[2] / "data" / "feeds"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom"'
)


def read(body: bytes) -> FeedPage:
    page = Syndication().read(a_feed(), a_fresh(body=body, url="http://ridge.example/feeds/all.xml"))
    assert isinstance(page, FeedPage), page
    return page


def sample(name: str) -> FeedPage:
    return read((FEEDS / name).read_bytes())


def item(inner: str) -> Entry:
    return read(f'<rss version="2.0" {NAMESPACES}><channel><item>{inner}</item></channel></rss>'.encode()).entries[0]


def atom(inner: str) -> Entry:
    return read(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{inner}</entry></feed>'.encode()).entries[0]


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("A &amp; B", "A & B"),
        ("<![CDATA[A & B]]>", "A & B"),
        ("<![CDATA[A &amp; B]]>", "A & B"),
        ("Say &amp;quot;yes&amp;quot;", 'Say "yes"'),
        ("&lt;b&gt;Bold&lt;/b&gt; plan", "Bold plan"),
        ("5 &lt; 7 &gt; 3", "5 < 7 > 3"),
        ("  two\n   lines ", "two lines"),
        ("caf&#233; d&#x27;art", "café d'art"),
        ("", ""),
    ],
)
def test_titles_are_plain_text(stated: str, title: str) -> None:
    assert item(f"<title>{stated}</title>").title == title


def test_an_atom_title_of_type_text_is_no_html() -> None:
    assert atom("<title>Use &lt;b&gt; sparingly</title>").title == "Use <b> sparingly"
    assert atom('<title type="html">Use &lt;b&gt;it&lt;/b&gt;</title>').title == "Use it"


@pytest.mark.parametrize(
    ("inner", "link"),
    [
        ("<link>http://x.example/1</link>", "http://x.example/1"),
        ("<link>\n  /news/1 \n</link>", "http://ridge.example/news/1"),
        ("<link>2?a=1&amp;b=2</link>", "http://ridge.example/feeds/2?a=1&b=2"),
        ("<guid>http://x.example/g</guid>", "http://x.example/g"),
        ('<guid isPermaLink="false">http://x.example/g</guid>', ""),
        ('<atom:link href="/b"/>', "http://ridge.example/b"),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>http://[broken</link>", ""),
        ("", ""),
    ],
)
def test_links_are_absolute(inner: str, link: str) -> None:
    assert item(inner).link == link


@pytest.mark.parametrize("guid", ["77", "tag:x,2026:1", "/relative", "http://x.example/a b", "Їжа"])
def test_guids_stay_as_they_are(guid: str) -> None:
    assert item(f"<guid>{guid}</guid>").id == guid
    assert atom(f"<id>{guid}</id>").id == guid


def test_summary_and_content_are_told_apart() -> None:
    both = item("<description>Short.</description><content:encoded>&lt;p&gt;The long one.&lt;/p&gt;</content:encoded>")
    assert (both.summary, both.content) == ("Short.", "<p>The long one.</p>")
    only = item("<content:encoded>&lt;p&gt;The long one.&lt;/p&gt;</content:encoded>")
    assert (only.summary, only.content) == ("", "<p>The long one.</p>")


def test_the_whole_text_for_an_aggregator_is_content() -> None:
    name = '<yandex:full-text xmlns:yandex="http://news.yandex.ru">The long one.</yandex:full-text>'
    assert item(f"<description>Short.</description>{name}").content == "The long one."
    both = item(f"<content:encoded>Even longer one.</content:encoded>{name}")
    assert both.content == "Even longer one."


def test_html_stays_and_text_becomes_html() -> None:
    assert item("<description>&lt;script&gt;x()&lt;/script&gt; y</description>").summary == "<script>x()</script> y"
    assert atom("<summary>3 &lt; 5 &amp; more</summary>").summary == "3 &lt; 5 &amp; more"


def test_dates_fall_back_in_order() -> None:
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert item("<dc:date>2026-11-22T08:00:00Z</dc:date>").published == at
    assert atom("<updated>2026-11-22T08:00:00Z</updated>").published == at
    assert item("<title>x</title>").published is None


def test_the_date_of_an_issue_gives_way_to_that_of_the_item() -> None:
    space = "http://prismstandard.org/namespaces/basic/2.0/"
    issue = f"<prism:publicationDate xmlns:prism='{space}'>2026-12-01</prism:publicationDate>"
    assert item(f"<dc:date>2026-11-22T08:00:00Z</dc:date>{issue}").published == datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "stated",
    [
        '<prism:publicationDate xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">{}</prism:publicationDate>',
        '<dcterms:available xmlns:dcterms="http://purl.org/dc/terms/">{}</dcterms:available>',
        '<dcterms:issued xmlns:dcterms="http://purl.org/dc/terms/">{}</dcterms:issued>',
    ],
)
def test_dates_of_publishers_own_vocabularies(stated: str) -> None:
    assert item(stated.format("2026-11-22T08:00:00Z")).published == datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("inner", "authors"),
    [
        ("<author>desk@ridge.example (Vera Holm)</author>", ("Vera Holm",)),
        ("<dc:creator><![CDATA[Vera Holm]]></dc:creator>", ("Vera Holm",)),
        ("<author>desk@ridge.example</author>", ()),
        ("", ()),
    ],
)
def test_authors_are_names(inner: str, authors: tuple[str, ...]) -> None:
    assert item(inner).authors == authors


def test_tags_are_listed_once() -> None:
    tagged = item("<category>Air</category><category>Air</category><category> Sea </category>")
    assert tagged.tags == ("Air", "Sea")


def test_a_loose_feed_is_read_all_the_same() -> None:
    page = sample("loose.xml")
    assert (page.title, page.language, page.ttl) == ("Ridge Herald", "en", timedelta(minutes=45))
    entry = page.entries[0]
    assert entry.title == "Bread & butter: café prices"
    assert entry.link == "http://ridge.example/news/prices?a=1&b=2"
    assert entry.published == datetime(2016, 6, 29, 15, 7, 41, tzinfo=UTC)
    assert "text before the document" in page.remark
    assert "broken XML" in page.remark


def test_atom_03() -> None:
    page = sample("atom03.xml")
    entry = page.entries[0]
    assert (page.title, entry.title) == ("Harbour Gazette", "Ferries & frigates share the quay")
    assert entry.published == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert entry.updated == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert (entry.id, entry.language) == ("tag:gazette.example,2026:ferries", "en")


def test_rdf() -> None:
    page = sample("rdf10.xml")
    entry = page.entries[0]
    assert (page.title, entry.title) == ("Hill Observer", "Radar na wzgórzu")
    assert (entry.link, entry.authors) == ("http://hill.example/radar", ("Jan Wrona",))
    assert entry.published == datetime(2026, 11, 22, 7, 15, tzinfo=UTC)


def test_an_aggregator_names_the_outlet_it_took_an_item_from() -> None:
    taken = item('<title>Launchers promised - Ridge Post</title><source url="https://post.example">Ridge Post</source>')
    assert (taken.title, taken.outlet) == ("Launchers promised - Ridge Post", "Ridge Post")
    own = item('<title>Launchers promised</title><source url="http://www.ridge.example/">Ridge</source>')
    assert own.outlet == ""
    assert item("<title>Launchers promised</title><source>Ridge</source>").outlet == ""
    source = "<source><id>https://post.example/</id><title>Ridge Post</title></source>"
    assert atom(f"<title>Launchers promised</title>{source}").outlet == "Ridge Post"


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("group", ["", "media:group"])
@pytest.mark.parametrize(("stated", "link"), [("", "player"), ("<link>https://ridge.example/1</link>", "1")])
def test_the_page_that_plays_a_film_stands_in_for_a_missing_link(
    quick: bool, group: str, stated: str, link: str
) -> None:
    player = '<media:player url="https://ridge.example/player"/>'
    player = f"<{group}>{player}</{group}>" if group else player
    body = (
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Ridge</title>'
        f"<item><title>Film</title>{stated}{player}</item></channel></rss>"
    )
    page = Syndication(quick=quick).read(a_feed(), a_fresh(body=body.encode()))
    assert isinstance(page, FeedPage)
    assert [entry.link for entry in page.entries] == [f"https://ridge.example/{link}"]
