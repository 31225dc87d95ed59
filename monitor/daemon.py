"""The daemon: six tickers, three signals, an orderly stop.

APScheduler only ticks; what is due is asked of the archive, so a restart or a sleeping machine loses nothing.

    SIGTERM, SIGINT   finish or abandon running jobs (every write is a transaction), stop within 10 s
    SIGHUP            read the configuration again; a wrong one is reported and the last good one stays
"""

import logging
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from types import FrameType
from typing import Any, TypeVar

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from msgspec import Struct

from monitor.app import BACK_UP_EVERY, DELIVER_EVERY, DIGEST_EVERY, REFETCH_EVERY, TIDY_EVERY, App
from monitor.errors import ConfigError, LockedError, MonitorError, StoreError
from monitor.jobs.doctor import LATELY, RENAMED
from monitor.logs import Log, get_logger
from monitor.settings import Settings
from monitor.store import ArchiveLock
from monitor.systemd import Manager

log = get_logger(job="daemon")

T = TypeVar("T")

_HEARD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
STOP_WITHIN = 8.0  # seconds given to running jobs; with closing down it stays under 10
STUCK_AFTER = 15 * 60  # seconds without the end of any job: then the service manager hears nothing more of us
KEEP_EVERY = 15.0  # seconds between two looks at the lock of an archive on a server


class Ticker(Struct, frozen=True):
    """A job, done again and again; its answer is that of the `App`."""

    name: str
    every: timedelta
    job: Callable[[], object]
    first_in: timedelta = timedelta()  # after the start


class Daemon:
    """Runs an App until it is told to stop. `read_settings` is called at each SIGHUP, `keep` every few seconds: it
    raises LockedError where another daemon has taken over.
    """

    def __init__(self, app: App, read_settings: Callable[[], Settings], keep: Callable[[], None]) -> None:
        self._app = app
        self._read_settings = read_settings
        self._signals: SimpleQueue[int] = SimpleQueue()
        self._first_round = Event()
        self._scheduler = BackgroundScheduler(timezone=UTC, executors={"default": _Threads()})
        self._manager = Manager()
        self._keep = keep
        self._kept_at = monotonic()
        self._plain: set[str] = set()  # languages without word forms that were named
        self._orphans: set[str] = set()  # topics no longer configured, likewise
        self._told_at = self._ended_at = monotonic()  # our last word to the manager; the end of the last job

    def run(self) -> None:
        """Tick until SIGTERM or SIGINT, after which neither they nor SIGHUP are heard: what is being closed is closed.

        Must be called from the main thread.
        """
        for each in _HEARD:
            signal.signal(each, self._note)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})  # it may have been held during the start
        self._add_tickers()
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # a job longer than its tick is no news
        self._scheduler.start()
        log.info("daemon started", pid=os.getpid(), feeds=len(self._app.settings.feeds))
        self._manager.tell("READY=1", f"STATUS=following {len(self._app.settings.feeds)} feeds")
        try:
            surviving(log, "languages", self._name_plain)()
            surviving(log, "topics", self._name_orphans)()
            while (number := self._next_signal()) == signal.SIGHUP:
                surviving(log, "reload", self._reload)()
            log.info("stopping", signal=signal.Signals(number).name)
            self._manager.tell("STOPPING=1")
        finally:
            self._stop()
            for each in _HEARD:
                signal.signal(each, signal.SIG_IGN)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._signals.put(number)

    def _next_signal(self) -> int:
        while True:
            try:
                return self._signals.get(timeout=1.0)  # a bare get() would keep the handler from running
            except Empty:
                self._show_life()
                self._keep_ticking()
            if not self._is_ours():
                return signal.SIGTERM

    def _show_life(self) -> None:
        """Tell the manager that we are alive, as long as jobs come to an end: deliveries do so twice a minute."""
        now = monotonic()
        if self._manager.patience and now - self._told_at > self._manager.patience / 3:
            if now - self._ended_at > STUCK_AFTER:
                log.error("no job has ended for long; the service manager is left to restart us")
            else:
                self._manager.tell("WATCHDOG=1")
            self._told_at = now

    def _keep_ticking(self) -> None:
        """No ticker waits longer than it ticks: the scheduler goes by the clock, which may have been put back."""
        for job in self._scheduler.get_jobs():
            latest = datetime.now(UTC) + job.trigger.interval
            if job.next_run_time > latest:
                log.warning("the clock was put back", ticker=job.id, was_due=job.next_run_time.isoformat())
                job.modify(next_run_time=latest)

    def _is_ours(self) -> bool:
        """Whether the archive's lock is still held, or will be when its server answers again."""
        if monotonic() - self._kept_at > KEEP_EVERY:
            try:
                self._keep()
            except LockedError as error:
                log.error("another daemon took over while the archive's server was away", problem=str(error))
                return False
            except StoreError as error:
                log.warning("the lock cannot be looked after now", problem=str(error))
            self._kept_at = monotonic()
        return True

    def tickers(self) -> tuple[Ticker, ...]:
        """What is done, and how often."""
        return (
            Ticker("poll", self._app.settings.poll.every, self._poll),
            Ticker("digest", DIGEST_EVERY, self._digest),
            Ticker("deliver", DELIVER_EVERY, partial(self._app.deliver, apart=True)),
            Ticker("refetch", REFETCH_EVERY, self._app.refetch, timedelta(minutes=2)),
            Ticker("backup", BACK_UP_EVERY, self._app.back_up, timedelta(minutes=3)),
            Ticker("tidy", TIDY_EVERY, self._app.tidy, timedelta(minutes=10)),
        )

    def _add_tickers(self) -> None:
        for one in self.tickers():
            self._scheduler.add_job(
                self._noting_the_end(surviving(log, one.name, one.job)),
                _Interval(one.every),
                id=one.name,
                next_run_time=datetime.now(UTC) + one.first_in,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,  # a late tick is still worth doing; the library would drop it
            )

    def _noting_the_end(self, job: Callable[[], object]) -> Callable[[], None]:
        def tick() -> None:
            job()
            self._ended_at = monotonic()

        return tick

    def _poll(self) -> object:
        try:
            return self._app.poll()
        finally:
            self._first_round.set()

    def _digest(self) -> object:
        # After downtime the missed entries come in with the first round; a digest before it would be half blind.
        return self._app.digest() if self._first_round.is_set() else []

    def _reload(self) -> None:
        try:
            settings = self._read_settings()
        except ConfigError as error:
            log.error("configuration not taken over, the last good one stays", problem=str(error))
            return
        if settings.websub != self._app.settings.websub:
            log.warning("[websub] has changed", what="restart the daemon: its door stays as it is until then")
        self._app.reload(settings)
        self._scheduler.reschedule_job("poll", trigger=_Interval(settings.poll.every))
        log.info("configuration read again", feeds=len(settings.feeds), subscriptions=len(settings.subscriptions))
        self._name_plain()
        self._name_orphans()

    def _name_plain(self) -> None:
        """Say once of each language that its words match only as written."""
        plain = set(self._app.settings.without_forms) - self._plain
        if plain:
            self._plain |= plain
            log.warning("no word forms are known: words match as written", languages=", ".join(sorted(plain)))

    def _name_orphans(self) -> None:
        """Say once of each topic that it is no longer configured, though it had matches of late."""
        toolbox = self._app.toolbox
        with toolbox.store.read() as shelves:
            found = shelves.matches.of_others([one.name for one in toolbox.topics.topics], toolbox.now() - LATELY)
        for name in found.keys() - self._orphans:
            log.warning("a topic that matched of late is no longer configured", topic=name, what=RENAMED)
        self._orphans |= found.keys()

    def _stop(self) -> None:
        self._app.stop()
        ending = Thread(target=self._end_jobs, daemon=True)
        ending.start()
        ending.join(STOP_WITHIN)
        if ending.is_alive():
            log.warning("a job did not end in time and is abandoned; what it did not commit is undone")
        log.info("stopped")

    def _end_jobs(self) -> None:
        self._scheduler.shutdown(wait=True)
        self._app.ending()


