"""What is visited, and what comes of a visit: `Feed + FeedState → Request → Visit`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Literal

from msgspec import Struct, field

from monitor.model.reading import Entry
from monitor.values import Discreet


class Selection(Struct, frozen=True):
    """Where the entries stand on an HTML page; CSS selectors, or XPath where they start with "/", "." or "("."""

    item: str = ""  # one element an entry; "" = found by the pattern of the links
    link: str = ""  # within the item, as the rest; "" = its first link
    title: str = ""  # "" = its heading, or the link's text
    summary: str = ""  # "" = its first paragraph
    date: str = ""  # "" = its `time`, or the day in the address


_PRIVATE = frozenset({"headers", "login", "cookies", "proxy"})


class Feed(Discreet, frozen=True):
    """A source of entries as the configuration names it; never changes while the program runs."""

    hidden: ClassVar[frozenset[str]] = _PRIVATE

    name: str  # unique, lower-case slug
    url: str
    title: str = ""  # the outlet's name as readers see it
    kind: str = "feed"  # a key of sources.KINDS
    language: str = ""  # ISO 639-1; "" = not stated
    country: str = ""  # ISO 3166-1 alpha-2, "eu" or "int"; "" = not stated
    tags: tuple[str, ...] = ()
    tier: int = 2  # 1 = its reports count more in the ranking of a digest, 3 = less
    interval: timedelta | None = None  # between two visits, as the user wants it; None = learned from the feed
    pages: Literal["likely", "always", "never"] = "likely"  # whose article pages are fetched: see topics.likely
    headers: tuple[tuple[str, str], ...] = ()
    login: str = ""  # "user:password" for basic authentication (RFC 7617)
    cookies: tuple[tuple[str, str], ...] = ()
    proxy: str = ""  # the `http://` address of an HTTP proxy; "" = none
    links: str = ""  # regular expression that the addresses of articles match (kinds sitemap and page); "" = any
    select: Selection = Selection()  # for the kind page
    robots: bool = True  # whether robots.txt is asked before a page of it is fetched
    states_pages: bool = False  # whether `pages` is the feed's own word, and not that of all feeds

    @property
    def outlet(self) -> str:
        """The name to show to a reader."""
        return self.title or self.name


def known_as(feeds: Iterable[Feed]) -> dict[str, str]:
    """How readers know each feed, by its name: by its outlet, with the feed's own name where the outlet has several."""
    every = list(feeds)
    often = Counter(feed.outlet for feed in every)
    return {feed.name: feed.outlet if often[feed.outlet] == 1 else f"{feed.outlet} ({feed.name})" for feed in every}


class FeedState(Struct, frozen=True):
    """What is remembered of a feed between visits, and what was learned from them; see `pacing`."""

    feed: str
    due_at: datetime
    etag: str = ""
    last_modified: str = ""  # exactly as received, so that it can be sent back byte for byte
    body_hash: str = ""
    noted: str = ""  # marks of the entries of the document that are noted as they stand; see `identity.mark`
    waiting: tuple[Entry, ...] = ()  # new ones of the document that wait for their pages' turn; see `planning.limited`
    visited_at: datetime | None = None
    succeeded_at: datetime | None = None
    full_at: datetime | None = None  # when the whole document last came, and not the word that it is the same
    # failing
    failures: int = 0  # in a row
    problem: str = ""  # the last failure in words; "" after a success
    failing_since: datetime | None = None  # the first of these failures
    missing: int = 0  # answers in a row that there is no such feed (404, 410)
    gone_at: datetime | None = None  # since when it counts as gone
    held_until: datetime | None = None  # the server's Retry-After
    # moving
    url: str = ""  # the configured address that all this is about; another one starts anew. "" = not noted yet
    address: str = ""  # where the feed has moved to for good, confirmed; "" = not moved
    moved_to: str = ""  # where it seems to move: the permanent redirects of the last `moves` answers
    moves: int = 0
    # rhythm
    interval: timedelta | None = None  # learned; None = not yet
    reach: timedelta | None = None  # in which half of the document is replaced; None = unknown
    wish: timedelta = timedelta(0)  # for how long the publisher's last document holds
    skip_hours: frozenset[int] = frozenset()  # as in `FeedPage`, where its own dates do not disprove it
    skip_days: frozenset[int] = frozenset()
    doubts: int = 0  # signs in a row that "not modified" was not true; -1 = the server has told of news by itself
    lied_at: datetime | None = None  # when it was found out that it was not
    # news
    gaps: int = 0  # documents that had nothing in common with the one before: items may be lost between them
    gap_at: datetime | None = None  # the last of these
    torn: int = 0  # such documents in a row, of visits that came in time
    hollow: int = 0  # documents in a row without an entry that is news
    news_at: datetime | None = None  # when something new was last found
    news: int = 0  # visits that found something new
    lull: timedelta = timedelta(0)  # the longest time between two of them, since `lull_since`
    lull_before: timedelta = timedelta(0)  # the same of the span before
    lull_since: datetime | None = None


