"""robots.txt against a real server: whom it binds, what its absence means, how long it is remembered."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace
from yarl import URL

from monitor.fetch import Fetcher, robots
from monitor.fetch.failures import VisitError
from monitor.fetch.robots import Robots
from monitor.model import Failed, Failure, Fresh, Request, Visit
from tests.newsserver import Answer, NewsServer, redirect

MakeFetcher = Callable[..., Fetcher]
RULES = (
    b"User-agent: *\nDisallow: /private\n\nUser-agent: news-monitor\nDisallow: /not-you/\nAllow: /not-you/but-this\n"
)
SITE = URL("http://outlet.test/story")


def page(url: str) -> Request:
    return Request(url, "page", "courier")


def kind(visit: Visit) -> Failure | None:
    return visit.failure if isinstance(visit, Failed) else None


@pytest.mark.parametrize(
    ("path", "allowed"), [("/story", True), ("/not-you/1", False), ("/not-you/but-this", True), ("/private", True)]
)
def test_pages_follow_the_rules_for_us(server: NewsServer, fetcher: Fetcher, path: str, allowed: bool) -> None:
    server.put("/robots.txt", Answer(body=RULES))
    server.put(path, Answer())
    assert kind(fetcher.visit(page(server.url(path)))) == (None if allowed else Failure.ROBOTS)
    assert server.count(path) == allowed


def test_a_feed_that_the_user_named_is_not_asked_about(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /\n"))
    server.put("/feed", Answer())
    assert isinstance(fetcher.visit(Request(server.url("/feed"), "feed", "courier")), Fresh)
    assert server.count("/robots.txt") == 0


def test_it_can_be_switched_off(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.put("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /\n"))
    server.put("/story", Answer())
    assert isinstance(make_fetcher(robots=False).visit(page(server.url("/story"))), Fresh)


def test_a_feed_may_do_without_it(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /\n"))
    server.put("/story", Answer())
    assert isinstance(fetcher.visit(replace(page(server.url("/story")), robots=False)), Fresh)
    assert server.count("/robots.txt") == 0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(404), None),
        (Answer(401), None),
        (Answer(429), None),
        (Answer(500), Failure.ROBOTS),
        (Answer(503), Failure.ROBOTS),
        (redirect("/robots.txt"), None),
        (redirect("/rules"), Failure.ROBOTS),
        (Answer(body=b"<html>Not a robots file</html>"), None),
        (Answer(body=b"\xef\xbb\xbfUser-agent: *\nDisallow: /story"), Failure.ROBOTS),
        (Answer(body=b"#" * 524_288 + b"\nUser-agent: *\nDisallow: /story"), None),  # the rest is not read
        (Answer(reset=True), Failure.BROKEN),
    ],
)
def test_what_an_answer_means(server: NewsServer, fetcher: Fetcher, answer: Answer, expected: Failure | None) -> None:
    server.put("/robots.txt", answer)
    server.put("/rules", Answer(body=b"User-agent: *\nDisallow: /story"))
    server.put("/story", Answer())
    assert kind(fetcher.visit(page(server.url("/story")))) == expected


def test_a_redirect_to_another_host_asks_that_host_too(server: NewsServer, fetcher: Fetcher) -> None:
    server.put(
        "/robots.txt", lambda seen: Answer(body=b"User-agent: *\nDisallow: /") if seen.host == "b" else Answer(404)
    )
    server.put("/story", redirect(server.url("/landing", host="b")))
    assert kind(fetcher.visit(page(server.url("/story", host="a")))) is Failure.ROBOTS
    assert server.count("/landing") == 0


def test_it_is_asked_for_once_for_many_pages(server: NewsServer, fetcher: Fetcher) -> None:
    server.put("/robots.txt", Answer(body=RULES, delay=0.05))
    pages = [page(server.url(f"/{number}")) for number in range(20)]
    assert len(list(fetcher.visit_many(pages))) == 20
    assert server.count("/robots.txt") == 1


def test_crawl_delay_is_kept_up_to_the_limit(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.put("/robots.txt", Answer(body=b"User-agent: *\nCrawl-delay: 1000\n"))
    fetcher = make_fetcher(crawl_delay_max_seconds=0.3)
    list(fetcher.visit_many([page(server.url(f"/{number}")) for number in range(3)]))
    times = [seen.at for seen in server.seen]
    assert all(later - sooner >= 0.2 for sooner, later in pairwise(times))


class Site:
    """A robots.txt that is read over and over, and a clock."""

    def __init__(self, *answers: bytes | VisitError) -> None:
        self.answers = list(answers)
        self.now = datetime(2026, 11, 23, tzinfo=UTC)
        self.reads = 0

    async def read(self, _: URL, _proxy: str) -> bytes:
        self.reads += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, VisitError):
            raise answer
        return answer

    def check(self, *waits: timedelta) -> list[bool]:
        """Whether the page may be visited, at first and after each wait."""

        async def ask() -> list[bool]:
            rules, answers = Robots(self.read, lambda: self.now), []
            for wait in (timedelta(0), *waits):
                self.now += wait
                try:
                    await rules.check(SITE)
                    answers.append(True)
                except VisitError:
                    answers.append(False)
            return answers

        with asyncio.Runner() as runner:
            return runner.run(ask())


DOWN = VisitError(Failure.STATUS, "HTTP 503", status=503)
NO = b"User-agent: *\nDisallow: /"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_rules_are_kept_for_a_day() -> None:
    site = Site(NO, b"User-agent: *\nAllow: /")
    assert site.check(23 * HOUR, HOUR) == [False, False, True]
    assert site.reads == 2


def test_an_unreadable_file_is_a_no_and_soon_tried_again() -> None:
    site = Site(DOWN, b"User-agent: *\nAllow: /")
    assert site.check(9 * MINUTE, MINUTE) == [False, False, True]


def test_the_older_copy_serves_while_it_cannot_be_read() -> None:
    site = Site(b"User-agent: *\nAllow: /", DOWN)
    assert site.check(25 * HOUR, HOUR, HOUR) == [True] * 4
    assert site.reads == 4


def test_after_thirty_days_of_trouble_there_are_no_rules() -> None:
    assert Site(DOWN).check(29 * 24 * HOUR, 24 * HOUR) == [False, False, True]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "_MANY_HOSTS", 10)
    site = Site(NO)

    async def ask() -> int:
        rules = Robots(site.read, lambda: site.now)
        for number in range(50):
            with pytest.raises(VisitError):
                await rules.check(URL(f"http://outlet-{number}.test/"))
        return len(rules._known)

    with asyncio.Runner() as runner:
        assert runner.run(ask()) == 10
