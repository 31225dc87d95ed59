"""The desk of `monitor run`: a process of its own, so that a page never waits for what is ingested, nor ingest for it.

The daemon starts it, hears of edits made there, tells it of its own, starts it again when it dies, and takes it along
when it ends, however it ends: what joins the two is a pipe, and a closed pipe is the end of either's work.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

from monitor.cli.common import Paths, opened, read_settings
from monitor.errors import MonitorError
from monitor.listener import ListenError
from monitor.logs import get_logger

if TYPE_CHECKING:
    from monitor.app import App

log = get_logger(job="desk")

START_WITHIN = 60.0  # seconds; a busy machine takes its time
STOP_WITHIN = 5.0  # seconds; long work on the desk ends at its next safe point
PAUSES = (1.0, 5.0, 30.0, 60.0)  # seconds before it is started again, the first, second, … time in a row
WELL_AFTER = 300.0  # seconds of work after which a death is no longer one in a row
TELL_EVERY = 1.0  # seconds

OPEN, REFUSED, EDITED = "open", "refused", "edited"  # what the desk says
RELOAD, SPENT = "reload", "spent"  # what the daemon says


class DeskProcess:
    """The daemon's end. `edited` is called when a page has changed the configuration's files."""

    def __init__(self, app: "App", paths: Paths, edited: Callable[[], None]) -> None:
        self._app, self._paths, self._edited = app, paths, edited
        self._ending = Event()
        self._told: tuple[int, float] = (0, 0.0)
        self._process: BaseProcess
        self._pipe: Connection
        self.address = self._start()
        self._watcher = Thread(target=self._watch, name="desk", daemon=True)
        self._watcher.start()

    def reload(self) -> None:
        """Let it read the configuration again."""
        self._say(RELOAD)

    def close(self) -> None:
        """End it."""
        self._ending.set()
        self._watcher.join(TELL_EVERY + STOP_WITHIN)
        self._end()

    def _start(self) -> str:
        """Its address. Raises ListenError, or MonitorError with what it gave as its reason."""
        context = get_context("spawn")  # a fork would copy the threads of the daemon half-alive
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(self._paths, theirs), name="desk", daemon=True)
        self._process.start()
        theirs.close()
        self._told = (0, 0.0)
        try:
            word, said = self._pipe.recv() if self._answers() else (REFUSED, "it did not start in time")
        except EOFError:
            word, said = REFUSED, "it died at its start; the log has more"
        if word == OPEN:
            return str(said)
        self._end()
        raise ListenError(str(said)) if word == REFUSED else MonitorError(str(said))

    def _answers(self) -> bool:
        """Whether it said anything in time; nobody waits for it where the daemon is about to end."""
        until = monotonic() + START_WITHIN
        while not (heard := self._pipe.poll(0.2)) and monotonic() < until and not self._ending.is_set():
            pass
        return heard

    def _end(self) -> None:
        self._pipe.close()
        self._process.join(STOP_WITHIN)
        if self._process.is_alive():
            log.warning("the desk did not end in time and is killed; what it did not commit is undone")
            self._process.kill()
            self._process.join()

    def _watch(self) -> None:
        deaths, lived = 0, 0.0
        while not self._ending.is_set():
            try:
                if self._pipe.poll(TELL_EVERY) and self._pipe.recv()[0] == EDITED:
                    self._edited()
                self._tell_spent()
                lived += TELL_EVERY
            except (EOFError, OSError):
                deaths, lived = (0 if lived > WELL_AFTER else deaths), 0.0
                pause = PAUSES[min(deaths, len(PAUSES) - 1)]
                deaths += 1
                self._again(pause)

    def _again(self, pause: float) -> None:
        self._process.join(STOP_WITHIN)
        if self._ending.wait(pause):
            return
        log.error("the desk ended and is started again", code=self._process.exitcode)
        self._end()
        try:
            self.address = self._start()
        except MonitorError as error:
            log.error("the desk does not start, it is tried again", problem=str(error))

    def _tell_spent(self) -> None:
        """What reading pages took here, for its metrics."""
        spent = self._app.extractions.spent
        now = (spent.pages, spent.seconds)
        if now != self._told:
            self._told = now
            self._say(SPENT, *now)

    def _say(self, *words: object) -> None:
        try:
            self._pipe.send(words)
        except OSError:
            log.debug("the desk is not there", word=words[0])  # the watcher starts it again


@contextmanager
def desk_beside(app: "App", paths: Paths) -> "Iterator[DeskProcess | None]":
    """The desk in its process meanwhile, where the settings want one. Raises ConfigError, ListenError, MonitorError."""
    options = app.settings.web
    if not options.enabled:
        yield None
        return
    from monitor.cli.web import want_the_extra

    want_the_extra()
    from monitor.workers import give_way

    desk = DeskProcess(app, paths, lambda: os.kill(os.getpid(), signal.SIGHUP))
    give_way()  # somebody waits for a page, nobody for the next article; a desk that is started again does not
    try:
        yield desk
    finally:
        desk.close()


def serve(paths: Paths, pipe: Connection) -> None:
    """The desk's end: serve until the pipe is closed, or a signal says so."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # Ctrl-C reaches both processes
        signal.signal(number, lambda _number, _frame: stop.set())
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the daemon hears it, and tells
    try:
        from monitor.web.desk import serving

        with opened(paths, workers=0) as app, serving(app, lambda: pipe.send((EDITED,))) as address:
            pipe.send((OPEN, address))
            while not stop.is_set() and _heard(app, paths, pipe):
                pass
    except MonitorError as error:
        with suppress(BrokenPipeError):  # whoever is gone by now needs no answer
            pipe.send((REFUSED, str(error)))
    finally:
        pipe.close()


def _heard(app: "App", paths: Paths, pipe: Connection) -> bool:
    """Wait a moment for the daemon's next word and do what it says; False when it is gone."""
    try:
        if not pipe.poll(0.5):
            return True
        word, *facts = pipe.recv()
    except (EOFError, OSError):
        return False
    if word == SPENT:
        app.extractions.spent.pages, app.extractions.spent.seconds = facts
    elif word == RELOAD:
        try:
            app.reload(read_settings(paths))
        except MonitorError as error:
            log.error("configuration not taken over, the last good one stays", problem=str(error))
    return True