class Request(Discreet, frozen=True):
    """One address to visit, and what to tell the server about what we already have."""

    hidden: ClassVar[frozenset[str]] = _PRIVATE | {"form"}

    url: str
    purpose: Literal["feed", "page", "hub"]
    feed: str
    etag: str = ""
    last_modified: str = ""
    headers: tuple[tuple[str, str], ...] = ()  # this, login and cookies: for its site alone
    login: str = ""
    cookies: tuple[tuple[str, str], ...] = ()
    proxy: str = ""
    robots: bool = True
    form: tuple[tuple[str, str], ...] = ()  # posted when there is any, to a hub


class Failure(StrEnum):
    """Why a visit brought nothing. The value is the word shown to people."""

    DNS = "name not found"
    CONNECT = "no connection"
    TIMEOUT = "too slow"
    TLS = "certificate or TLS problem"
    FORBIDDEN_ADDRESS = "private or forbidden address"
    BAD_URL = "not a usable address"
    TOO_LARGE = "too large"
    REDIRECTS = "too many redirects"
    STATUS = "refused by the server"
    WALL = "bot wall"
    NO_PAGE = "a file and no page"
    ROBOTS = "disallowed by robots.txt"
    BROKEN = "broken answer"


class Hop(Struct, frozen=True):
    """An answer on the way that sent us elsewhere."""

    url: str
    status_line: str  # as in `Wire`
    headers: tuple[tuple[bytes, bytes], ...]


class Wire(Struct, frozen=True):
    """An answer as it came over the wire: what the archive keeps as evidence."""

    status_line: str  # such as "HTTP/1.1 200 OK"
    headers: tuple[tuple[bytes, bytes], ...]  # in their order and their spelling
    body: bytes = b""  # still compressed, without the chunks of the transfer; b"" = as `Fresh.body`
    hops: tuple[Hop, ...] = ()  # before it


class Fresh(Discreet, frozen=True):
    """A visit that brought a body, decompressed and within the limits."""

    hidden: ClassVar[frozenset[str]] = frozenset({"wire"})

    request: Request
    url: str  # after redirects
    status: int
    headers: Mapping[str, str]  # lower-case names
    body: bytes
    at: datetime
    moved_to: str = ""  # set when every redirect on the way was permanent (301, 308)
    parts: tuple["Fresh", ...] = ()  # what the body points to, visited with it (the sitemaps of an index)
    missing: tuple[str, ...] = ()  # what it points to and could not be visited, with the reason
    wire: Wire | None = None  # None where it came over none


class Unchanged(Struct, frozen=True):
    """The server says 304: nothing new since the last visit."""

    request: Request
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names; a 304 may renew validators
    moved_to: str = ""  # as in `Fresh`


class Failed(Discreet, frozen=True):
    """A visit that brought nothing; an everyday event, so a value and no exception."""

    hidden: ClassVar[frozenset[str]] = frozenset({"refusal"})

    request: Request
    failure: Failure
    detail: str
    at: datetime
    status: int | None = None
    retry_after: timedelta | None = None
    refusal: Fresh | None = None  # the answer that refused, without its body

    def __str__(self) -> str:
        return f"{self.failure}: {self.detail}" if self.detail else str(self.failure)


Visit = Fresh | Unchanged | Failed
