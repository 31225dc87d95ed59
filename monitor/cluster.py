"""The same jobs on many machines: `monitor worker`, any number of times, on one archive on PostgreSQL.

Procrastinate (procrastinate.readthedocs.io) keeps the queue, in a schema of its own on the same server, and no work but
the word that a job is to look: what is due is asked of the archive, as by the daemon. So a task that is lost is asked
for again within a minute, one that runs twice finds nothing left to do, and the queue may be thrown away at any time.

    twice a minute   deliver → send, send, …    one of a channel at a time, each with one message
    every minute     plan → poll, poll, …       as many as there are batches of due feeds; each claims its own, and no
                                                host is asked by two workers at once (`jobs.courtesy`)
                     digest                     one at a time
                     resume                     what a worker held that died goes back into the queue
    every 5 minutes  refetch, back_up           one of each at a time
    every night      tidy                       one at a time
    on demand        backfill, backfill, …      one feed's past, slice by slice: a slice asks for the next
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import Any, TypeVar

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, ProcrastinateException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.psycopg_connector import wrap_exceptions
from procrastinate.schema import SchemaManager

from monitor.app import DELIVER_EVERY, App
from monitor.daemon import KEEP_EVERY, STOP_WITHIN, surviving
from monitor.dates import span
from monitor.errors import ConfigError, LockedError, StoreError
from monitor.jobs.backfill import Errand, fill_slice
from monitor.jobs.deliver import deliver_one, tell_operator, waiting
from monitor.jobs.websub import Reception, Terms, take_waiting, tend
from monitor.links import short_hash
from monitor.logs import get_logger, leave_unsaid
from monitor.settings import Settings
from monitor.store import ArchiveLock, Queue
from monitor.systemd import Manager
from monitor.values import as_dict

log = get_logger(job="worker")

T = TypeVar("T")
Job = Callable[[], object]

HALF_MINUTE, MINUTE, FIVE_MINUTES, NIGHT = "* * * * * */30", "* * * * *", "*/5 * * * *", "17 3 * * *"  # as cron has it
MOST_APART = 60.0  # seconds between our clock and the server's: turns and claims of five minutes are kept by clocks
HUBS_EVERY = 30.0  # seconds until what hubs sent is read, by the worker that has their door
BEAT_EVERY = 5.0  # seconds between two signs of life in the queue
DEAD_AFTER = 20.0  # seconds without one: what the worker held is taken up again
AGAIN_AFTER = 5.0  # seconds until a lost server is asked again
MOST_BATCHES = 200  # of due feeds that are asked for at once
AT_ONCE = {"polls": 1, "sides": 6, "sends": 3, "past": 1}  # jobs of each queue in one worker; of the sides, one each
AGAIN = procrastinate.RetryStrategy(max_attempts=20, exponential_wait=2)  # of a slice that failed: up to a week


class Connector(procrastinate.PsycopgConnector):
    """As the library's own, which neither wraps the error of a pool that cannot be filled nor lets go of that pool, so
    that it would never be opened again.
    """

    @wrap_exceptions()  # type: ignore[untyped-decorator]
    async def open_async(self, pool: Any = None) -> None:
        """Raises ConnectorException where the server does not answer for half a minute."""
        async with AsyncExitStack() as undo:
            undo.push_async_callback(self.close_async)
            await super().open_async(pool)
            undo.pop_all()


async def ask_for(tasks: procrastinate.App, errand: Errand) -> bool:
    """Put an errand into the queue; False where it waits there already."""
    asked = tasks.configure_task(
        "backfill", queue="past", lock=f"backfill {errand.key}", queueing_lock=f"backfill {errand.key}"
    )
    try:
        await asked.defer_async(**as_dict(errand))
    except AlreadyEnqueued:
        return False
    return True


def hand_out(url: str, errands: Iterable[Errand]) -> int:
    """Leave errands to the workers; how many did not wait there before. Raises StoreError."""

    async def ask() -> int:
        queue = Queue.of(url, procrastinate.__version__, SchemaManager.get_schema())
        connector = Connector(conninfo=queue.conninfo, kwargs={"options": queue.options})
        async with procrastinate.App(connector=connector).open_async() as tasks:
            return sum([await ask_for(tasks, errand) for errand in errands])

    return asyncio.run(ask())


class Worker:
    """Takes jobs until it is told to stop. `read_settings` is called at each SIGHUP, `keep` every few seconds with the
    settings: it raises LockedError where a daemon has taken over.
    """

    def __init__(
        self, app: App, queue: Queue, read_settings: Callable[[], Settings], keep: Callable[[Settings], None]
    ) -> None:
        self._app, self._read_settings, self._keep = app, read_settings, keep
        self._manager = Manager()
        self._saw = Event()  # a round that visited feeds has ended here
        self._stopping = asyncio.Event()
        self._halting = Event()
        connector = Connector(
            conninfo=queue.conninfo, kwargs={"options": queue.options}, min_size=1, max_size=sum(AT_ONCE.values())
        )
        self._tasks = procrastinate.App(connector=connector)
        self._poll_task = self._add_tasks()

    def run(self, reception: Reception | None = None) -> None:
        """Work until SIGTERM or SIGINT, and read what hubs send to `reception`. Must be called from the main thread."""
        asyncio.run(self._run(reception))

    async def _run(self, reception: Reception | None) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, surviving(log, "reload", self._reload))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})  # it may have been held during the start
        log.info("worker started", name=self._app.toolbox.holder, feeds=len(self._app.settings.feeds))
        self._manager.tell("READY=1", "STATUS=taking jobs")
        if plain := self._app.settings.without_forms:
            log.warning("no word forms are known: words match as written", languages=", ".join(plain))
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # we say ourselves, and once, that the server is away
        leave_unsaid(ConnectorException)
        working = asyncio.create_task(self._work())
        listening = asyncio.create_task(self._listen(reception)) if reception else None
        await asyncio.wait({working, asyncio.create_task(self._look_after())}, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        self._manager.tell("STOPPING=1")
        self._app.stop()
        self._halting.set()
        working.cancel()
        if listening:
            listening.cancel()
        await asyncio.wait({working}, timeout=STOP_WITHIN + 1)
        log.info("stopped")
        if working.done() and not working.cancelled() and (error := working.exception()):
            raise error  # whoever watches over us is to see that it did not end by a signal

    async def _work(self) -> None:
        """Take jobs; where the server goes away, wait for it."""
        while True:
            try:
                async with self._tasks.open_async():
                    await self._plan()  # nobody waits a minute for the first round
                    async with asyncio.TaskGroup() as both:
                        for name, at_once in AT_ONCE.items():
                            both.create_task(self._take(name, at_once))
            except* ProcrastinateException as errors:
                error = errors.exceptions[0]
                log.warning("the queue cannot be asked now, it is tried again", problem=str(error.__cause__ or error))
            await asyncio.sleep(AGAIN_AFTER)

    def _take(self, queue: str, at_once: int) -> Coroutine[Any, Any, None]:
        return self._tasks.run_worker_async(
            queues=[queue],
            name=f"{self._app.toolbox.holder} {queue}",
            concurrency=at_once,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=BEAT_EVERY,
            stalled_worker_timeout=DEAD_AFTER,
            shutdown_graceful_timeout=STOP_WITHIN,
        )

    async def _listen(self, reception: Reception) -> None:
        """Read what hubs send, and ask them for more."""

        def look() -> None:
            tools, options = self._app.toolbox, self._app.settings.websub
            take_waiting(tools, reception)
            tend(tools, Terms(options.callback, timedelta(minutes=options.longest_poll_minutes)))

        while True:
            await _aside("hubs", look)
            await asyncio.sleep(HUBS_EVERY)

    async def _look_after(self) -> None:
        """Show life and keep the lock until it is time to stop."""
        while not self._stopping.is_set():
            try:
                await asyncio.to_thread(self._keep, self._app.settings)
            except LockedError as error:
                log.error("a daemon took over while the archive's server was away", problem=str(error))
                return
            except StoreError as error:
                log.warning("the archive's server cannot be relied on now", problem=str(error))
            self._manager.tell("WATCHDOG=1")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), KEEP_EVERY)

    def _reload(self) -> None:
        try:
            self._app.reload(self._read_settings())
        except ConfigError as error:
            log.error("configuration not taken over, the last good one stays", problem=str(error))

    def _add_tasks(self) -> Any:
        """Name the jobs to Procrastinate; the answer is the task of polling, which `plan` puts into the queue."""

        @self._tasks.task(name="poll", queue="polls")
        async def poll() -> None:
            await _aside("poll", self._poll)

        @self._tasks.periodic(cron=MINUTE)
        @self._tasks.task(name="plan", queue="sides", queueing_lock="plan", lock="plan")
        async def plan(timestamp: int) -> None:
            await self._plan()

        @self._tasks.periodic(cron=MINUTE)
        @self._tasks.task(name="resume", queue="sides", queueing_lock="resume")
        async def resume(timestamp: int) -> None:
            await self._resume()

        @self._tasks.periodic(cron=HALF_MINUTE)
        @self._tasks.task(name="deliver", queue="sides", queueing_lock="deliver", lock="deliver")
        async def deliver(timestamp: int) -> None:
            await self._deliver()

        @self._tasks.task(name="send", queue="sends")
        async def send(channel: str, key: str) -> None:
            await _aside("send", lambda: self._send(channel, key))

        @self._tasks.task(name="backfill", queue="past", retry=AGAIN)
        async def backfill(**errand: Any) -> None:
            await self._backfill(Errand(**errand))

        every: dict[str, tuple[str, Job]] = {
            "digest": (MINUTE, self._digest),
            "refetch": (FIVE_MINUTES, self._app.refetch),
            "back_up": (FIVE_MINUTES, self._app.back_up),
            "tidy": (NIGHT, self._app.tidy),
        }
        for name, (cron, job) in every.items():
            self._add(name, cron, job)
        return poll

    def _add(self, name: str, cron: str, job: Job) -> None:
        """A job that looks again and again what is due, and of which one runs at a time in the whole cluster."""

        @self._tasks.periodic(cron=cron)
        @self._tasks.task(name=name, queue="sides", queueing_lock=name, lock=name)
        async def look(timestamp: int) -> None:
            await _aside(name, job)

    async def _plan(self) -> None:
        batches = await _aside("plan", self._batches) or 1  # a round with nothing due still notes what is over
        for number in range(min(batches, MOST_BATCHES)):
            with suppress(AlreadyEnqueued):
                await self._poll_task.configure(queueing_lock=f"poll {number}").defer_async()

    async def _deliver(self) -> None:
        """Ask for each message that waits to be sent; then tell the operator what is wrong."""
        tools = self._app.toolbox
        look = partial(self._app.beating, "deliver", DELIVER_EVERY, lambda: waiting(tools))  # it beats without mail too
        due = await _aside("deliver", look) or []
        for channel, key in due:
            asked = self._tasks.configure_task("send", lock=f"channel {channel}", queueing_lock=f"send {key}")
            with suppress(AlreadyEnqueued):
                await asked.defer_async(channel=channel, key=key)
        await _aside("deliver", lambda: tell_operator(tools))

    def _send(self, channel: str, key: str) -> None:
        tools = self._app.toolbox
        self._app.beating("deliver", DELIVER_EVERY, lambda: deliver_one(tools, channel, key))

    async def _backfill(self, errand: Errand) -> None:
        """One slice; where there is more to do, the next is asked for. What fails is tried again, later and later."""
        pause = self._halting.wait
        try:
            more = await _aside("backfill", lambda: fill_slice(self._app.toolbox, errand, pause))
        except asyncio.CancelledError:  # this worker stops, and did not wait for the slice's end
            await ask_for(self._tasks, errand)
            raise
        if more is None:
            raise StoreError("a slice of a backfill failed; it is tried again")
        if more:
            await ask_for(self._tasks, errand)

    async def _resume(self) -> None:
        jobs = self._tasks.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
            log.warning("its worker died, it is taken up again", task=job.task_name)
            try:
                await jobs.retry_job(job)
            except UniqueViolation:  # another of its kind waits already
                await jobs.finish_job(job, Status.FAILED, delete_job=True)
            except ConnectorException:  # another worker was quicker, or the server is away: it is looked for again
                continue
        await jobs.prune_stalled_workers(DEAD_AFTER)

    def _poll(self) -> None:
        if self._app.poll().due:
            self._saw.set()

    def _digest(self) -> None:
        # As in the daemon: a digest before the first round after downtime would be half blind.
        if self._saw.is_set() or self._all_seen():
            self._app.digest()

    def _batches(self) -> int:
        """How many batches of feeds are due that nobody visits yet."""
        tools = self._app.toolbox
        with tools.store.read() as shelves:
            return -(-shelves.claims.waiting(tools.now()) // tools.limits.feeds_per_round)

    def _all_seen(self) -> bool:
        """Whether no feed is due, nor being visited, nor new."""
        tools = self._app.toolbox
        with tools.store.read() as shelves:
            claims, now = shelves.claims, tools.now()
            return claims.known() >= len(tools.feeds) and not claims.waiting(now) and not claims.held(now)


class Company:
    """What workers must have in common, looked at whenever the lock is kept: the time, and the configuration."""

    def __init__(self, lock: ArchiveLock) -> None:
        self._lock = lock
        self._marked: tuple[Settings, str] | None = None
        self._strangers = 0  # looks in a row that saw another configuration

    def keep(self, settings: Settings) -> None:
        """Keep the lock. Raises StoreError where our clock is wrong, and as `ArchiveLock.keep` does."""
        self._lock.keep()
        if self._marked is None or self._marked[0] is not settings:
            self._marked = settings, f"news-monitor worker {_fingerprint(settings)}"
        there, others = self._lock.meet(self._marked[1])
        self._strangers = self._strangers + 1 if others - {self._marked[1]} else 0
        if self._strangers == 3:  # while an edit is carried from machine to machine it may be seen
            log.warning(
                "other workers have another configuration: what is due and told changes from one to the next",
                what="give all the same feeds.toml, topics.toml and subscriptions.toml, and reload them (SIGHUP)",
            )
        seconds = (datetime.now(UTC) - there).total_seconds()
        if abs(seconds) > MOST_APART:
            way = "ahead of" if seconds > 0 else "behind"
            raise StoreError(
                f"this machine's clock is {span(abs(seconds))} {way} that of the archive's server; workers share hosts "
                "and feeds by the clock: let NTP set both"
            )


def _fingerprint(settings: Settings) -> str:
    """What all workers must have alike: the configuration's texts but monitor.toml, which names places of a machine."""
    read = [(name, file.read_bytes()) for name, file in sorted(settings.texts.items()) if file.is_file()]
    return short_hash(*(f"{name} {body!r}" for name, body in read if name != "monitor.toml"))


