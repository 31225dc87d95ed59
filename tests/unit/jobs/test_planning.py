"""What one reading of a feed asks for: decided without a network."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.identity import MARK
from monitor.jobs import planning
from monitor.jobs.planning import Step, choose_pages, limited, page_requests, plan
from monitor.jobs.poll import poll
from monitor.model import Entry, Failure, Feed, FeedPage, FeedState, Window
from tests.fakes import NOON
from tests.unit.jobs.conftest import BORING, FEEDS, Bench, rss

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
        work = plan(shelves, FEED, page, STATE, NOON)
    assert [item.step for item in work.items] == [Step.NEW, Step.SAME_PAGE]
    assert len(page_requests(work)) == 1


def test_pages_are_asked_for_only_where_they_are_wanted(bench: Bench) -> None:
    page = _page(_entry("1", "https://news.example/a"), _entry("2", ""), _entry("3", "mailto:x@example.org"))
    page = replace(page, entries=(*page.entries, _entry("4", "https://news.example/film.mp4")))
    page = replace(page, entries=(*page.entries, replace(_entry("5", "https://news.example/play?5"), file=True)))
    with bench.store.read() as shelves:
        work = plan(shelves, FEED, page, STATE, NOON)
        silent = plan(shelves, FEEDS[0], page, STATE, NOON)
    assert [request.url for request in page_requests(work).values()] == ["https://news.example/a"]
    assert page_requests(silent) == {}


def test_a_feeds_own_headers_go_to_its_own_site_only(bench: Bench) -> None:
    secret = (("Authorization", "Bearer s3cret"),)
    feed = replace(FEED, headers=secret, login="me:pass", cookies=secret, proxy="http://proxy.example", robots=False)
    links = ("https://COURIER.example:443/a", "https://elsewhere.example/b", "http://courier.example/c")
    page = _page(*(_entry(str(n), link) for n, link in enumerate(links)))
    with bench.store.read() as shelves:
        work = plan(shelves, feed, page, STATE, NOON)
    requests = list(page_requests(work).values())
    assert [request.headers for request in requests] == [secret, (), ()]
    assert [request.login for request in requests] == ["me:pass", "", ""]
    assert [request.cookies for request in requests] == [secret, (), ()]
    assert {(request.proxy, request.robots) for request in requests} == {("http://proxy.example", False)}


def test_pages_of_what_can_hardly_match_are_left_alone(bench: Bench) -> None:
    entries = (
        replace(_entry("1", "https://news.example/a", title="NASAMS for the capital"), summary=BORING),
        replace(_entry("2", "https://news.example/b", title="Library opens later"), summary=BORING),
        _entry("3", "https://news.example/c", title="Library opens later"),  # too short to tell
    )
    asked = {}
    for pages in ("likely", "always", "never"):
        feed = replace(FEED, pages=pages)
        with bench.store.read() as shelves:
            work = choose_pages(plan(shelves, feed, _page(*entries), STATE, NOON), bench.tools.topics)
        asked[pages] = [request.url[-1] for request in page_requests(work).values()]
    assert asked == {"likely": ["a", "c"], "always": ["a", "b", "c"], "never": []}


FIVE = _page(*(_entry(str(n), f"https://news.example/{n}") for n in range(5)))


def test_what_is_over_is_counted_and_waits(bench: Bench) -> None:
    with bench.store.read() as shelves:
        work = limited(plan(shelves, FEED, FIVE, STATE, NOON), 3)
    assert (len(work.items), work.left_over) == (3, 2)
    assert (work.entries, work.known) == (5, 0)
    assert work.state.waiting == FIVE.entries[3:]


def test_what_waits_is_planned_though_the_document_has_dropped_it(bench: Bench) -> None:
    state = replace(STATE, waiting=FIVE.entries[3:])
    edited = replace(FIVE.entries[4], title="Another headline")
    with bench.store.read() as shelves:
        work = limited(plan(shelves, FEED, _page(edited, _entry("6", "https://news.example/6")), state, NOON), 9)
    assert [item.entry.id for item in work.items] == ["4", "6", "3"]
    assert work.items[0].entry.title == "Another headline"
    assert (work.entries, work.state.waiting) == (2, ())


def test_what_wants_no_page_does_not_wait(bench: Bench) -> None:
    page = _page(*FIVE.entries, _entry("film", "https://news.example/film.mp4"))
    with bench.store.read() as shelves:
        work = limited(plan(shelves, FEED, page, STATE, NOON), 2)
        silent = limited(plan(shelves, FEEDS[0], page, STATE, NOON), 2)
    assert [item.entry.id for item in work.items] == ["0", "1", "film"]
    assert (len(silent.items), silent.left_over) == (6, 0)


def test_one_transaction_takes_so_many_and_so_many_are_kept_waiting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "ITEMS_AT_ONCE", 2)
    monkeypatch.setattr(planning, "_MOST_WAITING", 1)
    with bench.store.read() as shelves:
        work = limited(plan(shelves, FEEDS[0], FIVE, STATE, NOON), 40)
    assert (len(work.items), work.left_over) == (2, 3)
    assert work.state.waiting == FIVE.entries[2:3]


def test_a_plan_without_surplus_keeps_the_state(bench: Bench) -> None:
    with bench.store.read() as shelves:
        work = plan(shelves, FEED, _page(_entry("1")), STATE, NOON)
    assert replace(work.state, noted="") == STATE


def test_what_stands_as_noted_is_not_asked_of_the_archive_again(bench: Bench) -> None:
    page = _page(*(_entry(str(n), f"https://news.example/{n}") for n in range(5)))
    with bench.store.read() as shelves:
        first = plan(shelves, FEED, page, STATE, NOON)
    assert len(first.state.noted) == 5 * MARK
    changed = replace(page, entries=(replace(page.entries[0], summary="Edited"), *page.entries[1:], _entry("new")))
    with bench.store.read() as shelves:  # empty, so whatever is asked of it is new
        again = plan(shelves, FEED, page, first.state, NOON)
        then = plan(shelves, FEED, changed, first.state, NOON)
    assert (again.items, again.entries, again.known) == ((), 5, 5)
    assert [item.identity for item in then.items] == ["id:0", "id:new"]
    assert (then.entries, then.known) == (6, 4)


def test_nothing_is_noted_while_entries_wait(bench: Bench) -> None:
    with bench.store.read() as shelves:
        work = limited(plan(shelves, FEED, FIVE, STATE, NOON), 3)
    assert work.state.noted == ""


def _left_waiting(bench: Bench) -> None:
    """Four of six entries wait for their pages' turn."""
    bench.change(
        feeds={"courier": replace(FEEDS[0], pages="always")}, limits=replace(bench.tools.limits, pages_per_visit=2)
    )
    bench.web.pages[FEEDS[0].url] = rss(*[(f"a{number}", f"Headline number {number}", BORING) for number in range(6)])
    assert poll(bench.tools).left_over == 4


