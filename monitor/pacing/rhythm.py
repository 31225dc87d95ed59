"""A feed's rhythm, learned from what its visits bring.

Successive documents shall overlap, as Media Cloud does it: when few of a document's items were known already, the next
visit comes sooner; when nearly all were, later. Judged are only visits that came in time after a success, for others
say more of us than of the feed. Sooner is quick (half the interval), later slow (an eighth more), so that a night does
not undo what a day taught.

A server's "not modified" is doubted when the whole document then shows what should have been news before.
"""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from msgspec import Struct

from monitor.dates import http_date
from monitor.model import FeedPage, FeedState, Fresh, Unchanged
from monitor.pacing.change import changed
from monitor.pacing.hints import reach, skipped_days, skipped_hours, wish

FULL_EVERY = timedelta(hours=12)  # the whole document is asked for at least so often
PROVED = -1  # doubts: none, for its server has told of news by itself
DISTRUST = timedelta(days=30)  # for how long "not modified" is not asked for after it was untrue
ROOM = 1.15  # of the longest wait: for the jitter, and for a round of polling that takes a while

_SOONER, _LATER = 1 / 3, 2 / 3  # shares of known items
_SLACK = timedelta(minutes=5)  # a round of polling
_EARLIER = timedelta(minutes=30)  # entries are dated by hand, clocks differ
_SURE = 3  # doubts
_SPAN = timedelta(days=28)  # in which the longest silence is looked for
_NOTHING = timedelta(0)
_DAY = timedelta(days=1)


class Pace(Struct, frozen=True, dict=True):
    """The limits of what is learned."""

    start: timedelta  # of a feed of which nothing is known yet
    shortest: timedelta
    # Between two visits to a feed that answers: what stands in its document for longer is not missed.
    longest: timedelta

    @cached_property
    def usual(self) -> tuple[timedelta, timedelta]:
        """The shortest and the longest wait that was ever planned in earnest."""
        return self.shortest / 2, self.longest * 1.2

    @cached_property
    def roomy(self) -> timedelta:
        """The longest wait that is planned: with room for the jitter, and for a round of polling that takes a while."""
        return self.longest / ROOM


class Reading(Struct, frozen=True):
    """A document that was read, held against what is remembered."""

    page: FeedPage
    entries: int  # in it, each identity once
    known: int  # of these, from earlier documents of this feed
    whole: bool = True  # False when the rest of it waits for the next round

    @property
    def share_known(self) -> float:
        """Of an empty document all is known."""
        return self.known / self.entries if self.entries else 1.0


def in_time(state: FeedState, at: datetime, pace: Pace) -> bool:
    """Whether a visit at this moment follows a success, and not much sooner or later than it should."""
    if state.succeeded_at is None or state.failures:
        return False
    planned, elapsed = state.due_at - state.succeeded_at, at - state.succeeded_at
    shortest, longest = pace.usual
    if not shortest <= planned <= longest or planned <= _NOTHING:
        return False
    return elapsed / planned >= 0.9 and (elapsed - _SLACK) / planned <= 1.5


def learned_same(state: FeedState, at: datetime, pace: Pace) -> dict[str, Any]:
    """What to note: the document is the same as before, all was known. `state` is the one before the visit."""
    interval = _later(state, pace) if in_time(state, at, pace) else state.interval
    return {"hollow": state.hollow + 1 if state.hollow else 0, "torn": 0, "interval": interval}


def learn(state: FeedState, visit: Fresh, reading: Reading, pace: Pace) -> FeedState:
    """A document was read. `state` is the one before the visit."""
    page, at = reading.page, visit.at
    elapsed = at - state.succeeded_at if state.succeeded_at else None
    judged = in_time(state, at, pace) and reading.whole
    depth = reach(page, at)
    if elapsed and judged and reading.known < reading.entries:
        depth = min(depth, elapsed * 0.5 / (1 - reading.share_known))
    after = changed(
        state,
        reach=depth,
        wish=min(wish(visit.headers, page), depth),
        skip_hours=skipped_hours(page),
        skip_days=skipped_days(page),
        hollow=0 if reading.entries else state.hollow + 1,
    )
    after = _trust(after, state, visit, reading, pace)
    after = _news(after, at) if reading.known < reading.entries else after
    if elapsed is None or not reading.entries:
        return after
    if not reading.known and state.news:
        torn = state.torn + 1 if judged else state.torn
        after = changed(after, gaps=state.gaps + 1, gap_at=at, torn=torn)
    else:
        after = changed(after, torn=0)
    if not judged or after.lied_at == at:  # what was learned from lies was forgotten just now
        return after
    return changed(after, interval=_judged(state, reading.share_known, elapsed, pace))


