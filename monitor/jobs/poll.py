"""One round: visit every feed that is due, fetch the pages of what is new, ingest feed by feed.

    due states → visits → (unchanged | failed | read → plan) → pages, all hosts side by side → ingest, feed by feed

A feed's failure never stops another. When nearly nothing answers, nor the addresses that are asked to be sure, the
fault is taken for our own network's, and no feed is blamed. What is to be told of feeds is settled at the round's end.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from datetime import timedelta
from hashlib import blake2b

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.errors import StoreError
from monitor.jobs.claiming import Claimed, Keeping, claim
from monitor.jobs.follow import follow, whole
from monitor.jobs.ingest import ClaimLostError, Ingested, extraction, finish
from monitor.jobs.planning import (
    ITEMS_AT_ONCE,
    Item,
    Noted,
    Plan,
    choose_pages,
    left_waiting,
    limited,
    page_requests,
    plan,
    request_for,
)
from monitor.jobs.toolbox import Toolbox
from monitor.jobs.watch import gone, outage_of, request_of, tell
from monitor.logs import get_logger
from monitor.model import (
    Article,
    Failed,
    Failure,
    Feed,
    FeedState,
    Fresh,
    Request,
    Unchanged,
    Unreadable,
    Visit,
)
from monitor.pacing import Reading, after_visit, cut_off, is_error_item, put_off, stopped
from monitor.store import Visited

log = get_logger(job="poll")

OFFLINE_PAUSE = timedelta(minutes=5)  # until a feed is tried again that could not be reached for our own network

_READ_AGAIN = "what was not ingested is read again in the next round"


class Round(Struct):
    """What a round did, in numbers; `failed` names outlets with their trouble in words."""

    due: int = 0
    read: int = 0
    unchanged: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    entries: int = 0
    new: int = 0
    edited: int = 0
    matched: int = 0
    pages: int = 0
    left_over: int = 0
    offline: bool = False  # nothing at all could be reached
    outage: str = ""  # what of our own network is down, in words; part of it may be up
    after: dict[str, FeedState] = field(default_factory=dict)  # of each feed that was visited

    def add(self, done: Ingested) -> None:
        self.entries += done.entries
        self.new += done.new
        self.edited += done.edited
        self.matched += done.matched
        self.left_over += done.left_over


Articles = dict[Item, Callable[[], Article]]  # of a plan: each article as soon as it is asked for
Progress = Callable[[str, int, int], None]  # what, done, of how many


def silent(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def poll(toolbox: Toolbox, *, force: bool = False, progress: Progress = silent) -> Round:
    """Visit what is due (`force`: everything) and ingest it; never raises for a bad feed."""
    done = Round()
    claims = claim(toolbox, force=force)
    try:
        _round(toolbox, claims, done, progress)
    finally:
        claims.end()
    return done


def _round(toolbox: Toolbox, claims: Claimed, done: Round, progress: Progress) -> None:
    states = claims.states
    toolbox = replace(toolbox, fetcher=Keeping(toolbox.fetcher, claims))
    done.due = len(states)
    visits = _visit_feeds(toolbox, claims, progress)
    if toolbox.stopping():
        return
    done.outage = outage_of(toolbox, visits)
    done.offline = bool(done.outage) and all(stopped(visit) for visit in visits)
    noted: list[Noted] = []
    plans = [work for visit in visits if (work := _settle_safely(toolbox, states, visit, done, noted))]
    _save(toolbox, claims, noted)
    toolbox.passing("poll: planned")
    answered = [visit.request for visit in visits if not isinstance(visit, Failed)]
    for readings in _articles(toolbox, plans, answered, done, progress):
        claims.keep()
        _finish_safely(toolbox, claims, readings, done)
    tell(toolbox, done.after, done.outage if visits else None)


def _settle_safely(
    toolbox: Toolbox, states: Mapping[str, FeedState], visit: Visit, done: Round, noted: list[Noted]
) -> Plan | None:
    """What is to be ingested of a visit; of one that brings nothing, what is to be saved is added to `noted`."""
    state = states[visit.request.feed]
    try:
        settled = _settle(toolbox, state, visit, done)
        if isinstance(settled, Noted) and state.waiting:
            settled = _of_what_waits(toolbox, state, settled) or settled
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - a feed that trips over a bug of ours must not stop the others
        settled = _bug(toolbox, state, visit, error, done)
    done.after[state.feed] = settled.state
    if isinstance(settled, Plan):
        return settled
    noted.append(settled)
    return None


def _finish_safely(toolbox: Toolbox, claims: Claimed, readings: Sequence[tuple[Plan, Articles]], done: Round) -> None:
    """Ingest readings in one transaction; where one of them trips over a bug of ours, each in its own."""
    try:
        ready = [(work, {item: get() for item, get in gets.items()}) for work, gets in readings]
        ingested = finish(toolbox, ready, holder=claims.holder)
    except StoreError:
        raise
    except ClaimLostError as lost:
        if rest := [reading for reading in readings if reading[0].feed.name not in lost.feeds]:
            _finish_safely(toolbox, claims, rest, done)
        return
    except CancelledError:  # everything is being closed; the next round reads it again
        return
    except Exception as error:  # noqa: BLE001 - as above
        if len(readings) > 1:
            for reading in readings:
                _finish_safely(toolbox, claims, [reading], done)
            return
        feed, at = readings[0][0].feed, readings[0][0].at
        failed = Failed(Request(url=feed.url, purpose="feed", feed=feed.name), Failure.BROKEN, "", at)
        noted = _bug(toolbox, claims.states[feed.name], failed, error, done)
        done.after[feed.name] = noted.state
        _save(toolbox, claims, [noted])
        return
    claims.noted(work.feed.name for work, _ in readings)
    for (work, _), one in zip(readings, ingested, strict=True):
        done.add(one)
        done.read += work.outcome == "read"
        log.info(
            "feed read" if work.outcome == "read" else "what waited is read",
            feed=work.feed.name,
            entries=work.entries,
            new=one.new,
            edited=one.edited,
            matched=one.matched,
        )


def _bug(toolbox: Toolbox, state: FeedState, visit: Visit, error: Exception, done: Round) -> Noted:
    feed = toolbox.feeds[state.feed]
    problem = f"could not be processed: {type(error).__name__}: {error}"
    log.error("feed not processed; please report this as a bug", feed=feed.name, problem=problem, exc_info=error)
    done.failed[feed.outlet] = problem
    failed = Failed(visit.request, Failure.BROKEN, problem, visit.at)
    return Noted(_after(toolbox, state, failed, None, problem), visit.at, "unreadable", problem)


def _visit_feeds(toolbox: Toolbox, claims: Claimed, progress: Progress) -> list[Visit]:
    now, states = toolbox.now(), claims.states
    requests = [request_of(toolbox, state, now) for state in states.values()]
    visits = []
    for visit in toolbox.fetcher.visit_many(requests):
        visits.append(visit)
        progress("feeds visited", len(visits), len(requests))
        if toolbox.stopping():
            break
    toolbox.passing("poll: visited")
    if toolbox.stopping():
        return visits
    return follow(toolbox.fetcher, visits, lambda visit: _pointers(toolbox, states[visit.request.feed], visit))


def _pointers(toolbox: Toolbox, state: FeedState, visit: Fresh) -> list[Request]:
    feed = toolbox.feeds[state.feed]
    try:
        places = toolbox.sources[feed.kind].pointers(feed, visit, state.succeeded_at)
    except Exception as error:
        log.error("feed not followed; please report this as a bug", feed=feed.name, exc_info=error)
        return []
    return [request_for(feed, place, "feed") for place in places]


def _settle(toolbox: Toolbox, state: FeedState, visit: Visit, done: Round) -> Plan | Noted:
    """A reading with anything to do becomes a plan, every other visit is only noted."""
    feed = toolbox.feeds[state.feed]
    match visit:
        case Unchanged():
            done.unchanged += 1
            return Noted(_after(toolbox, state, visit), visit.at, "unchanged")
        case Failed():
            return _failed(toolbox, state, visit, done)
        case Fresh():
            return _read(toolbox, feed, state, visit, done)


def _of_what_waits(toolbox: Toolbox, state: FeedState, noted: Noted) -> Plan | None:
    with toolbox.store.read() as shelves:
        work = left_waiting(shelves, toolbox.feeds[state.feed], state, noted)
    return limited(choose_pages(work, toolbox.topics), toolbox.limits.pages_per_visit) if work else None


def _failed(toolbox: Toolbox, state: FeedState, visit: Failed, done: Round) -> Noted:
    feed, problem = toolbox.feeds[state.feed], str(visit)
    done.failed[feed.outlet] = problem
    ours = bool(done.outage) and stopped(visit)
    # In an outage one line says it for all of them.
    (log.debug if ours else log.warning)("feed failed", feed=feed.name, problem=problem, url=visit.request.url)
    if ours:
        outcome = "offline" if done.offline else "unreached"
        return Noted(put_off(state, visit, OFFLINE_PAUSE, toolbox.jitter()), visit.at, outcome, problem)
    if visit.status is None and visit.retry_after is not None:  # it was not asked: its host wants no visits now
        return Noted(put_off(state, visit, OFFLINE_PAUSE, toolbox.jitter()), visit.at, "failed", problem)
    return Noted(_after(toolbox, state, visit, None, problem), visit.at, "failed", problem)


def _read(toolbox: Toolbox, feed: Feed, state: FeedState, visit: Fresh, done: Round) -> Plan | Noted:
    body_hash = _hash(visit)
    if body_hash and body_hash == state.body_hash:
        done.unchanged += 1
        return Noted(_after(toolbox, state, visit), visit.at, "unchanged")
    page = toolbox.sources[feed.kind].read(feed, visit)
    if isinstance(page, Unreadable):
        return _unreadable(toolbox, state, visit, done, None, str(page))
    errors = [entry.title for entry in page.entries if is_error_item(entry)]
    if errors:
        page = replace(page, entries=tuple(entry for entry in page.entries if not is_error_item(entry)))
        if not page.entries:
            problem = f"reports an error of its own: {errors[0]}"
            return _unreadable(toolbox, state, visit, done, Reading(page, 0, 0), problem)
    if page.remark:
        log.info("feed is odd", feed=feed.name, remark=page.remark)
    with toolbox.store.read() as shelves:
        work = plan(shelves, feed, page, state, visit.at)
    work = limited(choose_pages(work, toolbox.topics), toolbox.limits.pages_per_visit)
    if work.items:
        work = replace(work, source=toolbox.evidence.hold(visit))
    after = _after(toolbox, work.state, visit, Reading(page, work.entries, work.known, whole=not work.left_over))
    if work.left_over:
        # Without validators and due at once, the next round reads the whole document again and goes on from here.
        return replace(work, state=replace(after, etag="", last_modified="", body_hash="", due_at=visit.at))
    return replace(work, state=replace(after, body_hash=body_hash))


def _unreadable(
    toolbox: Toolbox, state: FeedState, visit: Fresh, done: Round, reading: Reading | None, problem: str
) -> Noted:
    """Its validators are not kept: those of a body that could not be read must not hide the next one."""
    feed = toolbox.feeds[state.feed]
    done.failed[feed.outlet] = problem
    log.warning("feed unreadable", feed=feed.name, problem=problem, url=visit.request.url)
    return Noted(_after(toolbox, state, visit, reading, problem), visit.at, "unreadable", problem)


def _after(
    toolbox: Toolbox, state: FeedState, visit: Visit, reading: Reading | None = None, problem: str = ""
) -> FeedState:
    feed, pace = toolbox.feeds[state.feed], toolbox.limits.pace
    after = after_visit(state, feed, visit, reading, problem, pace=pace, jitter=toolbox.jitter())
    if isinstance(visit, Fresh) and (visit.parts or visit.missing):
        return replace(after, etag="", last_modified="")  # it may be unchanged while what it points to is not
    return after


def _hash(visit: Fresh) -> str:
    """Of the body and of what it points to; "" where a part is missing, so that it is read again."""
    if visit.missing:
        return ""
    digest = blake2b(visit.body, digest_size=16)
    for part in visit.parts:
        digest.update(part.body)
    return digest.hexdigest()


def _save(toolbox: Toolbox, claims: Claimed, noted: Sequence[Noted]) -> None:
    if not noted:
        return
    states = claims.states
    with toolbox.store.begin() as shelves:
        lost = shelves.claims.lost(claims.holder, [one.state.feed for one in noted])
        noted = [one for one in noted if one.state.feed not in lost]
        steps = [(states[one.state.feed], one.state) for one in noted]
        shelves.feeds.amend(*steps, claimed=bool(claims.holder))
        shelves.feeds.log_visits(*(Visited(one.state.feed, one.at, one.outcome, problem=one.problem) for one in noted))
    claims.noted(one.state.feed for one in noted)
    toolbox.passing("poll: state saved")


def _articles(
    toolbox: Toolbox, plans: Sequence[Plan], answered: Sequence[Request], done: Round, progress: Progress
) -> Iterator[list[tuple[Plan, Articles]]]:
    """The plans with their articles, as soon as the last page of each is in; those that want no page in good portions.

    A plan whose pages could not be reached waits until another page is. When none is, and the feeds that have
    `answered` do so no longer, the network has gone meanwhile: nothing is ingested blind, the next round reads it all.
    """
    started: dict[int, Articles] = {id(work): {} for work in plans}
    owners: dict[Request, list[tuple[Plan, Item]]] = defaultdict(list)
    for work in plans:
        wanted = page_requests(work)
        for item, request in wanted.items():
            owners[request].append((work, item))
        for item in work.items:
            if item.needs_text and item not in wanted:
                started[id(work)][item] = _start(toolbox, work, item, None)
    missing = Counter(id(work) for shared in owners.values() for work, _ in shared)
    yield from _portions((work, started.pop(id(work))) for work in plans if not missing[id(work)])
    if toolbox.stopping():  # a closed door takes no visits
        return
    waiting: dict[int, Plan] = {}  # with pages not reached, since the last that was
    for visit in whole(toolbox.fetcher, list(owners)):
        if toolbox.stopping():
            return
        done.pages += 1
        progress("pages fetched", done.pages, len(owners))
        toolbox.passing("poll: page fetched")
        for work, item in owners[visit.request]:
            started[id(work)][item] = _start(toolbox, work, item, visit)
            missing[id(work)] -= 1
            waiting[id(work)] = work
        if cut_off(visit):
            continue
        ready = [work for key, work in waiting.items() if not missing[key]]
        waiting.clear()
        yield from ([(work, started.pop(id(work)))] for work in ready)
    if waiting and gone(toolbox, answered):
        done.offline = True
        done.outage = f"the network went down in the middle of a round; {_READ_AGAIN}"
        for work in waiting.values():
            done.after.pop(work.feed.name, None)
        return
    yield from ([(work, started.pop(key))] for key, work in waiting.items() if not missing[key])


def _portions(readings: Iterable[tuple[Plan, Articles]]) -> Iterator[list[tuple[Plan, Articles]]]:
    """Readings for one transaction each: many small ones together, a large one alone."""
    portion: list[tuple[Plan, Articles]] = []
    items = 0
    for work, reading in readings:
        if portion and items + len(work.items) > ITEMS_AT_ONCE:
            yield portion
            portion, items = [], 0
        portion.append((work, reading))
        items += len(work.items)
    if portion:
        yield portion


def _start(toolbox: Toolbox, work: Plan, item: Item, visit: Visit | None) -> Callable[[], Article]:
    task = extraction(toolbox, work, item, visit)
    if task.page is None:
        return lambda: toolbox.extractor.start(task)()  # where a bug costs this feed alone
    return toolbox.extractor.start(task)
