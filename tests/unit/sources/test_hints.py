"""What publishers ask of readers, as understood."""

from datetime import timedelta

import pytest

from monitor.model import FeedPage
from monitor.sources import KINDS
from monitor.sources.hints import hub_and_self, skipped_days, skipped_hours, update_every, wished_pause
from tests.builders import a_feed, a_fresh

BASE = "https://ridge.example/feeds/all.xml"
SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom"'


def read(body: str, **headers: str) -> FeedPage:
    page = KINDS["feed"].read(a_feed(), a_fresh(body=body.encode(), url=BASE, headers=headers))
    assert isinstance(page, FeedPage), page
    return page


@pytest.mark.parametrize("ttl", ["0", "-5", "soon", "99999999", "٣", ""])
def test_a_ttl_that_is_no_wish(ttl: str) -> None:
    assert wished_pause(ttl) is None


@pytest.mark.parametrize(
    ("period", "frequency", "every"),
    [
        ("hourly", "1", timedelta(hours=1)),
        ("hourly", "4", timedelta(minutes=15)),
        (" Daily\n", "", timedelta(days=1)),
        ("", "2", timedelta(hours=12)),
        ("weekly", "7", timedelta(days=1)),
        ("monthly", "1", timedelta(days=30)),
        ("yearly", "365", timedelta(days=1)),
        ("", "", None),
        ("hourly", "0", None),
        ("hourly", "-1", None),
        ("often", "1", None),
        ("hourly", "½", None),
    ],
)
def test_the_syndication_module(period: str, frequency: str, every: timedelta | None) -> None:
    assert update_every(period, frequency) == every


def test_hours_and_days_that_are_skipped() -> None:
    assert skipped_hours(["0", " 7 ", "24", "25", "-1", "x", "٣"]) == {0, 7}
    assert skipped_days(["Monday", " sunday ", "Samstag", ""]) == {0, 6}


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://hub.example/>; rel="hub", <https://t.example/a>; rel="self"', ("https://hub.example/", "https://t.example/a")),
        ("</hub>;rel=hub", ("https://ridge.example/hub", "")),
        ('<https://hub.example/>; title="a, b"; rel="alternate hub"', ("https://hub.example/", "")),
        ("<javascript:x>; rel=hub", ("", "")),
        ("<https://hub.example/>", ("", "")),
        ("nonsense", ("", "")),
    ],
)  # fmt: skip
def test_the_link_header(header: str, found: tuple[str, str]) -> None:
    assert hub_and_self([], {"link": header}, BASE) == found


def test_the_header_goes_before_the_document() -> None:
    links = [("hub", "https://late.example/"), ("self", "/own"), ("hub", "https://third.example/")]
    header = {"link": '<https://first.example/>; rel="hub"'}
    assert hub_and_self(links, header, BASE) == ("https://first.example/", "https://ridge.example/own")


def test_rss_says_it_all() -> None:
    page = read(
        f'<rss version="2.0" {SY}><channel><title>R</title><ttl>45</ttl><sy:updatePeriod>hourly</sy:updatePeriod>'
        "<sy:updateFrequency>2</sy:updateFrequency><skipHours><hour>1</hour><hour>2</hour></skipHours>"
        "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
        '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="/feeds/own.xml"/>'
        "</channel></rss>"
    )
    assert (page.ttl, page.update_every) == (timedelta(minutes=45), timedelta(minutes=30))
    assert (sorted(page.skip_hours), sorted(page.skip_days)) == ([1, 2], [5, 6])
    assert (page.hub, page.self_link) == ("https://hub.example/", "https://ridge.example/feeds/own.xml")


def test_atom_and_a_loose_feed_say_it_too() -> None:
    link = '<link rel="hub" href="https://hub.example/"/><link rel="self" href="https://own.example/"/>'
    atom = read(f'<feed xmlns="http://www.w3.org/2005/Atom">{link}</feed>')
    assert (atom.hub, atom.self_link) == ("https://hub.example/", "https://own.example/")
    loose = read(
        "<rss><channel><skipHours><hour>3</hour><hour>4</hour></skipHours><title>A & B</title></channel></rss>"
    )
    assert loose.skip_hours == {3, 4}


def test_a_json_feed_says_where_its_hub_is() -> None:
    page = read(
        '{"version": "https://jsonfeed.org/version/1.1", "items": [], "feed_url": "https://own.example/",'
        ' "hubs": [{"type": "rssCloud", "url": "https://no.example/"}, 7, {"type": "WebSub", "url": "https://hub.example/"}]}'
    )
    assert (page.hub, page.self_link) == ("https://hub.example/", "https://own.example/")


def test_a_silent_feed_asks_for_nothing() -> None:
    page = read("<rss><channel><title>Q</title></channel></rss>")
    asked = (page.ttl, page.update_every, page.skip_hours, page.skip_days, page.hub, page.self_link)
    assert asked == (None, None, frozenset(), frozenset(), "", "")
