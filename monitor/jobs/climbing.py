"""Climbs many feeds' rungs side by side: in each turn a few documents of every feed, then the pages of what they name.

A climb's cursor is committed together with the items of the documents before it, so that one that was killed at any
point goes on to the same end: at worst a document is visited again, of which what was done is passed over.
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
STALE = 10  # documents of a feed in a row that show nothing which others did not: then it goes round in circles
_DONE = "done"  # form of the cursor's first part: what the documents name up to this address is done


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
    read_from: tuple[Ask, ...] = ()  # what was to be asked when these documents were read
    done: str = ""  # the address up to which what they name is done
    shown: set[str] = field(default_factory=set)  # links of all entries, of this run
    stale: int = 0  # documents in a row without another link

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
        total = self.climb.documents + len(self.asks) + self.visited
        left = len(self.pending) / max(1, sum(len(step.found) for step in self.fresh))
        return (self.climb.documents + self.visited * (1 - left)) / total if total else 1 - left


def set_out(feed: Feed, address: str, rung: Rung, span: Window, via: Via, climb: Climb) -> Way:
    """A climb from its beginning, or on from its cursor."""
    way = Way(feed, rung, span, via, climb)
    way.done = _done(climb)
    way.asks.extend(ask_of(plain) for plain in climb.cursor if plain[1] != _DONE)
    if not way.asks:
        _take(way, rung.begin(feed, address, span))
    _pass_over(way)
    return way


def go_on(toolbox: Toolbox, web: Patient, ways: Sequence[Way]) -> None:
    """One turn of all of them, or of the first, with no more requests than `web` has left."""
    look(toolbox, web, [way for way in ways if way.open and not way.pending])
    toolbox.passing("backfill: visited")
    moving, taken = _portions(ways, max(1, web.left))
    portions = [Portion(way.feed, way.span, found, way.via) for way, found in zip(moving, taken, strict=True)]
    if toolbox.stopping():
        return
    after: list[Climb] = []

    def note(shelves: Shelves, done: Sequence[Filled]) -> None:
        after[:] = [_after(way, found, one) for way, found, one in zip(moving, taken, done, strict=True)]
        shelves.backfills.note(*after)

    filled = fill(toolbox, web, portions, note)
    if not after:  # it was interrupted
        return
    toolbox.passing("backfill: committed")
    for way, climb, one in zip(moving, after, filled, strict=True):
        way.climb, way.done = climb, _done(climb)
        if one.stopped:
            way.pending.clear()  # the documents are read again when it is gone on with
        if not way.pending:
            way.fresh, way.visited = [], 0


def _portions(ways: Sequence[Way], most: int) -> tuple[list[Way], list[list[Found]]]:
    """What is done in this turn, and whose it is. A page that two feeds name is left to the first: the other finds it
    known in its next turn.
    """
    moving, taken, met = [], [], set[str]()
    for way in ways:
        portion: list[Found] = []
        while way.pending and len(portion) < min(ITEMS_AT_ONCE, most):
            key = url_key(way.pending[0].entry.link)
            if key in met:
                break
            portion.append(way.pending.popleft())
        met.update(url_key(one.entry.link) for one in portion)
        most -= len(portion)
        if portion or not way.pending:
            moving.append(way)
            taken.append(portion)
    return moving, taken


def look(toolbox: Toolbox, web: Patient, ways: Sequence[Way]) -> None:
    """Read the next documents of each, or of the first, with no more requests than `web` has left, but for the last of
    them; nothing is stored.
    """
    owners: dict[Request, tuple[Way, Ask]] = {}
    for way in ways:
        if owners and len(owners) >= web.left:
            break
        way.read_from = tuple(way.asks)
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
    for way in ways:
        _pass_over(way)


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
    if step.shown is not None:
        way.stale = 0 if step.shown - way.shown else way.stale + 1
        way.shown |= step.shown
        if way.stale >= STALE and way.asks:
            way.asks.clear()
            way.fresh.append(Step(words=f"its last {STALE} documents show nothing that others do not"))
    if step.problem and ask is not None:
        log.info("not read", feed=way.feed.name, rung=way.climb.rung, url=ask.url, problem=step.problem)
        failed = dict.fromkeys((*way.climb.failed, (ask.url, step.problem)))
        way.climb = replace(way.climb, failed=tuple(failed))


def _pass_over(way: Way) -> None:
    """What was done of these documents before is not done again; where they changed since, all of it may be."""
    links = [one.entry.link for one in way.pending]
    if way.done and way.done in links:
        for _ in range(links.index(way.done) + 1):
            way.pending.popleft()


def _done(climb: Climb) -> str:
    return next((url for url, form, _, _ in climb.cursor if form == _DONE), "")


def _after(way: Way, taken: Sequence[Found], done: Filled) -> Climb:
    """The climb as it is after a portion: what is to be asked moves on when all of the documents read are done."""
    before = way.climb
    upto = taken[done.settled - 1].entry.link if done.settled else way.done
    asked = tuple(ask.plain() for ask in way.read_from)
    cursor = ((upto, _DONE, 0, ""), *asked) if upto else asked
    climb = replace(counted(before, done), cursor=cursor)
    if done.stopped:
        return replace(climb, state=ClimbState.STOPPED, words=f"{done.stopped}; go on with it later")
    if way.pending:
        return climb
    steps = way.fresh
    reached = [step.reached for step in steps if step.reached] + ([before.reached] if before.reached else [])
    words = [step.words for step in steps if step.words]
    climb = replace(
        climb,
        documents=before.documents + way.visited,
        reached=min(reached, default=None),
        words=words[-1] if words and before.state is ClimbState.OPEN else before.words,
        cursor=tuple(ask.plain() for ask in way.asks),
    )
    if climb.state is not ClimbState.OPEN or way.asks:
        return climb
    covered = any(step.covered for step in steps) or (climb.reached is not None and climb.reached <= way.span.start)
    return replace(climb, state=ClimbState.COVERED if covered else ClimbState.ENDED)
