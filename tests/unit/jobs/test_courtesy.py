"""Several processes on one archive: a host is asked by one of them at a time, and nobody waits for ever."""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from threading import Event

import pytest

from monitor.app import utc_now
from monitor.jobs import claiming
from monitor.jobs.courtesy import Courteous, courteous
from monitor.links import host_of
from monitor.model import Failed, Failure, Request, Visit
from monitor.store import Store, open_store

HOSTS = [f"host{number}.example" for number in range(6)]


class Street:
    """A web that counts how many processes are with a host at a time."""

    def __init__(self) -> None:
        self.lock, self.now, self.most, self.asked = threading.Lock(), Counter[str](), Counter[str](), Counter[str]()

    def visitor(self) -> "_Visitor":
        return _Visitor(self)


class _Visitor:
    def __init__(self, street: Street) -> None:
        self._street = street

    def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
        asked = list(requests)
        hosts = {host_of(request.url) for request in asked}
        with self._street.lock:
            self._street.now.update(hosts)
            self._street.most |= self._street.now
        for request in asked:
            time.sleep(0.002)
            self._street.asked[request.url] += 1
            yield Failed(request, Failure.TIMEOUT, "", utc_now())
        with self._street.lock:
            self._street.now.subtract(hosts)


def _requests(name: str, hosts: Iterable[str]) -> list[Request]:
    return [
        Request(url=f"https://{host}/{name}/{number}", purpose="page", feed="f") for host in hosts for number in (1, 2)
    ]


@pytest.fixture
def stores(server_url: str) -> Iterator[list[Store]]:
    """Those of four processes."""
    opened = [open_store(server_url) for _ in range(4)]
    yield opened
    for store in opened:
        store.close()


def test_no_host_is_with_two_processes_at_once_and_all_visits_are_made(stores: list[Store]) -> None:
    street, stop = Street(), Event()
    webs = [courteous(street.visitor(), store, utc_now, stop) for store in stores]
    counts: Counter[str] = Counter()

    def ask(number: int) -> None:
        for turn in range(3):
            hosts = HOSTS[number:] + HOSTS[:number]
            for visit in webs[number].visit_many(_requests(f"{number}-{turn}", hosts)):
                counts[visit.request.url] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(counts) == 4 * 3 * len(HOSTS) * 2
    assert set(counts.values()) == {1}
    assert set(street.most.values()) == {1}


def test_threads_of_one_process_share_its_turn(stores: list[Store]) -> None:
    mine, other = (courteous(Street().visitor(), store, utc_now, Event()) for store in stores[:2])
    first, second = (mine.visit_many(_requests(name, HOSTS[:1])) for name in "ab")
    next(first), next(second)
    assert len(list(first)) == 1  # the first is done; the second is still there
    asked: list[Visit] = []
    waiting = threading.Thread(target=lambda: asked.extend(other.visit_many(_requests("c", HOSTS[:1]))))
    waiting.start()
    time.sleep(0.6)
    assert not asked
    assert len(list(second)) == 1
    waiting.join(30)
    assert len(asked) == 2


def test_the_turn_of_a_process_that_died_ends_with_its_lease(
    stores: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "LEASE", timedelta(seconds=1))
    dead = courteous(Street().visitor(), stores[0], utc_now, Event()).visit_many(_requests("a", HOSTS[:1]))
    next(dead)
    began = time.monotonic()
    web = courteous(Street().visitor(), stores[1], utc_now, Event())
    assert len(list(web.visit_many(_requests("b", HOSTS[:2])))) == 4
    assert time.monotonic() - began > 0.8


def test_who_waits_for_a_host_stops_when_it_is_time(stores: list[Store]) -> None:
    held = courteous(Street().visitor(), stores[0], utc_now, Event()).visit_many(_requests("a", HOSTS[:1]))
    next(held)
    stop = Event()
    threading.Timer(0.5, stop.set).start()
    web = courteous(Street().visitor(), stores[1], utc_now, stop)
    assert [host_of(visit.request.url) for visit in web.visit_many(_requests("b", HOSTS[:2]))] == [HOSTS[1]] * 2


def test_an_archive_in_a_file_is_nobody_elses() -> None:
    store, web = open_store("sqlite://"), Street().visitor()
    assert courteous(web, store, utc_now, Event()) is web
    assert not isinstance(web, Courteous)
    store.close()
