"""Days of 100,000 feeds and more: the program's own pacing before an internet of numbers, by a virtual clock.

    python -m benchmarks.internet [--feeds 100000] [--days 3] [--workers 4] [--batch 500] [--waits] [--measure]
    python -m benchmarks.internet --feeds 1000 --archive sqlite:////tmp/archive.db

When a feed is due, what is asked of its server and what is learned from the answer are decided by `monitor.pacing`;
only web and time are numbers (`benchmarks.outlets`). Workers take batches of due feeds, the longest due first. By
default what is due stands in a heap, which answers as the archive does; with `--archive` it is asked of a real archive,
which a feed's state is written back to. `--waits`: a worker takes its next batch with the next tick, as `monitor run`
does; without, it goes on as long as batches are full.

A worker's round lasts as long as its slowest host (32 visits at a time, 2 of a host, a second between two of them) or
as long as its CPU needs by `benchmarks.costs`, whichever is more; its items are found when it ends. The first day is
not counted (`--warm`): there everything is due at once and no rhythm is known.
"""

import argparse
import heapq
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from benchmarks.costs import Costs, measure
from benchmarks.outlets import DAY, Delays, Outlet, internet
from monitor.app import FEEDS_PER_ROUND, limits_of
from monitor.fetch import FetchOptions
from monitor.jobs.claiming import LEASE
from monitor.model import Entry, Failed, Failure, Feed, FeedPage, FeedState, Fresh, Request, Unchanged, Visit
from monitor.pacing import Reading, address_of, after_visit, asks_for_all
from monitor.settings.models import MainOptions
from monitor.store import Store, open_store

START = datetime(2026, 3, 2, tzinfo=UTC)
DUE = 7_200.0  # seconds: what stood for so long in a document that could be had must not be missed
PACE = limits_of(MainOptions()).pace
FETCH = FetchOptions()
_QUANTILES = (("median", 0.5), ("90 %", 0.9), ("99 %", 0.99))
REQUEST, NOTHING, HEAD = 450, 350, 700  # bytes: of a request, of an answer without a body, of another's headers


@dataclass(frozen=True)
class Plan:
    """What is played."""

    feeds: int
    days: float
    workers: int = 4
    batch: int = FEEDS_PER_ROUND
    tick: float = 60.0  # seconds until a worker without a full batch asks again
    waits: bool = False  # a worker waits for its tick even after a full batch
    pages: float = 0.25  # of the new items: whose page is fetched
    warm: float = 1.0  # days that are not counted
    seed: int = 1


@dataclass
class Done:
    """What was done and missed, after the warm days."""

    requests: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    received: float = 0.0  # bytes
    sent: float = 0.0
    items: int = 0  # found
    missed: int = 0  # that had stood for two hours
    missed_early: int = 0  # the others: of what came and went before pacing promises to look
    batches: int = 0
    cpu: float = 0.0  # seconds, by `Costs`
    rows: float = 0.0
    busy: float = 0.0  # seconds of all workers
    delays: Delays = field(default_factory=Delays)  # published → found
    lateness: Delays = field(default_factory=Delays)  # due → taken
    minutes: Counter[int] = field(default_factory=Counter)  # requests by minute


class Claims(Protocol):
    """Which feeds are due, and what becomes of it."""

    def take(self, worker: int, now: datetime, limit: int) -> list[int]:
        """At most `limit` feeds that are due and that nobody else has, the longest due first."""

    def settle(self, steps: Sequence[tuple[int, FeedState, FeedState]]) -> None:
        """They were visited: (feed, its state before, after)."""


class Heap:
    """In memory: as the archive's own list of what is due, at a fraction of the price."""

    def __init__(self, feeds: int) -> None:
        self._due = [(START, number) for number in range(feeds)]

    def take(self, worker: int, now: datetime, limit: int) -> list[int]:
        """The first ones."""
        del worker
        due, taken = self._due, list[int]()
        while due and len(taken) < limit and due[0][0] <= now:
            taken.append(heapq.heappop(due)[1])
        return taken

    def settle(self, steps: Sequence[tuple[int, FeedState, FeedState]]) -> None:
        """Put them back."""
        for number, _, after in steps:
            heapq.heappush(self._due, (after.due_at, number))


