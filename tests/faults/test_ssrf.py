"""Addresses that lead, or seem to lead, into a private network: not one connection is made to any of them.

A page, a feed, its links, its hub, a redirect or a name server may hold whatever a stranger puts there. Every target is
visited as feed, page (so that robots.txt is asked) and hub, and at the end of one to five redirects. A server listens
on loopback and must see nothing; and Python is watched for connections to anywhere but where the redirects are.
"""

import asyncio
import socket
import sys
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.fetch import Fetcher, FetchOptions
from monitor.model import Failed, Failure, Request
from tests.newsserver import NewsServer, found, redirect

ENTRY = "127.0.0.2"  # the only place where visits may go
HOPS = 5

# {port}: where the server listens that must not be reached.
TARGETS = (
    # Loopback in the spellings of inet_aton(3): decimal, octal, hexadecimal, short, mixed, with leading zeros
    "http://127.0.0.1:{port}/",
    "http://127.0.0.3:{port}/",
    "http://127.255.255.254:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7F.0.0.1:{port}/",
    "http://0x7f.1:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0177.0.0.01:{port}/",
    "http://00000177.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://127.65535:{port}/",
    "http://127.0x1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0x0:{port}/",
    "http://00.0.0.0:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.000.000.001:{port}/",
    "http://4294967297:{port}/",
    "http://127.0.0.257:{port}/",
    # Names
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://loop.test:{port}/",
    "http://127.0.0.1.nip.test:{port}/",
    "http://7f000001.nip.test:{port}/",
    "http://www.127-0-0-1.sslip.test:{port}/",
    "http://ten.test/",
    "http://metadata.test/latest/meta-data/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://mapped.test:{port}/",
    "http://six.test:{port}/",
    "http://many.test:{port}/",
    # What stands before or after the host
    "http://outlet.test@127.0.0.1:{port}/",
    "http://outlet.test:80@127.0.0.1:{port}/",
    "http://outlet.test%40127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@outlet.test/",
    "http://127.0.0.1:{port}#@outlet.test/",
    "http://127.0.0.1:{port}?@outlet.test/",
    "http://outlet.test\\@127.0.0.1:{port}/",
    "http://outlet.test#@127.0.0.1:{port}/../",
    "http:\\\\127.0.0.1:{port}\\",
    "http:/127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http://127.0.0.1:{port}:80/",
    "http://127.0.0.1 :{port}/",
    "http://\t127.0.0.1:{port}/",
    "http://127.0.0.1\n.outlet.test:{port}/",
    "http://127.0.0.1%00.outlet.test:{port}/",
    "http://127.0.0.1%23.outlet.test:{port}/",
    "http://127.0.0.1%2f:{port}/",
    # Encoded, and in other scripts (UTS 46: these digits and dots become plain ones)
    "http://%31%32%37.0.0.1:{port}/",
    "http://127%2e0%2e0%2e1:{port}/",
    "http://%6c%6f%63%61%6c%68%6f%73%74:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127．0．0．1:{port}/",
    "http://127｡0｡0｡1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://１２７.0.0.1:{port}/",
    "http://𝟏𝟐𝟕.0.0.1:{port}/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
    "http://ｌｏｃａｌｈｏｓｔ:{port}/",
    "http://loc\u00adalhost:{port}/",
    "http://loc\u200balhost:{port}/",
    "http://٠x7f.1:{port}/",
    # IPv6 and what it may carry: loopback, mapped, compatible, translated, NAT64, 6to4, zones, unique and link local
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[0000::0001]:{port}/",
    "http://[::]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/",
    "http://[::ffff:0:127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b:1::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::]:{port}/",
    "http://[::1%25lo]:{port}/",
    "http://[::1%lo]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fe80::1%lo]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fec0::1]:{port}/",
    "http://[ff02::1]:{port}/",
    "http://[::ffff:169.254.169.254]/latest/meta-data/",
    "http://[::ffff:a9fe:a9fe]/latest/meta-data/",
    "http://[v1.127.0.0.1]:{port}/",
    # The other networks
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.254/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://169.254.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/latest/meta-data/",
    "http://0251.0376.0251.0376/latest/meta-data/",
    "http://169.254.170.2/v2/credentials",
    "http://100.100.100.200/latest/meta-data/",
    "http://192.0.0.192/opc/v2/instance/",
    "http://168.63.129.16/machine/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://192.88.99.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250:1900/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    # Other schemes
    "https://127.0.0.1:{port}/",
    "HTTP://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "file://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET",
    "dict://127.0.0.1:{port}/stat",
    "unix:///var/run/docker.sock",
    "ws://127.0.0.1:{port}/",
    "jar:http://127.0.0.1:{port}/!/",
)
NAMES = {
    "loop.test": "127.0.0.1",
    "127.0.0.1.nip.test": "127.0.0.1",
    "7f000001.nip.test": "127.0.0.1",
    "www.127-0-0-1.sslip.test": "127.0.0.1",
    "ten.test": "10.0.0.1",
    "metadata.test": "169.254.169.254",
    "metadata.google.internal": "169.254.169.254",
    "mapped.test": "::ffff:127.0.0.1",
    "six.test": "::1",
    "many.test": "127.0.0.1 ::1 10.0.0.1 169.254.169.254",
    "outlet.test": "127.0.0.3",  # so that a visit that stops at the wrong part of an address is seen as well
    "entry.test": ENTRY,
}
_REFUSALS = {Failure.FORBIDDEN_ADDRESS, Failure.BAD_URL, Failure.DNS}
_reached: list[str] = []  # addresses of connections that Python announced, while `_watching`
_watching = False


