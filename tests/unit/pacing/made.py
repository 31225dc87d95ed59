"""A feed, its state and its visits, for the tests of pacing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from monitor.model import Entry, Failed, Failure, Feed, FeedPage, FeedState, Fresh, Request, Unchanged
from monitor.pacing import Pace, Reading

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PACE = Pace(start=30 * MINUTE, shortest=10 * MINUTE, longest=2 * HOUR)
FEED = Feed("courier", "https://courier.test/feed")
REQUEST = Request(FEED.url, "feed", "courier")
NEW = FeedState("courier", due_at=NOW)
KNOWN = replace(  # read half an hour ago, and due now
    NEW,
    visited_at=NOW - 30 * MINUTE,
    succeeded_at=NOW - 30 * MINUTE,
    full_at=NOW - 30 * MINUTE,
    news=3,
    news_at=NOW - HOUR,
)


def fresh(at: datetime = NOW, *, request: Request = REQUEST, moved_to: str = "", **headers: str) -> Fresh:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fresh(request, moved_to or request.url, 200, named, b"", at, moved_to)


def same(at: datetime = NOW, *, request: Request = REQUEST, moved_to: str = "", **headers: str) -> Unchanged:
    return Unchanged(request, at, {name.replace("_", "-"): value for name, value in headers.items()}, moved_to)


def failed(kind: Failure = Failure.STATUS, at: datetime = NOW, url: str = FEED.url, **facts: Any) -> Failed:
    return Failed(replace(REQUEST, url=url), kind, "", at, **facts)


def document(*hours_ago: float | None, at: datetime = NOW, **facts: Any) -> FeedPage:
    """A document with an entry of each age; None for one without a date."""
    dates = [None if hours is None else at - hours * HOUR for hours in hours_ago]
    entries = tuple(Entry("courier", str(number), "", "", published=date) for number, date in enumerate(dates))
    return FeedPage("Courier", "", "", entries, **facts)


DEEP = document(1, 24 * 30, 24 * 60)  # so deep that no wish makes us miss anything


def reading(page: FeedPage = DEEP, *, entries: int = 10, known: int = 7, whole: bool = True) -> Reading:
    return Reading(page, entries, known, whole)
