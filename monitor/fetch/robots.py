"""Asks a site's robots.txt whether a page may be visited (RFC 9309), and how fast (Crawl-delay).

What RFC 9309 section 2.3.1 asks for: no robots.txt (4xx, too many redirects) means yes; a server error (5xx) means no,
until it can be read again or has been unreadable for 30 days; an older copy serves meanwhile. Kept in memory for 24
hours (section 2.4), the first 512 KiB of it (section 2.5). A host that nobody can reach is reported as just that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from msgspec import Struct
from protego import Protego
from yarl import URL

from monitor.fetch.failures import VisitError
from monitor.fetch.options import AGENT
from monitor.model import Failure

MAX_BYTES = 524_288
_KEEP = timedelta(hours=24)
_KEEP_FAILURE = timedelta(minutes=10)
_LONG = timedelta(days=30)
_MANY_HOSTS = 1_000


class _Rules(Struct, frozen=True):
    """What is known of one site. Without `parsed` all is allowed; unless `error` says why nothing is known."""

    read_at: datetime
    parsed: Protego | None = None
    error: VisitError | None = None
    failing_since: datetime | None = None

    def stale(self, now: datetime) -> bool:
        return now - self.read_at >= (_KEEP_FAILURE if self.failing_since else _KEEP)


class Robots:
    """The rules of many sites. `read` fetches one robots.txt, through a proxy or "" (raises VisitError); `clock` tells
    the time."""

    def __init__(self, read: Callable[[URL, str], Awaitable[bytes]], clock: Callable[[], datetime]) -> None:
        self._read = read
        self._clock = clock
        self._known: dict[URL, _Rules] = {}
        self._reading: dict[URL, asyncio.Task[_Rules]] = {}

    async def check(self, url: URL, proxy: str = "") -> float | None:
        """The site's Crawl-delay in seconds, if any. Raises VisitError when the page must not or cannot be visited."""
        rules = await self._rules(url.origin(), proxy)
        if rules.error is not None:  # raised anew: one that is raised again and again gathers tracebacks
            raise VisitError(rules.error.failure, rules.error.detail, retry_after=rules.error.retry_after)
        if rules.parsed is None:
            return None
        if not rules.parsed.can_fetch(str(url), AGENT):
            raise VisitError(Failure.ROBOTS, f"{url.host} asks robots not to visit this page")
        delay: float | None = rules.parsed.crawl_delay(AGENT)
        return delay

    async def _rules(self, site: URL, proxy: str) -> _Rules:
        known = self._known.get(site)
        if known is not None and not known.stale(self._clock()):
            return known
        reading = self._reading.get(site)
        if reading is None:
            reading = self._reading[site] = asyncio.create_task(self._learn(site, proxy, known))
            reading.add_done_callback(lambda _: self._reading.pop(site, None))
        return await asyncio.shield(reading)  # others wait for it too, so one that gives up must not end it

    async def _learn(self, site: URL, proxy: str, known: _Rules | None) -> _Rules:
        try:
            rules = _Rules(self._clock(), parsed=_parse(await self._read(site.with_path("/robots.txt"), proxy)))
        except VisitError as error:
            rules = _without(error, site, known, self._clock())
        self._known.pop(site, None)
        if len(self._known) >= _MANY_HOSTS:
            del self._known[next(iter(self._known))]
        self._known[site] = rules
        return rules


def _parse(body: bytes) -> Protego | None:
    # A page of HTML instead of rules is common; it holds no rule line and so allows all.
    return Protego.parse(body.decode("utf-8-sig", "replace")) if body.strip() else None


def _without(error: VisitError, site: URL, known: _Rules | None, now: datetime) -> _Rules:
    """What holds while robots.txt cannot be read."""
    if error.status is not None and 400 <= error.status < 500:
        return _Rules(now)
    if error.failure is Failure.REDIRECTS:
        return _Rules(now)
    since = known.failing_since if known and known.failing_since else now
    if known is not None and known.error is None:
        return _Rules(now, parsed=known.parsed, failing_since=since)
    if now - since >= _LONG:
        return _Rules(now, failing_since=since)
    if error.status is None:
        return _Rules(now, error=error, failing_since=since)
    detail = f"robots.txt of {site.host} cannot be read ({error.detail}), which counts as a no for now"
    return _Rules(now, error=VisitError(Failure.ROBOTS, detail), failing_since=since)
