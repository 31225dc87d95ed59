"""What one reading of a feed brings: decided without a network."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from monitor.digests import Renderer, make_environment
from monitor.jobs.ingest import Step, page_requests, place_article, plan
from monitor.model import Article, Entry, Feed, FeedPage, FeedState, Known
from monitor.store import open_store
from monitor.stories import fingerprint, ties
from tests.builders import NOW, a_digest, a_verdict, an_article
from tests.fakes import NOON
from tests.unit.jobs.conftest import FEEDS, Bench

FEED = Feed("courier", "https://courier.example/feed")
STATE = FeedState("courier", NOON + timedelta(hours=1), etag='"v1"', body_hash="abc")


def _page(*entries: Entry) -> FeedPage:
    return FeedPage("Courier", "https://courier.example/", "en", entries)


def _entry(guid: str, link: str = "", title: str = "A headline") -> Entry:
    return Entry("courier", guid, link, title)


def test_an_address_twice_in_one_document_is_one_page(bench: Bench) -> None:
    page = _page(
        _entry("1", "https://news.example/a?utm_source=rss"),
        _entry("2", "https://news.example/a", title="The same page once more"),
    )
    with bench.store.read() as shelves:
        work = plan(shelves, FEED, page, STATE, NOON, most=40)
    assert [item.step for item in work.items] == [Step.NEW, Step.SAME_PAGE]
    assert len(page_requests(work)) == 1


def test_pages_are_asked_for_only_where_they_are_wanted(bench: Bench) -> None:
    page = _page(_entry("1", "https://news.example/a"), _entry("2", ""), _entry("3", "mailto:x@example.org"))
    with bench.store.read() as shelves:
        work = plan(shelves, FEED, page, STATE, NOON, most=40)
        silent = plan(shelves, FEEDS[0], page, STATE, NOON, most=40)
    assert [request.url for request in page_requests(work).values()] == ["https://news.example/a"]
    assert page_requests(silent) == {}


def test_a_feeds_own_headers_go_to_its_own_site_only(bench: Bench) -> None:
    secret = (("Authorization", "Bearer s3cret"),)
    links = ("https://COURIER.example:443/a", "https://elsewhere.example/b", "http://courier.example/c")
    page = _page(*(_entry(str(n), link) for n, link in enumerate(links)))
    with bench.store.read() as shelves:
        work = plan(shelves, replace(FEED, headers=secret), page, STATE, NOON, most=40)
    assert [request.headers for request in page_requests(work).values()] == [secret, (), ()]


WIRE = (
    "The ministry promised two more launchers before the first frost, and crews are already in training at a range in"
    " the north of the country. The first launcher will guard the power stations in the east, the minister said after"
    " a visit to the plant where both are being refitted. Engineers there have replaced the radar displays, the"
    " cooling pumps and a good part of the wiring. A second team is writing a shorter manual, because the old one has"
    " eleven hundred pages and nobody has time to read it. Missiles will come from two neighbours, who asked not to be"
    " named until the convoys have arrived. The cost is shared by five governments under an agreement of last spring."
)
SECOND_HALF = WIRE[WIRE.index("cooling pumps") :]
SAME_EVENT = "Before winter comes, the east is to have two more launchers. So the minister said on a visit to a plant. "
TOLD = {  # outlet → (hours before, headline, text); the halves have nothing in common but the wire's text
    "wire": (5, "Two more launchers promised before winter", WIRE),
    "front": (4, "Launchers for the power stations in the east", WIRE[: WIRE.index("cooling pumps")]),
    "back": (3, "Neighbours to send missiles for new launchers", SECOND_HALF),
    "herald": (2, "Two more launchers promised before winter", SAME_EVENT),
}


def _told(outlet: str) -> Article:
    hours, title, text = TOLD[outlet]
    url = f"https://{outlet}.example/launchers"
    return an_article(url=url, title=title, text=text, published=NOW - timedelta(hours=hours))


def test_the_halves_alone_are_two_stories() -> None:
    front, back = _told("front"), _told("back")
    one, other = (fingerprint(each.title, each.text, each.url) for each in (front, back))
    assert ties(back, other, [Known(front.id, front.id, one, front.title, "Front", NOW)]) == ()


@pytest.mark.parametrize("order", list(permutations(TOLD)), ids="-".join)
def test_whichever_host_answers_first_the_story_is_the_same(order: tuple[str, ...]) -> None:
    since = NOW - timedelta(days=1)
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        for minute, outlet in enumerate(order):
            at = NOW - timedelta(hours=1) + timedelta(minutes=minute)
            article = replace(_told(outlet), found_at=at)
            shelves.articles.add(article, "c0", (a_verdict(passage=""),))
            place_article(shelves, article, outlet.title(), at, timedelta(days=14))
        (story,) = shelves.stories.untold("daily", ["air-defence"], since, NOW)
    text = Renderer(make_environment()).render(a_digest(stories=(story,)), NOW).text
    assert "* Two more launchers promised before winter\n  Wire 03:00 (first), Herald 06:00\n" in text
    assert "Same text in Front, Back" in text
    assert "https://wire.example/launchers" in text


def test_what_is_over_is_counted_and_waits(bench: Bench) -> None:
    page = _page(*(_entry(str(n), f"https://news.example/{n}") for n in range(5)))
    with bench.store.read() as shelves:
        work = plan(shelves, FEED, page, STATE, NOON, most=3)
    assert (len(work.items), work.left_over) == (3, 2)
    assert (work.entries, work.known) == (5, 0)


def test_a_plan_without_surplus_keeps_the_state(bench: Bench) -> None:
    with bench.store.read() as shelves:
        work = plan(shelves, FEED, _page(_entry("1")), STATE, NOON, most=3)
    assert work.state == STATE
