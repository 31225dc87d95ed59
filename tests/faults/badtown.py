"""A town of outlets on many loopback addresses, in a process of its own, most of them with a bad habit of the web.

Each outlet is a `Habit` and has one feed of forty items. In phase 1 the bad ones misbehave; in phase 2 they are well
again, and every feed has moved on by ten items; in phase 3 nothing is new. The server measures what comes in.
"""

import gzip
import multiprocessing
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing.connection import Connection

import brotli

from tests.newsserver import Answer, NewsServer, Reply, Seen, redirect

ITEMS = 40
NEWER = 10
RETRY_AFTER = 3  # seconds


class Habit(StrEnum):
    """What an outlet does in phase 1; the first five do it for ever and are read all the same."""

    WELL = "well"
    MOVED_301 = "301"
    FOUND_302 = "302"
    TEMPORARY_307 = "307"
    MOVED_308 = "308"
    WRONG_PROLOG = "wrong prolog"
    BUSY = "429"
    DOWN = "503"
    RESET = "reset"
    TORN = "truncated gzip"
    GARBLED = "no gzip though it says so"
    DRIP = "1 B/s"
    HUGE = "50 MB"
    BOMB = "br bomb"
    GONE = "410"  # this and the last: for ever, and never read
    CIRCLE = "endless redirects"


SHOWS = frozenset(list(Habit)[:6])
NEVER = frozenset({Habit.GONE, Habit.CIRCLE})


@dataclass(frozen=True, slots=True)
class Outlet:
    """One feed, where it is and what it does."""

    number: int
    host: str
    habit: Habit

    @property
    def path(self) -> str:
        return f"/feed-{self.number}"


@dataclass
class Measured:
    """What the server saw."""

    seen: list[Seen] = field(default_factory=list)
    most_at_once: dict[str, int] = field(default_factory=dict)  # by host
    most_in_all: int = 0


def outlets(count: int, seed: int) -> list[Outlet]:
    """So many, every habit among them; every tenth host has three feeds."""
    luck = random.Random(seed)
    habits = [*Habit, *luck.choices(list(Habit), [8] + [1] * (len(Habit) - 1), k=count - len(Habit))]
    luck.shuffle(habits)
    # A Retry-After is for the whole host, so those that send one have theirs to themselves.
    alone = (Habit.BUSY, Habit.DOWN)
    town: list[Outlet] = []
    host = 0
    for number, habit in enumerate(habits):
        shared = number % 10 in (1, 2) and habit not in alone and town[-1].habit not in alone
        host += not shared
        town.append(Outlet(number, f"127.0.{1 + host // 200}.{1 + host % 200}", habit))
    return town


def document(number: int, start: int, *, prolog: str = "utf-8", encoding: str = "utf-8") -> bytes:
    """Forty items from `start` on."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{number}-{item}</guid><link>https://outlet{number}.test/story/{item}</link>"
        f"<title>Вісті {number}-{item}</title><description>Nothing of note, part {item}.</description></item>"
        for item in range(start, start + ITEMS)
    )
    head = f"<?xml version='1.0' encoding='{prolog}'?><rss version='2.0'><channel><title>Outlet</title>"
    text = f"{head}{items}</channel></rss>"
    return text.encode(encoding)


class Town:
    """Puts answers on a server."""

    def __init__(self, server: NewsServer, town: list[Outlet]) -> None:
        self._server = server
        self._town = town
        bomb = brotli.compress(bytes(60_000_000), quality=3)
        self._bad = {
            Habit.BUSY: Answer(429, headers={"Retry-After": str(RETRY_AFTER)}),
            Habit.DOWN: Answer(503, headers={"Retry-After": str(RETRY_AFTER)}),
            Habit.RESET: Answer(reset=True),
            Habit.GARBLED: Answer(body=b"<rss/>", headers={"Content-Encoding": "gzip"}),
            Habit.DRIP: Answer(body=b"<rss>" * 1_000, drip=1.0),
            Habit.HUGE: Answer(body=bytes(500_000), repeat=100, chunked=True),
            Habit.BOMB: Answer(body=bomb, headers={"Content-Encoding": "br"}),
        }
        self._ready = {(outlet, phase): self._replies(outlet, phase) for outlet in town for phase in (1, 2, 3)}

    def enter(self, phase: int) -> None:
        """From now on everybody does what they do in this phase."""
        for outlet in self._town:
            for path, reply in self._ready[outlet, phase].items():
                self._server.put(path, reply)

    def _replies(self, outlet: Outlet, phase: int) -> dict[str, Reply]:
        path, start = outlet.path, 0 if phase == 1 else NEWER
        packed = gzip.compress(document(outlet.number, start), 1)
        well = Conditional(packed, f'"{outlet.number}-{start}"')
        match outlet.habit:
            case Habit.GONE:
                return {path: Answer(410)}
            case Habit.CIRCLE:
                turns = {f"{path}/{turn}": redirect(f"{path}/{turn + 1}", 302 + 5 * (turn % 2)) for turn in range(20)}
                return {path: redirect(f"{path}/0"), **turns}
            case Habit.MOVED_301 | Habit.FOUND_302 | Habit.TEMPORARY_307 | Habit.MOVED_308:
                return {path: redirect(f"{path}/here", int(outlet.habit)), f"{path}/here": well}
            case Habit.WRONG_PROLOG:
                body = document(outlet.number, start, encoding="windows-1251")
                return {path: Answer(body=body, headers={"Content-Type": "application/xml; charset=windows-1251"})}
            case Habit.TORN if phase == 1:
                return {path: Answer(body=packed[:-40], headers={"Content-Encoding": "gzip"})}
            case habit if phase == 1 and habit in self._bad:
                return {path: self._bad[habit]}
            case _:
                return {path: well}


@dataclass(frozen=True, slots=True)
class Conditional:
    """An answer that knows its validator."""

    body: bytes  # packed
    etag: str

    def __call__(self, seen: Seen) -> Answer:
        if seen.headers.get("if-none-match") == self.etag:
            return Answer(304)
        headers = {"ETag": self.etag, "Content-Type": "application/rss+xml", "Content-Encoding": "gzip"}
        return Answer(body=self.body, headers=headers, delay=0.02)


def _run(pipe: Connection, town: list[Outlet]) -> None:
    hosts = sorted({outlet.host for outlet in town})
    with NewsServer(*hosts) as server:
        people = Town(server, town)
        people.enter(1)
        pipe.send(server.port)
        while (word := pipe.recv()) != "end":
            if isinstance(word, int):
                people.enter(word)
            pipe.send(Measured(server.seen, server.most_at_once, server.most_in_all))


@dataclass
class Running:
    """The town as its visitors find it."""

    port: int
    pipe: Connection

    def measured(self) -> Measured:
        """What came in up to now."""
        return self._say("measured")

    def enter(self, phase: int) -> Measured:
        """Go on to this phase."""
        return self._say(phase)

    def _say(self, word: object) -> Measured:
        self.pipe.send(word)
        answer = self.pipe.recv()
        assert isinstance(answer, Measured)
        return answer


@contextmanager
def running(town: list[Outlet]) -> Iterator[Running]:
    """The town, in phase 1; gone afterwards."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(there, town), daemon=True)
    process.start()
    try:
        yield Running(here.recv(), here)
        here.send("end")
    finally:
        process.terminate()
        process.join()
