"""A worker's jobs; workers at work are in tests/faults/test_workers.py."""

import asyncio

from monitor import cluster
from monitor.errors import StoreError


def test_a_job_that_fails_takes_nobody_down() -> None:
    def fail() -> int:
        raise StoreError("the disk is full")

    def trip() -> int:
        raise ZeroDivisionError

    async def all_three() -> list[int | None]:
        return [await cluster._aside(name, job) for name, job in (("a", fail), ("b", trip), ("c", lambda: 3))]

    assert asyncio.run(all_three()) == [None, None, 3]
