"""Pacing before a whole press: nothing is missed that could be seen, at a fraction of the requests.

The decisions are the program's own, only the web is numbers; a smaller press goes through the whole of `poll` and a
real archive. `-m soak` is thirty days long.
"""

import heapq
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from msgspec.structs import replace

from monitor.jobs.poll import poll
from monitor.model import Failed, Feed, FeedPage, FeedState, Fresh, Request, Visit, Window
from monitor.pacing import Pace, Reading, address_of, after_visit, asks_for_all
from tests.fakes import FixedClock
from tests.faults.feedworld import DAY, DUE, Outlet, press
from tests.unit.jobs.conftest import Bench, bench

__all__ = ["bench"]  # the fixture

START = datetime(2026, 3, 2, tzinfo=UTC)
PACE = Pace(start=timedelta(minutes=30), shortest=timedelta(minutes=10), longest=timedelta(minutes=120))
TICK = timedelta(minutes=1)
FIXED = timedelta(minutes=15)


@dataclass
class Seen:
    """What a reader did and missed."""

    requests: int = 0
    published: int = 0
    missed: int = 0  # of those that stood in the document for two hours
    missed_early: int = 0  # of the others
    where: Counter[str] = field(default_factory=Counter)


def play(outlets: list[Outlet], days: float, seed: int) -> Seen:
    """Visit all of them for so many days as pacing decides."""
    dice, seen, end = random.Random(seed), Seen(), START + timedelta(days=days)
    states = {}
    queue: list[tuple[datetime, int]] = []
    upto = [0] * len(outlets)
    for number, outlet in enumerate(outlets):
        states[number] = FeedState(outlet.name, START)
        upto[number] = outlet.span_at(0)[0]
        heapq.heappush(queue, (START + timedelta(seconds=dice.uniform(0, 60)), number))
    while queue[0][0] < end:
        due, number = heapq.heappop(queue)
        outlet, state = outlets[number], states[number]
        at = START + TICK * -((START - due) // TICK)  # the next tick
        state = visit_once(outlet, state, at, dice, upto, number, seen)
        states[number] = state
        heapq.heappush(queue, (state.due_at, number))
    for number, outlet in enumerate(outlets):
        first = outlet.span_at(0)[0]
        seen.published += len(outlet.moments) - first
        count_missed(outlet, upto[number], len(outlet.moments), days * DAY, seen)
    return seen


def visit_once(
    outlet: Outlet, state: FeedState, at: datetime, dice: random.Random, upto: list[int], number: int, seen: Seen
) -> FeedState:
    feed = Feed(outlet.name, f"https://{outlet.name}.example/feed")
    known = not asks_for_all(state, at, PACE)
    visit, page = outlet.answer(Request(address_of(feed, state), "feed", feed.name, state.etag if known else ""), at)
    seen.requests += 1
    problem, reading = str(visit) if isinstance(visit, Failed) else "", None
    if page is not None:
        first, end = outlet.span_at((at - outlet.start).total_seconds())
        count_missed(outlet, upto[number], first, (at - outlet.start).total_seconds(), seen)
        known_items = max(0, min(upto[number], end) - first) if state.full_at else 0
        if known_items < end - first or state.body_hash == "":
            reading = Reading(page, end - first, known_items)
        upto[number] = end
    after = after_visit(state, feed, visit, reading, problem, pace=PACE, jitter=dice.random())
    return replace(after, body_hash="read") if isinstance(visit, Fresh) else after


def count_missed(outlet: Outlet, first: int, end: int, until: float, seen: Seen) -> None:
    """Items from `first` to `end` were not seen up to now."""
    for item in range(first, end):
        if outlet.available(item, until) >= DUE:
            seen.missed += 1
            seen.where[f"{outlet.name} {outlet.lies} {'down' if outlet.down else ''}"] += 1
        else:
            seen.missed_early += 1


def judge(days: float, count: int, seed: int) -> Seen:
    seen = play(press(seed, count, days, START), days, seed)
    fixed = count * days * (timedelta(days=1) / FIXED)
    print(
        f"{count} feeds, {days:g} days: {seen.requests:,} requests, {seen.requests / fixed:.1%} of fixed 15 minutes; "
        f"{seen.published:,} items, missed {seen.missed} that stood for 2 h, {seen.missed_early:,} that did not"
    )
    assert seen.missed == 0, seen.where
    assert seen.requests <= 0.4 * fixed
    return seen


def test_days_of_a_press_miss_nothing_at_a_fraction_of_the_requests() -> None:
    judge(2, 150, 1)


@dataclass
class PressWeb:
    """The press over a wire: documents as RSS."""

    clock: FixedClock
    outlets: dict[str, Outlet]
    requests: int = 0

    def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
        for request in requests:
            self.requests += 1
            visit, page = self.outlets[request.feed].answer(request, self.clock())
            yield replace(visit, body=rss_of(page)) if isinstance(visit, Fresh) and page else visit


def rss_of(page: FeedPage) -> bytes:
    items = "".join(
        f"<item><guid isPermaLink='false'>{entry.id}</guid><link>{entry.link}</link><title>{entry.title}</title>"
        + (f"<pubDate>{format_datetime(entry.published)}</pubDate>" if entry.published else "")
        + "</item>"
        for entry in page.entries
    )
    ttl = f"<ttl>{page.ttl.total_seconds() / 60:.0f}</ttl>" if page.ttl else ""
    return f"<rss version='2.0'><channel><title>{page.title}</title>{ttl}{items}</channel></rss>".encode()


def play_for_real(tools: Bench, count: int, days: float, seed: int) -> None:
    """The same through `poll`, with a real archive: what is due, what is known and what is stored are its own."""
    calm = [one for one in press(seed, 4 * count, days, START) if len(one.moments) < 300 * days]
    outlets = {one.name: one for one in calm[:count]}
    feeds = {name: Feed(name, f"https://{name}.example/feed", pages="never") for name in outlets}
    web, dice, end = PressWeb(tools.clock, outlets), random.Random(seed), START + timedelta(days=days)
    tools.change(fetcher=web, feeds=feeds, jitter=dice.random)
    tools.clock.now = START
    while tools.clock() < end:
        poll(tools.tools)
        with tools.store.read() as shelves:
            due = min(state.due_at for state in shelves.feeds.states(feeds).values())
        tools.clock.now = max(tools.clock() + TICK, START + TICK * -((START - due) // TICK))
    for name, outlet in outlets.items():
        first, last = outlet.span_at(0)[0], outlet.span_at(days * DAY)[1]
        identities = {f"id:{item}": item for item in range(first, last)}
        with tools.store.read() as shelves:
            stored = shelves.articles.known(name, identities)
        missed = [
            item for key, item in identities.items() if key not in stored and outlet.available(item, days * DAY) >= DUE
        ]
        assert missed == [], f"{name} {outlet.lies} {outlet.down}"
        assert len({one.article for one in stored.values()}) == len(stored)
    with tools.store.read() as shelves:
        found = shelves.feeds.coverage(Window(START - TICK, end), list(feeds.values()))
    assert found.edited == 0
    assert web.requests <= 0.4 * len(feeds) * days * (timedelta(days=1) / FIXED)


def test_a_day_through_the_whole_of_poll(bench: Bench) -> None:
    play_for_real(bench, 12, 1, 5)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_ten_days_through_the_whole_of_poll(bench: Bench) -> None:
    play_for_real(bench, 30, 10, 6)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_month_of_a_press(seed: int) -> None:
    judge(30, 500, seed)
