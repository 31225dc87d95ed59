"""Every type that crosses a folder, in the order in which the data flows. The first file to read.

    Feed → Request → Visit → FeedPage → Entry → Article → Verdict → Placement → Story → Digest → Message → Receipt

A type *has* the one before it; no fact lives in two types; all are immutable. Every `datetime` is aware and in UTC; a
moment nobody stated is `None`, never "now". What is expected is a value in a closed set (`Visit`, `Placement`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True, slots=True)
class Feed:
    """A source of entries as the configuration names it; never changes while the program runs."""

    name: str  # unique, lower-case slug
    url: str
    title: str = ""  # the outlet's name as readers see it
    kind: str = "feed"  # a key of sources.KINDS
    language: str = ""  # ISO 639-1; "" = not stated
    country: str = ""  # ISO 3166-1 alpha-2, "eu" or "int"; "" = not stated
    tags: tuple[str, ...] = ()
    interval: timedelta = timedelta(minutes=30)
    pages: Literal["always", "never"] = "always"  # whether article pages are fetched, or the feed's own text is used
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def outlet(self) -> str:
        """The name to show to a reader."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Topic:
    """What a reader may know of a topic; how it is judged stays inside `topics/`."""

    name: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who is told what, when and through which channel."""

    name: str
    title: str
    topics: tuple[str, ...]
    channel: str  # the name of a configured channel
    schedule: str  # five cron fields, read in `zone`
    zone: str  # IANA time zone name
    template: str = "digest"
    send_empty: bool = False


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between visits."""

    feed: str
    due_at: datetime
    etag: str = ""
    last_modified: str = ""  # exactly as received, so that it can be sent back byte for byte
    body_hash: str = ""
    visited_at: datetime | None = None
    succeeded_at: datetime | None = None
    failures: int = 0  # in a row
    problem: str = ""  # the last failure in words; "" after a success


@dataclass(frozen=True, slots=True)
class Request:
    """One address to visit, and what to tell the server about what we already have."""

    url: str
    purpose: Literal["feed", "page"]
    feed: str
    etag: str = ""
    last_modified: str = ""
    headers: tuple[tuple[str, str], ...] = ()


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
    ROBOTS = "disallowed by robots.txt"
    BROKEN = "broken answer"


@dataclass(frozen=True, slots=True)
class Fresh:
    """A visit that brought a body, decompressed and within the limits."""

    request: Request
    url: str  # after redirects
    status: int
    headers: Mapping[str, str]  # lower-case names
    body: bytes
    at: datetime
    moved_to: str = ""  # set when every redirect on the way was permanent (301, 308)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says 304: nothing new since the last visit."""

    request: Request
    at: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """A visit that brought nothing; an everyday event, so a value and no exception."""

    request: Request
    failure: Failure
    detail: str
    at: datetime
    status: int | None = None
    retry_after: timedelta | None = None

    def __str__(self) -> str:
        return f"{self.failure}: {self.detail}" if self.detail else str(self.failure)


Visit = Fresh | Unchanged | Failed


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed as the feed states it; HTML is kept as it came, not sanitised."""

    feed: str
    id: str  # the raw guid / atom:id; "" when the feed gives none
    link: str  # absolute; "" when the feed gives none
    title: str  # plain text
    summary: str = ""  # HTML
    content: str = ""  # HTML
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str = ""
    tags: tuple[str, ...] = ()
    outlet: str = ""  # who published it, where the feed gathers from others; "" = the feed's own outlet


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One feed document, read."""

    title: str
    link: str
    language: str
    entries: tuple[Entry, ...]
    ttl: timedelta | None = None  # the publisher's wish (RSS 2.0 ttl)
    remark: str = ""  # what was odd but could be read all the same
    description: str = ""  # HTML


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A body that is no feed: what it is instead, in words."""

    reason: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


class How(StrEnum):
    """Where an article's text came from. The value is the word shown to people."""

    PAGE = "page"
    STRUCTURED = "structured data"
    FEED_CONTENT = "feed content"
    FEED_SUMMARY = "feed summary"
    TITLE = "title only"


