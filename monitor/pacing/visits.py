"""A feed's state after a visit, and when it is due again: everything that is known of a feed comes together here.

A publisher may ask for fewer visits, and is heard as far as nothing can be missed by it; a failing feed is tried more
and more rarely, and never given up.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from monitor.model import Failed, Feed, FeedState, Fresh, Unchanged, Visit
from monitor.pacing.address import located, missed
from monitor.pacing.change import changed
from monitor.pacing.hints import after_skipped
from monitor.pacing.rhythm import ROOM, Pace, Reading, learn, learned_same, validators

LONGEST = timedelta(hours=24)  # nothing but being gone keeps us away for longer
GONE_EVERY = timedelta(days=7)  # how often a feed that is gone is tried

_JITTER = 0.1  # share of the wait
_PASSING = timedelta(days=7)  # failing for so long is taken for passing: a feed that comes back is seen at once
_WELL: Mapping[str, Any] = {
    "failures": 0,
    "problem": "",
    "failing_since": None,
    "missing": 0,
    "gone_at": None,
    "held_until": None,
}
_TENTH = 0.1  # of the time it has been failing: how rarely it is tried then


def after_visit(
    state: FeedState,
    feed: Feed,
    visit: Visit,
    reading: Reading | None = None,
    problem: str = "",
    *,
    pace: Pace,
    jitter: float,
) -> FeedState:
    """The state after a visit.

    `reading`: the document, None when it is the same as before; `problem`: why the visit counts as a failure, though it
    may have brought a document (then without news); `jitter`, 0-1, lengthens the wait by up to a tenth, so that feeds
    do not go in step.
    """
    if isinstance(visit, Unchanged) and not problem:
        return _same(state, feed, visit, pace, jitter)
    after = _failed(state, visit, reading, problem) if problem else _succeeded(state, feed, visit, reading, pace)
    after = located(after, feed, visit, readable=not problem)
    return changed(after, visited_at=visit.at, due_at=_due(after, feed, visit.at, pace, jitter))


def _same(state: FeedState, feed: Feed, visit: Unchanged, pace: Pace, jitter: float) -> FeedState:
    """After a 304, which nearly all visits bring; as `_succeeded`, with one copy of the state."""
    at = visit.at
    values: dict[str, Any] = {**_WELL, **validators(state, visit), **learned_same(state, at, pace)}
    interval = feed.interval or values["interval"] or pace.start
    if feed.interval:
        values["interval"] = None
    due_at = _in_time(state, interval, feed, at, pace, jitter)
    return replace(located(state, feed, visit), **values, succeeded_at=at, visited_at=at, due_at=due_at)


def _failed(state: FeedState, visit: Visit, reading: Reading | None, problem: str) -> FeedState:
    after = changed(
        state,
        failures=state.failures + 1,
        problem=problem,
        failing_since=state.failing_since or visit.at,
        held_until=None,
        hollow=state.hollow + (reading is not None),
    )
    if reading is not None:  # what was sent in the place of the document must not hide the next one
        after = changed(after, etag="", last_modified="", body_hash="")
    if isinstance(visit, Failed) and visit.retry_after is not None:
        after = changed(after, held_until=visit.at + min(visit.retry_after, LONGEST))
    return missed(after, visit, visit.at)


def _succeeded(state: FeedState, feed: Feed, visit: Visit, reading: Reading | None, pace: Pace) -> FeedState:
    if isinstance(visit, Fresh) and reading is not None:
        after = learn(state, visit, reading, pace)
    else:
        after = changed(state, **learned_same(state, visit.at, pace))
    if isinstance(visit, Fresh):
        after = changed(after, full_at=visit.at)
    if isinstance(visit, Fresh | Unchanged):
        after = changed(after, **validators(after, visit))
    return changed(
        after,
        **_WELL,
        interval=None if feed.interval else after.interval,
        succeeded_at=visit.at,
    )


def _due(state: FeedState, feed: Feed, at: datetime, pace: Pace, jitter: float) -> datetime:
    """In (at, at + 24 h]; a week for a feed that is gone."""
    interval = interval_of(feed, state, pace)
    stretch = 1 + _JITTER * jitter
    if state.gone_at:
        return at + GONE_EVERY * (2 - stretch)
    if state.failures:
        longest = max(pace.longest, interval) if feed.interval else pace.longest
        wait = max(_backed_off(state, interval, longest / ROOM, pace, at), feed.interval or pace.shortest)
        due = at + min(wait * stretch, LONGEST)
        # A server that asked to be left alone is not visited sooner.
        return max(due, state.held_until + _JITTER * jitter * interval) if state.held_until else due
    return _in_time(state, interval, feed, at, pace, jitter)


def _in_time(state: FeedState, interval: timedelta, feed: Feed, at: datetime, pace: Pace, jitter: float) -> datetime:
    """When a feed that answers is due; `interval`: as of `interval_of`."""
    longest = max(pace.longest, interval) / ROOM if feed.interval else pace.roomy
    wait = max(min(max(interval, state.wish), longest), feed.interval or pace.shortest)
    due = at + min(wait * (1 + _JITTER * jitter), LONGEST)
    if not (state.skip_hours or state.skip_days):
        return due
    return min(after_skipped(due, state.skip_hours, state.skip_days), at + LONGEST)


def put_off(state: FeedState, visit: Failed, pause: timedelta, jitter: float) -> FeedState:
    """The state after a visit that says nothing of the feed: it was our network, or its host wants to be left alone."""
    return changed(state, due_at=visit.at + min(visit.retry_after or pause, LONGEST) + pause * _JITTER * jitter)


def interval_of(feed: Feed, state: FeedState, pace: Pace) -> timedelta:
    """The time between two visits: the user's word, else what was learned, else where learning starts."""
    return feed.interval or state.interval or pace.start


def _backed_off(state: FeedState, interval: timedelta, longest: timedelta, pace: Pace, at: datetime) -> timedelta:
    """The interval, doubled with every failure after the first; within the limit that the time of failing allows."""
    lasting = at - (state.failing_since or at)
    if lasting < _PASSING:  # whatever is pushed out of the document after its return is missed
        limit = min(longest, max(state.reach / 2 if state.reach is not None else longest, pace.start))
    else:
        limit = min(max(longest, lasting * _TENTH), LONGEST)
    return min(interval * (1 << min(state.failures - 1, 20)), limit)
