"""Rungs of several feeds side by side, with cursors that are committed with what was found before them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.backfill import KINDS
from monitor.jobs.climbing import STALE, Way, go_on, set_out
from monitor.jobs.filling import Patient
from monitor.model import Climb, ClimbState, Failed, Failure, Request, Via, Visit, Window
from tests.fakes import NOON
from tests.unit.jobs.conftest import FEEDS, MATCHING, Bench

SPAN = Window(NOON - timedelta(days=10), NOON)
COURIER = FEEDS[0]


def _feed(*days: int) -> str:
    items = "".join(
        f"<item><guid>{day}</guid><link>https://courier.example/{day}</link><title>NASAMS day {day}</title>"
        f"<pubDate>{NOON - timedelta(days=day):%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
        f"<description>{MATCHING}</description></item>"
        for day in days
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Courier</title>{items}</channel></rss>"


@pytest.fixture
def paged(bench: Bench) -> Bench:
    """Three pages of a feed; the span ends within the last."""
    for number, days in enumerate(((1, 2), (4, 5), (8, 12)), 1):
        bench.web.pages[COURIER.url + (f"?paged={number}" if number > 1 else "")] = _feed(*days)
    return bench


def _way(climb: Climb | None = None) -> Way:
    return set_out(COURIER, COURIER.url, KINDS["pages"], SPAN, Via.BACKFILL, climb or Climb("job", "courier", "pages"))


def _turns(bench: Bench, way: Way, most: int = 20) -> int:
    web = Patient(bench.web, lambda _seconds: None)
    for number in range(most):
        if not way.active:
            return number
        go_on(bench.tools, web, [way])
    return most


def test_a_climb_goes_to_the_start_of_the_span_and_is_stored_at_each_step(paged: Bench) -> None:
    way = _way()
    _turns(paged, way)
    assert (way.climb.state, way.climb.found, way.climb.new, way.climb.matched) == (ClimbState.COVERED, 5, 5, 5)
    with paged.store.read() as shelves:
        assert shelves.backfills.climbs("job") == [way.climb]


def test_a_climb_goes_on_from_its_cursor(paged: Bench) -> None:
    _turns(paged, _way(), most=1)
    with paged.store.read() as shelves:
        (kept,) = shelves.backfills.climbs("job")
    assert kept.cursor[0][0].endswith("?paged=2")
    paged.web.asked.clear()
    way = _way(kept)
    _turns(paged, way)
    assert (way.climb.found, way.climb.new, way.climb.documents) == (
        5,
        5,
        4 - (COURIER.url + "?paged=4" not in paged.web.pages) * 0,
    )
    assert COURIER.url not in {request.url for request in paged.web.asked}


def test_a_server_that_wants_peace_is_left_alone_and_gone_on_with_later(paged: Bench) -> None:
    class Tired:
        def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
            for request in requests:
                yield Failed(request, Failure.STATUS, "HTTP 429", NOON, 429)

    way = _way()
    _turns(paged, way, most=1)
    go_on(paged.tools, Patient(Tired(), lambda _seconds: None), [way])
    assert way.climb.state is ClimbState.STOPPED
    assert not way.active
    with paged.store.read() as shelves:
        (kept,) = shelves.backfills.climbs("job")
    assert kept.state is ClimbState.STOPPED
    again = _way(replace(kept, state=ClimbState.OPEN))
    _turns(paged, again)
    assert (again.climb.state, again.climb.new) == (ClimbState.COVERED, 5)


def test_the_share_that_is_done_grows_with_the_days(paged: Bench) -> None:
    way = _way()
    assert way.share == 0
    _turns(paged, way, most=2)
    assert way.share == 0.5
    _turns(paged, way)
    assert way.share == 1


def _bare_page(day: int) -> str:
    at = (NOON - timedelta(days=day)).isoformat()
    return (
        f'<html><head><title>Day {day}</title><meta property="article:published_time" content="{at}"></head><body>'
        f"<article><h1>Day {day}</h1><p>{MATCHING}</p></article></body></html>"
    )


def test_what_is_of_another_time_is_asked_for_once_however_small_the_portions(bench: Bench) -> None:
    """A sitemap without dates, its oldest addresses first: no run asks for what one before it read."""
    days = (500, 400, 300, 200, 3, 100, 2)
    links = [f"https://courier.example/story-{day}" for day in days]
    bench.web.pages["https://courier.example/robots.txt"] = "Sitemap: https://courier.example/map.xml"
    bench.web.pages["https://courier.example/map.xml"] = (
        f"<urlset>{''.join(f'<url><loc>{link}</loc></url>' for link in links)}</urlset>"
    )
    bench.web.pages |= {link: _bare_page(day) for link, day in zip(links, days, strict=True)}
    kept, seen = Climb("job", "courier", "sitemap"), list[str]()
    for _ in range(20):
        way = set_out(COURIER, COURIER.url, KINDS["sitemap"], SPAN, Via.BACKFILL, kept)
        if not way.active or not way.open:
            break
        bench.web.asked.clear()
        web = Patient(bench.web, lambda _seconds: None, budget=2)
        go_on(bench.tools, web, [way])
        assert web.asked <= 3
        seen += [request.url for request in bench.web.asked if request.purpose == "page"]
        with bench.store.read() as shelves:
            (kept,) = shelves.backfills.climbs("job")
    assert seen == links
    assert (kept.state, kept.found, kept.new, kept.outside, kept.known) == (ClimbState.ENDED, 7, 2, 5, 0)


def test_documents_that_go_round_in_circles_end_the_way(bench: Bench) -> None:
    for number in range(1, 60):
        days = (1, 2) if number == 1 else (3, 4) if number % 2 else (5, 6)
        bench.web.pages[COURIER.url + (f"?paged={number}" if number > 1 else "")] = _feed(*days)
    way = _way()
    _turns(bench, way, most=60)
    assert (way.climb.state, way.climb.found) == (ClimbState.ENDED, 6)
    assert way.climb.documents <= 3 + STALE
    assert "show nothing that others do not" in way.climb.words


def test_a_page_that_two_feeds_name_is_asked_for_once(paged: Bench) -> None:
    first, other = (replace(feed, pages="always") for feed in FEEDS)
    for number in ("", "?paged=2", "?paged=3"):
        paged.web.pages[other.url + number] = paged.web.pages[COURIER.url + number]
    ways = [
        set_out(feed, feed.url, KINDS["pages"], SPAN, Via.BACKFILL, Climb("job", feed.name, "pages"))
        for feed in (first, other)
    ]
    web = Patient(paged.web, lambda _seconds: None)
    for _ in range(20):
        go_on(paged.tools, web, [way for way in ways if way.active])
    pages = [request.url for request in paged.web.asked if request.purpose == "page"]
    assert len(pages) == len(set(pages)) > 0
    assert [way.climb.state for way in ways] == [ClimbState.COVERED] * 2
    assert [way.climb.found for way in ways] == [5, 5]
