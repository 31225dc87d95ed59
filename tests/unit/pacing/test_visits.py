"""The state after a visit, and when the feed is due again."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.model import Feed, FeedState, Visit
from monitor.pacing.rhythm import Reading
from monitor.pacing.visits import GONE_EVERY, LONGEST, after_visit, interval_of, put_off
from tests.unit.pacing.made import (
    DAY,
    DEEP,
    FEED,
    HOUR,
    KNOWN,
    MINUTE,
    NEW,
    NOW,
    PACE,
    document,
    failed,
    fresh,
    reading,
    same,
)


def after(
    visit: Visit,
    read: Reading | None = None,
    problem: str = "",
    *,
    state: FeedState = KNOWN,
    feed: Feed = FEED,
    jitter: float = 0.0,
) -> FeedState:
    return after_visit(state, feed, visit, read, problem, pace=PACE, jitter=jitter)


def wait(state: FeedState) -> timedelta:
    return state.due_at - NOW


def test_a_first_visit_starts_with_the_common_interval() -> None:
    state = after(fresh(etag='"1"'), reading(known=0), state=NEW)
    assert wait(state) == PACE.start
    assert (state.succeeded_at, state.full_at, state.visited_at, state.etag) == (NOW, NOW, NOW, '"1"')
    assert (state.news, state.news_at, state.gaps, state.url) == (1, NOW, 0, FEED.url)


@pytest.mark.parametrize(("known", "minutes"), [(10, 33.75), (7, 33.75), (6, 30), (4, 30), (3, 15), (0, 15)])
def test_the_share_of_known_items_decides_on_the_next_visit(known: int, minutes: float) -> None:
    state = after(fresh(), reading(known=known))
    assert wait(state) == state.interval == minutes * MINUTE


def test_a_feed_with_an_interval_of_its_own_learns_none() -> None:
    feed = replace(FEED, interval=5 * MINUTE)
    state = after(fresh(), reading(known=0), feed=feed)
    assert (wait(state), state.interval) == (5 * MINUTE, None)
    seldom = replace(FEED, interval=6 * HOUR)
    assert wait(after(same(), feed=seldom, jitter=1.0)) == 6.6 * HOUR
    assert interval_of(seldom, KNOWN, PACE) == 6 * HOUR


def test_a_wish_lengthens_the_wait_within_the_limits() -> None:
    assert wait(after(fresh(), reading(replace(DEEP, ttl=HOUR), known=9))) == HOUR
    assert wait(after(fresh(cache_control="max-age=3600"), reading(known=9))) == HOUR
    assert (
        wait(after(fresh(), reading(replace(DEEP, update_every=30 * DAY), known=10), jitter=1.0))
        == PACE.longest * 1.1 / 1.15
    )
    assert (
        wait(after(fresh(), reading(document(0.2, 0.5, 1, ttl=HOUR), known=5))) == 30 * MINUTE
    )  # else half would be missed


def test_a_wish_holds_while_the_document_does() -> None:
    state = after(fresh(), reading(replace(DEEP, ttl=HOUR), known=9))
    later = same(at=state.due_at)
    assert after(later, state=state).due_at == state.due_at + HOUR


def test_hours_in_which_nothing_is_published_are_skipped() -> None:
    noon = frozenset({12, 13, 14})
    old = document(1, 30, skip_hours=noon)
    assert wait(after(fresh(), reading(old))) == 3 * HOUR
    assert wait(after(fresh(), reading(replace(old, skip_hours=frozenset(range(12, 24)))), jitter=1.0)) == 12 * HOUR
    assert (
        wait(after(fresh(), reading(document(0.5, 0.6, 30, skip_days=frozenset({0})), known=5))) == 30 * MINUTE
    )  # disproved
    assert wait(after(fresh(), reading(document(30, 31, skip_days=frozenset({0, 1}))))) == LONGEST


@pytest.mark.parametrize(("failures", "minutes"), [(1, 30), (2, 60), (3, 120 / 1.15), (10**6, 120 / 1.15)])
def test_failures_back_off_up_to_the_longest_interval(failures: int, minutes: float) -> None:
    state = replace(KNOWN, failures=failures - 1, failing_since=NOW - HOUR)
    assert wait(after(failed(), None, "too slow", state=state)) == minutes * MINUTE


def test_a_slow_feed_that_fails_is_tried_within_the_longest_time_all_the_same() -> None:
    state = replace(KNOWN, interval=PACE.longest, failures=3, failing_since=NOW - HOUR)
    assert wait(after(failed(), None, "too slow", state=state, jitter=1.0)) < PACE.longest
    fixed = replace(FEED, interval=6 * HOUR)
    assert wait(after(failed(), None, "too slow", state=state, feed=fixed)) == 6 * HOUR


def test_a_busy_feed_that_fails_is_tried_more_often() -> None:
    state = replace(KNOWN, interval=10 * MINUTE, failures=9, failing_since=NOW - HOUR, reach=90 * MINUTE)
    assert wait(after(failed(), None, "too slow", state=state)) == 45 * MINUTE
    assert wait(after(failed(), None, "too slow", state=replace(state, reach=MINUTE))) == 30 * MINUTE


def test_a_feed_that_was_away_for_days_is_seen_soon_after_its_return() -> None:
    state = replace(KNOWN, failures=67, failing_since=NOW - 50 * HOUR, reach=2 * HOUR)
    assert wait(after(failed(), None, "too slow", state=state)) == HOUR


@pytest.mark.parametrize(("days", "hours"), [(7, 16.8), (10, 24), (1000, 24)])
def test_what_fails_for_days_is_tried_more_rarely_and_never_given_up(days: int, hours: float) -> None:
    state = replace(KNOWN, failures=500, failing_since=NOW - days * DAY)
    assert wait(after(failed(), None, "too slow", state=state)) == hours * HOUR
    assert wait(after(failed(), None, "too slow", state=state, jitter=1.0)) <= LONGEST


def test_a_success_ends_all_trouble() -> None:
    troubled = replace(
        KNOWN, failures=9, problem="x", failing_since=NOW - DAY, missing=9, gone_at=NOW - DAY, held_until=NOW - HOUR
    )
    for visit in (same(), fresh()):
        state = after(visit, state=troubled)
        assert (state.failures, state.problem, state.failing_since) == (0, "", None)
        assert (state.missing, state.gone_at, state.held_until) == (0, None, None)


def test_an_unreadable_body_counts_as_a_failure_and_its_validators_do_not() -> None:
    state = after(fresh(etag='"new"'), None, "not a feed", state=replace(KNOWN, etag='"old"', body_hash="b"))
    assert (state.failures, state.problem, state.etag, state.body_hash) == (1, "not a feed", '"old"', "b")
    assert (state.failing_since, state.succeeded_at) == (NOW, KNOWN.succeeded_at)


def test_an_error_in_the_place_of_the_document_hides_nothing() -> None:
    state = after(fresh(), Reading(DEEP, 0, 0), "an error", state=replace(KNOWN, etag='"old"', body_hash="b"))
    assert (state.failures, state.hollow, state.etag, state.body_hash) == (1, 1, "", "")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(5 * HOUR, 5 * HOUR), (10 * MINUTE / 60, 30 * MINUTE), (30 * DAY, LONGEST), (88 * HOUR, LONGEST)],
)
def test_retry_after_is_kept_up_to_a_day(asked: timedelta, expected: timedelta) -> None:
    state = after(failed(retry_after=asked, status=503), None, "busy")
    assert wait(state) == expected
    assert state.held_until == NOW + min(asked, LONGEST)
    assert after(failed(retry_after=asked, status=503), None, "busy", jitter=1.0).due_at >= NOW + expected


def test_a_gone_feed_is_tried_once_a_week() -> None:
    state = replace(KNOWN, failures=1, missing=1, failing_since=NOW - HOUR)
    state = after(failed(status=410), None, "gone", state=state)
    assert (state.gone_at, wait(state)) == (NOW, GONE_EVERY)
    assert GONE_EVERY * 0.9 <= wait(after(failed(status=410), None, "gone", state=state, jitter=1.0)) <= GONE_EVERY


def test_jitter_lengthens_and_stays_within_the_limit() -> None:
    assert wait(after(fresh(), reading(known=6), jitter=1.0)) == 33 * MINUTE
    assert wait(after(fresh(), reading(known=6), jitter=0.5)) == 31.5 * MINUTE
    slow = replace(KNOWN, interval=PACE.longest)
    waits = [wait(after(fresh(), reading(), state=slow, jitter=jitter)) for jitter in (0.0, 0.5, 1.0)]
    assert waits == sorted(waits)
    assert waits[0] < waits[2] <= PACE.longest


def test_a_visit_that_says_nothing_of_the_feed_only_puts_it_off() -> None:
    assert put_off(KNOWN, failed(), 5 * MINUTE, 0.0) == replace(KNOWN, due_at=NOW + 5 * MINUTE)
    assert put_off(KNOWN, failed(retry_after=HOUR), 5 * MINUTE, 1.0).due_at == NOW + HOUR + MINUTE / 2
    assert put_off(KNOWN, failed(retry_after=90 * DAY), 5 * MINUTE, 0.0).due_at == NOW + LONGEST
