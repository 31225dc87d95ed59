"""A backfill on demand: the ladder for each feed, rung by rung, all feeds side by side; resumed by the same order.

    order → climbs (as the archive has them, or new) → turns until all are done or the budget is spent → report

Per feed the ladder ends at the first rung that covers the span. What was given by hand (a list) comes last.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.backfill import KINDS, LADDER, Rung, progress
from monitor.backfill.addresses import Addresses
from monitor.backfill.days import ThinDay, thin_days
from monitor.backfill.wayback import Wayback
from monitor.errors import NetworkError
from monitor.jobs.climbing import Way, go_on, look, set_out
from monitor.jobs.filling import Patient, new_share
from monitor.jobs.toolbox import Toolbox
from monitor.jobs.warcfill import WarcWay
from monitor.jobs.watch import outage_of
from monitor.links import short_hash
from monitor.logs import get_logger
from monitor.model import Backfill, Climb, ClimbState, Feed, Via, Window
from monitor.pacing import address_of
from monitor.sources.addresses import looks_like_an_article

log = get_logger(job="backfill")

AUTO = "auto"
LIST = "list"
WARC = "warc"
SLICE = 200  # requests of one feed that a worker makes before others have their turn
_LOOKED_AT = 3  # turns of a dry run


class Order(Struct, frozen=True):
    """What is to be filled. The same order goes on where it was; see `key_of`."""

    feeds: tuple[Feed, ...]
    span: Window
    words: str
    key: str
    via: str = AUTO  # "auto", "list" or a name of the ladder
    topic: str = ""  # whose matches are counted; "" = of all
    tell: bool = False
    budget: int = 5_000  # requests of this run
    listed: Mapping[str, Sequence[str]] = field(default_factory=dict)  # feed → addresses
    warcs: tuple[Path, ...] = ()  # files
    ladder: tuple[str, ...] = LADDER
    spans: Mapping[str, Window] = field(default_factory=dict)  # of feeds that have one of their own
    tag: Via | None = None  # instead of what `tell` says

    @classmethod
    def of(
        cls,
        feeds: Sequence[Feed],
        span: Window,
        since: str,
        until: str = "",
        *,
        files: Sequence[Path] = (),
        via: str = AUTO,
        topic: str = "",
        tell: bool = False,
        **more: Any,
    ) -> "Order":
        """An order as a person gave it, in words that make it the same one another time."""
        names = ",".join(feed.name for feed in feeds)
        key = key_of(names, since, until, via, topic, str(tell), *(str(file.resolve()) for file in files))
        words = f"{names if len(feeds) <= 3 else f'{len(feeds)} feeds'} since {since}"
        return cls(feeds=tuple(feeds), span=span, words=words, key=key, via=via, topic=topic, tell=tell, **more)

    @property
    def rungs(self) -> tuple[str, ...]:
        """The rungs to be tried, in order."""
        if self.via == AUTO:
            return (*self.ladder, LIST) if self.listed else self.ladder
        return () if self.via == WARC else (self.via,)

    def span_of(self, feed: str) -> Window:
        """What is to be filled of a feed."""
        return self.spans.get(feed, self.span)


class Errand(Struct, frozen=True):
    """An order for one feed, in words that can be handed to another process; `since` and `until` are days, or ""."""

    feed: str
    since: str
    until: str
    start: str  # of the span (ISO 8601), and its end
    end: str
    via: str = AUTO
    topic: str = ""
    tell: bool = False

    @property
    def key(self) -> str:
        """The same for the same order, as it is for `monitor backfill`."""
        return key_of(self.feed, self.since, self.until, self.via, self.topic, str(self.tell))

    def order(self, feed: Feed) -> Order:
        """The order, with the requests of one slice."""
        span = Window(datetime.fromisoformat(self.start), datetime.fromisoformat(self.end))
        return Order.of(
            (feed,), span, self.since, self.until, via=self.via, topic=self.topic, tell=self.tell, budget=SLICE
        )


class Report(Struct, frozen=True):
    """What a backfill did."""

    climbs: tuple[Climb, ...]
    span: Window
    asked: int = 0  # requests, of all its runs
    spent: bool = False  # the budget; there is more to do
    interrupted: bool = False
    matching: int = 0  # articles of the span that match, known before or not
    thin: Mapping[str, tuple[ThinDay, ...]] = field(default_factory=dict)  # by feed
    offline: str = ""  # what of our own network is down, in words; there is more to do


class Tally(Struct):
    """How far it is, for whoever watches."""

    share: float  # 0–1
    documents: int
    found: int
    new: int
    asked: int
    at_work: tuple[str, ...]  # "feed: rung"


class Estimate(Struct, frozen=True):
    """What a backfill of a feed by its first rung that finds anything would take and bring, about."""

    feed: str
    rung: str
    documents: int = 0
    items: int = 0  # of the span
    new: int = 0
    requests: int = 0
    words: str = ""


Watch = Callable[[Tally], None]


def key_of(*parts: str) -> str:
    """The key of an order: what makes two orders the same."""
    return short_hash(*parts)


def backfill(toolbox: Toolbox, order: Order, pause: Callable[[float], object], watch: Watch) -> Report:
    """Carry out an order, or go on with it; `pause` waits so many seconds."""
    job, climbs = _opened(toolbox, order)
    web = _patient(toolbox, order, pause)
    via = order.tag or (Via.TOLD if order.tell else Via.BACKFILL)
    ladders = {feed.name: _Ladder(toolbox, order, feed, via, climbs) for feed in order.feeds}
    offline = ""
    while not toolbox.stopping() and not offline:
        ways = [way for one in ladders.values() if (way := one.way()) is not None]
        watch(_tally(ladders, web, job))
        if not ways or web.asked >= order.budget:
            break
        try:
            go_on(toolbox, web, ways)
        except NetworkError as error:  # nothing of this turn is noted
            offline = str(error)
        if any(way.climb.rung == "wayback" and way.climb.state is ClimbState.STOPPED for way in ways):
            for one in ladders.values():
                one.leave_alone("wayback")
        with toolbox.store.begin() as shelves:
            shelves.backfills.put(replace(job, asked=job.asked + web.asked))
    left = any(one.way() is not None for one in ladders.values())
    if order.warcs and not toolbox.stopping() and not offline:
        files = {feed: climb for (feed, rung), climb in climbs.items() if rung == WARC}
        reading = WarcWay(toolbox, web, order.feeds, order.span, via, order.key, order.warcs, files)
        reading.run(lambda share: watch(_tally_of_files(reading, share)))
    asked = job.asked + web.asked
    interrupted = toolbox.stopping()
    with toolbox.store.begin() as shelves:
        done = not left and not interrupted and not offline and not any(one.stopped for one in ladders.values())
        shelves.backfills.put(replace(job, asked=asked, ended_at=toolbox.now() if done else None))
    spent = left and not interrupted and not offline
    return replace(_report(toolbox, order, job, asked, spent=spent, interrupted=interrupted), offline=offline)


def _patient(toolbox: Toolbox, order: Order, pause: Callable[[float], object]) -> Patient:
    outage = partial(outage_of, toolbox)
    return Patient(toolbox.fetcher, pause, toolbox.stopping, budget=order.budget, outage=outage)


def fill_slice(toolbox: Toolbox, errand: "Errand", pause: Callable[[float], object]) -> bool:
    """Carry out a part of an errand; whether there is more to do. What a server refused is left for another time.

    Raises NetworkError where nothing can be reached.
    """
    feed = toolbox.feeds.get(errand.feed)
    if feed is None:
        log.warning("feed not filled, for it is not followed any more", feed=errand.feed)
        return False
    report = backfill(toolbox, errand.order(feed), pause, lambda _tally: None)
    found, new = sum(climb.found for climb in report.climbs), sum(climb.new for climb in report.climbs)
    log.info("a part of the past filled", feed=feed.name, requests=report.asked, found=found, new=new)
    if report.offline:
        raise NetworkError(report.offline)
    return report.spent or report.interrupted


def _opened(toolbox: Toolbox, order: Order) -> tuple[Backfill, dict[tuple[str, str], Climb]]:
    """The order as the archive has it; one that came to its end begins anew."""
    now, span = toolbox.now(), order.span
    with toolbox.store.begin() as shelves:
        job = shelves.backfills.job(order.key)
        if job is None or job.ended_at is not None:
            job = Backfill(order.key, order.words, span.start, span.end, now, order.tell)
            shelves.backfills.begin(job)
            return job, {}
        return job, {(one.feed, one.rung): one for one in shelves.backfills.climbs(order.key)}


def rung_of(toolbox: Toolbox, name: str, listed: Sequence[str] = ()) -> Rung:
    """The rung of that name."""
    if name == "wayback":
        return Wayback(toolbox.limits.wayback, looks_like_an_article)
    return Addresses(listed) if name == LIST else KINDS[name]


class _Ladder:
    """One feed's rungs, one after the other."""

    def __init__(
        self, toolbox: Toolbox, order: Order, feed: Feed, via: Via, climbs: Mapping[tuple[str, str], Climb]
    ) -> None:
        self._toolbox, self._order, self._feed, self._via = toolbox, order, feed, via
        self._known = climbs
        self._left = [name for name in order.rungs if name != LIST or feed.name in order.listed]
        self._way: Way | None = None
        self.done: list[Climb] = []
        with toolbox.store.read() as shelves:
            state = shelves.feeds.states({feed.name}).get(feed.name)
        self._address = address_of(feed, state) if state else feed.url

    @property
    def stopped(self) -> bool:
        """Whether a server wanted no more visits."""
        return any(one.state is ClimbState.STOPPED for one in self.done)

    @property
    def climbs(self) -> list[Climb]:
        """What was and is being climbed."""
        return [*self.done, *([self._way.climb] if self._way else [])]

    @property
    def share(self) -> float:
        """How much of the feed is done, 0–1."""
        return self._way.share if self._way else 1.0

    def way(self) -> Way | None:
        """What there is to do now."""
        while self._way is None or not self._way.active:
            if self._way is not None:
                self._settle(self._way.climb)
                self._way = None
            if not self._left:
                return None
            self._climb(self._left.pop(0))
        return self._way

    def leave_alone(self, rung: str) -> None:
        """A service that serves all feeds wants no more visits."""
        if self._way is not None and self._way.climb.rung == rung and self._way.open:
            self._way.climb = replace(self._way.climb, state=ClimbState.STOPPED, words="left alone after HTTP 429")
            self._way.pending.clear()
            with self._toolbox.store.begin() as shelves:
                shelves.backfills.note(self._way.climb)

    def _climb(self, name: str) -> None:
        climb = self._known.get((self._feed.name, name)) or Climb(self._order.key, self._feed.name, name)
        if climb.state in (ClimbState.COVERED, ClimbState.ENDED):
            self._settle(climb)
            return
        climb = replace(climb, state=ClimbState.OPEN)
        span = self._order.span_of(self._feed.name)
        rung = rung_of(self._toolbox, name, self._order.listed.get(self._feed.name, ()))
        self._way = set_out(self._feed, self._address, rung, span, self._via, climb)

    def _settle(self, climb: Climb) -> None:
        self.done.append(climb)
        if climb.state is ClimbState.COVERED:
            self._left = [name for name in self._left if name == LIST]