def _note(event: str, args: tuple[Any, ...]) -> None:
    if _watching and event == "socket.connect":
        _reached.append(str(args[1][0]))


class Names(AbstractResolver):
    """A name server of an attacker; what it does not know goes to the system, as spelt numbers do."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As `AbstractResolver.resolve`; asks no name server."""
        known = self._names.get(host.rstrip("."))
        if known is None and any(letter.isalpha() for letter in host.lower().replace("0x", "")) and host != "localhost":
            raise OSError(None, f"no such name: {host}")
        if known is None:
            return await ThreadedResolver().resolve(host, port, family)
        return found(host, port, known)

    async def close(self) -> None:
        """Nothing to close."""


@pytest.fixture(scope="module")
def canary() -> Iterator[NewsServer]:
    """Listens wherever the targets lead on this machine: any connection to it is one too many."""
    with NewsServer("127.0.0.1", "127.0.0.3", "127.255.255.254", "::1") as running:
        yield running


@pytest.fixture(scope="module")
def entry() -> Iterator[NewsServer]:
    with NewsServer(ENTRY) as running:
        yield running


def a_fetcher(resolver: AbstractResolver) -> Fetcher:
    options = FetchOptions(
        allow_private=(f"{ENTRY}/32",), host_gap_seconds=0.0, connect_seconds=2.0, first_byte_seconds=2.0
    )
    return Fetcher(options, resolver=lambda: resolver)


@pytest.fixture(scope="module", autouse=True)
def _watched() -> None:
    sys.addaudithook(_note)


@pytest.fixture(scope="module")
def fetcher() -> Iterator[Fetcher]:
    with a_fetcher(Names(NAMES)) as running:
        yield running


@pytest.fixture(autouse=True)
def _nobody_is_reached(canary: NewsServer) -> Iterator[None]:
    global _watching
    _reached.clear()
    _watching = True
    yield
    _watching = False
    assert canary.connections == 0
    assert set(_reached) <= {ENTRY}


def refused(fetcher: Fetcher, url: str, purpose: Literal["feed", "page", "hub"] = "feed") -> None:
    form = (("hub.mode", "subscribe"),) if purpose == "hub" else ()
    visit = fetcher.visit(Request(url, purpose, "courier", form=form))
    assert isinstance(visit, Failed), visit
    assert visit.failure in _REFUSALS, visit


