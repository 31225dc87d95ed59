"""What the archive answers with, beyond the types of `monitor.model`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from monitor.model import Article, Copy, Entry, Joins, Message, Opens, Placement, Receipt, Verdict


class Fate(StrEnum):
    """What became of an item of a feed. The value is the word shown to people."""

    MATCHED = "matched"
    NOT_MATCHED = "no topic matched"
    SAME = "same page as an item already known"
    EMPTY = "no text"


class Delivery(StrEnum):
    """How far a message got."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"
    HELD = "held"  # until what it still has to reach is switched on again


class Visited(Struct, frozen=True):
    """A line of the log of visits."""

    feed: str
    at: datetime
    outcome: str  # "read", "unchanged", "failed", "unreadable"; "offline", "unreached": it was our own network
    entries: int = 0  # in the document
    new: int = 0
    problem: str = ""


class Figures(Struct, frozen=True):
    """What a feed brought lately, in numbers."""

    items: int = 0
    duplicates: float = 0.0  # the share of these that another feed, or an earlier item, had brought already
    delay: timedelta | None = None  # from publication to finding, the median; None where too few state a date


class KnownItem(Struct, frozen=True):
    """What must be known of an item to tell whether it is new, changed or the same."""

    identity: str
    link: str
    title: str
    published: datetime | None
    content_hash: str
    article: str  # id; "" when it became none
    fate: Fate


class Item(Struct, frozen=True):
    """One item as a feed showed it, and what became of it."""

    feed: str
    identity: str
    link: str
    title: str
    published: datetime | None
    article: str  # id; "" when it became none
    fate: Fate
    reason: str
    first_seen: datetime
    changed_at: datetime  # the last time that it, or its fate, changed


class Outcome(Struct, frozen=True):
    """What became of an entry, to be noted."""

    feed: str
    identity: str  # within the feed
    entry: Entry
    content_hash: str
    article: str | None  # id; None when it became none
    fate: Fate
    reason: str
    at: datetime


class NewArticle(Struct, frozen=True):
    """An article to be kept, with the verdicts of all topics."""

    article: Article
    content_hash: str
    verdicts: Sequence[Verdict]


class Revision(Struct, frozen=True):
    """What an article said before it was edited."""

    replaced_at: datetime
    url: str
    title: str
    text: str
    language: str
    content_hash: str
    scores: Mapping[str, float]  # by topic


class StoredArticle(Struct, frozen=True):
    """An article with everything that was decided about it."""

    article: Article
    content_hash: str
    verdicts: tuple[Verdict, ...]  # of every topic, best first
    revisions: tuple[Revision, ...]  # oldest first
    outlet: str  # "" while it has no place in a story
    placement: Placement | None
    forgotten: bool  # retention took its text

    @property
    def story(self) -> str:
        """The id of its story; "" when it has none."""
        match self.placement:
            case Opens(story=story) | Joins(story=story) | Copy(story=story):
                return story
            case None:
                return ""


class Remembered(Struct, frozen=True):
    """An article to be judged again, with the verdicts it has."""

    number: int  # grows with each article kept
    article: Article
    verdicts: tuple[Verdict, ...]
    placed: bool  # in a story


class Mark(Struct, frozen=True):
    """What the reader said of an article."""

    article: str  # id
    topic: str
    relevant: bool
    at: datetime


class Muted(Struct, frozen=True):
    """A story of which a reader wants to be told no more."""

    subscription: str  # "" = all
    story: str
    at: datetime


class Unsubscribed(Struct, frozen=True):
    """A reader who left a subscription."""

    subscription: str
    target: str  # of its channel; "" = all
    at: datetime


class ToldText(Struct, frozen=True):
    """An article as a subscription was told it, where it reads otherwise now."""

    story: str  # id
    article: str  # id
    title: str
    text: str


class Told(Struct, frozen=True):
    """A story was told in a digest; `delivery` is None for a digest that left no message."""

    subscription: str
    key: str
    at: datetime
    delivery: Delivery | None
    receipt: Receipt | None = None
    problem: str = ""  # why it was not delivered (yet)


class ItemHistory(Struct, frozen=True):
    """The answer to "why is this, or is this not, in my digest?" for one item of one feed."""

    item: Item
    stored: StoredArticle | None
    told: tuple[Told, ...]


class Waiting(Struct, frozen=True):
    """A message that has no receipt yet."""

    message: Message
    attempts: int
    next_try: datetime
    sent_parts: int = 0  # see DeliveryError.sent_parts
    problem: str = ""
    tried_anew: datetime | None = None  # when somebody last asked for that


class SwitchedOff(Struct, frozen=True):
    """A target of a channel that refused for good."""

    channel: str
    target: str  # one of its targets; "" = all of it
    words: str  # the other side's
    since: datetime
    mark: str  # of the channel's settings then

    @property
    def subject(self) -> str:
        """What it is called: "mail → analyst@example.org", "slack"."""
        return f"{self.channel} → {self.target}" if self.target else self.channel


class Refused(Struct, frozen=True):
    """A message that was given up."""

    message: Message
    at: datetime
    problem: str


class Ranked(Struct, frozen=True):
    """What a search found, before anything of it is read."""

    places: tuple[tuple[int, float], ...]  # (number, worth) of articles, the best first
    cut: bool = False  # more hold what is asked for than are ranked: these are the newest


class Hit(Struct, frozen=True):
    """One article found; `marks` are the (start, end) of the words found, in characters of `snippet`."""

    article: Article
    outlet: str
    score: float  # higher is better; 0 when nothing was searched for
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()
