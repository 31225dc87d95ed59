"""`Fetcher`: plain calls in front, many visits at the same time behind.

It runs one event loop in one thread of its own, so that a thousand slow hosts cost a thousand sockets and no threads.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Self, TypeVar

from aiohttp.abc import AbstractResolver
from msgspec import Struct, field

from monitor.fetch.options import FetchOptions
from monitor.fetch.visitor import NoRoomError, Visitor
from monitor.links import host_of
from monitor.model import Failed, Failure, Fresh, Request, Visit

T = TypeVar("T")

_UNREACHED = frozenset({Failure.DNS, Failure.CONNECT, Failure.TIMEOUT})
_ENOUGH = 4
_CARRIED_AFTER = 0.05  # seconds


def _now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """Visits addresses; several threads may use it at the same time, also within a loop over another call's visits.

    `clock` stamps the visits; `resolver` makes the resolver of names (for tests; default: the system's name servers);
    `gaps`: seconds between two requests to a host (with port), for hosts that want more than the rest.
    """

    def __init__(
        self,
        options: FetchOptions | None = None,
        clock: Callable[[], datetime] = _now,
        resolver: Callable[[], AbstractResolver] | None = None,
        gaps: Mapping[str, float] | None = None,
    ) -> None:
        self._options = options or FetchOptions()
        self._clock = clock
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="fetch", daemon=True)
        self._thread.start()
        self._closed = False
        self._visitor = self._submit(self._open(resolver, gaps)).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def visit(self, request: Request) -> Visit:
        """Make one visit and wait for it. What may be expected to go wrong comes back as `Failed`."""
        return self._submit(self._visitor.visit(request)).result()

    def visit_many(self, requests: Iterable[Request]) -> Generator[Visit, None, None]:
        """Make all visits and give each as it is done, in no particular order; the first starts at the first `next`.

        A slow reader slows the visits down instead of filling the memory. To end early, close the iterator (or drop
        it): visits under way are cancelled, the rest is never made. `Fetcher.close` ends it likewise.
        """
        waiting = tuple(requests)
        if not waiting:
            return
        room = _Room(self._loop, 2 * self._options.parallel)
        tray = _Tray(self._loop)
        work = self._submit(self._work(waiting, room, tray.put))
        work.add_done_callback(lambda future: tray.end(None if future.cancelled() else future.exception()))
        try:
            while isinstance(done := tray.take(), list):
                for visit in done:
                    if isinstance(visit, Fresh):
                        room.leave()
                    yield visit
            if done is not None:
                raise done
        finally:
            work.cancel()

    def close(self) -> None:
        """Cancel what is under way, close all connections and end the thread. May be called more than once."""
        if self._closed:
            return
        self._closed = True
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        if self._closed:
            coroutine.close()
            raise RuntimeError("this Fetcher is closed")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def _open(self, resolver: Callable[[], AbstractResolver] | None, gaps: Mapping[str, float] | None) -> Visitor:
        return Visitor(self._options, self._clock, resolver() if resolver else None, gaps)

    async def _shut(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._visitor.close()
        await self._loop.shutdown_default_executor()

    async def _work(self, requests: tuple[Request, ...], room: "_Room", give: Callable[[Visit], None]) -> None:
        """Make all visits: a queue per host, and as many at it as the host may have visits.

        No more are under way than there may be requests in all, but for those that their host keeps waiting: each of
        these lets another begin in its stead. To begin them all costs more than an unchanged feed's request itself.
        """
        queues: dict[str, _Queue] = {}
        for request in requests:
            queues.setdefault(host_of(request.url), _Queue()).waiting.append(request)
        per_host = self._options.per_host
        lines = deque(queue for queue in queues.values() for _ in range(min(len(queue.waiting), per_host)))
        async with asyncio.TaskGroup() as group:

            async def work() -> None:
                while lines:
                    await self._empty(lines.popleft(), room, give, more)

            def more() -> None:
                if lines:
                    group.create_task(work())

            for _ in range(self._options.parallel):
                more()

    async def _empty(
        self, queue: "_Queue", room: "_Room", give: Callable[[Visit], None], held_up: Callable[[], object]
    ) -> None:
        while queue.waiting:
            request = queue.waiting.popleft()
            place = _Place(room)
            if request.purpose == "page" and queue.unreached >= _ENOUGH and queue.last is not None:
                detail = f"not tried after {queue.unreached} others ({queue.last.detail})"
                give(Failed(request, queue.last.failure, detail, self._clock()))
                continue
            while True:
                await room.open.wait()
                try:
                    visit = await self._visitor.visit(request, place.take, held_up)
                except NoRoomError:
                    continue
                except Exception as error:  # noqa: BLE001 - one address that meets a bug must not end all visits
                    problem = f"a bug was met, please report it: {type(error).__name__}: {error}"
                    visit = Failed(request, Failure.BROKEN, problem, self._clock())
                break
            if place.taken and not isinstance(visit, Fresh):  # such a small thing keeps nobody waiting
                room.leave()
            queue.note(visit)
            give(visit)


class _Queue(Struct):
    """What waits for one host. When several pages in a row did not reach it, the others are not tried: each would wait
    as long, and the whole round with it.
    """

    waiting: deque[Request] = field(default_factory=deque)
    unreached: int = 0  # pages in a row
    last: Failed | None = None

    def note(self, visit: Visit) -> None:
        """Count a visit that was made."""
        if isinstance(visit, Failed) and visit.failure in _UNREACHED:
            self.unreached += visit.request.purpose == "page"
            self.last = visit
        else:
            self.unreached = 0


class _Tray:
    """Brings visits from the loop to the reader's thread, several together.

    To wake the other thread, and to let it and the loop take turns, costs a good part of an unchanged feed's visit: so
    what has no body waits a moment for others. A body takes up room, and is brought in this turn.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._full: list[Visit] = []
        self._queue: SimpleQueue[list[Visit] | BaseException | None] = SimpleQueue()

    def put(self, visit: Visit) -> None:
        """Called in the loop."""
        if isinstance(visit, Fresh):
            self._loop.call_soon(self._carry)
        elif not self._full:
            self._loop.call_later(_CARRIED_AFTER, self._carry)
        self._full.append(visit)

    def _carry(self) -> None:
        if self._full:
            self._queue.put(self._full)
            self._full = []

    def end(self, problem: BaseException | None) -> None:
        """Nothing more comes. Called in the loop, or where it has ended."""
        self._carry()
        self._queue.put(problem)

    def take(self) -> list[Visit] | BaseException | None:
        """What was brought, waited for; None or the problem at the end. Called by the reader."""
        return self._queue.get()


class _Room:
    """Counts the visits that are under way and the bodies not yet taken by the reader, and closes the door at `limit`.

    The door is looked at when a visit's turn has come, not before: so nobody holds a place while he waits for a slow
    host, nor a host's turn while he waits for a slow reader. Shared by the loop and the reader's thread.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self._loop = loop
        self._limit = limit
        self._inside = 0
        self._shut = False
        self._lock = Lock()

    def enter(self) -> bool:
        """Take a place; False when there is none. Called in the loop."""
        with self._lock:
            if self._inside >= self._limit:
                self._shut = True
                self.open.clear()
                return False
            self._inside += 1
            return True

    def leave(self) -> None:
        """Give a place back; a shut door opens again when half of the room is free. Called in the loop, and by the
        reader.
        """
        with self._lock:
            self._inside -= 1
            if not self._shut or self._inside > self._limit // 2:
                return
            self._shut = False
        self._loop.call_soon_threadsafe(self.open.set)


class _Place:
    """One visit's place in the room, and whether it has been taken."""

    def __init__(self, room: _Room) -> None:
        self._room = room
        self.taken = False

    def take(self) -> bool:
        self.taken = self._room.enter()
        return self.taken
