"""Turns: limits in all and per host, gaps, and no host that blocks another."""

import asyncio
from collections.abc import Coroutine
from itertools import pairwise
from typing import Any

from monitor.fetch import manners
from monitor.fetch.manners import Manners


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner() as runner:
        runner.run(coroutine)


class Count:
    """Counts who has a turn at the same time, and when turns began."""

    def __init__(self, manners: Manners) -> None:
        self.manners = manners
        self.now: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.most_in_all = 0
        self.began: dict[str, list[float]] = {}

    async def take(self, host: str, seconds: float = 0.005) -> None:
        async with self.manners.turn(host):
            self.began.setdefault(host, []).append(asyncio.get_running_loop().time())
            self.now[host] = self.now.get(host, 0) + 1
            self.most[host] = max(self.most.get(host, 0), self.now[host])
            self.most_in_all = max(self.most_in_all, sum(self.now.values()))
            await asyncio.sleep(seconds)
            self.now[host] -= 1


def test_a_host_that_wants_more_time_has_it_whatever_its_crawl_delay() -> None:
    async def body() -> None:
        count = Count(Manners(parallel=9, per_host=4, gap=0, gaps={"slow.example": 0.05}))
        count.manners.slow_down("slow.example", 0.001)
        await asyncio.gather(*(count.take(host) for host in ["slow.example"] * 4 + ["quick.example"] * 4))
        gaps = [after - before for before, after in pairwise(count.began["slow.example"])]
        assert min(gaps) >= 0.045
        assert count.began["quick.example"][-1] < count.began["slow.example"][1]

    run(body())


def test_limits_per_host_and_in_all() -> None:
    async def body() -> None:
        count = Count(Manners(parallel=5, per_host=2, gap=0))
        await asyncio.gather(*(count.take(f"host-{number % 4}") for number in range(80)))
        assert set(count.most.values()) == {2}
        assert count.most_in_all == 5

    run(body())


def test_the_gap_is_kept_between_starts() -> None:
    async def body() -> None:
        count = Count(Manners(parallel=5, per_host=3, gap=0.02))
        await asyncio.gather(*(count.take("host", 0) for _ in range(6)))
        starts = count.began["host"]
        assert min(later - sooner for sooner, later in pairwise(starts)) >= 0.019

    run(body())


def test_a_slow_host_does_not_block_others() -> None:
    async def body() -> None:
        count = Count(Manners(parallel=3, per_host=2, gap=0))
        slow = [asyncio.create_task(count.take("slow", 0.3)) for _ in range(50)]
        await asyncio.sleep(0)
        async with asyncio.timeout(0.2):
            await asyncio.gather(*(count.take(f"quick-{number}", 0.001) for number in range(30)))
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    run(body())


def test_a_cancelled_visit_gives_its_turn_back() -> None:
    async def body() -> None:
        count = Count(Manners(parallel=1, per_host=1, gap=0))
        tasks = [asyncio.create_task(count.take("host", 10)) for _ in range(3)]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(1):
            await count.take("host")

    run(body())


def test_a_crawl_delay_lengthens_the_gap_and_never_shortens_it() -> None:
    async def body() -> None:
        turns = Manners(parallel=5, per_host=3, gap=0.02)
        turns.slow_down("host", 0.05)
        turns.slow_down("other", 0.001)
        count = Count(turns)
        await asyncio.gather(*(count.take(host, 0) for host in ("host", "host", "other", "other")))
        assert count.began["host"][1] - count.began["host"][0] >= 0.049
        assert count.began["other"][1] - count.began["other"][0] >= 0.019

    run(body())


def test_a_host_that_asked_for_patience_is_known_until_then() -> None:
    async def body() -> None:
        turns = Manners(parallel=5, per_host=3, gap=0)
        turns.shut("host", 100)
        turns.shut("host", 1)
        assert 99 < turns.shut_for("host") <= 100
        assert turns.shut_for("other") == 0

    run(body())


def test_idle_hosts_are_forgotten_and_shut_ones_are_not() -> None:
    async def body() -> None:
        turns = Manners(parallel=5, per_host=3, gap=0)
        turns.shut("shut", 100)
        for number in range(manners._MANY_LANES + 10):
            async with turns.turn(f"host-{number}"):
                pass
        assert len(turns._lanes) < 20
        assert turns.shut_for("shut") > 99

    run(body())
