"""Rungs of several feeds side by side, with cursors that are committed with what was found before them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.backfill import KINDS
from monitor.jobs.climbing import Way, go_on, set_out
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
