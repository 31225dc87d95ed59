"""One visit, asynchronously: turn by turn along the redirects, until there is a body, a 304 or a reason for neither."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver
from msgspec import Struct
from msgspec.structs import replace
from yarl import URL

from monitor.addresses import Guard
from monitor.fetch.body import head_of, mind_media_type, read_body
from monitor.fetch.challenges import challenge
from monitor.fetch.decoding import ACCEPTED
from monitor.fetch.failures import EXPECTED, VisitError, describe, retry_after, status_words
from monitor.fetch.guard import guarded
from monitor.fetch.journey import REDIRECTS, Journey, set_out, status_line
from monitor.fetch.manners import Manners, nobody_cares
from monitor.fetch.options import FetchOptions
from monitor.fetch.patience import Patience
from monitor.fetch.robots import MAX_BYTES, Robots
from monitor.fetch.tunnel import Tunnels
from monitor.model import Failed, Failure, Fresh, Request, Unchanged, Visit, Wire

_ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8",
    "page": "text/html, application/xhtml+xml, */*;q=0.8",
    "hub": "*/*",
}
_MAX_LINE = 65_536  # some publishers send very long header lines
_MOST_HEADERS = 512
_LARGE_AT_ONCE = 2  # bodies over a megabyte read at the same time


class NoRoomError(Exception):
    """The visit's turn came while whoever asked for it could not take the answer; ask again later."""


class _HungUpError(Exception):
    """The connection was closed before an answer came."""


class _Errand(Struct):
    """What is asked of every host on the way."""

    headers: Mapping[str, str]
    limit: int  # bytes
    cut: bool = False  # whether a longer body is cut instead of refused
    robots: bool = False  # whether robots.txt is asked
    page: bool = False  # whether only a page is wanted
    form: Mapping[str, str] | None = None  # to be posted
    admit: Callable[[], bool] = lambda: True
    held_up: Callable[[], object] = nobody_cares


class _Answer(Struct):
    url: URL
    status: int
    headers: Mapping[str, str]
    body: bytes
    wire: Wire | None = None


