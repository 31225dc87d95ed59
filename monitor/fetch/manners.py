"""Whose turn it is: a limit of requests at the same time in all and per host, and a gap between requests to one host.

A request that waits for its host holds nothing that another host needs, so one slow host never blocks the rest.
Lives in one event loop; times are that loop's clock.
"""

import asyncio
from collections.abc import Callable, Mapping

_MANY_LANES = 2_000  # from here on, hosts that nobody waits for are forgotten


def nobody_cares() -> None:
    """For whoever has nothing else to do while a host is waited for."""


class _Lane:
    """One host's queue."""

    __slots__ = ("free_at", "gap", "order", "seats", "users")

    def __init__(self, seats: int, gap: float) -> None:
        self.seats = asyncio.Semaphore(seats)
        self.order = asyncio.Lock()
        self.gap = gap
        self.free_at = 0.0
        self.users = 0


class _Turn:
    """A turn with one host, as a context."""

    __slots__ = ("_held_up", "_lane", "_manners")

    def __init__(self, manners: "Manners", lane: _Lane, held_up: Callable[[], object]) -> None:
        self._manners = manners
        self._lane = lane
        self._held_up = held_up

    async def __aenter__(self) -> None:
        await self._manners.begin(self._lane, self._held_up)

    async def __aexit__(self, *_: object) -> None:
        self._manners.end(self._lane)


class Manners:
    """Hands out turns. `gap` in seconds between the starts of two requests to one host."""

    def __init__(self, *, parallel: int, per_host: int, gap: float, gaps: Mapping[str, float] | None = None) -> None:
        self._all = asyncio.Semaphore(parallel)
        self._per_host = per_host
        self._gap = gap
        self._gaps = gaps or {}  # by host, where it is longer
        self._lanes: dict[str, _Lane] = {}
        self._closed_until: dict[str, float] = {}  # by host or address
        self._clock = asyncio.get_running_loop().time

    def turn(self, host: str, held_up: Callable[[], object] = nobody_cares) -> _Turn:
        """Wait for a turn with this host, and have it as long as the context lasts.

        `held_up` is called when it is the host that must be waited for, and not the limit of requests in all.
        """
        return _Turn(self, self._lane(host), held_up)

    async def begin(self, lane: _Lane, held_up: Callable[[], object]) -> None:
        """Wait for a turn in this lane; `end` gives it back."""
        lane.users += 1
        if lane.seats.locked() or lane.order.locked() or lane.free_at > self._clock():
            held_up()
        try:
            await lane.seats.acquire()
        except asyncio.CancelledError:
            lane.users -= 1
            raise
        try:
            async with lane.order:
                wait = lane.free_at - self._clock()
                if wait > 0:
                    await asyncio.sleep(wait)
                await self._all.acquire()
                lane.free_at = self._clock() + lane.gap
        except asyncio.CancelledError:
            lane.seats.release()
            lane.users -= 1
            raise

    def end(self, lane: _Lane) -> None:
        """The turn is over."""
        self._all.release()
        lane.seats.release()
        lane.users -= 1

    @property
    def all_open(self) -> bool:
        """Whether nobody ever asked to be left alone, so that there is nothing to look up."""
        return not self._closed_until

    def slow_down(self, host: str, gap: float) -> None:
        """From now on at least `gap` seconds between requests to this host (its Crawl-delay)."""
        lane = self._lane(host)
        lane.gap = max(self._gap, self._gaps.get(host, 0.0), gap)
        lane.free_at = max(lane.free_at, self._clock() + lane.gap)

    def shut(self, door: str, seconds: float) -> None:
        """A host, or one address alone, asked to be left alone for so long (its Retry-After)."""
        now = self._clock()
        if len(self._closed_until) >= _MANY_LANES:
            self._closed_until = {name: until for name, until in self._closed_until.items() if until > now}
        self._closed_until[door] = max(self._closed_until.get(door, 0.0), now + seconds)

    def shut_for(self, door: str) -> float:
        """How many seconds the host or address still wants to be left alone; 0 when it does not."""
        until = self._closed_until.get(door)
        return max(0.0, until - self._clock()) if until else 0.0

    def _lane(self, host: str) -> _Lane:
        lane = self._lanes.get(host)
        if lane is None:
            if len(self._lanes) >= _MANY_LANES:
                self._forget_idle()
            lane = self._lanes[host] = _Lane(self._per_host, max(self._gap, self._gaps.get(host, 0.0)))
        return lane

    def _forget_idle(self) -> None:
        now = self._clock()
        self._lanes = {host: lane for host, lane in self._lanes.items() if lane.users or lane.free_at > now}
