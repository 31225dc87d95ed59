"""Climbs many feeds' rungs side by side: in each turn a few documents of every feed, then the pages of what they name.

A climb's cursor is committed together with the items of the documents before it, so that one that was killed at any
point goes on to the same end: at worst a document is visited again, and its items are known then.
"""

from collections import deque
from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.backfill import Ask, Found, Rung, Step, ask_of, progress
from monitor.jobs.filling import Filled, Patient, Portion, asks_for_peace, counted, fill
from monitor.jobs.planning import request_for
from monitor.jobs.toolbox import Toolbox
from monitor.links import url_key
from monitor.logs import get_logger
from monitor.model import Climb, ClimbState, Failed, Feed, Fresh, Leaf, Request, Via, Visit, Window
from monitor.sources.leaves import read_leaf
from monitor.store import Shelves

log = get_logger(job="backfill")

ITEMS_AT_ONCE = 100  # of a feed in one transaction
DOCUMENTS_AT_ONCE = 4  # of a feed in one turn


class Way(Struct):
    """One climb under way. `climb` is what the archive has of it."""

    feed: Feed
    rung: Rung
    span: Window
    via: Via
    climb: Climb
    asks: deque[Ask] = field(default_factory=deque)
    pending: deque[Found] = field(default_factory=deque)  # of documents that were read and are not committed
    fresh: list[Step] = field(default_factory=list)  # these documents' steps
    visited: int = 0  # documents of these steps
    met: set[str] = field(default_factory=set)  # addresses of documents and pages of this run

    @property
    def open(self) -> bool:
        return self.climb.state is ClimbState.OPEN

    @property
    def active(self) -> bool:
        """Whether there is something to do now."""
        return self.open or bool(self.pending)

    @property
    def share(self) -> float:
        """How much of it is done, 0–1."""
        if not self.open:
            return 1.0
        if self.climb.rung == "pages":
            return progress(self.span, self.climb.reached)
        done = self.climb.documents
        total = done + len(self.asks) + (self.visited if self.pending else 0)
        return done / total if total else 0.0


def set_out(feed: Feed, address: str, rung: Rung, span: Window, via: Via, climb: Climb) -> Way:
    """A climb from its beginning, or on from its cursor."""
    way = Way(feed, rung, span, via, climb)
    if climb.cursor:
        way.asks.extend(ask_of(plain) for plain in climb.cursor)
    else:
        _take(way, rung.begin(feed, address, span))
    return way


def go_on(toolbox: Toolbox, web: Patient, ways: Sequence[Way]) -> None:
    """One turn of all of them."""
    look(toolbox, web, [way for way in ways if way.open and not way.pending])
    toolbox.passing("backfill: visited")
    moving = list(ways)
    taken = [[way.pending.popleft() for _ in range(min(ITEMS_AT_ONCE, len(way.pending)))] for way in moving]
    portions = [Portion(way.feed, way.span, found, way.via) for way, found in zip(moving, taken, strict=True)]
    if toolbox.stopping():
        return
    after: list[Climb] = []

    def note(shelves: Shelves, done: Sequence[Filled]) -> None:
        after[:] = [_after(way, one) for way, one in zip(moving, done, strict=True)]
        shelves.backfills.note(*after)

    fill(toolbox, web, portions, note)
    if not after:  # it was interrupted
        return
    toolbox.passing("backfill: committed")
    for way, climb in zip(moving, after, strict=True):
        way.climb = climb
        if climb.state is ClimbState.STOPPED and climb.cursor != tuple(ask.plain() for ask in way.asks):
            way.pending.clear()  # the documents are read again when it is gone on with
        if not way.pending:
            way.fresh, way.visited = [], 0


def look(toolbox: Toolbox, web: Patient, ways: Sequence[Way]) -> None:
    """Read the next documents of each; nothing is stored."""
    owners: dict[Request, tuple[Way, Ask]] = {}
    for way in ways:
        for ask in [way.asks[at] for at in range(min(DOCUMENTS_AT_ONCE, len(way.asks)))]:
            owners[request_for(way.feed, ask.url, "feed")] = (way, ask)
    answers: dict[Request, Visit] = {}
    for visit in web.visit_many(list(owners)):
        answers[visit.request] = visit
    if toolbox.stopping():
        return
    for request, (way, ask) in owners.items():
        if request not in answers or not way.open:
            continue
        visit = answers[request]
        if isinstance(visit, Failed) and asks_for_peace(visit):
            way.climb = replace(way.climb, state=ClimbState.STOPPED, words=f"{visit}; go on with it later")
            continue
        if ask in way.asks:
            way.asks.remove(ask)
        way.visited += 1
        answer = read_leaf(way.feed, visit, ask.form) if isinstance(visit, Fresh) else visit
        if isinstance(answer, (Leaf, Failed)):
            _take(way, way.rung.read(way.feed, way.span, ask, answer), ask)


def _take(way: Way, step: Step, ask: Ask | None = None) -> None:
    """What a step leads to waits to be done: each document, and each entry, once."""
    new = [one for one in step.asks if one.url not in way.met]
    way.met.update(one.url for one in new)
    way.asks.extend(new)
    found = []
    for one in step.found:
        if (key := url_key(one.entry.link)) not in way.met:
            way.met.add(key)
            found.append(one)
    way.pending.extend(found)
    way.fresh.append(replace(step, found=tuple(found)))
    if step.problem and ask is not None:
        log.info("not read", feed=way.feed.name, rung=way.climb.rung, url=ask.url, problem=step.problem)
        failed = (*way.climb.failed, (ask.url, step.problem))
        way.climb = replace(way.climb, failed=failed)


def _after(way: Way, done: Filled) -> Climb:
    """The climb as it is after a portion: its cursor moves on when all of the documents read are done."""
    before = way.climb
    climb = counted(before, done)
    if done.stopped:
        return replace(climb, state=ClimbState.STOPPED, words=f"{done.stopped}; go on with it later")
    if way.pending:
        return climb
    steps = way.fresh
    reached = [step.reached for step in steps if step.reached] + ([before.reached] if before.reached else [])
    words = [step.words for step in steps if step.words]
    climb = replace(
        climb,
        found=before.found + sum(len(step.found) for step in steps),
        documents=before.documents + way.visited,
        reached=min(reached, default=None),
        words=words[-1] if words and before.state is ClimbState.OPEN else before.words,
        cursor=tuple(ask.plain() for ask in way.asks),
    )
    if climb.state is not ClimbState.OPEN or way.asks:
        return climb
    covered = any(step.covered for step in steps) or (climb.reached is not None and climb.reached <= way.span.start)
    return replace(climb, state=ClimbState.COVERED if covered else ClimbState.ENDED)
