"""One visit at a time against a real server: what comes back, what is sent, which limits hold."""

import gzip
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import brotli
import pytest

from monitor.fetch import Fetcher
from monitor.model import Failed, Failure, Fresh, Request, Unchanged
from tests.newsserver import Answer, NewsServer, redirect

MakeFetcher = Callable[..., Fetcher]


def feed(url: str, etag: str = "", last_modified: str = "") -> Request:
    return Request(url, "feed", "courier", etag, last_modified)


def failure(fetcher: Fetcher, request: Request) -> Failed:
    visit = fetcher.visit(request)
    assert isinstance(visit, Failed), visit
    return visit


def success(fetcher: Fetcher, request: Request) -> Fresh:
    visit = fetcher.visit(request)
    assert isinstance(visit, Fresh), visit
    return visit


def test_a_body_with_its_headers(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/feed", Answer(body=b"<rss/>", headers={"ETag": '"1"', "X-Twice": "a", "x-twice": "b"}))
    visit = success(fetcher, feed(server.url("/feed")))
    assert (visit.status, visit.body, visit.url, visit.moved_to) == (200, b"<rss/>", server.url("/feed"), "")
    assert visit.headers["etag"] == '"1"'
    assert visit.headers["x-twice"] == "a, b"
    assert visit.at.tzinfo is not None


def test_what_is_sent(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.put("/feed", Answer())
    request = Request(server.url("/feed"), "feed", "courier", headers=(("X-Key", "secret"),))
    success(make_fetcher(contact="desk@example.org"), request)
    sent = server.seen[0].headers
    assert sent["user-agent"].startswith("news-monitor/")
    assert sent["user-agent"].endswith("(+desk@example.org)")
    assert sent["accept-encoding"] == "gzip, deflate, br, zstd"
    assert "application/rss+xml" in sent["accept"]
    assert sent["x-key"] == "secret"
    assert "if-none-match" not in sent


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', "no quotes", '"Київ"'])
def test_validators_go_back_as_they_came_and_304_is_unchanged(server: NewsServer, fetcher: Fetcher, etag: str) -> None:
    modified = "Mon,  23 nov 2026 8:00:00 +0000"
    server.put("/feed", Answer(304))
    visit = fetcher.visit(feed(server.url("/feed"), etag=etag, last_modified=modified))
    assert isinstance(visit, Unchanged)
    assert server.seen[0].headers["if-none-match"].encode("latin-1") == etag.encode()
    assert server.seen[0].headers["if-modified-since"] == modified


def test_a_304_tells_its_headers(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/feed", Answer(304, headers={"ETag": '"2"', "Cache-Control": "max-age=900"}))
    visit = fetcher.visit(feed(server.url("/feed"), etag='"1"'))
    assert isinstance(visit, Unchanged)
    assert (visit.headers["etag"], visit.headers["cache-control"], visit.moved_to) == ('"2"', "max-age=900", "")


@pytest.mark.parametrize(("status", "moved"), [(301, True), (302, False), (308, True)])
def test_a_304_after_a_move_tells_where(server: NewsServer, fetcher: Fetcher, status: int, moved: bool) -> None:
    server.put("/old", redirect("/new", status))
    server.put("/new", Answer(304))
    visit = fetcher.visit(feed(server.url("/old"), etag='"1"'))
    assert isinstance(visit, Unchanged)
    assert visit.moved_to == (server.url("/new") if moved else "")


def test_a_304_that_was_not_asked_for(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/feed", Answer(304))
    assert failure(fetcher, feed(server.url("/feed"))).failure is Failure.BROKEN


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "HTTP 401 Unauthorized"),
        (404, "HTTP 404 Not Found"),
        (410, "HTTP 410 Gone"),
        (500, "HTTP 500 Internal Server Error"),
    ],
)
def test_a_refusal(server: NewsServer, fetcher: Fetcher, status: int, words: str) -> None:
    server.put("/feed", redirect(server.url("/there")))
    server.put("/there", Answer(status, b"<html>sorry</html>", {"X-Why": "moved out"}))
    visit = failure(fetcher, feed(server.url("/feed")))
    assert (visit.failure, visit.detail, visit.status) == (Failure.STATUS, words, status)
    assert visit.refusal is not None
    assert (visit.refusal.url, visit.refusal.status, visit.refusal.body) == (server.url("/there"), status, b"")
    wire = visit.refusal.wire
    assert wire is not None
    assert (b"X-Why", b"moved out") in wire.headers
    assert [hop.url for hop in wire.hops] == [server.url("/feed")]


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_patience_is_left_alone(server: NewsServer, fetcher: Fetcher, status: int) -> None:
    server.put("/busy", Answer(status, headers={"Retry-After": "120"}))
    server.put("/feed", Answer(body=b"<rss/>"))
    assert failure(fetcher, feed(server.url("/busy"))).retry_after == timedelta(seconds=120)
    later = failure(fetcher, feed(server.url("/feed")))
    assert later.failure is Failure.STATUS
    assert later.retry_after is not None
    assert timedelta(seconds=100) < later.retry_after <= timedelta(seconds=120)
    assert server.count("/feed") == 0
    success(fetcher, feed(server.url("/feed", host="other.test")))


@pytest.mark.parametrize("status", [429, 503])
def test_patience_with_one_address_alone(server: NewsServer, make_fetcher: MakeFetcher, status: int) -> None:
    server.put("/busy", Answer(status, headers={"Retry-After": "120"}))
    server.put("/feed", Answer(body=b"<rss/>"))
    fetcher = make_fetcher(retry_after_scope="feed")
    failure(fetcher, feed(server.url("/busy")))
    success(fetcher, feed(server.url("/feed")))
    later = failure(fetcher, feed(server.url("/busy")))
    assert later.retry_after is not None
    assert later.retry_after > timedelta(seconds=100)
    assert server.count("/busy") == 1


def test_patience_has_a_limit(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.put("/busy", Answer(503, headers={"Retry-After": "99999"}))
    server.put("/feed", Answer())
    fetcher = make_fetcher(host_patience_max_seconds=0.0)
    assert failure(fetcher, feed(server.url("/busy"))).retry_after == timedelta(seconds=99_999)
    success(fetcher, feed(server.url("/feed")))


@pytest.mark.parametrize(("status", "moved"), [(301, True), (302, False), (303, False), (307, False), (308, True)])
def test_redirects(server: NewsServer, fetcher: Fetcher, status: int, moved: bool) -> None:
    server.put("/old", redirect("/new?x=%3D", status))
    server.put("/new?x=%3D", Answer(body=b"here"))
    visit = success(fetcher, feed(server.url("/old")))
    assert (visit.body, visit.url) == (b"here", server.url("/new?x=%3D"))
    assert visit.moved_to == (visit.url if moved else "")


def test_one_passing_redirect_on_the_way_means_it_has_not_moved(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/a", redirect("/b", 301))
    server.put("/b", redirect("/c", 302))
    server.put("/c", Answer())
    assert success(fetcher, feed(server.url("/a"))).moved_to == ""


def test_validators_follow_a_redirect(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/old", redirect("/new", 301))
    server.put("/new", Answer(304))
    assert isinstance(fetcher.visit(feed(server.url("/old"), etag='"1"')), Unchanged)


def test_a_circle_ends(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/a", redirect("/b"))
    server.put("/b", redirect("/a"))
    visit = failure(fetcher, feed(server.url("/a")))
    assert (visit.failure, len(server.seen)) == (Failure.REDIRECTS, 2)


def test_endless_redirects_end(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    for number in range(10):
        server.put(f"/{number}", redirect(f"/{number + 1}"))
    visit = failure(make_fetcher(max_redirects=3), feed(server.url("/0")))
    assert (visit.failure, len(server.seen)) == (Failure.REDIRECTS, 4)


def test_a_cookie_set_on_the_way_opens_the_door(server: NewsServer, fetcher: Fetcher) -> None:
    server.put(
        "/page",
        lambda seen: Answer() if seen.headers.get("cookie") == "seen=1" else redirect("/page", cookie="seen=1"),
    )
    success(fetcher, feed(server.url("/page")))


@pytest.mark.parametrize(
    "target", ["ftp://127.0.0.1/x", "file:///etc/passwd", "javascript:alert(1)", "data:,x", "http://[::1"]
)
def test_a_redirect_to_what_is_no_web_address(server: NewsServer, fetcher: Fetcher, target: str) -> None:
    server.put("/old", redirect(target))
    assert failure(fetcher, feed(server.url("/old"))).failure is Failure.BAD_URL


def test_a_redirect_to_nowhere(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/old", Answer(302))
    assert failure(fetcher, feed(server.url("/old"))).failure is Failure.BROKEN


def test_what_is_private_stays_with_its_host(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/a", redirect("/b", 301, cookie="session=1"))
    server.put("/b", redirect(server.url("/c", host="other.test"), 301))
    server.put("/c", Answer())
    secret = (("Authorization", "Bearer x"), ("Cookie", "login=1"), ("X-Api-Key", "x"))
    visit = success(fetcher, Request(server.url("/a"), "feed", "courier", headers=secret))
    assert visit.moved_to == server.url("/c", host="other.test")
    first, same, other = (seen.headers for seen in server.seen)
    assert first["authorization"] == same["authorization"] == "Bearer x"
    assert not {"authorization", "cookie", "x-api-key"} & set(other)


def test_a_login_in_the_address_is_used_and_never_shown(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/a", redirect(server.url("/b", host="user2:other@other.test"), 301))
    server.put("/b", Answer())
    visit = success(fetcher, feed(server.url("/a", host="user:passw0rd@one.test")))
    assert server.seen[0].headers["authorization"] == "Basic dXNlcjpwYXNzdzByZA=="
    assert "authorization" not in server.seen[1].headers
    assert visit.url == server.url("/b", host="other.test")
    assert visit.moved_to == ""


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_bombs_are_stopped(server: NewsServer, make_fetcher: MakeFetcher, encoding: str) -> None:
    zeros = bytes(50_000_000)
    bomb = gzip.compress(zeros) if encoding == "gzip" else brotli.compress(zeros, quality=1)
    server.put("/feed", Answer(body=bomb, headers={"Content-Encoding": encoding}))
    visit = failure(make_fetcher(max_feed_mb=1.0), feed(server.url("/feed")))
    assert (visit.failure, visit.detail) == (Failure.TOO_LARGE, "more than 1 MB")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_50_mb_is_not_read(server: NewsServer, make_fetcher: MakeFetcher, chunked: bool) -> None:
    server.put("/feed", Answer(body=bytes(500_000), repeat=100, chunked=chunked))
    assert failure(make_fetcher(), feed(server.url("/feed"))).failure is Failure.TOO_LARGE


@pytest.mark.parametrize("kind", ["audio/mpeg", "Video/MP4; codecs=x", "image/webp", "application/pdf"])
def test_a_file_in_a_pages_place_is_not_read(server: NewsServer, make_fetcher: MakeFetcher, kind: str) -> None:
    server.put("/7", Answer(body=b"ID3" + b"x" * 3_000_000, headers={"Content-Type": kind}))
    visit = failure(make_fetcher(max_page_mb=1), Request(server.url("/7"), "page", "radio"))
    assert str(visit) == f"a file and no page: {kind.partition(';')[0].lower()}"
    success(make_fetcher(), feed(server.url("/7")))


def test_feeds_and_pages_have_limits_of_their_own(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.put("/x", Answer(body=bytes(600_000)))
    fetcher = make_fetcher(max_feed_mb=1.0, max_page_mb=0.5)
    success(fetcher, feed(server.url("/x")))
    assert failure(fetcher, Request(server.url("/x"), "page", "courier")).detail == "more than 0.5 MB"


@pytest.mark.parametrize(
    ("answer", "options", "words"),
    [
        (Answer(body=b"x" * 100, drip=0.05), {"total_seconds": 0.3}, "not finished within 0.3 s"),
        (Answer(delay=3), {"first_byte_seconds": 0.2}, "silent for 0.2 s"),
        (redirect("/slow"), {"total_seconds": 0.3}, "not finished within 0.3 s"),
    ],
)
def test_time_limits(
    server: NewsServer, make_fetcher: MakeFetcher, answer: Answer, options: dict[str, float], words: str
) -> None:
    server.put("/feed", answer)
    server.put("/slow", Answer(delay=3))
    started = time.monotonic()
    visit = failure(make_fetcher(**options), feed(server.url("/feed")))
    assert (visit.failure, words in visit.detail) == (Failure.TIMEOUT, True), visit
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"x" * 1_000, cut_after=500),
        Answer(body=b"x" * 1_000, cut_after=500, chunked=True),
        Answer(body=gzip.compress(b"x" * 1_000)[:-5], headers={"Content-Encoding": "gzip"}),
        Answer(body=b"plain", headers={"Content-Encoding": "gzip"}),
        Answer(hang_up=True),
        Answer(reset=True),
        Answer(raw=b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        Answer(raw=b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n"),
        Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    ],
)
def test_broken_answers(server: NewsServer, fetcher: Fetcher, answer: Answer) -> None:
    server.put("/feed", answer)
    visit = failure(fetcher, feed(server.url("/feed")))
    assert visit.failure is Failure.BROKEN
    assert visit.detail


@pytest.mark.parametrize("broken", [Answer(hang_up=True), Answer(reset=True)])
def test_a_connection_closed_meanwhile_is_opened_again_once_and_in_turn(
    server: NewsServer, make_fetcher: MakeFetcher, broken: Answer
) -> None:
    server.put("/feed", broken, Answer(body=b"<rss/>"))
    server.put("/down", broken)
    fetcher = make_fetcher(host_gap_seconds=0.2)
    success(fetcher, feed(server.url("/feed")))
    failure(fetcher, feed(server.url("/down")))
    assert (server.count("/feed"), server.count("/down")) == (2, 2)
    times = [seen.at for seen in server.seen]
    assert all(later - sooner > 0.15 for sooner, later in pairwise(times))


def test_what_was_posted_is_not_posted_again(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/hub", Answer(hang_up=True))
    failure(fetcher, Request(server.url("/hub"), "hub", "courier", form=(("hub.mode", "subscribe"),)))
    assert server.count("/hub") == 1


def test_nobody_listens(server: NewsServer, fetcher: Fetcher) -> None:
    with NewsServer() as other:
        url = other.url("/feed")
    visit = failure(fetcher, feed(url))
    assert (visit.failure, visit.detail) == (Failure.CONNECT, "127.0.0.1: connection refused")


def test_a_name_that_does_not_exist(fetcher: Fetcher) -> None:
    visit = failure(fetcher, feed("http://nothing.invalid/"))
    assert (visit.failure, visit.detail) == (Failure.DNS, "no address known for nothing.invalid")


def test_a_name_with_several_forbidden_addresses(make_fetcher: MakeFetcher) -> None:
    visit = failure(make_fetcher({"inside.test": "10.0.0.1 fd00::1"}), feed("http://inside.test/"))
    assert visit.failure is Failure.FORBIDDEN_ADDRESS
    assert "10.0.0.1 is a private address" in visit.detail
    assert "fd00::1 is a private address (unique local)" in visit.detail


def test_a_name_with_one_good_address_is_reached_there(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.put("/", Answer())
    success(make_fetcher({"both.test": "10.0.0.1 127.0.0.1"}), feed(server.url("/", host="both.test")))


def test_no_tls_where_tls_was_asked_for(server: NewsServer, fetcher: Fetcher) -> None:
    assert failure(fetcher, feed(server.url("/", scheme="https"))).failure is Failure.TLS


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nothing",
        "/feed",
        "//host/feed",
        "ftp://host/feed",
        "mailto:desk@host.test",
        "http://",
        "http:///feed",
        "http://[::1",
        "http://host:99999/",
        "http://exa mple.org/",
        "http://a..b/",
        "http://a%00b/",
        f"http://{'a' * 300}.test/",
    ],
)
def test_what_is_no_web_address(server: NewsServer, fetcher: Fetcher, url: str) -> None:
    assert failure(fetcher, feed(url)).failure is Failure.BAD_URL


def test_a_header_that_cannot_be_sent(server: NewsServer, fetcher: Fetcher) -> None:
    request = Request(server.url("/"), "feed", "courier", headers=(("X-Key", "a\r\nX-Evil: 1"),))
    assert failure(fetcher, request).failure is Failure.BAD_URL
    assert server.seen == []


def test_an_address_in_another_script(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8", Answer(body=b"ok"))
    assert success(fetcher, feed(server.url("/новини", host="новини.test"))).body == b"ok"
    assert server.seen[0].host == "xn--b1amarcd.test"


def test_header_bytes_that_are_no_utf8_can_be_stored(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/", Answer(headers={"X-Town": "Köln"}))
    assert success(fetcher, feed(server.url("/"))).headers["x-town"].encode("utf-8")
