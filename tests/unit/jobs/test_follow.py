"""What documents point to is visited with them."""

from collections.abc import Iterable, Iterator

from monitor.jobs.follow import follow, whole
from monitor.jobs.poll import poll
from monitor.model import Failed, Failure, Feed, Fresh, Request, Unchanged, Visit
from tests.builders import NOW, a_fresh, a_request
from tests.unit.jobs.conftest import Bench


class Site:
    """Answers by the address: `gone` fails, `same` is unchanged."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
        for request in requests:
            self.asked.append(request.url)
            if request.url == "gone":
                yield Failed(request, Failure.TIMEOUT, "", NOW)
            elif request.url == "same":
                yield Unchanged(request, NOW)
            else:
                yield a_fresh(request=request, url=request.url, body=request.url.encode())


def test_only_what_points_elsewhere_gets_parts_and_each_address_is_asked_once() -> None:
    site = Site()
    places = {b"index": ["b", "a", "gone", "same"], b"other": ["a"], b"plain": []}
    visits = [a_fresh(body=body) for body in places] + [Unchanged(a_request(), NOW)]

    def pointers(visit: Fresh) -> list[Request]:
        return [a_request(url=place) for place in places[visit.body]]

    index, other, plain, unchanged = follow(site, visits, pointers)
    assert isinstance(index, Fresh)
    assert isinstance(other, Fresh)
    assert [part.request.url for part in index.parts] == ["b", "a"]
    assert index.missing == ("gone: too slow",)
    assert [part.request.url for part in other.parts] == ["a"]
    assert (plain, unchanged) == (visits[2], visits[3])
    assert site.asked == ["b", "a", "gone", "same"]


def test_nothing_is_asked_where_nothing_points() -> None:
    site, visits = Site(), [a_fresh()]
    assert follow(site, visits, lambda _visit: []) == visits
    assert site.asked == []


def test_an_article_is_whole_with_all_its_pages_and_those_without_more_come_first() -> None:
    site = Site()
    chains = {b"a1": "a2", b"a2": "a3", b"a3": "", b"b": "", b"c1": "gone", b"d1": "d2", b"d2": "d3", b"d3": "d4"}

    def onward(page: Fresh) -> Request | None:
        return a_request(url=chains[page.body]) if chains[page.body] else None

    requests = [a_request(url=url) for url in ("a1", "gone", "b", "c1", "d1")]
    visits = list(whole(site, requests, onward, most=3))
    parts = {visit.request.url: [part.url for part in visit.parts] for visit in visits if isinstance(visit, Fresh)}
    assert parts == {"a1": ["a2", "a3"], "b": [], "c1": [], "d1": ["d2", "d3"]}
    assert [visit.request.url for visit in visits[:2]] == ["gone", "b"]
    assert len(site.asked) == len(set(site.asked)) + 1  # only what fails is asked for by two


def test_nothing_more_is_asked_where_nothing_goes_on() -> None:
    site = Site()
    assert len(list(whole(site, [a_request(url="x")], lambda _page: None, most=5))) == 1
    assert site.asked == ["x"]


def test_an_index_that_stays_the_same_still_brings_what_is_new_in_its_sitemaps(bench: Bench) -> None:
    def sitemap(*numbers: int) -> str:
        news = "<news><title>News number {0} of the harbour</title></news>"
        place = f"<url><loc>https://ridge.example/news/{{0}}</loc>{news}</url>"
        return f"<urlset>{''.join(place.format(number) for number in numbers)}</urlset>"

    index, part = "https://ridge.example/sitemap.xml", "https://ridge.example/part.xml"
    feed = Feed("ridge", index, "Ridge", kind="sitemap", pages="never")
    bench.change(feeds={"ridge": feed})
    bench.web.pages[index] = f"<sitemapindex><sitemap><loc>{part}</loc></sitemap></sitemapindex>"
    bench.web.headers[index] = {"etag": '"1"'}
    bench.web.pages[part] = sitemap(1, 2)
    first = poll(bench.tools)
    assert (first.read, first.new, first.failed) == (1, 2, {})
    bench.web.pages[part] = sitemap(3, 1, 2)
    second = poll(bench.tools, force=True)
    assert (second.read, second.new) == (1, 1)
    assert [request.etag for request in bench.web.asked if request.url == index] == ["", ""]
    assert poll(bench.tools, force=True).unchanged == 1
    bench.web.pages[part] = Failure.TIMEOUT
    assert "no sitemap of the index could be read" in poll(bench.tools, force=True).failed["Ridge"]
