"""A worker's jobs; workers at work are in tests/faults/test_workers.py."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import procrastinate
import psycopg
import pytest
from msgspec.structs import replace
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.schema import SchemaManager
from psycopg_pool import AsyncConnectionPool

from monitor import cluster
from monitor.cluster import hand_out
from monitor.errors import StoreError
from monitor.jobs.backfill import Errand
from monitor.model import FeedState
from monitor.settings.texts import config_texts
from monitor.store import ArchiveLock, Queue, open_store
from tests.builders import a_feed


def _nothing() -> None:
    return


@pytest.fixture(autouse=True)
def _empty(server_url: str) -> None:
    """What other tests left in the queue is gone."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS public_queue CASCADE")


def _queue(url: str) -> Queue:
    return Queue.of(url, procrastinate.__version__, SchemaManager.get_schema())


def _waiting(url: str) -> list[tuple[str, str | None, dict[str, Any]]]:
    """The jobs in the queue that nobody does yet: task, lock, what it is told."""

    async def ask() -> list[tuple[str, str | None, dict[str, Any]]]:
        connector = procrastinate.PsycopgConnector(
            conninfo=_queue(url).conninfo, kwargs={"options": _queue(url).options}
        )
        async with procrastinate.App(connector=connector).open_async() as tasks:
            jobs = await tasks.job_manager.list_jobs_async(status="todo")
            return [(job.task_name, job.lock, dict(job.task_kwargs)) for job in jobs]

    return asyncio.run(ask())


ERRANDS = [Errand(name, "2026-01-01", "", "2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00") for name in "ab"]


def test_an_errand_waits_once(server_url: str) -> None:
    assert hand_out(server_url, ERRANDS) == 2
    assert hand_out(server_url, [*ERRANDS, replace(ERRANDS[0], via="sitemap")]) == 1
    waiting = _waiting(server_url)
    assert [name for name, _, _ in waiting] == ["backfill"] * 3
    assert Errand(**waiting[0][2]) == ERRANDS[0]
    assert len({lock for _, lock, _ in waiting}) == 3


