"""One visit, asynchronously: turn by turn along the redirects, until there is a body, a 304 or a reason for neither."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from monitor.fetch.decoding import ACCEPTED, Decoder, OverLimitError, UndecodableError
from monitor.fetch.failures import EXPECTED, VisitError, describe, retry_after, status_words
from monitor.fetch.guard import Guard
from monitor.fetch.manners import Manners
from monitor.fetch.options import FetchOptions
from monitor.fetch.robots import MAX_BYTES, Robots
from monitor.model import Failed, Failure, Fresh, Request, Unchanged, Visit

_ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8",
    "page": "text/html, application/xhtml+xml, */*;q=0.8",
}
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_PLAIN_URL = re.compile(r"[!#-;=?-\[\]_a-z~]+")  # RFC 3986 section 2: nothing in it needs quoting
_HOST = re.compile(
    r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9_.%-]+)?"
)  # a name or an IPv6 literal
_MAX_LINE = 65_536  # some publishers send very long header lines


class NoRoomError(Exception):
    """The visit's turn came while whoever asked for it could not take the answer; ask again later."""


@dataclass(frozen=True, slots=True)
class _Errand:
    """What is asked of every host on the way."""

    headers: Mapping[str, str]
    limit: int  # bytes
    cut: bool = False  # whether a longer body is cut instead of refused
    page: bool = False  # whether robots.txt is asked
    admit: Callable[[], bool] = lambda: True


@dataclass(slots=True)
class _Journey:
    """Where a visit stands."""

    url: URL
    seconds: float  # left
    private: Mapping[str, str]  # headers for this site only
    first: bool = True
    permanent: bool = True
    cookies: Mapping[str, str] = field(
        default_factory=dict
    )  # set on the way: some sites redirect until they get one back


@dataclass(frozen=True, slots=True)
class _Answer:
    url: URL
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: bool = False


class Visitor:
    """Visits within one event loop; make and close it there. Shares connections, names, turns and robots rules."""

    def __init__(
        self, options: FetchOptions, clock: Callable[[], datetime], resolver: AbstractResolver | None = None
    ) -> None:
        self._options = options
        self._clock = clock
        self._timer = asyncio.get_running_loop().time
        self._manners = Manners(parallel=options.parallel, per_host=options.per_host, gap=options.host_gap_seconds)
        self._robots = Robots(self._read_robots, clock)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, ttl_dns_cache=300, resolver=resolver, socket_factory=Guard(options.allow_private).open_socket
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": options.user_agent, "Accept-Encoding": ACCEPTED},
            auto_decompress=False,
            max_line_size=_MAX_LINE,
            max_field_size=_MAX_LINE,
            max_headers=512,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def visit(self, request: Request, admit: Callable[[], bool] = lambda: True) -> Visit:
        """Make one visit. `admit` is asked when its first turn has come; a no raises NoRoomError."""
        options = self._options
        headers = {"Accept": _ACCEPT[request.purpose]}
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        try:
            url, login = _address(request.url)
            private = dict(request.headers)
            if login:
                private["Authorization"] = f"Basic {b64encode(login.encode()).decode('ascii')}"
            megabytes = options.max_feed_mb if request.purpose == "feed" else options.max_page_mb
            page = options.robots and request.purpose == "page"
            errand = _Errand(headers, int(megabytes * 1e6), page=page, admit=admit)
            answer = await self._travel(_Journey(url, options.total_seconds, private), errand)
        except VisitError as error:
            return Failed(request, error.failure, error.detail, self._clock(), error.status, error.retry_after)
        at = self._clock()
        here = str(answer.url)
        moved_to = here if answer.moved and not login else ""
        if answer.status == 304:
            if request.etag or request.last_modified:
                return Unchanged(request, at, answer.headers, moved_to)
            return Failed(request, Failure.BROKEN, "HTTP 304, though nothing was said to be known", at, 304)
        return Fresh(request, here, answer.status, answer.headers, answer.body, at, moved_to)

    async def _travel(self, journey: _Journey, errand: _Errand) -> _Answer:
        """Follow the redirects to an answer of status 2xx or 304. Raises VisitError for all else."""
        seen = set()
        for _ in range(self._options.max_redirects + 1):
            mark = (str(journey.url), tuple(journey.cookies.items()))
            if mark in seen:
                raise VisitError(Failure.REDIRECTS, f"{journey.url.host} redirects in a circle")
            seen.add(mark)
            answer = await self._step(journey, errand)
            if answer is not None:
                return answer
        raise VisitError(Failure.REDIRECTS, f"more than {self._options.max_redirects} on the way")

    async def _step(self, journey: _Journey, errand: _Errand) -> _Answer | None:
        """Ask the address that the journey stands at; None after a redirect, which moves the journey on."""
        url = journey.url
        host = url.raw_authority
        if errand.page:
            delay = await self._robots.check(url)
            if delay:
                self._manners.slow_down(host, min(delay, self._options.crawl_delay_max_seconds))
        self._mind_patience(url)
        async with self._manners.turn(host):
            self._mind_patience(url)
            if journey.first and not errand.admit():
                raise NoRoomError
            started = self._timer()
            try:
                return await self._ask(journey, errand)
            except EXPECTED as error:
                raise describe(error, url.host or "", self._options) from error
            except ValueError as error:  # a header or address that cannot be sent
                raise VisitError(Failure.BAD_URL, f"cannot be asked for: {error}") from error
            finally:
                journey.seconds -= self._timer() - started

    async def _ask(self, journey: _Journey, errand: _Errand) -> _Answer | None:
        options = self._options
        if journey.seconds <= 0:
            raise TimeoutError
        timeout = aiohttp.ClientTimeout(
            total=journey.seconds, connect=options.connect_seconds, sock_read=options.first_byte_seconds
        )
        async with self._session.get(
            journey.url,
            headers={**errand.headers, **journey.private} if journey.private else errand.headers,
            cookies=journey.cookies or None,
            allow_redirects=False,
            timeout=timeout,
        ) as response:
            if response.status in _REDIRECTS:
                _follow(journey, response)
                return None
            moved = not journey.first and journey.permanent
            if response.status == 304:
                return _Answer(journey.url, 304, _headers(response), b"", moved)
            if not 200 <= response.status < 300:
                raise self._refusal(response, journey.url)
            body = await _read(response, errand)
            return _Answer(journey.url, response.status, _headers(response), body, moved)

    def _refusal(self, response: aiohttp.ClientResponse, url: URL) -> VisitError:
        patience = retry_after(response.headers, self._clock())
        if patience and response.status in (429, 503):
            door = url.raw_authority if self._options.retry_after_scope == "host" else str(url)
            self._manners.shut(door, min(patience.total_seconds(), self._options.host_patience_max_seconds))
        words = status_words(response.status, response.reason)
        return VisitError(Failure.STATUS, words, status=response.status, retry_after=patience)

    def _mind_patience(self, url: URL) -> None:
        """Raise VisitError while the host, or this address alone, is to be left alone."""
        host = url.raw_authority
        seconds = max(self._manners.shut_for(host), self._manners.shut_for(str(url)))
        if seconds > 0:
            patience = timedelta(seconds=seconds)
            raise VisitError(Failure.STATUS, f"{host} asked to be left alone for now", retry_after=patience)

    async def _read_robots(self, url: URL) -> bytes:
        errand = _Errand({"Accept": "text/plain, */*;q=0.8"}, MAX_BYTES, cut=True)
        return (await self._travel(_Journey(url, self._options.total_seconds, {}), errand)).body


