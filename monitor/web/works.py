"""Long work begun on the desk: one piece at a time, in a thread of its own, told while it goes on.

The telling is a stream of server-sent events (HTML Living Standard, section 9.2): one for each change.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from enum import StrEnum
from threading import Event, Lock, Thread
from time import monotonic

from msgspec import Struct, field

from monitor.errors import MonitorError
from monitor.logs import get_logger

log = get_logger(job="desk")

CLOSE_WITHIN = 4.0  # seconds; a part of judging again, or a request of a backfill, is over by then
_LOOK_EVERY = 0.25  # seconds
_SIGN_EVERY = 15.0  # seconds without a change, after which a proxy is shown that the line is in use


class State(StrEnum):
    """How far a piece of work is. The value is the word shown to people."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Outcome(Struct, frozen=True):
    """What came of it: in a sentence, and line by line with an address each where there is one."""

    words: str
    lines: tuple[tuple[str, str], ...] = ()


class Work(Struct):
    """A piece of work, for who watches it; written by its own thread alone."""

    title: str
    began_at: datetime
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    share: float = 0.0  # 0–1
    words: str = "looking for where to begin"
    state: State = State.RUNNING
    outcome: Outcome = Outcome("")
    changes: int = 0
    _stop: Event = field(default_factory=Event)

    def tell(self, share: float, words: str) -> None:
        """Say how far it is."""
        self.share, self.words = min(1.0, max(0.0, share)), words
        self.changes += 1

    def stop(self) -> None:
        """Ask it to end at its next safe point."""
        self._stop.set()

    def stopping(self) -> bool:
        """Whether it was asked to end."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> bool:
        """A pause that ends early when it is asked to end."""
        return self._stop.wait(seconds)


class Works:
    """What is worked on at a desk, and what was last."""

    def __init__(self) -> None:
        self.latest: Work | None = None
        self._thread: Thread | None = None
        self._closed = False
        self._lock = Lock()

    def start(self, work: Work, run: Callable[[Work], Outcome]) -> bool:
        """Begin it; False while another piece is going on, or the desk is closing."""
        with self._lock:
            if self._closed or (self.latest is not None and self.latest.state is State.RUNNING):
                return False
            self.latest = work
            self._thread = Thread(target=_carry_out, args=(work, run), name="desk-work", daemon=True)
            self._thread.start()
        log.info("work begun on the desk", work=work.title)
        return True

    def stop(self) -> None:
        """Ask what goes on to end."""
        if self.latest is not None:
            self.latest.stop()

    def close(self) -> None:
        """Begin nothing more, and wait for the safe point at which what goes on ends."""
        with self._lock:
            self._closed = True
        self.stop()
        if self._thread is not None:
            self._thread.join(CLOSE_WITHIN)
            if self._thread.is_alive():
                log.warning("work on the desk did not end in time and is abandoned; what it did not commit is undone")


def _carry_out(work: Work, run: Callable[[Work], Outcome]) -> None:
    try:
        work.outcome = run(work)
        stopped = work.stopping()
        work.tell(work.share if stopped else 1.0, work.outcome.words)
        work.state = State.STOPPED if stopped else State.DONE
    except MonitorError as error:
        work.outcome, work.state = Outcome(str(error)), State.FAILED
    except Exception as error:  # a bug of ours must be told to who waits at the page
        log.error("work on the desk failed; please report this as a bug", work=work.title, exc_info=error)
        work.outcome, work.state = Outcome("it failed by a bug of the program; the log has more"), State.FAILED
    work.changes += 1
    log.info("work on the desk ended", work=work.title, state=work.state.value, outcome=work.outcome.words)


async def events(work: Work) -> AsyncIterator[str]:
    """The stream of a piece of work, until it has ended."""
    seen, signed = -1, monotonic()
    while True:
        changes, state = work.changes, work.state
        if changes != seen:
            seen, signed = changes, monotonic()
            told = {"share": round(work.share, 4), "words": work.words, "state": state.value}
            yield f"id: {changes}\ndata: {json.dumps(told)}\n\n"
        elif monotonic() - signed > _SIGN_EVERY:
            signed = monotonic()
            yield ": still at it\n\n"
        if state is not State.RUNNING:
            return
        await asyncio.sleep(_LOOK_EVERY)
