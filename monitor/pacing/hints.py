"""What publishers ask of their readers, and how far it can be heard without missing anything.

RSS 2.0 `ttl`, `skipHours` and `skipDays`; the RSS module `sy` (updatePeriod, updateFrequency); the cache headers of
HTTP. A wish can only lengthen a wait. Whoever says that he publishes nothing at night is taken at his word as long as
the dates of his own entries do not disprove it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from monitor.dates import http_date
from monitor.model import FeedPage

_UNDATED = timedelta(hours=2)  # the longest wish heard of a document that does not show how far back it reaches
_NOTHING = timedelta(0)
_WEEK_HOURS = 7 * 24


def wish(headers: Mapping[str, str], page: FeedPage) -> timedelta:
    """For how long the publisher says that this document holds: the longest of all that he says."""
    return max(page.ttl or _NOTHING, page.update_every or _NOTHING, cache_lifetime(headers))


def cache_lifetime(headers: Mapping[str, str]) -> timedelta:
    """Freshness lifetime less the age on arrival (RFC 9111 section 4.2); `max-age` goes before `Expires`."""
    control = headers.get("cache-control", "").lower()
    if re.search(r"\bno-(cache|store)\b", control):
        return _NOTHING
    stated = re.search(r'(?<![\w-])max-age\s*=\s*"?(\d{1,9})', control)
    if stated:
        lifetime = timedelta(seconds=int(stated[1]))
    else:
        expires, date = http_date(headers.get("expires", "")), http_date(headers.get("date", ""))
        lifetime = expires - date if expires and date else _NOTHING
    age = re.fullmatch(r"\s*(\d{1,9})\s*", headers.get("age", ""))
    return max(lifetime - timedelta(seconds=int(age[1]) if age else 0), _NOTHING)


def reach(page: FeedPage, at: datetime) -> timedelta:
    """In what time half of the document was replaced, by its entries' dates; a few old entries on top do not count.

    Whatever appears pushes out what was there before: who comes back within this time finds all that appeared.
    """
    dates = [entry.published for entry in page.entries if entry.published is not None]
    if len(dates) < len(page.entries) or not dates:
        return _UNDATED
    return max(at - sorted(dates, reverse=True)[len(dates) // 2], _NOTHING)


def skipped_hours(page: FeedPage) -> frozenset[int]:
    """`skip_hours`, or none where an entry was published in one of them, or where that cannot be seen."""
    return _not_disproved(page, page.skip_hours, 24, lambda moment: moment.hour)


def skipped_days(page: FeedPage) -> frozenset[int]:
    """`skip_days`, likewise."""
    return _not_disproved(page, page.skip_days, 7, datetime.weekday)


def _not_disproved(
    page: FeedPage, skipped: frozenset[int], every: int, part_of: Callable[[datetime], int]
) -> frozenset[int]:
    if not skipped or len(skipped) >= every or not page.entries:
        return frozenset()
    if any(entry.published is None or part_of(entry.published) in skipped for entry in page.entries):
        return frozenset()
    return skipped


def after_skipped(moment: datetime, hours: frozenset[int], days: frozenset[int]) -> datetime:
    """`moment`, or the start of the first hour after it in which something may be published."""
    for _ in range(_WEEK_HOURS):
        if moment.hour not in hours and moment.weekday() not in days:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment
