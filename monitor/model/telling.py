"""Who is told what, and that it arrived: `Story → Digest → Message → Receipt`."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct, field

from monitor.model.filling import Gap
from monitor.model.grouping import Story
from monitor.model.judging import Topic


class AlertRule(Struct, frozen=True):
    """What a subscription is told at once instead of by a schedule."""

    min_score: float = 0.75
    min_outlets: int = 2  # that report independently
    watch: tuple[str, ...] = ()  # names; a story that has one is told whatever its score and outlets
    spike: bool = True  # also when a topic is told of far more than usual
    quiet: tuple[time, time] | None = None  # wall times, from and until; what comes meanwhile is held
    per_hour: int = 4  # messages; what is beyond waits and comes together
    cooldown: timedelta = timedelta(hours=12)  # from one telling of a story to the next, should more be reported of it
    gather: timedelta = timedelta(minutes=2)  # what arrives together is told together


class Subscription(Struct, frozen=True):
    """Who is told what, when and through which channel."""

    name: str
    title: str
    topics: tuple[str, ...]
    channel: str  # the name of a configured channel
    schedule: str  # five cron fields, read in `zone`; "" for alerts
    zone: str  # IANA time zone name
    template: str = "digest"
    send_empty: bool = False
    alert: AlertRule | None = None  # told at once, by this rule


class Window(Struct, frozen=True):
    """The span a digest answers for: after `start`, up to and including `end`."""

    start: datetime
    end: datetime


class NoticeKind(StrEnum):
    """What is told once when it begins and once when it is over. The value is the word shown to people."""

    NETWORK = "own network down"
    GONE = "gone"
    FAILING = "failing for long"
    EMPTY = "nothing to read"
    LOSING = "may lose items"
    SILENT = "unusually silent"
    MOVED = "moved"
    OFF = "switched off"
    GIVEN_UP = "given up"
    NO_BACKUP = "no backup"
    LATE = "not delivered for hours"
    NOT_COMPOSED = "not composed"
    LITTLE_ROOM = "little room"
    NO_EVIDENCE = "no evidence"


# Of channels; the subject is "channel → target".
DELIVERY_NOTICES = frozenset({NoticeKind.OFF, NoticeKind.GIVEN_UP, NoticeKind.LATE})
# Told by a message of their own; the subjects begin with a capital, which no feed's name does.
OPERATOR_NOTICES = DELIVERY_NOTICES | {
    NoticeKind.NO_BACKUP,
    NoticeKind.NOT_COMPOSED,
    NoticeKind.LITTLE_ROOM,
    NoticeKind.NO_EVIDENCE,
}
FEED_NOTICES = frozenset(NoticeKind) - OPERATOR_NOTICES


class Notice(Struct, frozen=True):
    """Something somebody should know, from its beginning to its end."""

    kind: NoticeKind
    subject: str  # the feed's name; "" where it is about all of them; of deliveries see DELIVERY_NOTICES
    words: str
    opened_at: datetime
    closed_at: datetime | None = None  # None = it goes on


class Coverage(Struct, frozen=True):
    """What was and was not seen in a window; the foot of every digest."""

    feeds: int = 0  # configured
    read: int = 0  # read at least once in the window
    failed: tuple[tuple[str, str, datetime | None], ...] = ()  # (outlet, problem, last read): not read towards the end
    unvisited: tuple[str, ...] = ()  # outlets never tried in the window though they were due
    not_due: int = 0  # feeds that were visited shortly before the window and not due again within it
    paused: tuple[tuple[str, datetime], ...] = ()  # (outlet, since when) by hand; counted only where read before that
    unseen: timedelta = timedelta()  # without sight: the sum of long times in which no feed at all was read
    silent: tuple[str, ...] = ()  # outlets that are silent against their own norm at the end of the window
    offline: Window | None = None  # own network down: from the last visit that reached anyone to the next, or the end
    entries: int = 0  # new entries
    edited: int = 0  # articles known before that were rewritten
    articles: int | None = 0  # of the new ones, with text of their own page; None = no feed's pages are wanted
    left_alone: int = 0  # of the new ones, with a page that was not fetched, as their words spoke for no topic
    matched: int = 0  # of the subscription's topics, new or rewritten
    too_old: int = 0  # of these, published too long ago to be told as news
    gaps: tuple[Gap, ...] = ()  # between visits, that were filled in the window; the feed is the outlet's name
    notices: tuple[Notice, ...] = ()  # that began or ended in the window; the subject is the outlet's name
    # Of outlets with more than one feed: each feed as it is called above → (outlet, the feed's own name).
    several: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Digest(Struct, frozen=True):
    """One subscription's answer for one window."""

    key: str  # subscription and local due time, e.g. "daily@2026-11-23T08:00"; unique for ever
    subscription: Subscription
    window: Window
    topics: tuple[Topic, ...]  # the subscription's, in its order
    stories: tuple[Story, ...]  # ranked, best first
    coverage: Coverage
    composed_at: datetime
    notice: str = ""  # what must be said first: a spike, or why an alert comes late
    trends: tuple[tuple[str, tuple[int, ...]], ...] = ()  # (topic, stories begun on each of the last days in order)
    remark: str = ""  # what must be said at the foot: what is wrong with the digest's own template


class Message(Struct, frozen=True):
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
    data: str = ""  # a JSON document for machines; "" in messages of versions that made none
    unsubscribe: str = ""  # the address that ends the subscription; "" where there is no desk
    memo: str = ""  # what the channel noted when parts of it got through: where the rest belongs


class Receipt(Struct, frozen=True):
    """The receiving side's yes."""

    key: str
    at: datetime
    detail: str = ""


class Beat(Struct, frozen=True):
    """A ticker's last rounds, for `monitor health`."""

    ticker: str
    started_at: datetime
    succeeded_at: datetime | None
    every: timedelta
    problem: str = ""
