"""When to visit a feed again, and whether it is we who are cut off. Pure; nothing is remembered here.

A publisher may ask for fewer visits, and is heard as far as nothing can be missed by it; a failing feed is tried more
and more rarely, and never given up.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.links import host_of
from monitor.model import Failed, Failure, Feed, FeedPage, FeedState, Fresh, Visit

LONGEST = timedelta(hours=24)  # no feed is left alone for longer, whatever it says or however long it fails
_UNDATED = timedelta(hours=2)  # the longest wish heard of a document that does not show how far back it reaches
_JITTER = 0.1  # share of the wait
_CUT_OFF = frozenset({Failure.DNS, Failure.CONNECT, Failure.TIMEOUT})
_ENOUGH_HOSTS = 3


def next_visit(
    state: FeedState, feed: Feed, visit: Visit, page: FeedPage | None, *, now: datetime, jitter: float
) -> datetime:
    """The next due time: in (now, now + 24 h].

    `state` is the feed's state after this visit, its failures counted; `page` the document read, None when there was
    none or nothing new in it; `jitter`, 0-1, lengthens the wait by up to a tenth, so that feeds do not go in step.
    """
    wait = feed.interval
    if state.failures:
        wait = _backed_off(feed.interval, state.failures)
    elif isinstance(visit, Fresh) and page is not None:
        wait = max(wait, min(_wish(visit.headers, page), _reach(page, now)))
    if isinstance(visit, Failed) and visit.retry_after is not None:
        wait = max(wait, visit.retry_after)
    return now + min(min(wait, LONGEST) * (1 + _JITTER * jitter), LONGEST)


def network_is_down(visits: Sequence[Visit]) -> bool:
    """Whether all of these visits, to at least three hosts, failed as they do where there is no network at all."""
    hosts = {host_of(visit.request.url) for visit in visits}
    return len(hosts) >= _ENOUGH_HOSTS and all(cut_off(visit) for visit in visits)


def cut_off(visit: Visit) -> bool:
    """Whether the visit failed as it would without a network: the host was never reached."""
    return isinstance(visit, Failed) and visit.failure in _CUT_OFF


def _backed_off(interval: timedelta, failures: int) -> timedelta:
    """The interval, doubled with every failure after the first."""
    doubled = interval
    for _ in range(failures - 1):
        doubled *= 2
        if doubled >= LONGEST:
            break
    return doubled


def _wish(headers: Mapping[str, str], page: FeedPage) -> timedelta:
    """How long the publisher says that this document holds: the longest of RSS `ttl` and the cache headers."""
    return max(page.ttl or timedelta(0), _cache_lifetime(headers))


def _cache_lifetime(headers: Mapping[str, str]) -> timedelta:
    """Freshness lifetime less the age on arrival (RFC 9111 section 4.2); `max-age` goes before `Expires`."""
    control = headers.get("cache-control", "").lower()
    if re.search(r"\bno-(cache|store)\b", control):
        return timedelta(0)
    stated = re.search(r'(?<![\w-])max-age\s*=\s*"?(\d{1,9})', control)
    if stated:
        lifetime = timedelta(seconds=int(stated[1]))
    else:
        expires, date = _http_date(headers.get("expires", "")), _http_date(headers.get("date", ""))
        lifetime = expires - date if expires and date else timedelta(0)
    age = re.fullmatch(r"\s*(\d{1,9})\s*", headers.get("age", ""))
    return max(lifetime - timedelta(seconds=int(age[1]) if age else 0), timedelta(0))


def _reach(page: FeedPage, now: datetime) -> timedelta:
    """For how long nothing is missed: half of the time that the document's entries span.

    Whatever appears meanwhile pushes out what was there before; a document that holds a day's entries is a day deep.
    """
    dates = [entry.published for entry in page.entries if entry.published is not None]
    if len(dates) < len(page.entries) or not dates:
        return _UNDATED
    return max((now - min(dates)) / 2, timedelta(0))


def _http_date(text: str) -> datetime | None:
    """An HTTP date (RFC 9110 section 5.6.7); None when it is none, as in the common `Expires: 0`."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