def test_what_a_slice_leaves_is_asked_for_and_what_fails_is_tried_again(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: dict[str, list[bool | Exception]] = {"a": [True, False], "b": [StoreError("the disk is full"), False]}
    done: list[str] = []

    def fill_slice(_tools: object, errand: Errand, _pause: object) -> bool:
        done.append(errand.feed)
        answer = answers[errand.feed].pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(cluster, "fill_slice", fill_slice)
    app: Any = SimpleNamespace(refetch=_nothing, back_up=_nothing, tidy=_nothing, toolbox=None)
    hand_out(server_url, ERRANDS)

    async def work() -> list[tuple[str, int]]:
        worker = cluster.Worker(app, _queue(server_url), read_settings=lambda: app, keep=lambda _settings: None)
        async with worker._tasks.open_async():
            await worker._tasks.run_worker_async(queues=["past"], wait=False, delete_jobs="always")
            left = await worker._tasks.job_manager.list_jobs_async()
            return [(str(job.task_kwargs["feed"]), job.attempts) for job in left if job.task_name == "backfill"]

    assert asyncio.run(work()) == [("b", 1)], "it waits for its second try"
    assert sorted(done) == ["a", "a", "b"]


def test_each_message_is_a_job_of_its_own_and_channels_do_not_wait_for_each_other(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "waiting", lambda _tools: [("mail", "one"), ("mail", "two"), ("slack", "three")])
    monkeypatch.setattr(cluster, "tell_operator", lambda _tools: None)
    beats: list[str] = []

    def beating(name: str, _every: object, job: Callable[[], object]) -> object:
        beats.append(name)
        return job()

    app: Any = SimpleNamespace(refetch=_nothing, back_up=_nothing, tidy=_nothing, toolbox=None, beating=beating)

    async def ask() -> None:
        worker = cluster.Worker(app, _queue(server_url), read_settings=lambda: app, keep=lambda _settings: None)
        async with worker._tasks.open_async():
            await worker._deliver()
            await worker._deliver()  # what waits is not asked for twice

    asyncio.run(ask())
    assert beats == ["deliver"] * 2, "`monitor health` misses it where there is no mail for long"
    assert [(lock, told) for _, lock, told in _waiting(server_url)] == [
        ("channel mail", {"channel": "mail", "key": "one"}),
        ("channel mail", {"channel": "mail", "key": "two"}),
        ("channel slack", {"channel": "slack", "key": "three"}),
    ]


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
    app: Any = SimpleNamespace(refetch=_nothing, back_up=_nothing, tidy=_nothing)
    queue = _queue(server_url)

    async def twice() -> list[str | None]:
        worker = cluster.Worker(app, queue, read_settings=lambda: app, keep=lambda _settings: None)
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


def _settings(folder: Path, feeds: str) -> Any:
    folder.mkdir()
    (folder / "monitor.toml").write_text(f'[archive]\nfolder = "{folder}"\n', "utf-8")
    (folder / "feeds.toml").write_text(feeds, "utf-8")
    return SimpleNamespace(texts=config_texts(folder))


def test_workers_with_another_configuration_are_noticed_and_those_with_the_same_are_not(
    tmp_path: Path, server_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs, other = (_settings(tmp_path / name, feeds) for name, feeds in (("a", "1"), ("b", "1"), ("c", "2")))
    with (
        ArchiveLock(tmp_path, server_url, shared=True) as here,
        ArchiveLock(tmp_path, server_url, shared=True) as there,
    ):
        company, neighbour = cluster.Company(here), cluster.Company(there)
        for _ in range(3):
            neighbour.keep(theirs)
            company.keep(ours)
        assert "another configuration" not in capsys.readouterr().out
        neighbour.keep(other)
        for _ in range(4):
            company.keep(ours)
        assert capsys.readouterr().out.count("another configuration") == 1


def test_a_worker_whose_clock_is_wrong_does_not_start(
    tmp_path: Path, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Ahead":
            return super().now(tz) + timedelta(minutes=7)

    monkeypatch.setattr(cluster, "datetime", Ahead)
    with (
        ArchiveLock(tmp_path, server_url, shared=True) as lock,
        pytest.raises(StoreError, match=r"clock is 7 min ahead of that of the archive's server.*let NTP set both"),
    ):
        cluster.Company(lock).keep(_settings(tmp_path / "a", ""))


def test_a_server_that_is_away_for_long_is_waited_for(server_url: str) -> None:
    class Impatient(AsyncConnectionPool):
        async def wait(self, timeout: float = 30.0) -> None:  # noqa: ASYNC109 - as the library has it
            await super().wait(0.2 if "nowhere" in str(self.conninfo) else timeout)

    places = iter(["host=/nowhere", "host=/nowhere", _queue(server_url).conninfo])
    connector = cluster.Connector(pool_factory=lambda **more: Impatient(next(places), **more))

    async def ask() -> dict[str, Any]:
        for _ in range(2):
            with pytest.raises(ConnectorException):
                await connector.open_async()
        await connector.open_async()
        try:
            return dict(await connector.execute_query_one_async("SELECT 1 AS here"))
        finally:
            await connector.close_async()

    assert asyncio.run(ask()) == {"here": 1}


def test_a_worker_that_ends_by_a_bug_does_not_end_as_if_it_was_told_to(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(_worker: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cluster.Worker, "_work", work)
    settings = SimpleNamespace(feeds=(), without_forms=())
    app: Any = SimpleNamespace(
        refetch=_nothing,
        back_up=_nothing,
        tidy=_nothing,
        stop=_nothing,
        settings=settings,
        toolbox=SimpleNamespace(holder="one"),
    )
    worker = cluster.Worker(app, _queue(server_url), read_settings=lambda: app, keep=lambda _settings: None)
    with pytest.raises(ZeroDivisionError):
        worker.run()


def test_no_digest_is_composed_before_new_feeds_are_visited(server_url: str) -> None:
    """A new archive knows of no feed, and so of none that is due."""
    now, digests = datetime.now(UTC), list[int]()
    feed = a_feed()
    with closing(open_store(server_url)) as store:
        toolbox = SimpleNamespace(store=store, now=lambda: now, feeds={feed.name: feed})
        app: Any = SimpleNamespace(
            refetch=_nothing, back_up=_nothing, tidy=_nothing, toolbox=toolbox, digest=lambda: digests.append(1)
        )
        worker = cluster.Worker(app, _queue(server_url), read_settings=lambda: app, keep=lambda _settings: None)
        worker._digest()
        with store.begin() as shelves:
            shelves.feeds.sync([feed], now)
        worker._digest()
        assert digests == []
        with store.begin() as shelves:
            shelves.feeds.save(FeedState(feed.name, now + timedelta(minutes=10)))
        worker._digest()
    assert digests == [1]
