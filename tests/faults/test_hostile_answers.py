"""Answers that are meant to hurt: each is given up in time, and none costs much memory.

In the short form the limits of time are a tenth of the shipped ones; `-m soak` uses those as they are.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from monitor.fetch import Fetcher, FetchOptions
from monitor.model import Failed, Failure, Request
from tests.faults.hostile import BOMBS, hostile_server

MOST_MEGABYTES = 64
SLACK = 1.5  # seconds; a busy machine


@pytest.fixture(scope="module")
def attacks() -> Iterator[tuple[int, list[str]]]:
    with hostile_server() as running:
        yield running


class Peak:
    """The most memory that this process holds meanwhile, in MB more than at the start."""

    def __enter__(self) -> "Peak":
        self._start = self.most = _resident()
        self._stop = Event()
        self._thread = Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.005):
            self.most = max(self.most, _resident())

    @property
    def growth(self) -> float:
        return self.most - self._start


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def attack(port: int, names: list[str], options: FetchOptions, within: float) -> None:
    """All attacks at the same time, and their end."""
    took: dict[str, float] = {}
    ended: dict[str, Failed] = {}
    with Fetcher(options) as fetcher, Peak() as peak:
        started = time.monotonic()
        for visit in fetcher.visit_many(Request(f"http://127.0.0.1:{port}/{name}", "feed", name) for name in names):
            took[visit.request.feed] = time.monotonic() - started
            assert isinstance(visit, Failed), visit.request.feed
            ended[visit.request.feed] = visit
    assert set(took) == set(names)
    assert {name: round(seconds, 1) for name, seconds in took.items() if seconds > within} == {}
    assert peak.growth < MOST_MEGABYTES
    allowed = {Failure.TIMEOUT, Failure.TOO_LARGE, Failure.BROKEN, Failure.REDIRECTS, Failure.STATUS}
    assert {visit.failure for visit in ended.values()} <= allowed
    slow = {name for name, visit in ended.items() if visit.failure is Failure.TIMEOUT}
    assert {"slow_body", "slow_chunks", "slow_head", "slow_after_a_burst", "slow_trailers", "silence"} <= slow


def options(scale: float) -> FetchOptions:
    shipped = FetchOptions()
    return FetchOptions(
        allow_private=("127.0.0.0/8",),
        host_gap_seconds=0.0,
        per_host=16,
        parallel=64,
        first_byte_seconds=shipped.first_byte_seconds * scale,
        total_seconds=shipped.total_seconds * scale,
    )


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_each_ends_in_time_and_none_fills_the_memory(attacks: tuple[int, list[str]]) -> None:
    port, names = attacks
    assert len(names) >= 18 + BOMBS - 1
    attack(port, names, options(0.1), 2 * (2.0 + SLACK))


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_by_the_shipped_limits_each_ends_within_20_seconds(attacks: tuple[int, list[str]]) -> None:
    port, names = attacks
    for start in range(0, len(names), 16):  # so that none waits for its host's turn
        attack_alone(port, names[start : start + 16])


def attack_alone(port: int, names: list[str]) -> None:
    with Fetcher(options(1.0)) as fetcher, Peak() as peak:
        started = time.monotonic()
        for visit in fetcher.visit_many([Request(f"http://127.0.0.1:{port}/{name}", "feed", name) for name in names]):
            assert isinstance(visit, Failed), visit.request.feed
            assert time.monotonic() - started <= 20.0 + SLACK, visit.request.feed
    assert peak.growth < MOST_MEGABYTES