class Archive:
    """A real archive, asked and told as a round of polling does it: by claims with a lease."""

    def __init__(self, store: Store, feeds: int) -> None:
        self._store = store
        with store.begin() as shelves:
            shelves.feeds.sync([Feed(name_of(number), _address(number)) for number in range(feeds)], START)

    def take(self, worker: int, now: datetime, limit: int) -> list[int]:
        """What its shelf of claims says."""
        with self._store.claiming() as shelves:
            return [int(state.feed[1:]) for state in shelves.claims.take(f"worker {worker}", now, limit, LEASE)]

    def settle(self, steps: Sequence[tuple[int, FeedState, FeedState]]) -> None:
        """Note what changed."""
        with self._store.begin() as shelves:
            shelves.feeds.amend(*((before, after) for _, before, after in steps))


def name_of(number: int) -> str:
    """Of a feed; in the order of their names they are in the order of their numbers."""
    return f"f{number:07}"


def _address(number: int) -> str:
    return f"https://{name_of(number)}.example/feed"


class World:
    """All feeds with what is remembered of them, and what is done."""

    def __init__(self, plan: Plan, costs: Costs, claims: Claims) -> None:
        self.plan, self.costs, self.claims, self.done = plan, costs, claims, Done()
        self._dice = random.Random(plan.seed)  # noqa: S311 - repeatable numbers, no secret
        self._outlets = internet(plan.seed, plan.feeds)
        self._states = [FeedState(name_of(number), START) for number in range(plan.feeds)]
        self._counted = False

    def play(self) -> Done:
        """All days."""
        plan, end = self.plan, self.plan.days * DAY
        free = [(float(number), number) for number in range(plan.workers)]  # they never tick in step
        while free[0][0] < end:
            now, worker = heapq.heappop(free)
            self._counted = now >= plan.warm * DAY
            taken = self.claims.take(worker, START + timedelta(seconds=now), plan.batch)
            lasted = self._round(now, taken) if taken else 0.0
            tick = now + plan.tick * (1 + int(lasted // plan.tick))
            again = now + lasted if len(taken) == plan.batch and not plan.waits else tick
            heapq.heappush(free, (again, worker))
        for outlet in self._outlets:
            outlet.go_on(end)
            self._lose(outlet.lost_at_the_end(end))
        return self.done

    def _round(self, now: float, taken: list[int]) -> float:
        """A worker's visits to a batch of feeds; how long they take it."""
        turns = _turns(now, [self._outlets[number] for number in taken])
        cpu, rows, found, steps = 0.0, 0.0, list[float](), []
        for number, start, over in sorted(
            ((number, *turn) for number, turn in zip(taken, turns, strict=True)), key=lambda turn: turn[2]
        ):
            before = self._states[number]
            if self._counted:
                self.done.lateness.add(now - (before.due_at - START).total_seconds())
                self.done.minutes[int(start // 60)] += 1
            after, kind, new = self._visit(number, before, over)
            steps.append((number, before, after))
            found += new
            cpu += (self.costs.read if kind == "read" else self.costs.unchanged) / 1e3
            rows += self.costs.rows_visit
        pages = sum(self._dice.random() < self.plan.pages for _ in found)
        cpu += (self.costs.item * (len(found) - pages) + self.costs.page * pages) / 1e3
        lasted = max(max(over for _, over in turns) - now, cpu)
        self.claims.settle(steps)
        for number, _, after in steps:
            self._states[number] = after
        if self._counted:
            self._count(now + lasted, found, pages, cpu, rows)
            self.done.busy += lasted
        return lasted

    def _count(self, end: float, found: Sequence[float], pages: int, cpu: float, rows: float) -> None:
        done = self.done
        done.batches += 1
        done.cpu += cpu
        done.items += len(found)
        done.rows += rows + self.costs.rows_item * len(found)
        done.sent += REQUEST * pages
        done.received += self.costs.bytes_page * pages
        for published in found:
            done.delays.add(end - published)

    def _visit(self, number: int, state: FeedState, moment: float) -> tuple[FeedState, str, list[float]]:
        """(its state after a visit at this moment, what came of it, when the items found were published)"""
        outlet, feed = self._outlets[number], Feed(state.feed, _address(number))
        at = START + timedelta(seconds=moment)
        known = not asks_for_all(state, at, PACE)
        request = Request(address_of(feed, state), "feed", feed.name, state.etag if known else "")
        visit = _answer(outlet, request, at, outlet.go_on(moment))
        self._note(visit, outlet)
        dice, read, found = self._dice.random(), None, list[float]()
        if isinstance(visit, Fresh) and (outlet.unseen or not state.body_hash):
            read = outlet.read(moment)
            found = list(read.found) if state.full_at else []  # what stood there at the start is no news
            page = _page(outlet, feed.name)
            fresh = len(read.found) if state.full_at else len(page.entries)
            reading = Reading(page, len(page.entries), len(page.entries) - fresh)
            after = after_visit(state, feed, visit, reading, pace=PACE, jitter=dice)
            self._lose(read.lost)
            return replace(after, body_hash="read"), "read", found
        problem = str(visit) if isinstance(visit, Failed) else ""
        kind = "failed" if problem else "unchanged"
        return after_visit(state, feed, visit, None, problem, pace=PACE, jitter=dice), kind, found

    def _note(self, visit: Visit, outlet: Outlet) -> None:
        if not self._counted:
            return
        done = self.done
        done.requests += 1
        done.sent += REQUEST
        match visit:
            case Unchanged():
                done.outcomes["not modified"] += 1
                done.received += NOTHING
            case Fresh():
                done.outcomes["document"] += 1
                done.received += HEAD + self.costs.bytes_item * min(outlet.size, len(outlet.moments))
            case Failed():
                done.outcomes["failed"] += 1
                done.received += NOTHING

    def _lose(self, stood: Sequence[float]) -> None:
        if self._counted:
            late = sum(seconds >= DUE for seconds in stood)
            self.done.missed += late
            self.done.missed_early += len(stood) - late


def _answer(outlet: Outlet, request: Request, at: datetime, up: bool) -> Visit:
    if outlet.gone:
        return Failed(request, Failure.STATUS, "HTTP 404", at, status=404)
    if not up:
        silent = outlet.host.silent
        return Failed(request, Failure.TIMEOUT if silent else Failure.STATUS, "", at, status=None if silent else 502)
    tag = f'"{outlet.published}"' if outlet.tags else ""
    if tag and request.etag == tag:
        return Unchanged(request, at)
    return Fresh(request, request.url, 200, {"etag": tag} if tag else {}, b"", at)


def _page(outlet: Outlet, feed: str) -> FeedPage:
    moments = outlet.moments[-outlet.size :]
    entries = [Entry(feed, "", "", "", published=START + timedelta(seconds=one)) for one in moments]
    return FeedPage("", "", "", tuple(entries), ttl=timedelta(minutes=outlet.wish) if outlet.wish else None)


def _turns(now: float, outlets: Sequence[Outlet]) -> list[tuple[float, float]]:
    """(start, end) of each visit of a round by the manners of `monitor.fetch`, in the order of `outlets`."""
    free: dict[int, float] = defaultdict(lambda: now)
    seats: dict[int, list[float]] = defaultdict(lambda: [now] * FETCH.per_host)
    wanted = []
    for place, outlet in enumerate(outlets):
        host, gone_silent = outlet.host, outlet.down[0] <= now < outlet.down[1] and outlet.host.silent
        takes = FETCH.first_byte_seconds if gone_silent else host.latency
        start = max(free[host.number], seats[host.number][0])
        free[host.number] = start + FETCH.host_gap_seconds
        heapq.heapreplace(seats[host.number], start + takes)
        wanted.append((start, place, takes))
    all_seats = [now] * FETCH.parallel
    turns = [(now, now)] * len(wanted)
    for start, place, takes in sorted(wanted):
        begin = max(start, all_seats[0])
        heapq.heapreplace(all_seats, begin + takes)
        turns[place] = (begin, begin + takes)
    return turns


def report(plan: Plan, costs: Costs, done: Done) -> list[str]:
    """What was found, in lines."""
    days = plan.days - plan.warm
    seconds, whole = days * DAY, max(done.items + done.missed + done.missed_early, 1)
    shares = ", ".join(f"{kind} {count / max(done.requests, 1):.0%}" for kind, count in done.outcomes.most_common())
    busiest = max(done.minutes.values(), default=0) / 60
    delays = ", ".join(f"{name} {_span(done.delays.at(at))}" for name, at in _QUANTILES)
    used = f"{done.cpu / seconds:.2f} cores on average, {done.cpu / days / plan.feeds:.2f} s a feed and day"
    told = {
        "requests a day": f"{done.requests / days:,.0f} ({done.requests / days / plan.feeds:.1f} a feed): {shares}",
        "requests a second": f"{done.requests / seconds:.1f}, in the busiest minute {busiest:.1f}",
        "bytes a day": f"{done.received / days / 1e9:.2f} GB in, {done.sent / days / 1e9:.2f} GB out",
        "items a day": f"{done.items / days:,.0f} found",
        "missed": f"{done.missed / whole:.2%} could be had for two hours; {done.missed_early / whole:.2%} for less",
        "published → found": delays,
        "due → taken": f"median {_span(done.lateness.at(0.5))}, 99 % {_span(done.lateness.at(0.99))}",
        "jobs a second": f"{done.batches / seconds:.2f} batches, {done.items * plan.pages / seconds:.1f} pages",
        "rows a second": f"{done.rows / seconds:,.0f} written",
        "CPU": f"{used}; workers busy {done.busy / seconds / plan.workers:.0%} of the time",
        "costs": ", ".join(f"{one.name} {getattr(costs, one.name):g}" for one in fields(costs)),
    }
    head = f"{plan.feeds:,} feeds, {days:g} days after {plan.warm:g}, {plan.workers} workers, batches of {plan.batch}"
    return [head, *(f"{name:<19} {value}" for name, value in told.items())]


def _span(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3600:.1f} h"


def play(plan: Plan, costs: Costs, archive: str = "") -> Done:
    """Play it, what is due asked of `archive` (a URL) where there is one."""
    if not archive:
        return World(plan, costs, Heap(plan.feeds)).play()
    store = open_store(archive)
    try:
        return World(plan, costs, Archive(store, plan.feeds)).play()
    finally:
        store.close()


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=100_000)
    parser.add_argument("--days", type=float, default=3.0, help="all, with those that are not counted")
    parser.add_argument("--warm", type=float, default=1.0, help="days that are not counted")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--batch", type=int, default=FEEDS_PER_ROUND, help="feeds that a worker takes at once")
    parser.add_argument("--waits", action="store_true", help="a worker takes a batch a tick, as `monitor run` does")
    parser.add_argument("--pages", type=float, default=0.25, help="share of the new items whose page is fetched")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--archive", default="", help="URL of an archive that is asked what is due; made when missing")
    parser.add_argument("--measure", action="store_true", help="measure the costs on this machine first")
    given = parser.parse_args()
    costs = measure() if given.measure else Costs()
    plan = Plan(
        given.feeds,
        given.days,
        given.workers,
        given.batch,
        waits=given.waits,
        pages=given.pages,
        warm=given.warm,
        seed=given.seed,
    )
    started = time.process_time()
    lines = report(plan, costs, play(plan, costs, given.archive))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    lines.append(f"this took           {time.process_time() - started:.0f} s of CPU, {memory:,.0f} MB of memory")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
