"""One round: visit every feed that is due, fetch the pages of what is new, ingest feed by feed.

    due states → visits → (unchanged | failed | read → plan) → pages, all hosts side by side → ingest, feed by feed

A feed's failure never stops another. When nothing at all could be reached, the fault is taken for our own network's,
and no feed is blamed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor.errors import StoreError
from monitor.jobs.ingest import Ingested, Item, Plan, extraction, finish, page_requests, plan, request_for
from monitor.jobs.toolbox import Toolbox
from monitor.links import host_of
from monitor.logs import get_logger
from monitor.model import (
    Article,
    Failed,
    Failure,
    Feed,
    FeedPage,
    FeedState,
    Fresh,
    Request,
    Unchanged,
    Unreadable,
    Visit,
)
from monitor.pacing import cut_off, network_is_down, next_visit
from monitor.store import Shelves, Visited

log = get_logger(job="poll")

OFFLINE_PAUSE = timedelta(minutes=5)  # until all feeds are tried again when nothing could be reached

_ASKED_AGAIN = 5  # hosts that answered, where the network may have gone meanwhile
_READ_AGAIN = "what was not ingested is read again in the next round"


@dataclass(frozen=True, slots=True)
class Noted:
    """A visit that brought nothing to ingest, and the feed's state after it; all of a round are saved together."""

    state: FeedState
    at: datetime
    outcome: str  # as in the log of visits
    problem: str = ""


@dataclass(slots=True)
class Round:
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

    def add(self, done: Ingested) -> None:
        self.read += 1
        self.entries += done.entries
        self.new += done.new
        self.edited += done.edited
        self.matched += done.matched
        self.left_over += done.left_over


Reading = dict[Item, Callable[[], Article]]  # of a plan: each article as soon as it is asked for
Progress = Callable[[str, int, int], None]  # what, done, of how many


