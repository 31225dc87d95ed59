"""What was found goes the way of everything, but for what is known, fails in passing or is of another time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.backfill import Found
from monitor.errors import NetworkError
from monitor.jobs.filling import Filled, Patient, Portion, asks_for_peace, fill
from monitor.jobs.poll import poll
from monitor.model import Entry, Failed, Failure, Feed, Request, Via, Visit, Window
from monitor.store import Fate, Shelves
from tests.builders import a_fresh, a_request
from tests.fakes import NOON, FakeWeb
from tests.unit.jobs.conftest import FEEDS, MATCHING, Bench, rss

SPAN = Window(NOON - timedelta(days=30), NOON)
COURIER = FEEDS[0]


def _page(title: str, day: int) -> str:
    at = (NOON - timedelta(days=day)).isoformat()
    return (
        f'<html><head><title>{title}</title><meta property="article:published_time" content="{at}"></head><body>'
        f"<article><h1>{title}</h1><p>{MATCHING}</p><p>Of day {day}.</p></article></body></html>"
    )


def _bare(name: str, *pages: str) -> Found:
    link = f"https://news.example/{name}"
    return Found(Entry("courier", link, link, ""), pages)


def _nothing(_shelves: Shelves, _done: Sequence[Filled]) -> None:
    """Nothing more to be stored."""


def _fill(bench: Bench, *found: Found, via: Via = Via.BACKFILL, feed: Feed = COURIER) -> Filled:
    web = Patient(bench.web, lambda _seconds: None)
    (done,) = fill(bench.tools, web, [Portion(feed, SPAN, found, via)], _nothing)
    return done


def test_a_bare_address_becomes_an_article_with_its_pages_title_and_date(bench: Bench) -> None:
    bench.web.pages["https://news.example/a"] = _page("NASAMS for the capital", 5)
    done = _fill(bench, _bare("a"))
    assert (done.new, done.matched, done.failed) == (1, 1, [])
    with bench.store.read() as shelves:
        (told,) = shelves.articles.history("https://news.example/a")
        assert told.stored is not None
        assert told.stored.article.title == "NASAMS for the capital"
        assert told.stored.article.published == NOON - timedelta(days=5)
        assert shelves.feeds.states() == {}, "a backfill says nothing of the feed's own state"


def test_what_is_of_another_time_or_has_no_page_is_not_remembered(bench: Bench) -> None:
    bench.web.pages["https://news.example/old"] = _page("NASAMS long ago", 400)
    done = _fill(bench, _bare("old"), _bare("gone"))
    assert (done.new, done.outside) == (0, 1)
    assert done.failed == [("https://news.example/gone", "refused by the server: HTTP 404 Not Found")]
    with bench.store.read() as shelves:
        assert not shelves.articles.has_items("courier"), "so that it is tried again"


def test_a_page_that_is_gone_is_read_from_its_copy_and_keeps_its_own_address(bench: Bench) -> None:
    bench.web.pages["https://archive.example/web/1id_/a"] = _page("NASAMS for the capital", 5)
    done = _fill(bench, _bare("a", "https://news.example/a", "https://archive.example/web/1id_/a"))
    assert done.new == 1
    with bench.store.read() as shelves:
        (told,) = shelves.articles.history("https://news.example/a")
        assert told.stored is not None
        assert told.stored.article.url == "https://news.example/a"


def test_what_a_feed_showed_stays_as_it_was_and_a_feed_takes_over_what_was_filled(bench: Bench) -> None:
    bench.web.pages[COURIER.url] = rss(("a", "NASAMS at last", MATCHING))
    poll(bench.tools)
    bench.web.pages["https://news.example/a"] = _page("Another headline of NASAMS", 5)
    bench.web.pages["https://news.example/b"] = _page("More NASAMS", 5)
    done = _fill(bench, _bare("a"), _bare("b"))
    assert done.new == 1
    bench.clock.forward(hours=3)
    bench.web.pages[COURIER.url] = rss(("a", "NASAMS at last", MATCHING), ("b", "More NASAMS", MATCHING))
    assert poll(bench.tools, force=True).new == 0, "the feed's item is the one that was filled in"


def test_a_server_that_wants_peace_ends_the_portion(bench: Bench) -> None:
    class Tired:
        def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
            for request in requests:
                yield Failed(request, Failure.STATUS, "HTTP 429", NOON, 429)

    bench.change(fetcher=Tired())
    web = Patient(bench.tools.fetcher, lambda _seconds: None)
    (done,) = fill(bench.tools, web, [Portion(COURIER, SPAN, [_bare("a")], Via.BACKFILL)], _nothing)
    assert done.stopped
    assert (done.new, done.failed) == (0, [])


@dataclass
class _Shaky:
    """Fails as told, then answers."""

    failures: list[Failed]
    asked: list[str] = field(default_factory=list)

    def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
        for request in requests:
            self.asked.append(request.url)
            yield replace(self.failures.pop(0), request=request) if self.failures else a_fresh(request=request)


def _outcome(*failures: Failed) -> tuple[Visit, int, list[float]]:
    pauses: list[float] = []
    web = _Shaky(list(failures))
    (visit,) = Patient(web, pauses.append).visit_many([a_request()])
    return visit, len(web.asked), pauses


def _failed(failure: Failure = Failure.STATUS, status: int | None = None, seconds: float | None = None) -> Failed:
    patience = None if seconds is None else timedelta(seconds=seconds)
    return Failed(a_request(), failure, "", NOON, status, patience)


def test_what_may_pass_is_asked_again_and_nothing_else() -> None:
    visit, asked, pauses = _outcome(_failed(status=503), _failed(Failure.TIMEOUT), _failed(Failure.BROKEN))
    assert not isinstance(visit, Failed)
    assert (asked, pauses) == (4, [0.5, 1.0, 2.0])
    assert _outcome(_failed(status=404))[1] == 1
    assert _outcome(_failed(status=429))[1] == 1
    assert _outcome(_failed(status=503, seconds=20))[2] == [20.0]
    assert _outcome(_failed(status=503, seconds=2_000))[1] == 1
    assert _outcome(*[_failed(status=500)] * 9)[1] == 4


def test_who_wants_peace() -> None:
    assert asks_for_peace(_failed(status=429))
    assert asks_for_peace(_failed(seconds=2_000))
    assert not asks_for_peace(_failed(status=503))


def test_what_a_poll_brings_meanwhile_stays_as_it_brought_it(bench: Bench) -> None:
    courier = replace(COURIER, pages="always")
    bench.change(feeds={"courier": courier})
    bench.web.pages[COURIER.url] = rss(("a", "NASAMS for the capital", MATCHING))

    class Meeting(FakeWeb):
        def visit(self, request: Request) -> Visit:
            if bench.tools.fetcher is self:
                bench.change(fetcher=bench.web)
                assert poll(bench.tools).new == 1  # when the page could not be read
                canonical = '<link rel="canonical" href="https://news.example/2026/a">'
                self.pages[request.url] = _page("NASAMS for the capital", 1).replace("<title>", f"{canonical}<title>")
            return super().visit(request)

    web = Meeting(bench.clock, bench.web.pages)
    bench.change(fetcher=web)
    entry = Entry("courier", "a", "https://news.example/a", "NASAMS for the capital", MATCHING)
    (done,) = fill(bench.tools, web, [Portion(courier, SPAN, [Found(entry)], Via.HEALED)], _nothing)
    assert done.new == 0
    with bench.store.read() as shelves:
        assert [one.article.url for one in shelves.articles.remembered(None)] == ["https://news.example/a"]
        (told,) = shelves.articles.history("https://news.example/a")
        assert told.item.fate is Fate.MATCHED
    bench.web.pages[COURIER.url] = rss(("a", "Three NASAMS for the capital", MATCHING))
    assert poll(bench.tools, force=True).edited == 1
    assert asks_for_peace(_failed(status=503, seconds=2_000)), "a long Retry-After"
    assert not asks_for_peace(_failed(status=503, seconds=20))


def test_an_item_whose_page_fails_in_passing_is_told_of_and_tried_again_but_in_a_gap_it_is_news(bench: Bench) -> None:
    link = "https://news.example/a"
    found = Found(Entry("courier", link, link, "NASAMS for the capital", MATCHING, published=NOON - timedelta(days=5)))
    bench.web.pages[link] = Failure.TIMEOUT
    feed = replace(COURIER, pages="always")
    done = _fill(bench, found, feed=feed)
    assert (done.new, [url for url, _ in done.failed]) == (0, [link])
    bench.web.pages[link] = _page("NASAMS for the capital", 5)
    assert _fill(bench, found, feed=feed).new == 1
    other = replace(found, entry=replace(found.entry, id="b", link="https://news.example/b", title="NASAMS and more"))
    bench.web.pages[other.entry.link] = Failure.TIMEOUT
    assert _fill(bench, other, via=Via.HEALED, feed=feed).new == 1


def test_what_comes_before_a_refusal_need_not_be_looked_at_again(bench: Bench) -> None:
    class Tiring:
        def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
            for request in requests:
                tired = request.url.endswith(("b", "d"))
                yield Failed(request, Failure.STATUS, "", NOON, 429) if tired else bench.web.visit(request)

    for name in "ac":
        bench.web.pages[f"https://news.example/{name}"] = _page("NASAMS long ago", 400)
    web = Patient(Tiring(), lambda _seconds: None)
    portion = Portion(COURIER, SPAN, [_bare(name) for name in "abcd"], Via.BACKFILL)
    (done,) = fill(bench.tools, web, [portion], _nothing)
    assert (done.settled, done.outside) == (1, 1)
    assert done.stopped


def test_where_nothing_is_reached_and_the_network_is_down_nothing_is_done_blind() -> None:
    def patient(*failures: Failed) -> Patient:
        return Patient(_Shaky(list(failures)), lambda _seconds: None, tries=1, outage=lambda _visits: "no network")

    with pytest.raises(NetworkError, match="no network"):
        list(patient(_failed(Failure.CONNECT), _failed(Failure.DNS)).visit_many([a_request(), a_request()]))
    assert len(list(patient(_failed(Failure.CONNECT)).visit_many([a_request(), a_request()]))) == 2


def test_a_notice_in_the_place_of_a_bare_address_is_no_article(bench: Bench) -> None:
    told = "<h1>404</h1><p>This page does not exist.</p>"
    gone = f"<html><head><title>Page not found</title></head><body>{told}</body></html>"
    bench.web.pages["https://news.example/a"] = gone
    done = _fill(bench, _bare("a"))
    assert (done.new, done.failed) == (0, [("https://news.example/a", "page not found")])
    bench.web.pages["https://news.example/a"] = _page("NASAMS for the capital", 5)
    assert _fill(bench, _bare("a")).new == 1
