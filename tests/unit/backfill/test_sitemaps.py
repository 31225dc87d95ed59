"""Sitemaps: where they are, which of them can hold a span, and which of their addresses."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.backfill.base import Ask
from monitor.backfill.sitemaps import USUAL, Sitemaps, may_hold
from monitor.model import Entry, Failed, Failure, Leaf, Window
from tests.builders import NOW, a_feed, a_request

FEED = a_feed(url="https://courier.example/feed")
SPAN = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC))
RUNG = Sitemaps()
IN, OUT = datetime(2026, 10, 9, tzinfo=UTC), datetime(2026, 9, 9, tzinfo=UTC)


def _entry(name: str, published: datetime | None = None, updated: datetime | None = None) -> Entry:
    return Entry(FEED.name, name, f"https://courier.example/{name}", "", published=published, updated=updated)


def test_robots_says_where_or_the_usual_places_are_tried() -> None:
    (robots,) = RUNG.begin(FEED, FEED.url, SPAN).asks
    assert (robots.url, robots.form) == ("https://courier.example/robots.txt", "text")
    text = "User-agent: *\nSITEMAP: /map.xml\nSitemap: https://courier.example/image-sitemap.xml\n"
    assert [one.url for one in RUNG.read(FEED, SPAN, robots, Leaf(robots.url, text=text)).asks] == [
        "https://courier.example/map.xml"
    ]
    guesses = RUNG.read(FEED, SPAN, robots, Failed(a_request(), Failure.STATUS, "", NOW, 404)).asks
    assert len(guesses) == len(USUAL)
    assert RUNG.read(FEED, SPAN, guesses[0], Leaf("", problem="no sitemap")).problem == "", "a guess may be wrong"
    assert RUNG.read(FEED, SPAN, Ask("x", "sitemap", 1), Leaf("", problem="no sitemap")).problem


@pytest.mark.parametrize(
    ("place", "changed", "holds"),
    [
        ("https://courier.example/post-sitemap1.xml", None, True),
        ("https://courier.example/post-sitemap1.xml", OUT, False),
        ("https://courier.example/post-sitemap1.xml", NOW, True),
        ("https://courier.example/sitemap-2026-10.xml", NOW, True),
        ("https://courier.example/sitemap-2026-11-09.xml", NOW, False),
        ("https://courier.example/sitemap.xml?yyyy=2026&mm=10&dd=05", NOW, True),
        ("https://courier.example/2025/sitemap.xml", NOW, False),
        ("https://courier.example/sitemap-2025-2026.xml", NOW, True),
        ("https://courier.example/sitemap-2023-2024.xml", NOW, False),
        ("https://courier.example/category-sitemap.xml", NOW, False),
        ("https://courier.example/sitemap-20261231.xml", None, False),
        ("https://courier.example/sitemap-20263131.xml", None, True),
    ],
)
def test_only_what_can_hold_the_span_is_visited(place: str, changed: datetime | None, holds: bool) -> None:
    assert may_hold(SPAN, place, changed) is holds


def test_an_index_leads_on_and_shows_how_far_back_it_goes() -> None:
    parts = (("https://courier.example/b.xml", IN), ("https://courier.example/a.xml", OUT))
    step = RUNG.read(FEED, SPAN, Ask("i", "sitemap", 1), Leaf("i", parts=parts))
    assert [(one.url, one.number) for one in step.asks] == [("https://courier.example/b.xml", 2)]
    assert step.reached == OUT
    assert not RUNG.read(FEED, SPAN, Ask("i", "sitemap", 9), Leaf("i", parts=parts)).asks, "no index without end"


def test_a_lastmod_says_what_is_older_and_never_what_is_younger() -> None:
    entries = (
        _entry("dated", published=IN),
        _entry("older", published=OUT, updated=IN),
        _entry("touched", updated=NOW),
        _entry("untouched", updated=OUT),
        _entry("undated"),
        Entry(FEED.name, "x", "https://elsewhere.example/x", ""),
    )
    step = RUNG.read(FEED, SPAN, Ask("https://courier.example/s.xml", "sitemap", 1), Leaf("s", entries))
    assert [one.entry.id for one in step.found] == ["dated", "touched", "undated"]
    assert step.reached == OUT


def test_a_day_in_an_address_is_a_day_and_its_page_may_know_the_time() -> None:
    noon = datetime(2026, 10, 9, 12, tzinfo=UTC)
    span = Window(noon + timedelta(hours=8), noon + timedelta(days=2))
    step = RUNG.read(FEED, span, Ask(FEED.url, "sitemap", 1), Leaf("s", (_entry("dated", published=noon),)))
    assert [one.entry.published for one in step.found] == [None]


def test_a_feed_that_is_a_sitemap_is_read_as_it_is_and_its_links_are_kept_to() -> None:
    feed = a_feed(url="https://courier.example/map.xml", kind="sitemap", links="/news/")
    (ask,) = RUNG.begin(feed, feed.url, SPAN).asks
    assert (ask.url, ask.form) == (feed.url, "sitemap")
    leaf = Leaf("s", (_entry("news/a"), _entry("shop/a")))
    assert [one.entry.id for one in RUNG.read(feed, SPAN, ask, leaf).found] == ["news/a"]
    assert timedelta(0) < SPAN.end - SPAN.start


def test_pages_beside_the_articles_are_passed_over_and_do_not_cover_the_span() -> None:
    long_ago = datetime(2015, 2, 3, tzinfo=UTC)
    places = [
        f"https://courier.example/{name}.xml" for name in ("page-sitemap", "wp-sitemap-posts-page-1", "post-sitemap")
    ]
    step = RUNG.read(FEED, SPAN, Ask("x", "sitemap", 1), Leaf("", parts=tuple((one, long_ago) for one in places[:2])))
    assert (step.asks, step.reached) == ((), None)
    assert RUNG.read(FEED, SPAN, Ask("x", "sitemap", 1), Leaf("", parts=((places[2], long_ago),))).reached == long_ago