def _tally(ladders: Mapping[str, _Ladder], web: Patient, job: Backfill) -> Tally:
    climbs = [climb for one in ladders.values() for climb in one.climbs]
    return Tally(
        share=sum(one.share for one in ladders.values()) / max(1, len(ladders)),
        documents=sum(climb.documents for climb in climbs),
        found=sum(climb.found for climb in climbs),
        new=sum(climb.new for climb in climbs),
        asked=job.asked + web.asked,
        at_work=tuple(
            f"{one.climbs[-1].feed}: {one.climbs[-1].rung}" for one in ladders.values() if one.share < 1 and one.climbs
        ),
    )


def _tally_of_files(way: WarcWay, share: float) -> Tally:
    climbs = [climb for name, climb in way.climbs.items() if name]
    found, new = sum(climb.found for climb in climbs), sum(climb.new for climb in climbs)
    return Tally(share, 0, found, new, 0, ("files: warc",))


def _report(toolbox: Toolbox, order: Order, job: Backfill, asked: int, *, spent: bool, interrupted: bool) -> Report:
    span = order.span
    names = [feed.name for feed in order.feeds]
    with toolbox.store.read() as shelves:
        climbs = tuple(shelves.backfills.climbs(job.key))
        matching = shelves.backfills.matched(names, span.start, span.end, order.topic)
        days = {name: thin_days(shelves.backfills.published(name, span.start, span.end), span) for name in names}
    thin = {name: found for name, found in days.items() if found}
    ranks = {name: number for number, name in enumerate((*LADDER, LIST, WARC))}
    ordered = sorted(climbs, key=lambda one: (one.feed, ranks.get(one.rung, 9)))
    return Report(tuple(ordered), span, asked, spent, interrupted, matching, thin)


