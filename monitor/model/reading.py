"""What a visit brought, read: `FeedPage → Entry → Article`."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class Entry(Struct, frozen=True):
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
    file: bool = False  # whether the link is that of an enclosed file, for want of any other
    outlet: str = ""  # who published it, where the feed gathers from others; "" = the feed's own outlet


class FeedPage(Struct, frozen=True):
    """One feed document, read."""

    title: str
    link: str
    language: str
    entries: tuple[Entry, ...]
    ttl: timedelta | None = None  # the publisher's wish (RSS 2.0 ttl)
    remark: str = ""  # what was odd but could be read all the same
    description: str = ""  # HTML
    update_every: timedelta | None = None  # the publisher's word (RSS module `sy`): updatePeriod over updateFrequency
    skip_hours: frozenset[int] = frozenset()  # RSS 2.0: hours of the day, 0-23 in UTC, in which nothing is published
    skip_days: frozenset[int] = frozenset()  # likewise, 0 = Monday
    hub: str = ""  # WebSub: where one may subscribe to it
    self_link: str = ""  # the address it gives itself, which WebSub calls its topic


class Unreadable(Struct, frozen=True):
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

    @property
    def is_page(self) -> bool:
        """Whether it is the text of the article's own page."""
        return self in (How.PAGE, How.STRUCTURED)


LEFT_ALONE = "left alone"
"""How `Article.problem` begins where the page was not fetched because the feed's words spoke for no topic."""


class Article(Struct, frozen=True):
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
    image: str = ""  # address of the header image; never fetched
    section: str = ""  # the outlet's own, such as "Politics"
    dateline: str = ""  # where it was reported from, as agencies write it: "KYIV"
    live: bool = False  # a live blog, whose text goes on
    headline: str = ""  # the page's own, where it was read; what changes there is seen though the feed's title stays
    ends: tuple[int, ...] = ()  # marks of the lines at both ends as read; not stored

    @property
    def at(self) -> datetime:
        """When it was published; when it was found, where nobody says that."""
        return self.published or self.found_at
