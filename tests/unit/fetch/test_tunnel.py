"""Visits through a proxy: what it is told, what it is not, and that the guard judges all the same."""

from collections.abc import Callable, Iterator

import pytest

from monitor.fetch import Fetcher
from monitor.model import Failed, Failure, Fresh, Request
from tests.newsserver import Answer, NewsServer, redirect
from tests.proxyserver import ProxyServer

MakeFetcher = Callable[..., Fetcher]


@pytest.fixture
def proxy() -> Iterator[ProxyServer]:
    with ProxyServer() as running:
        yield running


def ask(url: str, proxy: str, **more: str) -> Request:
    return Request(url, "feed", "courier", proxy=proxy, **more)  # type: ignore[arg-type]


def test_the_proxy_is_asked_for_the_address_that_was_judged_and_never_sees_the_name(
    server: NewsServer, fetcher: Fetcher, proxy: ProxyServer
) -> None:
    server.put("/feed", Answer(body=b"<rss/>"))
    visit = fetcher.visit(ask(server.url("/feed", host="outlet.test"), proxy.url(), login="me:pass"))
    assert isinstance(visit, Fresh), visit
    assert proxy.asked == [f"127.0.0.1:{server.port}"]
    assert "outlet.test" not in proxy.heads[0]
    assert "uthorization" not in proxy.heads[0]
    assert server.seen[0].host == "outlet.test"
    assert server.seen[0].headers["authorization"] == "Basic bWU6cGFzcw=="


def test_a_tunnel_is_used_again(server: NewsServer, fetcher: Fetcher, proxy: ProxyServer) -> None:
    server.put("/feed", Answer(body=b"<rss/>"))
    for _ in range(3):
        fetcher.visit(ask(server.url("/feed"), proxy.url()))
    assert (len(proxy.asked), len(server.seen)) == (1, 3)


def test_its_login_is_for_the_proxy_alone(server: NewsServer, fetcher: Fetcher, proxy: ProxyServer) -> None:
    server.put("/feed", Answer(body=b"<rss/>"))
    assert isinstance(fetcher.visit(ask(server.url("/feed"), proxy.url("user:word"))), Fresh)
    assert "Proxy-Authorization: Basic dXNlcjp3b3Jk\r\n" in proxy.heads[0]
    assert not {"proxy-authorization", "authorization"} & set(server.seen[0].headers)


def test_redirects_stay_in_the_tunnel(server: NewsServer, fetcher: Fetcher, proxy: ProxyServer) -> None:
    server.put("/old", redirect(server.url("/new", host="other.test")))
    server.put("/new", Answer(body=b"<rss/>"))
    assert isinstance(fetcher.visit(ask(server.url("/old", host="outlet.test"), proxy.url())), Fresh)
    assert len(proxy.asked) == 2


@pytest.mark.parametrize("host", ["10.0.0.1", "inside.test", "169.254.169.254", "[::1]"])
def test_the_guard_is_not_passed_by(make_fetcher: MakeFetcher, proxy: ProxyServer, host: str) -> None:
    fetcher = make_fetcher({"inside.test": "10.0.0.1"})
    visit = fetcher.visit(ask(f"http://{host}/feed", proxy.url()))
    assert isinstance(visit, Failed)
    assert visit.failure is Failure.FORBIDDEN_ADDRESS
    assert proxy.asked == []


def test_the_proxy_may_stand_where_the_guard_lets_no_visit_go(make_fetcher: MakeFetcher, proxy: ProxyServer) -> None:
    fetcher = make_fetcher({"outlet.test": "192.0.2.7"}, allow_private=("192.0.2.0/24",), total_seconds=0.5)
    fetcher.visit(ask("http://outlet.test/feed", proxy.url()))
    assert proxy.asked == ["192.0.2.7:80"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "gives no way there: HTTP 407 Proxy Authentication"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "gives no way there: HTTP 403 Forbidden"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "no proper answer"),
        (b"HTTP/1.1 200", "no proper answer"),
        (b"x" * 20_000, "no proper answer"),
    ],
)
def test_a_proxy_that_gives_no_tunnel(server: NewsServer, fetcher: Fetcher, answer: bytes, words: str) -> None:
    with ProxyServer(answer) as proxy:
        visit = fetcher.visit(ask(server.url("/feed"), proxy.url()))
    assert isinstance(visit, Failed)
    assert visit.failure is Failure.CONNECT
    assert words in visit.detail
    assert server.connections == 0


def test_a_proxy_that_is_not_there(server: NewsServer, fetcher: Fetcher) -> None:
    with ProxyServer() as proxy:
        url = proxy.url()
    visit = fetcher.visit(ask(server.url("/feed"), url))
    assert isinstance(visit, Failed)
    assert "cannot be reached (Connection refused)" in visit.detail


def test_a_proxy_that_never_answers(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    with NewsServer() as silent:
        visit = make_fetcher(connect_seconds=0.3).visit(ask(server.url("/feed"), silent.url("")))
    assert isinstance(visit, Failed)
    assert visit.failure in (Failure.TIMEOUT, Failure.CONNECT)