def estimate(toolbox: Toolbox, order: Order, pause: Callable[[float], object]) -> list[Estimate]:
    """What an order would take, by the first documents of each feed's ladder; nothing is stored."""
    web = _patient(toolbox, order, pause)
    estimates: list[Estimate] = []
    for feed in order.feeds:
        answer = Estimate(feed.name, "", words="no rung finds anything")
        for name in order.rungs:
            if name == LIST and feed.name not in order.listed:
                continue
            rung = rung_of(toolbox, name, order.listed.get(feed.name, ()))
            way = set_out(feed, feed.url, rung, order.span, Via.BACKFILL, Climb(order.key, feed.name, name))
            for _ in range(_LOOKED_AT):
                if way.asks and way.open:
                    look(toolbox, web, [way])
            if len(way.pending) > answer.items:
                answer = _extrapolated(toolbox, way)
            if way.pending and (way.asks or any(step.covered for step in way.fresh)):
                break
            if web.asked >= order.budget or toolbox.stopping():
                break
        estimates.append(answer)
    return estimates


def _extrapolated(toolbox: Toolbox, way: Way) -> Estimate:
    seen = way.visited
    share = max(0.001, _share_seen(way))
    items = round(len(way.pending) / share)
    documents = round(seen / share) if way.asks else seen
    new, pages = new_share(toolbox, way.feed, way.span, list(way.pending))
    requests = documents + round(items * pages)
    return Estimate(way.feed.name, way.climb.rung, documents, items, round(items * new), requests)


def _share_seen(way: Way) -> float:
    """How much of the whole the documents seen so far are."""
    if not way.asks:
        return 1.0
    if way.climb.rung == "pages":
        return progress(way.span, min((step.reached for step in way.fresh if step.reached), default=None))
    empty = sum(not step.found for step in way.fresh)  # robots.txt, an index
    seen = len(way.fresh) - empty
    return seen / (seen + len(way.asks))
