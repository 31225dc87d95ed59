"""A worker's jobs; workers at work are in tests/faults/test_workers.py."""

import asyncio
from types import SimpleNamespace
from typing import Any

import procrastinate
import pytest
from procrastinate.jobs import Job
from procrastinate.schema import SchemaManager

from monitor import cluster
from monitor.errors import StoreError
from monitor.store import Queue


def test_a_job_that_fails_takes_nobody_down() -> None:
    def fail() -> int:
        raise StoreError("the disk is full")

    def trip() -> int:
        raise ZeroDivisionError

    async def all_three() -> list[int | None]:
        return [await cluster._aside(name, job) for name, job in (("a", fail), ("b", trip), ("c", lambda: 3))]

    assert asyncio.run(all_three()) == [None, None, 3]


def test_what_another_worker_took_up_already_stays_in_the_queue(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing() -> None:
        return

    app: Any = SimpleNamespace(deliver=nothing, refetch=nothing, back_up=nothing, tidy=nothing)
    queue = Queue.of(server_url, procrastinate.__version__, SchemaManager.get_schema())

    async def twice() -> list[str | None]:
        worker = cluster.Worker(app, queue, read_settings=lambda: app, keep=nothing)
        jobs = worker._tasks.job_manager
        async with worker._tasks.open_async():
            await worker._poll_task.configure(queueing_lock="poll 0").defer_async()
            stalled = await jobs.fetch_job(["polls"], await jobs.register_worker())
            assert stalled is not None

            async def always(**_: float) -> list[Job]:
                return [stalled]

            monkeypatch.setattr(jobs, "get_stalled_jobs", always)
            await worker._resume()
            await worker._resume()
            return [job.status for job in await jobs.list_jobs_async()]

    assert asyncio.run(twice()) == ["todo"]
