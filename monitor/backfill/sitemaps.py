"""The rung "sitemap": the site's own lists of its addresses (https://www.sitemaps.org/protocol.html).

Found by robots.txt, else at the usual places; of an index only the sitemaps that can hold the span are visited, by
their lastmod and by the period in their names. A lastmod is no date of publication: it only says what is not younger.
"""

import re
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urljoin, urlsplit

from msgspec.structs import replace

from monitor.backfill.addresses import site_of
from monitor.backfill.base import Ask, Found, Step, within
from monitor.model import Entry, Failed, Feed, Leaf, Window

USUAL = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/news-sitemap.xml", "/sitemap-news.xml")
_DEPTH = 4  # an index within an index is against the protocol, and common
_GUESS = "guess"
_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
# What a site keeps beside its articles, as WordPress and its plugins name it.
_NO_NEWS = re.compile(
    r"taxonom|users|author|categor|(?<![a-z])tags?(?![a-z])|image|video|(?<![a-z])page-sitemap|posts-page-",
    re.IGNORECASE,
)
# sitemap-2024.xml, 2024-01, 2024/01/05, 202401
_PERIOD = re.compile(r"(?<!\d)(20\d\d)(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)")
_SLACK = timedelta(days=1)  # zones


class Sitemaps:
    """Walks from robots.txt through indexes to sitemaps."""

    def begin(self, feed: Feed, address: str, span: Window) -> Step:
        """The feed itself where it is a sitemap, else robots.txt."""
        if feed.kind == "sitemap":
            return Step((Ask(address, "sitemap", 1),))
        return Step((Ask(urljoin(address, "/robots.txt"), "text"),))

    def read(self, feed: Feed, span: Window, ask: Ask, answer: Leaf | Failed) -> Step:
        """The sitemaps named, or a sitemap's addresses."""
        if ask.number == 0:
            named = _LINE.findall(answer.text) if isinstance(answer, Leaf) else []
            places = [urljoin(ask.url, place) for place in named if not _NO_NEWS.search(place)]
            guesses = [] if places else [Ask(urljoin(ask.url, place), "sitemap", 1, _GUESS) for place in USUAL]
            return Step((*(Ask(place, "sitemap", 1) for place in dict.fromkeys(places)), *guesses))
        if isinstance(answer, Failed) or answer.problem:
            problem = str(answer) if isinstance(answer, Failed) else answer.problem
            return Step() if ask.mark == _GUESS else Step(problem=problem)
        asks = [
            Ask(place, "sitemap", ask.number + 1)
            for place, changed in answer.parts
            if ask.number < _DEPTH and may_hold(span, place, changed)
        ]
        parts = [(place, changed) for place, changed in answer.parts if not _NO_NEWS.search(urlsplit(place).path)]
        passed = [changed for _, changed in parts if changed] + [end for place, _ in parts if (end := _end(place))]
        moments = [moment for entry in answer.entries if (moment := entry.published or entry.updated)]
        found = [_found(entry) for entry in answer.entries if _wanted(feed, ask, span, entry)]
        return Step(tuple(asks), tuple(found), min([*moments, *passed], default=None))


def may_hold(span: Window, place: str, changed: datetime | None) -> bool:
    """Whether a sitemap can list something published within the span."""
    if changed is not None and changed < span.start - _SLACK:
        return False
    if _NO_NEWS.search(urlsplit(place).path):
        return False
    period = _period(place)
    return period is None or (period[0] <= span.end + _SLACK and period[1] >= span.start - _SLACK)


def _period(place: str) -> tuple[datetime, datetime] | None:
    """The year, month or day in an address; of several of them all that lies between."""
    named = _PERIOD.finditer(urlsplit(place).path + "?" + urlsplit(place).query)
    spans = [span for match in named if (span := _named(*match.groups()))]
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None


def _named(year_: str, month_: str | None, day_: str | None) -> tuple[datetime, datetime] | None:
    year, month, day = int(year_), int(month_ or 1), int(day_ or 1)
    try:
        start = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    if day_:
        return start, start + timedelta(days=1)
    if month_:
        return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return start, datetime(year + 1, 1, 1, tzinfo=UTC)


def _end(place: str) -> datetime | None:
    period = _period(place)
    return period[1] if period else None


def _wanted(feed: Feed, ask: Ask, span: Window, entry: Entry) -> bool:
    if not entry.link or not within(span, entry.published):
        return False
    if entry.updated is not None and entry.updated < span.start:
        return False
    if feed.links and not re.search(feed.links, entry.link):
        return False
    return site_of(entry.link) in (site_of(feed.url), site_of(ask.url))


def _found(entry: Entry) -> Found:
    """An address that states a day: its page may know the time."""
    day_only = entry.published is not None and not entry.title and entry.published.time() == time(12)
    return Found(replace(entry, published=None) if day_only else entry)