@dataclass(frozen=True, slots=True)
class Article:
    """An entry with its text, ready to be judged."""

    id: str  # 16 hex digits, from the identity of the address; see links.article_id
    entry: Entry
    url: str  # canonical address; "" when the entry has none
    title: str
    text: str  # plain text, paragraphs parted by "\n"; without the title
    language: str  # ISO 639-1, detected from the text; "" = too short to tell and not stated
    how: How
    found_at: datetime
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    problem: str = ""  # why the page itself was not used; "" when it was or was not wanted


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding of one clause of a topic."""

    clause: str  # the clause's name or query
    term: str  # the words as they stand in the article
    field: str  # "title", "lead" or "body"
    position: int  # characters from the start of the title, or of the text for lead and body
    weight: float  # what it added to (or took from) the raw score


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one topic makes of one article, with the reasons."""

    topic: str
    score: float  # 0–1
    threshold: float
    evidence: tuple[Evidence, ...] = ()
    passage: str = ""  # one or two sentences that carry most of the evidence
    rule: str = ""  # short hash of the topic's definition, so that an old verdict can be told from a new one

    @property
    def matched(self) -> bool:
        return self.score >= self.threshold


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What of an article is compared with others to recognise copies."""

    url_key: str  # links.url_key of its address; "" = none
    title_key: str  # its folded headline; "" when too short to tell anything
    signature: bytes  # MinHash of the text's shingles; b"" when the text is too short
    bands: tuple[int, ...]  # signature in bands, as numbers to look up; equal band = maybe a copy
    words: int  # of title and text


@dataclass(frozen=True, slots=True)
class Known:
    """A remembered article that a new one may repeat."""

    article: str  # id
    story: str  # id
    fingerprint: Fingerprint
    title: str
    outlet: str
    at: datetime  # found


@dataclass(frozen=True, slots=True)
class Opens:
    """The article is the first of a new story."""

    story: str
    reason: str = "nothing like it was known"


@dataclass(frozen=True, slots=True)
class Joins:
    """The article reports, in its own words, what a known story reports."""

    story: str
    reason: str


@dataclass(frozen=True, slots=True)
class Copy:
    """The article repeats the words of a known one."""

    story: str
    of: str  # the id of the article it repeats
    similarity: float  # 0–1
    reason: str


Placement = Opens | Joins | Copy


@dataclass(frozen=True, slots=True)
class Report:
    """One article within a story: who told it, why it matched, why it stands here."""

    article: Article
    outlet: str
    verdicts: tuple[Verdict, ...]  # the matching ones, best first
    placement: Placement


@dataclass(frozen=True, slots=True)
class Story:
    """One event, told once, however many outlets report it."""

    id: str
    reports: tuple[Report, ...]  # never empty, in order of finding

    @property
    def originals(self) -> tuple[Report, ...]:
        """Of each text its earliest report, in order of time, whoever was found first; the others repeat its words."""
        placements = {report.article.id: report.placement for report in self.reports}
        earliest: dict[str, Report] = {}
        in_time = sorted(self.reports, key=lambda one: (one.article.published or one.article.found_at, one.article.id))
        for report in in_time:
            text = report.article.id
            while isinstance(placement := placements.get(text), Copy):
                text = placement.of
            earliest.setdefault(text, report)
        return tuple(earliest.values())

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The best verdict of each topic over all reports, best first."""
        best: dict[str, Verdict] = {}
        every = (verdict for report in self.reports for verdict in report.verdicts)
        for verdict in sorted(every, key=lambda each: (-each.score, each.topic)):
            best.setdefault(verdict.topic, verdict)
        return tuple(best.values())


@dataclass(frozen=True, slots=True)
class Window:
    """The span a digest answers for: after `start`, up to and including `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was and was not seen in a window; the foot of every digest."""

    feeds: int = 0  # configured
    read: int = 0  # read at least once in the window
    failed: tuple[tuple[str, str, datetime | None], ...] = ()  # (outlet, problem, last read): not read towards the end
    unvisited: tuple[str, ...] = ()  # outlets never tried in the window
    offline: Window | None = None  # own network down: from the last visit that reached anyone to the next, or the end
    entries: int = 0  # new entries
    edited: int = 0  # articles known before that were rewritten
    articles: int | None = 0  # of the new ones, with text of their own page; None = no feed's pages are wanted
    matched: int = 0  # of the subscription's topics, new or rewritten
    too_old: int = 0  # of these, published too long ago to be told as news


@dataclass(frozen=True, slots=True)
class Digest:
    """One subscription's answer for one window."""

    key: str  # subscription and local due time, e.g. "daily@2026-11-23T08:00"; unique for ever
    subscription: Subscription
    window: Window
    topics: tuple[Topic, ...]  # the subscription's, in its order
    stories: tuple[Story, ...]  # ranked, best first
    coverage: Coverage
    composed_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """A digest rendered for every kind of channel; what the outbox keeps."""

    key: str  # the digest's key
    subscription: str
    channel: str
    message_id: str  # RFC 5322 Message-ID, made from the key alone
    list_id: str  # RFC 2919
    subject: str
    text: str
    html: str
    slack: tuple[str, ...]  # JSON payloads {"text", "blocks"}, each within Slack's limits, to be posted in order
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receiving side's yes."""

    key: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """A ticker's last rounds, for `monitor health`."""

    ticker: str
    started_at: datetime
    succeeded_at: datetime | None
    every: timedelta
    problem: str = ""