class _Interval(IntervalTrigger):  # type: ignore[misc]
    """Ticks that a sleep or a clock put forward left out are one tick; the library would list them all, for years."""

    interval: timedelta

    def __init__(self, every: timedelta) -> None:
        super().__init__(seconds=every.total_seconds(), timezone=UTC)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The tick after `previous_fire_time`, or now where that has passed."""
        return max(previous_fire_time + self.interval, now) if previous_fire_time else now + self.interval


class _Threads(BaseExecutor):  # type: ignore[misc]
    """Each job in a thread that ends with the program at the latest; the library's own pool would wait for a hanging
    mail server for as long as that likes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads: dict[str, Thread] = {}

    def shutdown(self, wait: bool = True) -> None:
        """Wait for the running jobs."""
        for thread in list(self._threads.values()) if wait else ():
            thread.join()

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        self._threads[job.id] = Thread(target=self._run, args=(job, run_times), name=job.id, daemon=True)
        self._threads[job.id].start()

    def _run(self, job: Any, run_times: list[datetime]) -> None:
        self._run_job_success(job.id, run_job(job, "default", run_times, self._logger.name))


def surviving(log: Log, name: str, job: Callable[[], T]) -> Callable[[], T | None]:
    """The job, with its trouble logged and its ticker kept alive; None where it failed."""

    def tick() -> T | None:
        try:
            return job()
        except MonitorError as error:
            log.error("job failed, the next tick tries again", ticker=name, problem=str(error))
        except Exception as error:  # a ticker that dies of one bug would leave the daemon blind
            log.error("job failed on a bug, the next tick tries again", ticker=name, exc_info=error)
        return None

    return tick


def run_daemon(app: App, read_settings: Callable[[], Settings]) -> None:
    """Hold the archive's lock and run. Raises LockedError when another daemon has it."""
    with ArchiveLock(app.settings.archive.folder, app.settings.archive.url) as lock, app.listening():
        Daemon(app, read_settings, lock.keep).run()