def _stored(bench: Bench) -> int:
    with bench.store.read() as shelves:
        return len(shelves.articles.remembered(None))


def test_what_waits_is_read_though_its_feed_fails_for_long(bench: Bench) -> None:
    _left_waiting(bench)
    bench.web.pages[FEEDS[0].url] = Failure.WALL
    poll(bench.tools)
    bench.clock.forward(hours=4)
    assert (poll(bench.tools).pages, _stored(bench)) == (0, 2)  # it may come back
    for expected in (4, 6):
        bench.clock.forward(hours=4)
        done = poll(bench.tools)
        assert (done.read, list(done.failed), _stored(bench)) == (0, ["Courier"], expected)
    with bench.store.read() as shelves:
        state = shelves.feeds.states(["courier"])["courier"]
        log = shelves.feeds.coverage(Window(NOON, bench.clock()), [FEEDS[0]])
    assert (state.failures, state.waiting) == (4, ())
    assert state.due_at > bench.clock()
    assert [problem for _, problem, _ in log.failed] == ["bot wall"]
    bench.web.pages[FEEDS[0].url] = rss(("a0", "Headline number 0", BORING))
    assert poll(bench.tools, force=True).new == 0


def test_what_waits_does_not_when_its_server_says_that_nothing_is_new(bench: Bench) -> None:
    _left_waiting(bench)
    bench.web.pages[FEEDS[0].url] = None
    poll(bench.tools)
    assert _stored(bench) == 4


def test_what_waits_is_kept_when_the_feeds_address_is_edited(bench: Bench) -> None:
    _left_waiting(bench)
    moved = replace(FEEDS[0], url="https://courier.example/news.rss", pages="always")
    bench.change(feeds={"courier": moved})
    bench.web.pages[moved.url] = rss(("b", "Another headline", BORING))
    for _ in range(3):
        poll(bench.tools)
    assert _stored(bench) == 7
