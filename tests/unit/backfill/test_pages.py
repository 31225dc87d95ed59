"""Older documents of a feed: links, counting, and when it is over."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.backfill.base import Ask
from monitor.backfill.pages import Pages, progress
from monitor.model import Entry, Failed, Failure, Leaf, Window
from tests.builders import NOW, a_feed, a_request, an_entry

FEED = a_feed()
SPAN = Window(NOW - timedelta(days=10), NOW)
RUNG = Pages()


def _entries(*days: float) -> tuple[Entry, ...]:
    return tuple(
        an_entry(id=f"e{day}", link=f"https://courier.example/{day}", published=NOW - timedelta(days=day))
        for day in days
    )


def _failed(status: int | None) -> Failed:
    return Failed(a_request(), Failure.STATUS, "", NOW, status)


def test_wordpress_is_counted_until_everything_is_older() -> None:
    (first,) = RUNG.begin(FEED, FEED.url, SPAN).asks
    step = RUNG.read(FEED, SPAN, first, Leaf(FEED.url, _entries(1, 2)))
    assert [one.url for one in step.asks] == ["http://127.0.0.1/feed.xml?paged=2"]
    assert [one.entry.id for one in step.found] == ["e1", "e2"]
    assert step.reached == NOW - timedelta(days=2)
    last = RUNG.read(FEED, SPAN, step.asks[0], Leaf(FEED.url, _entries(9, 11)))
    assert [one.entry.id for one in last.found] == ["e9"]
    assert not last.covered
    assert RUNG.read(FEED, SPAN, last.asks[0], Leaf(FEED.url, _entries(12, 11))).covered


def test_an_old_entry_that_is_pinned_to_the_top_ends_nothing() -> None:
    step = RUNG.read(FEED, SPAN, Ask(FEED.url, "feed", 1), Leaf(FEED.url, _entries(400, 1)))
    assert step.asks
    assert not step.covered


def test_blogger_is_counted_by_its_entries() -> None:
    leaf = Leaf(FEED.url, _entries(1, 2), generator="Blogger")
    (second,) = RUNG.read(FEED, SPAN, Ask(FEED.url, "feed", 1), leaf).asks
    assert second.url.endswith("?start-index=3&max-results=100")
    (third,) = RUNG.read(FEED, SPAN, second, Leaf(FEED.url, _entries(3, 4, 5))).asks
    assert third.url.endswith("?start-index=6&max-results=100")


@pytest.mark.parametrize("relation", ["prev-archive", "next"])
def test_links_go_before_counting_and_their_end_is_the_archives(relation: str) -> None:
    leaf = Leaf(FEED.url, _entries(1), links={relation: "http://127.0.0.1/older"})
    (older,) = RUNG.read(FEED, SPAN, Ask(FEED.url, "feed", 1), leaf).asks
    assert older.url == "http://127.0.0.1/older"
    step = RUNG.read(FEED, SPAN, older, Leaf(older.url, _entries(3)))
    assert step.covered
    assert not step.asks


def test_a_site_without_paging_is_noticed() -> None:
    (second,) = RUNG.read(FEED, SPAN, Ask(FEED.url, "feed", 1), Leaf(FEED.url, _entries(1))).asks
    same = RUNG.read(FEED, SPAN, second, Leaf(second.url, _entries(1)))
    assert (same.asks, same.covered) == ((), False)
    assert "no paging" in same.words
    assert not RUNG.read(FEED, SPAN, second, _failed(404)).covered, "a feed of one page shows no archive"
    assert RUNG.read(FEED, SPAN, replace(second, number=7), _failed(404)).covered


def test_a_next_page_that_shows_the_same_again_and_again_ends_the_way() -> None:
    leaf = Leaf(FEED.url, _entries(1), links={"next": "http://127.0.0.1/feed.xml?page=2"})
    (second,) = RUNG.read(FEED, SPAN, Ask(FEED.url, "feed", 1), leaf).asks
    step = RUNG.read(FEED, SPAN, second, replace(leaf, links={"next": "http://127.0.0.1/feed.xml?page=3"}))
    assert (step.asks, step.covered) == ((), False)
    assert "no paging" in step.words
    archived = replace(leaf, links={"prev-archive": "http://127.0.0.1/2026-10.xml"})
    assert RUNG.read(FEED, SPAN, second, archived).asks


def test_a_page_that_cannot_be_read_is_skipped_and_said_but_not_for_ever() -> None:
    ask = Ask("http://127.0.0.1/feed?paged=5", "feed", 5, "mark")
    for _ in range(2):
        step = RUNG.read(FEED, SPAN, ask, _failed(500))
        assert step.problem
        (ask,) = step.asks
    assert ask.url.endswith("paged=7")
    assert not RUNG.read(FEED, SPAN, ask, _failed(500)).asks
    assert RUNG.read(FEED, SPAN, ask, Leaf(ask.url, _entries(4))).asks[0].mark.count(" ") == 0, (
        "patience is whole again"
    )


def test_a_page_of_headlines_has_no_older_pages() -> None:
    step = RUNG.begin(a_feed(kind="page"), FEED.url, SPAN)
    assert not step.asks
    assert step.words


def test_progress_is_the_share_of_the_span() -> None:
    assert progress(SPAN, None) == 0
    assert progress(SPAN, NOW - timedelta(days=5)) == 0.5
    assert progress(SPAN, NOW - timedelta(days=50)) == 1


def test_the_last_page_that_answers_for_all_beyond_it_is_the_end() -> None:
    pages = [_entries(1, 2), _entries(3, 4), _entries(3, 4)]
    (ask,) = RUNG.begin(FEED, FEED.url, SPAN).asks
    for entries in pages[:2]:
        (ask,) = RUNG.read(FEED, SPAN, ask, Leaf(FEED.url, entries)).asks
    end = RUNG.read(FEED, SPAN, ask, Leaf(FEED.url, pages[2]))
    assert (end.asks, end.found, end.covered, end.words) == ((), (), True, "read to its last page, 2")


def test_next_pages_end_at_one_without_entries_and_archives_do_not() -> None:
    links = {"next": "http://127.0.0.1/older"}
    end = RUNG.read(FEED, SPAN, Ask(FEED.url, "feed", 0, "mark"), Leaf(FEED.url, links=links))
    assert (end.asks, end.covered) == ((), True)
    links = {"prev-archive": "http://127.0.0.1/october"}
    assert RUNG.read(FEED, SPAN, Ask(FEED.url, "feed", 0, "mark"), Leaf(FEED.url, links=links)).asks
