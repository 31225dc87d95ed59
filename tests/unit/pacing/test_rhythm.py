"""What is learned from visits: the interval, gaps, lies about "not modified", the norm of silence."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from monitor.pacing.rhythm import DISTRUST, asks_for_all, in_time, learn, learned_same, validators
from tests.unit.pacing.made import (
    DAY,
    DEEP,
    HOUR,
    KNOWN,
    MINUTE,
    NEW,
    NOW,
    PACE,
    REQUEST,
    document,
    fresh,
    reading,
    same,
)


@pytest.mark.parametrize(
    ("late", "judged"), [(0, True), (15, True), (20, True), (21, False), (300, False), (-2, True), (-5, False)]
)
def test_only_visits_in_time_are_judged(late: int, judged: bool) -> None:
    assert in_time(KNOWN, NOW + late * MINUTE, PACE) is judged


def test_no_judgement_after_a_failure_a_long_pause_or_when_the_rest_was_due_at_once() -> None:
    assert not in_time(NEW, NOW, PACE)
    assert not in_time(replace(KNOWN, failures=1), NOW, PACE)
    assert not in_time(replace(KNOWN, succeeded_at=NOW, due_at=NOW), NOW + MINUTE, PACE)
    assert not in_time(replace(KNOWN, succeeded_at=NOW - 6 * HOUR), NOW, PACE)  # our own network was down


def test_the_interval_stays_within_the_limits() -> None:
    quick = replace(KNOWN, interval=12 * MINUTE, succeeded_at=NOW - 12 * MINUTE)
    assert learn(quick, fresh(), reading(known=0), PACE).interval == PACE.shortest
    slow = replace(KNOWN, interval=115 * MINUTE, succeeded_at=NOW - 115 * MINUTE)
    assert learn(slow, fresh(), reading(known=10), PACE).interval == PACE.longest
    assert learned_same(slow, NOW, PACE)["interval"] == PACE.longest


def test_the_same_document_means_later() -> None:
    assert learned_same(KNOWN, NOW, PACE)["interval"] == 33.75 * MINUTE
    assert learned_same(KNOWN, NOW + 5 * HOUR, PACE)["interval"] is None


def test_a_document_without_anything_known_is_a_gap() -> None:
    state = learn(KNOWN, fresh(), reading(known=0), PACE)
    assert (state.gaps, state.gap_at, state.torn, state.interval) == (1, NOW, 1, 15 * MINUTE)
    late = learn(KNOWN, fresh(NOW + 9 * HOUR), reading(known=0), PACE)  # slept through: a gap, but not its rhythm
    assert (late.gaps, late.torn, late.interval) == (1, 0, None)
    assert learn(state, fresh(), reading(known=1), PACE).torn == 0
    assert learned_same(state, NOW, PACE)["torn"] == 0


def test_the_first_document_and_an_empty_one_are_no_gap() -> None:
    assert learn(NEW, fresh(), reading(known=0), PACE).gaps == 0
    assert learn(KNOWN, fresh(), reading(document(), entries=0, known=0), PACE).gaps == 0
    assert learn(replace(KNOWN, news=0), fresh(), reading(known=0), PACE).gaps == 0  # it was empty until now


def test_what_is_left_over_is_not_judged() -> None:
    state = learn(KNOWN, fresh(), reading(known=0, whole=False), PACE)
    assert (state.interval, state.torn) == (None, 0)


def test_the_reach_follows_dates_and_what_was_new() -> None:
    assert learn(NEW, fresh(), reading(document(1, 2, 3, 4, 5)), PACE).reach == 3 * HOUR
    assert learn(KNOWN, fresh(), reading(DEEP, entries=10, known=5), PACE).reach == 30 * MINUTE


def test_hollow_documents_are_counted() -> None:
    empty = reading(document(), entries=0, known=0)
    state = learn(KNOWN, fresh(), empty, PACE)
    assert state.hollow == 1
    assert learned_same(state, NOW, PACE)["hollow"] == 2
    assert learn(state, fresh(), reading(), PACE).hollow == 0
    assert learned_same(KNOWN, NOW, PACE)["hollow"] == 0


TOLD = replace(KNOWN, etag='"1"', full_at=NOW - 12 * HOUR)  # the last answer was "not modified"


@pytest.mark.parametrize("visit", [fresh(etag='"1"'), replace(fresh(), headers={"etag": '"1"', "x": "y"})])
def test_the_same_tag_on_a_document_with_news_is_a_lie(visit: object) -> None:
    state = learn(TOLD, visit, reading(), PACE)  # type: ignore[arg-type]
    assert (state.lied_at, state.interval) == (NOW, PACE.start)


def test_the_same_date_without_a_tag_is_a_lie_too() -> None:
    told = replace(TOLD, etag="", last_modified="Fri, 01 Mar 2041 00:00:00 GMT")
    assert learn(told, fresh(last_modified=told.last_modified), reading(), PACE).lied_at == NOW


NEWER = reading(document(0.1, 0.2, 0.3, 4, 5, 6, 7, 8, 9, 10))
OLDER = reading(document(3, 4, 5, 6, 7, 8, 9, 10, 11, 12))


def test_news_found_only_by_asking_for_all_is_doubted_and_in_the_end_disbelieved() -> None:
    state, doubts = TOLD, []
    for _ in range(3):
        state = replace(learn(state, fresh(etag='"2"'), NEWER, PACE), full_at=TOLD.full_at)
        doubts.append((state.doubts, state.lied_at))
    assert doubts == [(1, None), (2, None), (0, NOW)]


def test_news_that_is_older_than_the_last_not_modified_counts_twice() -> None:
    assert learn(TOLD, fresh(etag='"2"'), OLDER, PACE).doubts == 2
    assert learn(replace(TOLD, doubts=-1), fresh(etag='"2"'), OLDER, PACE).doubts == 2
    assert learn(replace(TOLD, doubts=1), fresh(etag='"2"'), OLDER, PACE).lied_at == NOW


def test_who_tells_of_news_to_one_who_knew_the_last_is_believed() -> None:
    asked = fresh(etag='"2"', request=replace(REQUEST, etag='"1"'))
    assert learn(replace(TOLD, doubts=2), asked, OLDER, PACE).doubts == -1
    assert learn(replace(TOLD, doubts=2), asked, reading(known=10), PACE).doubts == 2


def test_who_may_tell_the_truth_is_not_doubted() -> None:
    assert learn(TOLD, fresh(etag='"1"'), reading(known=10), PACE).lied_at is None  # only a date in it differs
    after_full = replace(TOLD, full_at=TOLD.succeeded_at)
    assert learn(after_full, fresh(etag='"1"'), reading(), PACE).lied_at is None
    assert learn(replace(TOLD, failures=1), fresh(etag='"2"'), OLDER, PACE).doubts == 0


def hours_until_all(since: datetime = NOW, **facts: object) -> float:
    """After how many hours the whole document is asked for; the next visit would come half an hour later."""
    state = replace(KNOWN, full_at=since, interval=30 * MINUTE, **facts)
    return next(hour / 2 for hour in range(99) if asks_for_all(state, since + hour / 2 * HOUR, PACE))


def test_the_whole_document_is_asked_for_twice_a_day_and_sooner_where_that_is_not_enough() -> None:
    assert hours_until_all(doubts=-1) == 11.5
    assert hours_until_all(reach=30 * DAY) == 11.5
    assert hours_until_all(reach=5 * HOUR, doubts=-1) == 4.5
    assert hours_until_all(reach=60 * HOUR) == 4.5
    assert hours_until_all(reach=MINUTE) == 1.5
    assert hours_until_all(doubts=1) == 1.5
    assert hours_until_all(last_modified="Fri, 01 Mar 2041 00:00:00 GMT") == 1.5
    assert hours_until_all(last_modified="Mon, 23 Nov 2026 05:00:00 GMT", doubts=-1) == 11.5
    assert asks_for_all(NEW, NOW, PACE)


def test_who_lied_is_not_asked_again_for_a_month() -> None:
    state = replace(KNOWN, lied_at=NOW, full_at=NOW)
    assert asks_for_all(state, NOW + DAY, PACE)
    assert not asks_for_all(replace(state, full_at=NOW + DISTRUST), NOW + DISTRUST, PACE)


def test_validators_are_those_of_the_last_answer_as_received() -> None:
    known = replace(KNOWN, etag='"1"', last_modified="Sat, 1 Jan 2041 0:00:00 GMT")
    assert validators(known, fresh()) == {"etag": "", "last_modified": ""}
    assert validators(known, fresh(etag='W/"2"')) == {"etag": 'W/"2"', "last_modified": ""}
    unchanged = {"etag": known.etag, "last_modified": known.last_modified}
    assert validators(known, same()) == unchanged
    assert validators(known, same(etag='"3"')) == unchanged | {"etag": '"3"'}
    assert validators(known, same(last_modified="yesterday")) == unchanged | {"last_modified": "yesterday"}


def test_the_longest_silence_is_remembered_for_one_to_two_spans() -> None:
    state, at = NEW, NOW
    for gap in (timedelta(hours=5), timedelta(hours=30), timedelta(hours=2)):
        state, at = learn(state, fresh(at), reading(), PACE), at + gap
    state = learn(state, fresh(at), reading(), PACE)
    assert (state.news, state.lull, state.lull_before) == (4, 30 * HOUR, timedelta(0))
    state = learn(state, fresh(at + 28 * DAY), reading(), PACE)
    assert (state.lull, state.lull_before) == (timedelta(0), 28 * DAY)
