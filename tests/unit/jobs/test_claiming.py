"""Batches of feeds: taken back after a kill, kept while a round lasts, not stored once another has them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.jobs.claiming import LEASE, claim
from monitor.jobs.poll import poll
from monitor.model import Request, Visit
from tests.fakes import FakeWeb
from tests.unit.jobs.conftest import BORING, FEEDS, MATCHING, Bench

Publish = Callable[..., None]
ONE, OTHER = "a worker", "another worker"


class KilledError(Exception):
    """Stands for SIGKILL."""


@pytest.fixture
def both(bench: Bench, publish: Publish) -> Bench:
    """Two feeds with something in them."""
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    publish("herald", ("c", "Tram timetable", BORING))
    bench.change(holder=ONE)
    return bench


def _after_the_claim(bench: Bench, do: Callable[[], object]) -> None:
    def passing(point: str) -> None:
        if point == "poll: claimed":
            do()

    bench.change(passing=passing)


def _take_all(bench: Bench, holder: str) -> int:
    with bench.store.claiming() as shelves:
        return len(shelves.claims.take(holder, bench.clock(), 9, LEASE))


def _holders(bench: Bench) -> dict[str, int]:
    with bench.store.read() as shelves:
        return {holder: count for holder, (count, _) in shelves.claims.held(bench.clock()).items()}


def test_what_a_killed_worker_had_is_its_own_again_at_once_and_others_have_it_when_the_lease_has_ended(
    both: Bench,
) -> None:
    def kill() -> None:
        raise KilledError

    _after_the_claim(both, kill)
    with pytest.raises(KilledError):
        poll(both.tools)
    assert _holders(both) == {ONE: 2}
    both.change(passing=lambda _point: None)
    one = both.tools
    both.change(holder=OTHER)
    assert poll(both.tools).due == 0
    both.clock.forward(seconds=LEASE.total_seconds())
    assert poll(both.tools).read == 2
    both.clock.forward(hours=2)
    both.change(holder=ONE)
    _after_the_claim(both, kill)
    with pytest.raises(KilledError):
        poll(both.tools)
    assert poll(one).due == 2
    assert _holders(both) == {}


def test_a_daemon_claims_nothing_and_takes_what_dead_workers_had(both: Bench) -> None:
    assert len(claim(both.tools).left) == 2
    both.change(holder="")
    claimed = claim(both.tools)
    assert (list(claimed.states), claimed.left, _holders(both)) == (["courier", "herald"], set(), {})
    assert poll(both.tools).read == 2
    both.clock.forward(hours=2)
    assert poll(both.tools).due == 2


def test_what_another_has_meanwhile_is_not_stored(both: Bench) -> None:
    def sleep_and_lose() -> None:
        both.clock.forward(seconds=LEASE.total_seconds())
        with both.store.claiming() as shelves:
            shelves.claims.keep(both.tools.holder, ["herald"], both.clock() + LEASE)
            assert [state.feed for state in shelves.claims.take(OTHER, both.clock(), 1, LEASE)] == ["courier"]

    _after_the_claim(both, sleep_and_lose)
    done = poll(both.tools)
    assert (done.due, done.read, done.new) == (2, 1, 1)
    assert _holders(both) == {OTHER: 1}
    with both.store.read() as shelves:
        assert shelves.articles.known("courier", ["id:a"]) == {}
        assert shelves.articles.known("herald", ["id:c"]) != {}


def test_a_lost_feed_that_failed_or_did_not_change_is_not_noted_either(bench: Bench) -> None:
    def sleep_and_lose() -> None:
        bench.clock.forward(seconds=LEASE.total_seconds())
        assert _take_all(bench, OTHER) == 2

    _after_the_claim(bench, sleep_and_lose)
    bench.change(holder=ONE)
    assert poll(bench.tools).read == 0
    with bench.store.read() as shelves:
        assert [state.visited_at for state in shelves.feeds.states().values()] == [None, None]


def test_a_long_round_keeps_its_claims(both: Bench) -> None:
    taken: list[int] = []

    def look(point: str) -> None:
        if point in ("poll: claimed", "poll: visited"):
            both.clock.forward(seconds=LEASE.total_seconds() * 0.9)
            taken.append(_take_all(both, OTHER))

    both.change(passing=look)
    assert poll(both.tools).read == 2
    assert taken == [0, 0]


def test_what_a_round_did_not_come_to_is_given_back_and_feeds_of_no_configuration_are_not_visited(both: Bench) -> None:
    claimed = claim(both.tools)
    assert list(claimed.states) == ["courier", "herald"]
    assert claimed.until == both.clock() + LEASE
    claimed.end()
    assert _holders(both) == {}
    both.change(feeds={"herald": both.tools.feeds["herald"]})
    assert list(claim(both.tools, force=True).states) == ["herald"]
    both.clock.forward(seconds=timedelta(hours=1).total_seconds())
    assert poll(both.tools).due == 1


def test_only_what_was_not_noted_is_renewed_and_given_back(both: Bench) -> None:
    poll(both.tools)
    both.clock.forward(hours=2)
    claimed = claim(both.tools)
    first, second = claimed.states
    claimed.noted([first])
    claimed.end()
    with both.store.read() as shelves:
        assert shelves.claims.lost(claimed.holder, [first, second]) == {second}


def test_a_claim_is_kept_while_the_pages_of_one_feed_take_their_time(bench: Bench, publish: Publish) -> None:
    class Slow(FakeWeb):
        def visit(self, request: Request) -> Visit:
            if request.purpose == "page":
                bench.clock.forward(minutes=1)
                _take_all(bench, OTHER)
            return super().visit(request)

    bench.change(
        feeds={"courier": replace(FEEDS[0], pages="always")}, fetcher=Slow(bench.clock, bench.web.pages), holder=ONE
    )
    publish("courier", *[(f"a{number}", f"Headline number {number}", BORING) for number in range(8)])
    assert poll(bench.tools).new == 8
