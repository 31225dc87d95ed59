"""Wrong passwords and tokens counted, so that nobody guesses for long; who is somewhere else is not shut out by it."""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Lock

WITHIN = 300.0  # seconds for which a wrong try counts
_PLACES = 10_000  # that are remembered; beyond, what was quiet longest is forgotten
_NETWORK = 64  # bits of an IPv6 address that tell one customer from another (RFC 6177)


class Tries:
    """The door stays shut for a place after `each` wrong tries there, for all after `altogether` of them (0 = never).

    `timer` counts seconds that never go back. May be used from several threads.
    """

    def __init__(self, each: int, altogether: int, timer: Callable[[], float]) -> None:
        self._each = each
        self._altogether = altogether
        self._timer = timer
        self._count = 0
        self._wrong: OrderedDict[str, dict[str, float]] = OrderedDict()  # by place: what was tried → when
        self._lock = Lock()

    def note(self, address: str, what: str = "") -> None:
        """A wrong try from an address. `what` (no secret itself) was tried: the same thing again counts once."""
        place = place_of(address)
        with self._lock:
            self._left(place)
            tried = self._wrong.setdefault(place, {})
            self._wrong.move_to_end(place)
            self._count += 1
            if len(tried) < self._each:
                tried[what or str(self._count)] = self._timer()
            while len(self._wrong) > _PLACES:
                self._wrong.popitem(last=False)

    def forget(self, address: str) -> None:
        """Count anew: somebody at that address knew it."""
        with self._lock:
            self._wrong.pop(place_of(address), None)

    def shut_for(self, address: str) -> float:
        """Seconds for which nothing from there is looked at; 0.0 = it is."""
        with self._lock:
            left = self._left(place_of(address))
            if self._altogether and not left:
                for place in list(self._wrong):
                    self._left(place)
                every = sorted(moment for tried in self._wrong.values() for moment in tried.values())
                if len(every) >= self._altogether:
                    left = every[-self._altogether] + WITHIN - self._timer()
        return left

    def _left(self, place: str) -> float:
        """How long this place waits; what counts no longer is forgotten."""
        now = self._timer()
        tried = {what: moment for what, moment in self._wrong.get(place, {}).items() if now - moment <= WITHIN}
        if tried:
            self._wrong[place] = tried
        else:
            self._wrong.pop(place, None)
        return min(tried.values()) + WITHIN - now if len(tried) >= self._each else 0.0


def place_of(address: str) -> str:
    """Whose address it is: one customer may have many of them in IPv6, there the network counts."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return f"{int(parsed) >> (128 - _NETWORK):x}"
    return str(parsed)
