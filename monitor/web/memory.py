"""What pages have drawn and show again: while it is young as it is, later while a new one is drawn off the request.

This is stale-while-revalidate of RFC 5861, inside the desk: a request waits only where there is nothing yet, where what
there is has become too old, or where the desk itself has changed something since.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Lock, RLock
from typing import Any, Generic, TypeVar

from msgspec import Struct

from monitor.logs import get_logger

log = get_logger(job="desk")

USABLE = 6  # times as long as it is young, a thing may be shown

T = TypeVar("T")


class Drawn(Struct, Generic[T], frozen=True):
    """A thing that was drawn, of which moment, and in what state of the desk."""

    thing: T
    at: datetime
    state: object


class Memory:
    """What was drawn last under each name. At most one thing at a time is drawn beside the requests."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: dict[str, Drawn[Any]] = {}
        self._making: dict[str, RLock] = {}
        self._ordered: set[str] = set()
        self._lock = Lock()
        self._beside = ThreadPoolExecutor(1, "desk-drawing")

    def get(self, name: str, state: object, make: Callable[[], T], *, young: float) -> Drawn[T]:
        """What `make` drew under this name, at most six times `young` seconds ago and in this `state`.

        One that is no longer young is given out while `make` runs beside; else who asks waits for it, together with
        all who ask meanwhile.
        """
        with self._making.setdefault(name, RLock()):
            known = self._known.get(name)
            age = self._now() - known.at if known is not None else timedelta()
            usable = timedelta() <= age < USABLE * timedelta(seconds=young)
            if known is None or known.state != state or not usable:
                at = self._now()
                known = self._known[name] = Drawn(make(), at, state)
            elif age >= timedelta(seconds=young):
                self._order(name, state, make)
            return known

    def close(self) -> None:
        """Draw nothing more, and wait for what is being drawn."""
        self._beside.shutdown(cancel_futures=True)

    def _order(self, name: str, state: object, make: Callable[[], Any]) -> None:
        with self._lock:
            if name not in self._ordered:
                self._ordered.add(name)
                try:
                    self._beside.submit(self._draw, name, state, make).add_done_callback(_tell)
                except RuntimeError:  # the desk is closing
                    log.debug("nothing is drawn any more", name=name)

    def _draw(self, name: str, state: object, make: Callable[[], Any]) -> None:
        try:
            at = self._now()
            drawn = Drawn(make(), at, state)
            with self._making[name]:
                if self._known[name].at < at:  # else a request could not wait
                    self._known[name] = drawn
        finally:
            with self._lock:
                self._ordered.discard(name)


def _tell(done: Future[None]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("a part of a page could not be drawn anew, the last one is shown on", exc_info=error)
