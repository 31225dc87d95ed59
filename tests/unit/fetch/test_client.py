"""Many visits at the same time, from plain code; and nothing that reaches a forbidden address."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from msgspec.structs import replace

from monitor.fetch import Fetcher
from monitor.model import Failed, Failure, Fresh, Request, Visit
from tests.newsserver import Answer, NewsServer, redirect

MakeFetcher = Callable[..., Fetcher]


def feeds(*urls: str) -> list[Request]:
    return [Request(url, "feed", f"feed-{number}") for number, url in enumerate(urls)]


@pytest.fixture(scope="module")
def trap() -> Iterator[NewsServer]:
    """A server that nobody may reach."""
    with NewsServer() as running:
        yield running


# Addresses of the machine itself, its network, its cloud; PORT is one where something does listen on loopback.
TARGETS = """
http://127.0.0.1:PORT/ http://127.0.0.1:PORT/feed?x#y http://127.1.2.3:PORT/ http://127.255.255.254:PORT/
http://localhost:PORT/ http://LOCALHOST:PORT/ http://localhost.:PORT/ http://sub.localhost:PORT/
http://localtest.example:PORT/ http://2130706433:PORT/ http://0x7f000001:PORT/ http://0x7f.0.0.1:PORT/
http://0x7f.1:PORT/ http://0177.0.0.1:PORT/ http://017700000001:PORT/ http://127.1:PORT/ http://127.0.1:PORT/
http://127.0.0.01:PORT/ http://00127.0.0.1:PORT/ http://0:PORT/ http://0.0.0.0:PORT/ http://0.0.0.1:PORT/
http://１２７.０.０.１:PORT/ http://127。0。0。1:PORT/ http://①②⑦.⓪.⓪.①:PORT/ http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/
http://public.example@127.0.0.1:PORT/ http://public.example:80@127.0.0.1:PORT/ http://a@b@127.0.0.1:PORT/
http://127.0.0.1:PORT@127.0.0.1:PORT/ http://public.example%40127.0.0.1:PORT/ http://127.0.0.1%2f@127.0.0.1:PORT/
http://127.0.0.1:PORT\\@public.example/ http://127.0.0.1:PORT#@public.example/ http://127.0.0.1%00:PORT/
http://[::1]:PORT/ http://[0:0:0:0:0:0:0:1]:PORT/ http://[::]:PORT/ http://[::ffff:127.0.0.1]:PORT/
http://[::ffff:7f00:1]:PORT/ http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/ http://[::127.0.0.1]:PORT/
http://[64:ff9b::127.0.0.1]:PORT/ http://[64:ff9b:1::7f00:1]:PORT/ http://[2002:7f00:1::]:PORT/
http://[::ffff:0:127.0.0.1]:PORT/ http://[fe80::1]:PORT/ http://[fe80::1%25lo]:PORT/ http://[fec0::1]:PORT/
http://[fc00::1]/ http://[fd00::1]/ http://[fd00:ec2::254]/ http://[ff02::1]/ http://[2001:db8::1]/ http://[2001::1]/
http://10.0.0.1/ http://10.255.255.255/ http://172.16.0.1/ http://172.31.255.254/ http://192.168.0.1/
http://192.168.1.254:8080/ http://100.64.0.1/ http://100.100.100.200/ http://169.254.169.254/latest/meta-data/
http://169.254.1.1/ http://[::ffff:169.254.169.254]/ http://[::ffff:a9fe:a9fe]/ http://2852039166/
http://0xa9fea9fe/ http://0251.0376.0251.0376/ http://metadata.example/ http://168.63.129.16/ http://192.0.0.192/
http://192.0.2.1/ http://198.18.0.1/ http://203.0.113.9/ http://224.0.0.1/ http://239.255.255.250:1900/
http://240.0.0.1/ http://255.255.255.255/ https://127.0.0.1:PORT/ https://169.254.169.254/
ftp://127.0.0.1:PORT/ file:///etc/passwd gopher://127.0.0.1:PORT/_x dict://127.0.0.1:PORT/ unix:///run/x.sock
""".split()
NAMES = {
    "metadata.example": "169.254.169.254",
    "localhost": "127.0.0.1",
    "2852039166": "169.254.169.254",
    "0xa9fea9fe": "169.254.169.254",
    "0251.0376.0251.0376": "169.254.169.254",
}


def refused(visit: object) -> bool:
    return isinstance(visit, Failed) and visit.failure in (Failure.FORBIDDEN_ADDRESS, Failure.BAD_URL)


def test_the_table_is_long() -> None:
    assert len(set(TARGETS)) >= 80


@pytest.mark.parametrize("purpose", ["feed", "page"])
def test_no_target_is_connected_to(trap: NewsServer, make_fetcher: MakeFetcher, purpose: str) -> None:
    fetcher = make_fetcher(NAMES, allow_private=())
    requests = [
        Request(target.replace("PORT", str(trap.port)), "page" if purpose == "page" else "feed", "x")
        for target in TARGETS
    ]
    visits = list(fetcher.visit_many(requests))
    assert [str(visit) for visit in visits if not refused(visit)] == []
    assert len(visits) == len(TARGETS)
    assert trap.connections == 0


def test_no_target_is_connected_to_after_a_redirect(
    trap: NewsServer, server: NewsServer, make_fetcher: MakeFetcher
) -> None:
    fetcher = make_fetcher({**NAMES, "outlet.test": "127.0.0.1"}, allow_private=("127.0.0.1/32",), per_host=16)
    targets = [target for target in TARGETS if "PORT" not in target and target.isascii()]
    for number, target in enumerate(targets):
        server.put(f"/{number}", redirect(target))
    visits = list(fetcher.visit_many(feeds(*(server.url(f"/{number}") for number in range(len(targets))))))
    assert [str(visit) for visit in visits if not refused(visit)] == []
    assert len(visits) == len(targets) > 30
    assert server.connections <= 16


def test_every_visit_comes_back_once(server: NewsServer, fetcher: Fetcher) -> None:
    urls = [server.url(f"/{number}", host=f"host-{number % 7}.test") for number in range(100)]
    for number in range(100):
        server.put(f"/{number}", Answer(body=b"%d" % number))
    requests = feeds(*urls, "not an address", "http://nothing.invalid/")
    visits = list(fetcher.visit_many(requests))
    assert sorted(visit.request.feed for visit in visits) == sorted(request.feed for request in requests)
    assert sum(isinstance(visit, Fresh) for visit in visits) == 100


def test_nothing_asked_nothing_answered(fetcher: Fetcher) -> None:
    assert list(fetcher.visit_many([])) == []


def test_visits_come_as_they_are_done(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/slow", Answer(delay=0.3))
    server.put("/quick", Answer())
    first = next(iter(fetcher.visit_many(feeds(server.url("/slow"), server.url("/quick", host="other.test")))))
    assert first.request.url.endswith("/quick")


def test_limits_and_gap_as_the_server_sees_them(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(per_host=2, host_gap_seconds=0.03)
    hosts = [f"host-{number}.test" for number in range(5)]
    for number in range(8):
        server.put(f"/{number}", Answer(delay=0.07))
    list(fetcher.visit_many(feeds(*(server.url(f"/{number}", host=host) for host in hosts for number in range(8)))))
    assert max(server.most_at_once.values()) == 2
    for host in hosts:
        times = [seen.at for seen in server.seen if seen.host == host]
        assert len(times) == 8
        # On the wire a little is lost, on a busy machine now and then a whole gap.
        assert median(later - sooner for sooner, later in pairwise(times)) >= 0.02


def test_no_more_visits_are_begun_than_there_may_be_requests(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(parallel=3, host_gap_seconds=0.0)
    server.put("/", Answer(delay=0.05))
    urls = [server.url("/", host=f"host-{number}.test") for number in range(60)]

    async def under_way() -> int:
        """Without the tasks of the HTTP library, such as one that looks a name up."""
        return sum("Fetcher._work." in repr(task.get_coro()) for task in asyncio.all_tasks())

    for _ in fetcher.visit_many(feeds(*urls)):
        assert asyncio.run_coroutine_threadsafe(under_way(), fetcher._loop).result() <= 3
    assert max(server.most_at_once.values()) == 1
    assert len(server.seen) == 60


def test_while_hosts_must_be_waited_for_others_are_visited(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(parallel=2, per_host=1, host_gap_seconds=0.5)
    server.put("/", Answer())
    hosts = [f"host-{number}.test" for number in range(6)]
    list(fetcher.visit_many(feeds(*(server.url("/", host=host) for host in hosts for _ in range(2)))))
    assert {seen.host for seen in server.seen[:6]} == set(hosts)
    assert len(server.seen) == 12


def test_while_rules_are_read_other_hosts_are_visited(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(parallel=4, per_host=2, host_gap_seconds=0.0)
    server.put("/robots.txt", Answer(404, delay=0.5))
    server.put("/page", Answer(body=b"<p>page"))
    slow = [server.url("/page", host=host) for host in ("a.test", "b.test") for _ in range(2)]
    pages = [Request(url, "page", "feed") for url in slow]
    quick = feeds(server.url("/page", host="c.test"))
    assert next(iter(fetcher.visit_many([*pages, *quick]))).request == quick[0]


def test_closing_the_iterator_cancels_the_rest(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(per_host=1)
    server.put("/0", Answer())
    for number in range(1, 50):
        server.put(f"/{number}", Answer(delay=0.05))
    visits = fetcher.visit_many(feeds(*(server.url(f"/{number}") for number in range(50))))
    next(visits)
    visits.close()
    time.sleep(0.2)
    assert len(server.seen) <= 3
    assert isinstance(fetcher.visit(feeds(server.url("/0"))[0]), Fresh)


def test_a_slow_reader_slows_the_visits_down(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(parallel=2)
    for number in range(60):
        server.put(f"/{number}", Answer())
    visits = fetcher.visit_many(feeds(*(server.url(f"/{number}", host=f"h{number}.test") for number in range(60))))
    next(visits)
    time.sleep(0.2)
    assert len(server.seen) <= 6
    assert len(list(visits)) == 59


def test_what_is_unchanged_or_failed_waits_for_no_reader(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(parallel=2)
    for number in range(30):
        server.put(f"/{number}", Answer(304 if number % 2 else 404))
    urls = [server.url(f"/{number}", host=f"h{number}.test") for number in range(30)]
    visits = fetcher.visit_many([replace(one, etag='"1"') for one in feeds(*urls)])
    next(visits)
    until = time.monotonic() + 5
    while len(server.seen) < 30 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(server.seen) == 30
    assert len(list(visits)) == 29


def test_visits_within_the_loop_over_visits(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(parallel=1, per_host=1)
    for number in range(10):
        server.put(f"/{number}", Answer())
    urls = [server.url(f"/{number}") for number in range(10)]
    inner = [len(list(fetcher.visit_many(feeds(*urls)))) for _ in fetcher.visit_many(feeds(*urls))]
    assert inner == [10] * 10


def test_several_threads_share_the_limits(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(per_host=2)
    server.put("/x", Answer(delay=0.01))
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(len(list(fetcher.visit_many(feeds(*[server.url("/x")] * 10))))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [10] * 4
    assert server.most_at_once["127.0.0.1"] == 2


def test_close_ends_what_is_under_way_and_says_so_afterwards(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher()
    server.put("/quick", Answer())
    server.put("/slow", Answer(delay=30))
    visits = fetcher.visit_many(feeds(server.url("/quick"), server.url("/slow")))
    next(visits)
    started = time.monotonic()
    fetcher.close()
    fetcher.close()
    assert list(visits) == []
    assert time.monotonic() - started < 2
    with pytest.raises(RuntimeError, match="closed"):
        fetcher.visit(feeds(server.url("/quick"))[0])


def test_connections_are_used_again(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(per_host=2)
    server.put("/x", Answer(body=b"x" * 100))
    list(fetcher.visit_many(feeds(*[server.url("/x")] * 30)))
    assert server.connections <= 2


def test_a_connection_that_the_server_dropped_is_replaced(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/x", Answer(), Answer(hang_up=True), Answer())
    request = feeds(server.url("/x"))[0]
    assert isinstance(fetcher.visit(request), Fresh)
    assert isinstance(fetcher.visit(request), Fresh)


def test_an_address_that_meets_a_bug_ends_no_other_visit(
    server: NewsServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put("/good", Answer(body=b"news"))
    requests = feeds(server.url("/bad"), server.url("/good"))
    visit = fetcher._visitor.visit

    async def tripping(request: Request, *rest: Any) -> Visit:
        if request == requests[0]:
            raise ZeroDivisionError("a bug of ours")
        return await visit(request, *rest)

    monkeypatch.setattr(fetcher._visitor, "visit", tripping)
    found = {visit.request.feed: visit for visit in fetcher.visit_many(requests)}
    bad, good = found["feed-0"], found["feed-1"]
    assert isinstance(bad, Failed)
    assert "ZeroDivisionError" in bad.detail
    assert isinstance(good, Fresh)


def test_pages_of_a_host_that_hangs_do_not_hold_up_the_round(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    for number in range(40):
        server.put(f"/slow/{number}", Answer(delay=30))
    fetcher = make_fetcher(first_byte_seconds=0.2, total_seconds=0.2, host_gap_seconds=0.0, robots=False)
    pages = [Request(server.url(f"/slow/{number}"), "page", "one") for number in range(40)]
    found = list(fetcher.visit_many(pages))
    assert len({visit.request.url for visit in found}) == 40
    assert {visit.failure for visit in found if isinstance(visit, Failed)} == {Failure.TIMEOUT}
    assert sum("not tried after" in visit.detail for visit in found if isinstance(visit, Failed)) >= 30
    assert len(server.seen) < 10


def test_a_page_that_answers_gives_the_others_another_chance(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    for number in range(12):
        server.put(f"/{number}", Answer(body=b"news") if number % 3 == 2 else Answer(delay=30))
    fetcher = make_fetcher(first_byte_seconds=0.2, total_seconds=0.2, host_gap_seconds=0.0, robots=False, per_host=1)
    pages = [Request(server.url(f"/{number}"), "page", "one") for number in range(12)]
    assert sum(isinstance(visit, Fresh) for visit in fetcher.visit_many(pages)) == 4