def _address(text: str) -> tuple[URL, str]:
    """The address as the publisher wrote it, and the "user:password" taken out of it, or "". Raises VisitError."""
    text = text.strip()
    try:
        url = URL(text, encoded=_PLAIN_URL.fullmatch(text) is not None).with_fragment(None)
        host = url.raw_host or ""
        usable = url.scheme in ("http", "https") and len(host) <= 253 and _HOST.fullmatch(host) is not None
        if not usable:
            raise VisitError(Failure.BAD_URL, f"{text[:200]!r} is no http or https address")
        login = f"{url.user or ''}:{url.password or ''}" if url.user or url.password else ""
        return url.with_user(None), login
    except ValueError as error:
        raise VisitError(Failure.BAD_URL, f"{text[:200]!r} is no usable address: {error}") from error


def _follow(journey: _Journey, response: aiohttp.ClientResponse) -> None:
    """Move the journey to where the answer points; what is private stays behind when that is another site."""
    location = response.headers.get("Location", "").strip()
    if not location:
        raise VisitError(Failure.BROKEN, f"{status_words(response.status, response.reason)} without a new address")
    try:
        target = journey.url.join(URL(location, encoded=_PLAIN_URL.fullmatch(location) is not None))
    except ValueError:
        raise VisitError(Failure.BAD_URL, f"redirected to an unusable address {location[:200]!r}") from None
    url, _ = _address(str(target))
    if _same_site(journey.url, url):
        journey.cookies = {**journey.cookies, **{name: cookie.value for name, cookie in response.cookies.items()}}
    else:
        journey.cookies = {}
        journey.private = {}
    journey.url = url
    journey.permanent = journey.permanent and response.status in _PERMANENT
    journey.first = False


def _same_site(here: URL, there: URL) -> bool:
    """Whether what is meant for `here` may be told `there`: the same origin, or its move from http to https."""
    if here.origin() == there.origin():
        return True
    upgraded = here.scheme == "http" and there.scheme == "https"
    return upgraded and here.host == there.host and here.is_default_port() and there.is_default_port()


async def _read(response: aiohttp.ClientResponse, errand: _Errand) -> bytes:
    """The whole body, decompressed, within the limit. Raises VisitError."""
    try:
        decoder = Decoder(response.headers.get("Content-Encoding", ""), errand.limit)
        if (response.content_length or 0) > errand.limit and not errand.cut:
            raise OverLimitError
        async for chunk in response.content.iter_any():
            decoder.feed(chunk)
        return decoder.finish()
    except OverLimitError:
        response.close()
        if errand.cut:
            return decoder.so_far
        raise VisitError(Failure.TOO_LARGE, f"more than {errand.limit / 1e6:g} MB") from None
    except UndecodableError as error:
        response.close()
        raise VisitError(Failure.BROKEN, str(error)) from error


def _headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Lower-case names; a header that stands more than once joined by commas (RFC 9110 section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        name = name.lower()
        if not value.isascii():  # bytes that are no UTF-8 arrive as lone surrogates, which no database takes
            value = value.encode("utf-8", "surrogateescape").decode("latin-1") if _lone(value) else value
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _lone(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