def silent(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def poll(toolbox: Toolbox, *, force: bool = False, progress: Progress = silent) -> Round:
    """Visit what is due (`force`: everything) and ingest it; never raises for a bad feed."""
    done = Round()
    states = _due(toolbox, force)
    done.due = len(states)
    visits = _visit_feeds(toolbox, states, progress)
    if toolbox.stopping():
        return done
    done.offline = network_is_down(visits)
    if done.offline:
        log.error(
            "no feed could be reached",
            tried=len(visits),
            first=str(visits[0]),
            what="this looks like this machine's own network being down; no feed is blamed, the next round tries again",
        )
    noted: list[Noted] = []
    with toolbox.store.read() as shelves:
        plans = [work for visit in visits if (work := _settle_safely(toolbox, shelves, states, visit, done, noted))]
    _save(toolbox, noted)
    toolbox.passing("poll: planned")
    answered = [visit.request for visit in visits if not isinstance(visit, Failed)]
    for work, reading in _articles(toolbox, plans, answered, done, progress):
        _finish_safely(toolbox, states[work.feed.name], work, reading, done)
    return done


def _settle_safely(
    toolbox: Toolbox, shelves: Shelves, states: Mapping[str, FeedState], visit: Visit, done: Round, noted: list[Noted]
) -> Plan | None:
    """What is to be ingested of a visit; of one that brings nothing, what is to be saved is added to `noted`."""
    state = states[visit.request.feed]
    try:
        settled = _settle(toolbox, shelves, state, visit, done)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - a feed that trips over a bug of ours must not stop the others
        settled = _bug(toolbox, state, visit, error, done)
    if isinstance(settled, Plan):
        return settled
    noted.append(settled)
    return None


def _finish_safely(toolbox: Toolbox, state: FeedState, work: Plan, reading: Reading, done: Round) -> None:
    try:
        ingested = finish(toolbox, work, {item: article() for item, article in reading.items()})
    except StoreError:
        raise
    except CancelledError:  # everything is being closed; the next round reads it again
        return
    except Exception as error:  # noqa: BLE001 - as above
        request = Request(url=work.feed.url, purpose="feed", feed=work.feed.name)
        _save(toolbox, [_bug(toolbox, state, Failed(request, Failure.BROKEN, "", work.at), error, done)])
        return
    done.add(ingested)
    log.info(
        "feed read",
        feed=work.feed.name,
        entries=work.entries,
        new=ingested.new,
        edited=ingested.edited,
        matched=ingested.matched,
    )


def _bug(toolbox: Toolbox, state: FeedState, visit: Visit, error: Exception, done: Round) -> Noted:
    feed = toolbox.feeds[state.feed]
    problem = f"could not be processed: {type(error).__name__}: {error}"
    log.error("feed not processed; please report this as a bug", feed=feed.name, problem=problem, exc_info=error)
    done.failed[feed.outlet] = problem
    failed = Failed(visit.request, Failure.BROKEN, problem, visit.at)
    return Noted(_after(toolbox, state, failed, None, problem), visit.at, "unreadable", problem)


def _due(toolbox: Toolbox, force: bool) -> dict[str, FeedState]:
    names = list(toolbox.feeds)
    now = toolbox.now()
    with toolbox.store.begin() as shelves:
        shelves.feeds.sync(list(toolbox.feeds.values()), now)
        if force:
            return shelves.feeds.states(names)
        return {state.feed: state for state in shelves.feeds.due(names, now, toolbox.limits.feeds_per_round)}


def _visit_feeds(toolbox: Toolbox, states: dict[str, FeedState], progress: Progress) -> list[Visit]:
    requests = [request_for(feed := toolbox.feeds[state.feed], feed.url, "feed", state) for state in states.values()]
    visits = []
    for visit in toolbox.fetcher.visit_many(requests):
        visits.append(visit)
        progress("feeds visited", len(visits), len(requests))
        if toolbox.stopping():
            break
    toolbox.passing("poll: visited")
    return visits


def _settle(toolbox: Toolbox, shelves: Shelves, state: FeedState, visit: Visit, done: Round) -> Plan | Noted:
    """A reading with anything to do becomes a plan, every other visit is only noted."""
    feed = toolbox.feeds[state.feed]
    match visit:
        case Unchanged():
            done.unchanged += 1
            return Noted(_after(toolbox, state, visit, None), visit.at, "unchanged")
        case Failed():
            done.failed[feed.outlet] = str(visit)
            # Offline, one line has said it for all of them.
            level = log.debug if done.offline else log.warning
            level("feed failed", feed=feed.name, problem=str(visit), url=feed.url)
            if done.offline:
                return Noted(replace(state, due_at=visit.at + OFFLINE_PAUSE), visit.at, "offline", str(visit))
            return Noted(_after(toolbox, state, visit, None, str(visit)), visit.at, "failed", str(visit))
        case Fresh():
            return _read(toolbox, shelves, feed, state, visit, done)


def _read(toolbox: Toolbox, shelves: Shelves, feed: Feed, state: FeedState, visit: Fresh, done: Round) -> Plan | Noted:
    body_hash = blake2b(visit.body, digest_size=16).hexdigest()
    if body_hash == state.body_hash:
        done.unchanged += 1
        return Noted(_after(toolbox, state, visit, None), visit.at, "unchanged")
    page = toolbox.sources[feed.kind].read(feed, visit)
    if isinstance(page, Unreadable):
        done.failed[feed.outlet] = str(page)
        log.warning("feed unreadable", feed=feed.name, problem=str(page), url=feed.url)
        # The validators of a body that could not be read must not hide the next one.
        return Noted(_after(toolbox, state, visit, None, str(page)), visit.at, "unreadable", str(page))
    if visit.moved_to:
        log.warning("feed has moved", feed=feed.name, to=visit.moved_to, what="change its url in feeds.toml")
    if page.remark:
        log.info("feed is odd", feed=feed.name, remark=page.remark)
    after = replace(_after(toolbox, state, visit, page), body_hash=body_hash)
    return plan(shelves, feed, page, after, visit.at, toolbox.limits.pages_per_visit)


def _after(toolbox: Toolbox, state: FeedState, visit: Visit, page: FeedPage | None, problem: str = "") -> FeedState:
    """The feed's state after a visit: validators, failures counted, the next due time."""
    feed = toolbox.feeds[state.feed]
    if problem:
        after = replace(state, visited_at=visit.at, failures=state.failures + 1, problem=problem)
    else:
        after = replace(state, visited_at=visit.at, succeeded_at=visit.at, failures=0, problem="")
        if isinstance(visit, Fresh):
            headers = visit.headers
            after = replace(after, etag=headers.get("etag", ""), last_modified=headers.get("last-modified", ""))
    return replace(after, due_at=next_visit(after, feed, visit, page, now=visit.at, jitter=toolbox.jitter()))


def _save(toolbox: Toolbox, noted: Sequence[Noted]) -> None:
    if not noted:
        return
    with toolbox.store.begin() as shelves:
        shelves.feeds.save(*(one.state for one in noted))
        shelves.feeds.log_visits(*(Visited(one.state.feed, one.at, one.outcome, problem=one.problem) for one in noted))
    toolbox.passing("poll: state saved")


def _articles(
    toolbox: Toolbox, plans: Sequence[Plan], answered: Sequence[Request], done: Round, progress: Progress
) -> Iterator[tuple[Plan, Reading]]:
    """Each plan with its articles, as soon as its last page is in.

    A plan whose pages could not be reached waits until another page is. When none is, and the feeds that have
    `answered` do so no longer, the network has gone meanwhile: nothing is ingested blind, the next round reads it all.
    """
    started: dict[int, Reading] = {id(work): {} for work in plans}
    owners: dict[Request, list[tuple[Plan, Item]]] = defaultdict(list)
    for work in plans:
        wanted = page_requests(work)
        for item, request in wanted.items():
            owners[request].append((work, item))
        for item in work.items:
            if item.needs_text and item not in wanted:
                started[id(work)][item] = _start(toolbox, work, item, None)
    missing = Counter(id(work) for shared in owners.values() for work, _ in shared)
    yield from ((work, started.pop(id(work))) for work in plans if not missing[id(work)])
    if toolbox.stopping():  # a closed door takes no visits
        return
    waiting: dict[int, Plan] = {}  # with pages not reached, since the last that was
    for visit in toolbox.fetcher.visit_many(list(owners)):
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
        yield from ((work, started.pop(id(work))) for work in ready)
    if waiting and _gone(toolbox, answered):
        done.offline = True
        log.error("the network went down in the middle of the round", feeds=len(waiting), what=_READ_AGAIN)
        return
    yield from ((work, started.pop(key)) for key, work in waiting.items() if not missing[key])


def _start(toolbox: Toolbox, work: Plan, item: Item, visit: Visit | None) -> Callable[[], Article]:
    task = extraction(work, item, visit)
    if task.page is None:
        return lambda: toolbox.extractor.start(task)()  # where a bug costs this feed alone
    return toolbox.extractor.start(task)


def _gone(toolbox: Toolbox, answered: Sequence[Request]) -> bool:
    """Whether no feed can be reached any more, of those that could be in this round; one a host is asked."""
    asked = list({host_of(request.url): request for request in answered}.values())[:_ASKED_AGAIN]
    return bool(asked) and all(cut_off(visit) for visit in toolbox.fetcher.visit_many(asked))