class Visitor:
    """Visits within one event loop; make and close it there. Shares connections, names, turns and robots rules."""

    def __init__(
        self,
        options: FetchOptions,
        clock: Callable[[], datetime],
        resolver: AbstractResolver | None = None,
        gaps: Mapping[str, float] | None = None,
    ) -> None:
        self._options = options
        self._clock = clock
        self._timer = asyncio.get_running_loop().time
        self._manners = Manners(
            parallel=options.parallel, per_host=options.per_host, gap=options.host_gap_seconds, gaps=gaps
        )
        self._robots = Robots(self._read_robots, clock)
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._guard = Guard(options.allow_private)
        names: dict[str, Any] = {"limit": 0, "ttl_dns_cache": 300, "resolver": resolver}
        self._names = names
        self._sessions = {"": self._session(aiohttp.TCPConnector(**names, socket_factory=guarded(self._guard)))}
        self._timeout = aiohttp.ClientTimeout(total=None, connect=options.connect_seconds)

    async def close(self) -> None:
        """Close all connections."""
        for session in self._sessions.values():
            await session.close()

    async def visit(
        self,
        request: Request,
        admit: Callable[[], bool] = lambda: True,
        held_up: Callable[[], object] = nobody_cares,
    ) -> Visit:
        """Make one visit. `admit` is asked when its first turn has come; a no raises NoRoomError. `held_up` is called
        whenever its host must be waited for.
        """
        try:
            journey = set_out(request, self._options.total_seconds)
            answer = await self._travel(journey, self._errand(request, admit, held_up))
        except VisitError as error:
            at, refusal = self._clock(), None
            if error.wire is not None and error.status is not None:
                refusal = Fresh(request, error.url, error.status, {}, b"", at, wire=error.wire)
            return Failed(request, error.failure, error.detail, at, error.status, error.retry_after, refusal)
        at = self._clock()
        moved_to = str(answer.url) if journey.moved else ""
        if answer.status == 304:
            if request.etag or request.last_modified:
                return Unchanged(request, at, answer.headers, moved_to)
            return Failed(request, Failure.BROKEN, "HTTP 304, though nothing was said to be known", at, 304)
        wire = replace(answer.wire, hops=tuple(journey.hops)) if answer.wire and journey.hops else answer.wire
        return Fresh(request, str(answer.url), answer.status, answer.headers, answer.body, at, moved_to, wire=wire)

    def _errand(self, request: Request, admit: Callable[[], bool], held_up: Callable[[], object]) -> _Errand:
        headers = {"Accept": _ACCEPT[request.purpose]}
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        page = request.purpose == "page"
        megabytes = self._options.max_page_mb if page else self._options.max_feed_mb
        robots = page and request.robots and self._options.robots
        form = dict(request.form) if request.form else None
        return _Errand(headers, int(megabytes * 1e6), robots=robots, page=page, form=form, admit=admit, held_up=held_up)

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._options.user_agent, "Accept-Encoding": ACCEPTED},
            auto_decompress=False,
            max_line_size=_MAX_LINE,
            max_field_size=_MAX_LINE,
            max_headers=_MOST_HEADERS,
        )
        session._retry_connection = False  # which aiohttp lets nobody set: a retry must keep to turns and counts
        return session

    def _way(self, proxy: str) -> aiohttp.ClientSession:
        """The connections of this proxy; "" = the direct ones."""
        session = self._sessions.get(proxy)
        if session is None:
            session = self._sessions[proxy] = self._session(Tunnels(proxy, self._guard, **self._names))
        return session

    async def _travel(self, journey: Journey, errand: _Errand) -> _Answer:
        """Follow the redirects to an answer of status 2xx or 304. Raises VisitError for all else."""
        seen = set()
        for _ in range(self._options.max_redirects + 1):
            before = journey.mark
            try:
                answer = await self._step(journey, errand)
            except _HungUpError:  # as when a kept connection's time was over just now (RFC 9112 section 9.3.1)
                journey.again = True
                answer = await self._step(journey, errand)
            if answer is not None:
                return answer
            seen.add(before)
            if journey.mark in seen:
                raise VisitError(Failure.REDIRECTS, f"{journey.url.host} redirects in a circle")
        raise VisitError(Failure.REDIRECTS, f"more than {self._options.max_redirects} on the way")

    async def _step(self, journey: Journey, errand: _Errand) -> _Answer | None:
        """Ask the address that the journey stands at; None after a redirect, which moves the journey on."""
        url = journey.url
        host = url.raw_authority
        if errand.robots:
            errand.held_up()  # its rules may have to be read first
            delay = await self._robots.check(url, journey.proxy)
            if delay:
                self._manners.slow_down(host, min(delay, self._options.crawl_delay_max_seconds))
        self._mind_patience(url)
        async with self._manners.turn(host, errand.held_up):
            self._mind_patience(url)
            if not journey.admitted and not errand.admit():
                raise NoRoomError
            journey.admitted = True
            started = self._timer()
            try:
                return await self._ask(journey, errand, started)
            except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
                hung_up = not isinstance(error, aiohttp.ClientConnectorError) and errand.form is None
                if hung_up and not journey.again:
                    raise _HungUpError from error
                raise describe(error, url.host or "", self._options) from error
            except EXPECTED as error:
                raise describe(error, url.host or "", self._options) from error
            except ValueError as error:  # a header or address that cannot be sent
                raise VisitError(Failure.BAD_URL, f"cannot be asked for: {error}") from error
            finally:
                journey.seconds -= self._timer() - started

    async def _ask(self, journey: Journey, errand: _Errand, now: float) -> _Answer | None:
        options = self._options
        end = now + journey.seconds
        patience = Patience(now, most=options.first_byte_seconds, rate=options.min_bytes_per_second, end=end)
        headers = {**errand.headers, **journey.private} if journey.private else errand.headers
        response = None
        try:
            async with asyncio.timeout_at(patience.until) as timer:
                response = await self._way(journey.proxy).request(
                    "GET" if errand.form is None else "POST",
                    journey.url,
                    headers=headers,
                    cookies=journey.cookies or None,
                    data=errand.form,
                    allow_redirects=False,
                    timeout=self._timeout,
                )
                return await self._take(response, journey, errand, patience, timer)
        except TimeoutError as error:
            if isinstance(error, aiohttp.ClientError):
                raise
            raise self._too_slow(journey.url, response is not None, self._timer() >= end) from None
        finally:
            if response is not None:
                response.release()

    async def _take(
        self,
        response: aiohttp.ClientResponse,
        journey: Journey,
        errand: _Errand,
        patience: Patience,
        timer: asyncio.Timeout,
    ) -> _Answer | None:
        if response.status in REDIRECTS:
            journey.follow(response, posted=errand.form is not None)
            return None
        if response.status == 304:
            return _Answer(journey.url, 304, head_of(response), b"")
        if not 200 <= response.status < 300:
            timer.reschedule(None)  # what it says beside has a limit of its own
            raise await self._refusal(response, journey)
        if errand.page:
            mind_media_type(response)
        body, undecoded = await read_body(
            response, errand.limit, patience, timer, self._timer, self._large, cut=errand.cut
        )
        wire = Wire(status_line(response), response.raw_headers, undecoded)
        return _Answer(journey.url, response.status, head_of(response), body, wire)

    def _too_slow(self, url: URL, answered: bool, over: bool) -> VisitError:
        options = self._options
        if over:
            words = f"not finished within {options.total_seconds:g} s"
        elif answered:
            words = f"the answer comes too slowly, under {options.min_bytes_per_second} bytes a second"
        else:
            words = f"silent for {options.first_byte_seconds:g} s"
        return VisitError(Failure.TIMEOUT, f"{url.host}: {words}")

    async def _refusal(self, response: aiohttp.ClientResponse, journey: Journey) -> VisitError:
        url = journey.url
        patience = retry_after(response.headers, self._clock())
        if patience and response.status in (429, 503):
            door = url.raw_authority if self._options.retry_after_scope == "host" else str(url)
            self._manners.shut(door, min(patience.total_seconds(), self._options.host_patience_max_seconds))
        words = status_words(response.status, response.reason)
        wire = Wire(status_line(response), response.raw_headers, hops=tuple(journey.hops))
        wall = await challenge(response)
        failure, words = (Failure.WALL, f"{wall} ({words})") if wall else (Failure.STATUS, words)
        return VisitError(failure, words, status=response.status, retry_after=patience, wire=wire, url=str(url))

    def _mind_patience(self, url: URL) -> None:
        """Raise VisitError while the host, or this address alone, is to be left alone."""
        if self._manners.all_open:
            return
        host = url.raw_authority
        seconds = max(self._manners.shut_for(host), self._manners.shut_for(str(url)))
        if seconds > 0:
            patience = timedelta(seconds=seconds)
            raise VisitError(Failure.STATUS, f"{host} asked to be left alone for now", retry_after=patience)

    async def _read_robots(self, url: URL, proxy: str) -> bytes:
        errand = _Errand({"Accept": "text/plain, */*;q=0.8"}, MAX_BYTES, cut=True)
        return (await self._travel(Journey(url, self._options.total_seconds, proxy=proxy), errand)).body
