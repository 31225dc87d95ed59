"""How is a feed? What somebody should be told of it, and silence measured by the feed's own norm."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from monitor.links import without_login
from monitor.model import Entry, Feed, FeedState, NoticeKind

FAILING = timedelta(hours=24)  # failing for so long is told
HOLLOW = 5  # documents in a row without an entry that is news
TORN = 3  # documents in a row that had nothing in common with the one before

_LEAST_NEWS = 6  # visits with news, before a norm can be told
_LEAST_KNOWN = timedelta(days=7)
_LEAST_SILENCE = timedelta(days=1)
_UNUSUAL = 3.0  # times the longest silence known
_ERROR_ITEM = re.compile(r"(rss[- ]?)?bridge (returned|encountered|threw) (an )?(error|exception)\b", re.IGNORECASE)


def norm(state: FeedState) -> timedelta | None:
    """The longest silence of a feed in the last four to eight weeks; None while too little is known."""
    if state.news < _LEAST_NEWS or state.lull_since is None or state.news_at is None:
        return None
    longest = max(state.lull, state.lull_before)
    known = state.lull_before or state.news_at - state.lull_since >= _LEAST_KNOWN
    return longest if known and longest else None


def silent_since(state: FeedState, at: datetime) -> datetime | None:
    """Since when the feed has been silent for longer than it is used to; None when it is not."""
    usual = norm(state)
    if usual is None or state.news_at is None or at - state.news_at < max(usual * _UNUSUAL, _LEAST_SILENCE):
        return None
    return state.news_at


def is_error_item(entry: Entry) -> bool:
    """Whether an entry is no news but a bridge's report that it could not read its site (RSS-Bridge writes such)."""
    return bool(_ERROR_ITEM.match(entry.title.strip()))


def notices(feed: Feed, state: FeedState, at: datetime, standing: Collection[NoticeKind] = ()) -> dict[NoticeKind, str]:
    """What is to be told of a feed now, in words; whatever is not here any more is over.

    What is `standing`, told and not over, is not ended by visits that fail: they show nothing of it.
    """
    told: dict[NoticeKind, str] = {}
    if state.gone_at:
        told[NoticeKind.GONE] = f"gone ({state.problem}); it is tried once a week. Correct or remove it in feeds.toml"
    if state.failing_since and at - state.failing_since >= FAILING:
        told[NoticeKind.FAILING] = f"has been failing since {state.failing_since:%Y-%m-%d %H:%M} UTC: {state.problem}"
    if state.address:
        told[NoticeKind.MOVED] = (
            f"moved for good to {without_login(state.address)}, where it is visited now; change its url"
        )
    if state.hollow >= HOLLOW:
        what = state.problem or "answers, but lists nothing"
        told[NoticeKind.EMPTY] = f"{what}, at {state.hollow} visits in a row"
    if state.torn >= TORN and (not state.failures or NoticeKind.LOSING in standing):
        told[NoticeKind.LOSING] = (
            f"its last {state.torn} documents had nothing in common with the one before: items may be lost in between"
        )
    since = silent_since(state, at)
    if since and (NoticeKind.SILENT in standing or not (state.failures or state.hollow >= HOLLOW)):
        usual = norm(state) or timedelta(0)
        told[NoticeKind.SILENT] = (
            f"nothing new since {since:%Y-%m-%d %H:%M} UTC; it was never silent for {_span(usual)}"
        )
    return told


def _span(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"more than {hours / 24:.0f} days" if hours >= 48 else f"more than {max(hours, 1):.0f} hours"