async def _aside(name: str, job: Callable[[], T]) -> T | None:
    """The answer of a job in a thread that ends with the program at the latest; None where it failed."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T | None] = loop.create_future()

    def settle(answer: T | None) -> None:
        if not done.done():
            done.set_result(answer)

    def run() -> None:
        answer = surviving(log, name, job)()
        try:
            loop.call_soon_threadsafe(settle, answer)
        except RuntimeError:  # the worker has stopped without waiting for it
            return

    Thread(target=run, name=name, daemon=True).start()
    return await done


def run_worker(app: App, read_settings: Callable[[], Settings], *, hubs: bool = False) -> None:
    """Share the archive's lock with other workers and take jobs; `hubs`: be the one that hubs can reach. Raises
    LockedError where a daemon runs on it, StoreError where it is not on a server, ListenError for a door that is taken.
    """
    archive = app.settings.archive
    layout = SchemaManager.get_schema()
    with ArchiveLock(archive.folder, archive.url, shared=True) as lock:
        queue = Queue.of(archive.url, procrastinate.__version__, layout)  # first of all: it must be a server's
        company = Company(lock)
        company.keep(app.settings)
        worker = Worker(app, queue, read_settings, company.keep)
        if not hubs:
            worker.run()
            return
        with app.listening(in_rounds=False) as reception:
            worker.run(reception)
