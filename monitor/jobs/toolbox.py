"""What a job is handed: every part it may use, built by `app` and never by the job itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

from msgspec import Struct

from monitor.channels.base import Channel
from monitor.digests.render import Renderer
from monitor.evidence import Vault
from monitor.model import Article, Entry, Feed, Fresh, Request, Subscription, Visit
from monitor.pacing import Pace
from monitor.sources.base import Source
from monitor.store import Store
from monitor.topics import Judge


class Extraction(Struct, frozen=True):
    """One article to be made: what `extract.extract` needs."""

    entry: Entry
    page: Fresh | None
    identity: str
    found_at: datetime
    problem: str = ""
    known: frozenset[int] = frozenset()  # marks of lines that the page's site repeats; see extract.repeats


class Extractor(Protocol):
    """Makes articles, here or in other processes."""

    def start(self, work: Extraction) -> Callable[[], Article]:
        """Begin; the answer waits for the article. Never raises for a bad page: the feed's own text is used then."""


class Web(Protocol):
    """Where jobs visit addresses: a `fetch.Fetcher`, or a web made for a test."""

    def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
        """Make all visits, give each as it is done; see `fetch.Fetcher`."""


class Limits(Struct, frozen=True):
    """Numbers and names that jobs keep to; from the settings, which alone know the defaults."""

    pace: Pace
    canaries: tuple[str, ...]  # addresses asked when nearly nothing answers
    retry_after_scope: Literal["host", "feed"]  # whom a Retry-After holds back: the feed, or all feeds of its host
    feeds_per_round: int
    pages_per_visit: int  # of one feed in one round; the rest follows in the next
    told_max_age: timedelta  # published longer ago: archived, not told as news
    copies_within: timedelta  # how far back a copy's original is looked for
    give_up_after: timedelta  # a message that cannot be delivered
    operator: tuple[str, ...]  # channels, in order, that are told of another channel's trouble before all others
    websub: bool  # whether hubs that feeds name are remembered and asked
    keep: timedelta  # texts of what matched nothing
    keep_matches: timedelta | None  # texts of what matched; None = for ever
    keep_notes: timedelta  # notes of visits, and of troubles that are over
    refetch: tuple[timedelta, ...]  # after an article was found its page is looked at again; () = never
    wayback: str  # the address of the Wayback Machine
    heal_requests: int  # for one gap between two visits; 0 = gaps are not healed


class Toolbox(Struct, frozen=True):
    """The parts, joined. `passing` is told the name of each point of no return; it does nothing in daily work."""

    store: Store
    fetcher: Web
    sources: Mapping[str, Source]
    extractor: Extractor
    topics: Judge
    feeds: Mapping[str, Feed]
    subscriptions: Sequence[Subscription]
    channels: Mapping[str, Channel]
    renderer: Renderer
    shipped_renderer: Renderer  # knows no templates but the program's own, so it cannot fail on a user's
    limits: Limits
    now: Callable[[], datetime]
    evidence: Vault  # where answers are set aside, and kept when what they say matches
    jitter: Callable[[], float]  # a new number 0–1 at each call
    holder: str = ""  # whose claims to feeds these are: each worker has a name of its own; "" claims none, being alone
    stopping: Callable[[], bool] = lambda: False
    passing: Callable[[str], None] = lambda _point: None
