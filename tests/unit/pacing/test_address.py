"""Where a feed is visited, and when it counts as gone."""

import pytest
from msgspec.structs import replace

from monitor.model import Failure, Feed, FeedState, Visit
from monitor.pacing.address import address_of, located, missed
from tests.unit.pacing.made import DAY, FEED, HOUR, KNOWN, NEW, NOW, REQUEST, failed, fresh, same

THERE = "https://new.test/feed"
MOVED = replace(KNOWN, url=FEED.url, address=THERE)
AT_NEW = replace(REQUEST, url=THERE)


def through(state: FeedState, *visits: Visit, feed: Feed = FEED) -> FeedState:
    for visit in visits:
        state = located(state, feed, visit)
    return state


def test_three_answers_in_a_row_move_the_address() -> None:
    lead = fresh(moved_to=THERE), same(moved_to=THERE)
    twice = through(NEW, *lead)
    assert (twice.address, twice.moves, address_of(FEED, twice)) == ("", 2, FEED.url)
    moved = through(twice, fresh(moved_to=THERE))
    assert (moved.address, moved.moved_to, moved.moves) == (THERE, "", 0)
    assert address_of(FEED, moved) == THERE


@pytest.mark.parametrize("between", [fresh(), same(), fresh(moved_to="https://third.test/feed")])
def test_what_comes_in_between_starts_the_count_anew(between: Visit) -> None:
    lead = fresh(moved_to=THERE)
    assert through(NEW, lead, lead, between, lead).address == ""


def test_a_failure_in_between_says_nothing() -> None:
    lead = fresh(moved_to=THERE)
    assert through(NEW, lead, failed(Failure.TIMEOUT), lead, failed(status=503), lead).address == THERE


def test_nobody_is_led_away_from_an_encrypted_address() -> None:
    lead = fresh(moved_to="http://new.test/feed")
    assert through(NEW, lead, lead, lead, lead).address == ""
    plain = Feed("courier", "http://courier.test/feed")
    lead = fresh(request=replace(REQUEST, url=plain.url), moved_to="http://new.test/feed")
    assert through(NEW, lead, lead, lead, feed=plain).address == "http://new.test/feed"


def test_it_can_move_on() -> None:
    on = fresh(request=AT_NEW, moved_to="https://third.test/feed")
    assert through(MOVED, on, on).address == THERE
    assert through(MOVED, on, on, on).address == "https://third.test/feed"


def test_the_way_back() -> None:
    assert through(MOVED, fresh(request=AT_NEW, moved_to=FEED.url)).address == ""  # the new one leads back
    assert through(MOVED, fresh()).address == ""  # the old one answers itself
    assert through(MOVED, fresh(moved_to=THERE)).address == THERE
    assert through(MOVED, same()).address == THERE  # from where this came cannot be told
    assert through(MOVED, fresh(request=AT_NEW), same(request=AT_NEW)) == MOVED


def test_the_old_address_is_tried_in_turn_when_the_new_one_fails() -> None:
    tried = [address_of(FEED, replace(MOVED, failures=count)) for count in range(6)]
    assert tried == [THERE, THERE, THERE, FEED.url, THERE, FEED.url]
    assert address_of(FEED, replace(KNOWN, failures=5)) == FEED.url


def missing(status: int | None, *, before: int, since: float) -> FeedState:
    state = replace(KNOWN, missing=before, failing_since=NOW - since * HOUR)
    kind = Failure.TIMEOUT if status is None else Failure.STATUS
    return missed(state, failed(kind, status=status), NOW)


@pytest.mark.parametrize(
    ("status", "before", "since", "gone"),
    [
        (410, 0, 0, False),
        (410, 1, 0.5, True),
        (404, 1, 0.5, False),
        (404, 4, 90, False),
        (404, 5, 47, False),
        (404, 5, 48, True),
        (403, 50, 900, False),
        (None, 50, 900, False),
    ],
)
def test_when_a_feed_counts_as_gone(status: int | None, before: int, since: float, gone: bool) -> None:
    assert missing(status, before=before, since=since).gone_at == (NOW if gone else None)


def test_how_missing_is_counted() -> None:
    assert missing(404, before=2, since=1).missing == 3
    assert missing(503, before=2, since=1).missing == 0
    assert missing(None, before=2, since=1).missing == 2
    assert missed(replace(KNOWN, missing=2), fresh(), NOW).missing == 0  # it answered, though with no feed
    long_gone = replace(KNOWN, gone_at=NOW - DAY, missing=9, failing_since=NOW - 9 * DAY)
    assert missed(long_gone, failed(status=404), NOW).gone_at == NOW - DAY


def test_what_cannot_be_read_is_no_new_address() -> None:
    lead = fresh(moved_to=THERE)
    unread = NEW
    for _ in range(4):
        unread = located(unread, FEED, lead, readable=False)
    assert (unread.address, unread.moves) == ("", 0)
    twice = through(NEW, lead, lead)
    assert located(twice, FEED, lead, readable=False) == twice  # as a failure: it says nothing
    assert through(located(twice, FEED, lead, readable=False), lead).address == THERE


def test_a_page_in_the_old_place_is_no_way_back() -> None:
    assert located(MOVED, FEED, fresh(), readable=False) == MOVED
    assert located(MOVED, FEED, fresh(request=AT_NEW), readable=False) == MOVED


def test_a_move_to_what_cannot_be_read_any_more_is_taken_back_once_the_old_address_still_leads_there() -> None:
    assert located(MOVED, FEED, fresh(moved_to=THERE), readable=False).address == ""