def _judged(state: FeedState, share: float, elapsed: timedelta, pace: Pace) -> timedelta:
    interval = state.interval or pace.start
    if share < _SOONER:
        return max(min(interval, elapsed) / 2, pace.shortest)
    return _later(state, pace) if share > _LATER else interval


def _later(state: FeedState, pace: Pace) -> timedelta:
    return max(min((state.interval or pace.start) * 1.125, pace.longest), pace.shortest)


def _news(state: FeedState, at: datetime) -> FeedState:
    """Something new was found: for the norm that silence is measured by, see `watch`."""
    lull = max(state.lull, at - state.news_at) if state.news_at else state.lull
    state = changed(state, news_at=at, news=state.news + 1, lull=lull, lull_since=state.lull_since or at)
    if state.lull_since and at - state.lull_since >= _SPAN:
        return changed(state, lull=_NOTHING, lull_before=state.lull, lull_since=at)
    return state


def asks_for_all(state: FeedState, now: datetime, pace: Pace) -> bool:
    """Whether the whole document is asked for, whatever is known of it already.

    At least every twelve hours; sooner where much of the document would be replaced meanwhile, the more so until its
    server has told of news by itself; and sooner where there is reason to doubt, such as a document of a day to come.
    """
    if state.full_at is None or (state.lied_at and now - state.lied_at < DISTRUST):
        return True
    reaches = state.reach or FULL_EVERY
    longest = min(FULL_EVERY, max(reaches if state.doubts == PROVED else reaches / 12, pace.longest))
    stated = http_date(state.last_modified)
    if state.doubts > 0 or (stated and stated > now + _DAY):
        longest = min(longest, pace.longest)
    step = max(state.interval or pace.start, min(state.wish, pace.longest))
    since = now - state.full_at
    return since + step + step > longest and since + step * 1.1 > longest  # the next chance comes after it


def _trust(after: FeedState, before: FeedState, visit: Fresh, reading: Reading, pace: Pace) -> FeedState:
    """What a document with news says of "not modified".

    Sent to somebody who knew the one before, it shows that the server tells. Found only because the whole document was
    asked for, again and again, it shows that it does not.
    """
    if reading.known == reading.entries or not reading.whole:
        return after
    if visit.request.etag or visit.request.last_modified:
        return changed(after, doubts=PROVED)
    said_the_same = before.full_at != before.succeeded_at and (before.etag or before.last_modified)
    if not said_the_same or before.failures:
        return after
    doubts = max(before.doubts, 0) + _doubts(before, visit, reading)
    if doubts < _SURE:
        return changed(after, doubts=doubts)
    return changed(after, doubts=0, lied_at=visit.at, interval=pace.start)


def _doubts(before: FeedState, visit: Fresh, reading: Reading) -> int:
    """Another document under the same entity tag is a plain contradiction (RFC 9110 section 8.8.1)."""
    if before.etag and visit.headers.get("etag") == before.etag:
        return _SURE
    if not before.etag and visit.headers.get("last-modified") == before.last_modified:
        return _SURE
    new = reading.entries - reading.known
    dates = sorted((one.published for one in reading.page.entries if one.published), reverse=True)
    told = before.succeeded_at
    # Of so many new entries one at least is as old as this: it was there when "not modified" was said.
    old = told and len(dates) >= new and dates[new - 1] < told - _EARLIER
    return 2 if old else 1


def validators(state: FeedState, visit: Fresh | Unchanged) -> dict[str, str]:
    """The validators to send next time: those of the document, which a 304 may renew (RFC 9110 section 15.4.5)."""
    etag, modified = visit.headers.get("etag", ""), visit.headers.get("last-modified", "")
    if isinstance(visit, Unchanged):
        etag, modified = etag or state.etag, modified or state.last_modified
    return {"etag": etag, "last_modified": modified}
