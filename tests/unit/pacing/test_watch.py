"""What is to be told of a feed, and silence against its own norm."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.model import FeedState, NoticeKind
from monitor.pacing.watch import is_error_item, norm, notices, silent_since
from tests.builders import an_entry
from tests.unit.pacing.made import DAY, FEED, HOUR, KNOWN, NOW

STEADY = replace(KNOWN, news=40, lull=9 * HOUR, lull_since=NOW - 20 * DAY, news_at=NOW - HOUR)


def told(state: FeedState) -> dict[NoticeKind, str]:
    return notices(FEED, state, NOW)


def test_nothing_is_told_of_a_feed_that_is_well() -> None:
    assert told(KNOWN) == told(STEADY) == {}


def test_failing_is_told_after_a_day() -> None:
    state = replace(KNOWN, failures=30, problem="too slow", failing_since=NOW - 23 * HOUR)
    assert told(state) == {}
    (words,) = told(replace(state, failing_since=NOW - DAY)).values()
    assert words == "has been failing since 2026-11-22 12:00 UTC: too slow"


def test_gone_is_told_once_more() -> None:
    state = replace(KNOWN, failures=30, problem="HTTP 410", failing_since=NOW - 9 * DAY, gone_at=NOW)
    assert told(state).keys() == {NoticeKind.FAILING, NoticeKind.GONE}
    assert "HTTP 410" in told(state)[NoticeKind.GONE]


def test_a_move_is_told_with_the_new_address() -> None:
    assert "https://new.test/feed" in told(replace(KNOWN, address="https://new.test/feed"))[NoticeKind.MOVED]


def test_nothing_to_read_is_told_after_five_documents() -> None:
    assert told(replace(KNOWN, hollow=4)) == {}
    assert told(replace(KNOWN, hollow=5))[NoticeKind.EMPTY] == "answers, but lists nothing, at 5 visits in a row"
    bridge = replace(KNOWN, hollow=6, failures=6, problem="reports an error of its own: Bridge returned error 503!")
    assert told(bridge)[NoticeKind.EMPTY].startswith("reports an error of its own: Bridge returned error 503!")


def test_documents_that_do_not_overlap_are_told_when_visiting_sooner_does_not_help() -> None:
    assert told(replace(KNOWN, torn=2)) == {}
    assert told(replace(KNOWN, torn=3)).keys() == {NoticeKind.LOSING}
    assert told(replace(KNOWN, torn=3, failures=1)) == {}


def test_silence_is_measured_by_the_feeds_own_norm() -> None:
    assert norm(STEADY) == 9 * HOUR
    assert silent_since(replace(STEADY, news_at=NOW - 26 * HOUR), NOW) is None
    silent = replace(STEADY, news_at=NOW - 28 * HOUR)
    assert silent_since(silent, NOW) == NOW - 28 * HOUR
    assert told(silent)[NoticeKind.SILENT].endswith("it was never silent for more than 9 hours")
    weekly = replace(STEADY, lull=7 * DAY, lull_before=5 * DAY, news_at=NOW - 20 * DAY)
    assert silent_since(weekly, NOW) is None
    assert "more than 7 days" in told(replace(weekly, news_at=NOW - 22 * DAY))[NoticeKind.SILENT]
    assert silent_since(replace(STEADY, lull=HOUR, news_at=NOW - 23 * HOUR), NOW) is None  # less than a day is nothing


def test_what_is_known_too_little_has_no_norm() -> None:
    assert norm(KNOWN) is None
    assert norm(replace(STEADY, news=5)) is None
    assert norm(replace(STEADY, lull_since=NOW - 6 * DAY)) is None
    assert norm(replace(STEADY, lull_since=NOW - 6 * DAY, lull_before=5 * HOUR)) == 9 * HOUR
    assert norm(replace(STEADY, lull=timedelta(0))) is None


def test_who_fails_or_is_empty_is_not_called_silent_as_well() -> None:
    silent = replace(STEADY, news_at=NOW - 28 * HOUR)
    assert told(replace(silent, failures=1)) == {}
    assert told(replace(silent, hollow=9)).keys() == {NoticeKind.EMPTY}


def test_a_failed_visit_ends_no_silence_that_was_told() -> None:
    silent = replace(STEADY, news_at=NOW - 28 * HOUR)
    standing = {NoticeKind.SILENT, NoticeKind.LOSING}
    assert notices(FEED, replace(silent, failures=1), NOW, standing).keys() == {NoticeKind.SILENT}
    assert notices(FEED, replace(silent, hollow=9), NOW, standing).keys() == {NoticeKind.EMPTY, NoticeKind.SILENT}
    assert notices(FEED, replace(STEADY, torn=3, failures=1), NOW, standing).keys() == {NoticeKind.LOSING}
    assert notices(FEED, STEADY, NOW, standing) == {}


@pytest.mark.parametrize(
    ("title", "error"),
    [
        ("Bridge returned error 404! (19000)", True),
        (" bridge returned error 0! (20424)", True),
        ("RSS-Bridge encountered an exception", True),
        ("Bridge returned to service after an error in a survey", False),
        ("The bridge returned errors of judgement, the inquiry says", False),
        ("Two launchers promised", False),
    ],
)
def test_an_error_item_of_a_bridge_is_no_news(title: str, error: bool) -> None:
    assert is_error_item(an_entry(title=title)) is error