def test_the_table_is_as_long_as_it_says() -> None:
    assert len(set(TARGETS)) == len(TARGETS) >= 80


@pytest.mark.parametrize("target", TARGETS)
def test_not_one_connection(fetcher: Fetcher, canary: NewsServer, entry: NewsServer, target: str) -> None:
    url = target.replace("{port}", str(canary.port))
    refused(fetcher, url)
    refused(fetcher, url, "page")
    refused(fetcher, url, "hub")
    if not url.isascii() or any(letter in url for letter in "\t\n "):
        return  # a header cannot hold it
    entry.put("/robots.txt", redirect(url))
    for hops in range(1, HOPS + 1):
        for number in range(1, hops):
            entry.put(f"/{hops}/{number}", redirect(f"/{hops}/{number + 1}", 307))
        entry.put(f"/{hops}/{hops}", redirect(url, 307))
        for purpose in ("feed", "hub"):
            _refused_or_at_home(fetcher, entry, entry.url(f"/{hops}/1"), purpose)


def _refused_or_at_home(fetcher: Fetcher, entry: NewsServer, url: str, purpose: Literal["feed", "hub"]) -> None:
    """A target may also be read as a path of the redirecting server itself, as `http:/x` may; then it is not found."""
    form = (("hub.mode", "subscribe"),) if purpose == "hub" else ()
    visit = fetcher.visit(Request(url, purpose, "courier", form=form))
    assert isinstance(visit, Failed), visit
    assert visit.failure in _REFUSALS or visit.status == 404, visit


def test_a_name_that_changes_its_mind_is_judged_at_each_connection(canary: NewsServer, entry: NewsServer) -> None:
    """DNS rebinding: the first answer is harmless, the second is not."""
    names = {"rebind.test": ENTRY}
    url = f"http://rebind.test:{entry.port}/feed"
    with a_fetcher(Names(names)) as first:
        assert isinstance(visit := first.visit(Request(url, "feed", "courier")), Failed)
        assert visit.status == 404
    names["rebind.test"] = "127.0.0.1"
    with a_fetcher(Names(names)) as second:
        refused(second, url.replace(str(entry.port), str(canary.port)))


class _Turning(Names):
    """Harmless at every first question, harmful at every second; whoever judges one answer and uses another fails."""

    def __init__(self) -> None:
        super().__init__({})
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        self._names = {host: ENTRY if self.asked % 2 else "127.0.0.1"}
        return await super().resolve(host, port, family)


def test_one_answer_is_judged_and_used(entry: NewsServer) -> None:
    resolver = _Turning()
    with a_fetcher(resolver) as fetcher:
        for number in range(6):
            visit = fetcher.visit(Request(f"http://a{number}.test:{entry.port}/", "feed", "courier"))
            assert isinstance(visit, Failed)
            assert visit.failure is Failure.FORBIDDEN_ADDRESS or visit.status == 404
    assert resolver.asked >= 6


def test_a_harmless_address_beside_a_harmful_one_is_the_only_one_used(entry: NewsServer) -> None:
    with a_fetcher(Names({"both.test": f"127.0.0.1 {ENTRY} ::1"})) as fetcher:
        visit = fetcher.visit(Request(f"http://both.test:{entry.port}/nothing", "feed", "courier"))
    assert isinstance(visit, Failed)
    assert visit.status == 404


def test_the_watch_sees_connections(canary: NewsServer) -> None:
    """The proof itself: a connection that is made is seen by both witnesses."""
    before = canary.connections

    async def connect() -> None:
        _, writer = await asyncio.open_connection("127.0.0.3", canary.port)
        writer.write(b"x")
        await writer.drain()
        for _ in range(200):
            await asyncio.sleep(0 if canary.connections > before else 0.01)
        writer.close()

    asyncio.run(connect())
    assert canary.connections == before + 1
    assert "127.0.0.3" in _reached
    canary.connections = before
    _reached.clear()
