"""Where a visit stands: the address, what is still private to it, and the way on after a redirect."""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache

import aiohttp
from msgspec import Struct, field
from yarl import URL

from monitor.addresses import same_site
from monitor.fetch.failures import VisitError, status_words
from monitor.model import Failure, Hop, Request

_PERMANENT = (301, 308)
_KEEP_METHOD = (307, 308)  # RFC 9110 section 15.4: the others may turn a POST into a GET
REDIRECTS = (301, 302, 303, 307, 308)
_PLAIN_URL = re.compile(r"[!#-;=?-\[\]_a-z~]+")  # RFC 3986 section 2: nothing in it needs quoting
# A name or an IPv6 literal.
_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9_.%-]+)?")
_NOTHING: Mapping[str, str] = {}


class Journey(Struct):
    """Where a visit stands."""

    url: URL
    seconds: float  # left
    private: Mapping[str, str] = field(default_factory=lambda: _NOTHING)  # headers for this site only
    cookies: Mapping[str, str] = field(default_factory=lambda: _NOTHING)  # likewise; also those set on the way
    proxy: str = ""
    first: bool = True
    permanent: bool = True
    login_in_address: bool = False
    admitted: bool = False  # the visit's first turn has come
    hops: list[Hop] = field(default_factory=list)  # the answers that redirected
    again: bool = False  # whether a request was repeated, its connection having been closed meanwhile

    @property
    def mark(self) -> tuple[URL, tuple[tuple[str, str], ...]]:
        """What makes one stop on the way the same as another."""
        return self.url, tuple(self.cookies.items()) if self.cookies else ()

    @property
    def moved(self) -> bool:
        """Whether every redirect so far was permanent, and there was one."""
        return not self.first and self.permanent and not self.login_in_address

    def follow(self, response: aiohttp.ClientResponse, *, posted: bool = False) -> None:
        """Go on to where a redirect points; what is private stays behind when that is another site.

        Some sites redirect until they get back the cookie they set. Raises VisitError.
        """
        location = response.headers.get("Location", "").strip()
        words = status_words(response.status, response.reason)
        if not location:
            raise VisitError(Failure.BROKEN, f"{words} without a new address")
        if posted and response.status not in _KEEP_METHOD:
            raise VisitError(Failure.STATUS, words, status=response.status)
        try:
            target = self.url.join(URL(location, encoded=_PLAIN_URL.fullmatch(location) is not None))
        except ValueError:
            raise VisitError(Failure.BAD_URL, f"redirected to an unusable address {location[:200]!r}") from None
        url, _ = address(str(target))
        if same_site(str(self.url), str(url)):
            self.cookies = {**self.cookies, **{name: cookie.value for name, cookie in response.cookies.items()}}
        else:
            self.cookies = self.private = _NOTHING
        self.hops.append(Hop(str(self.url), status_line(response), response.raw_headers))
        self.url = url
        self.permanent = self.permanent and response.status in _PERMANENT
        self.first = False


def status_line(response: aiohttp.ClientResponse) -> str:
    """The first line of an answer (RFC 9112 section 4)."""
    version = response.version
    protocol = f"HTTP/{version.major}.{version.minor}" if version else "HTTP/1.1"
    return f"{protocol} {response.status} {response.reason or ''}"


def set_out(request: Request, seconds: float) -> Journey:
    """The journey of a request, at its start. Raises VisitError when its address is none."""
    url, login = address(request.url)
    journey = Journey(url, seconds, proxy=request.proxy, login_in_address=bool(login))
    login = request.login or login
    if request.headers or login:
        journey.private = dict(request.headers)
    if login:
        journey.private = {**journey.private, "Authorization": f"Basic {b64encode(login.encode()).decode('ascii')}"}
    if request.cookies:
        journey.cookies = dict(request.cookies)
    return journey


@lru_cache(maxsize=2_048)  # feeds are visited again and again
def address(text: str) -> tuple[URL, str]:
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
