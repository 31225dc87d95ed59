"""One process at a time asks a host, however many share the archive: so the limits of `fetch.manners` hold for all.

Whatever is visited goes through here, where an archive is on a server: feeds, pages, hubs, documents of the past. A
host that another process asks now is waited for, and nothing is held meanwhile that another waits for. What a redirect
leads to on another host is not waited for.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_hex
from threading import Event, Lock

from monitor.errors import StoreError
from monitor.jobs import claiming
from monitor.jobs.toolbox import Web
from monitor.links import host_of
from monitor.model import Request, Visit
from monitor.store import Store

PAUSE = 0.25  # seconds until hosts are asked for again that are somebody else's
NOT_LONGER = timedelta(seconds=2)  # a host is kept that all was asked for


def courteous(web: Web, store: Store, now: Callable[[], datetime], stop: Event) -> Web:
    """The web as it is, where nobody else visits for the archive; else one that takes turns."""
    return Courteous(web, store, now, stop.wait, stop.is_set) if store.shared else web


class Courteous:
    """Visits like the web behind it, host by host in turn with other processes. May be used from several threads.

    `pause` waits so many seconds. Raises StoreError where the archive cannot be asked.
    """

    def __init__(
        self,
        web: Web,
        store: Store,
        now: Callable[[], datetime],
        pause: Callable[[float], object],
        stopping: Callable[[], bool],
    ) -> None:
        self._web, self._store, self._now, self._pause, self._stopping = web, store, now, pause, stopping
        self._holder = token_hex(8)
        self._users: Counter[str] = Counter()  # threads of this process that ask a host
        self._lock = Lock()
        self._until: datetime | None = None

    def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
        """Make all visits, give each as it is done; when it is time to stop, those that wait are not made."""
        waiting: dict[str, list[Request]] = defaultdict(list)
        for request in requests:
            waiting[host_of(request.url)].append(request)
        while waiting:
            ours = self._take(waiting)
            if not ours:
                if self._stopping():
                    return
                self._pause(PAUSE)
                continue
            asked = [request for host in ours for request in waiting.pop(host)]
            yield from self._visited(asked, ours)

    def _visited(self, requests: list[Request], ours: set[str]) -> Iterator[Visit]:
        left = Counter(host_of(request.url) for request in requests)
        done: set[str] = set()
        released = self._now()
        try:
            for visit in self._web.visit_many(requests):
                host = host_of(visit.request.url)
                left[host] -= 1
                if not left[host]:
                    done.add(host)
                now = self._now()
                self._renew(now)
                if done and now - released > NOT_LONGER:
                    self._release(done)
                    ours, done, released = ours - done, set(), now
                yield visit
        finally:
            self._release(ours)

    def _take(self, hosts: Iterable[str]) -> set[str]:
        now = self._now()
        until = now + claiming.LEASE
        with self._lock:
            with self._store.claiming() as shelves:
                ours = shelves.hosts.take(self._holder, list(hosts), now, until)
            self._users.update(ours)
            self._until = min(self._until, until) if self._until and any(self._users.values()) else until
        return ours

    def _renew(self, now: datetime) -> None:
        """Renew the turns when the half of their time is over."""
        with self._lock:
            if self._until is None or self._until - now > claiming.LEASE / 2:
                return
            with self._store.claiming() as shelves:
                shelves.hosts.keep(self._holder, now + claiming.LEASE)
            self._until = now + claiming.LEASE

    def _release(self, hosts: set[str]) -> None:
        with self._lock:
            self._users.subtract(hosts)
            free = [host for host in hosts if self._users[host] <= 0]
            for host in free:
                del self._users[host]
            if free:
                with suppress(StoreError), self._store.claiming() as shelves:  # turns that are left end by themselves
                    shelves.hosts.release(self._holder, free)
