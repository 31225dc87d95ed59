"""How the past of a feed is found: documents read as leaves of its archive, and how far a way into it got."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from monitor.model.reading import Entry


class Via(StrEnum):
    """How an item came, other than by a visit to its feed. The value is stored."""

    BACKFILL = "backfill"  # on demand: archived, never told
    TOLD = "backfill told"  # on demand: told in digests, raises no alert
    HEALED = "healed"  # it fell into a gap between two visits: news like any other


class Leaf(Struct, frozen=True):
    """One document on the way into the past, read."""

    url: str  # after redirects
    entries: tuple[Entry, ...] = ()  # in the document's order, however old; of a sitemap `updated` is its lastmod
    parts: tuple[tuple[str, datetime | None], ...] = ()  # the sitemaps of an index, with their lastmod
    links: Mapping[str, str] = field(default_factory=dict)  # by relation: "prev-archive" (RFC 5005), "next"
    generator: str = ""
    text: str = ""  # of what is neither feed nor sitemap
    problem: str = ""  # why nothing could be read


class ClimbState(StrEnum):
    """How far a climb is. The value is the word shown to people."""

    OPEN = "to be gone on with"
    COVERED = "covered"
    ENDED = "does not reach the start"
    STOPPED = "stopped by the server"


class Climb(Struct, frozen=True):
    """One rung of one feed in a backfill: where it is, and what came of it. Resumed from `cursor`."""

    job: str
    feed: str
    rung: str
    state: ClimbState = ClimbState.OPEN
    cursor: tuple[tuple[str, str, int, str], ...] = ()  # what is to be asked next: see `backfill.Ask`
    reached: datetime | None = None  # everything from here to the span's end was seen
    documents: int = 0
    found: int = 0  # entries within the span
    new: int = 0
    matched: int = 0
    outside: int = 0  # of which the page says that it is of another time
    empty: int = 0  # without a title and a text
    failed: tuple[tuple[str, str], ...] = ()  # (address, why), the first ones
    failures: int = 0
    words: str = ""  # how it went

    @property
    def known(self) -> int:
        """What the archive had already."""
        return max(0, self.found - self.new - self.outside - self.empty - self.failures)


class Backfill(Struct, frozen=True):
    """One order to fill the past."""

    key: str
    words: str  # as it was given
    since: datetime
    until: datetime
    began_at: datetime
    tell: bool = False
    ended_at: datetime | None = None
    asked: int = 0  # requests made


class Gap(Struct, frozen=True):
    """A span of a feed that its visits did not see, and what became of it."""

    feed: str
    at: datetime  # when it was noticed
    start: datetime
    end: datetime
    recovered: int = 0  # items
    closed: bool = False  # whether all of the span was seen in the end
    words: str = ""
    healed_at: datetime | None = None  # None = not tried yet


class Comparison(Struct, frozen=True):
    """What a feed's sitemap lists of some days, and how much of it the feed has shown."""

    feed: str
    at: datetime
    sitemap: str = ""
    listed: int = 0
    shown: int = 0
    problem: str = ""

    @property
    def missed(self) -> float:
        """The share that the feed never showed, 0–1."""
        return round(1 - self.shown / self.listed, 4) if self.listed else 0.0
