"""Due times, the log of visits, coverage."""

from dataclasses import replace
from datetime import timedelta

from monitor.model import Coverage, FeedState, How, Window
from monitor.store import Fate, Store
from tests.builders import NOW, a_feed, an_article
from tests.unit.store.keeping import MISSING, an_address, keep

HOUR = timedelta(hours=1)
COURIER, HERALD, GAZETTE = (a_feed(name=name, title=name.title()) for name in ("courier", "herald", "gazette"))
NAMES = ("courier", "herald", "gazette")


def test_new_feeds_are_due_at_once_the_longest_due_first(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync([HERALD], NOW - HOUR)
        shelves.feeds.sync([COURIER, HERALD, GAZETTE], NOW)
        assert [state.feed for state in shelves.feeds.due(NAMES, NOW, 10)] == ["herald", "courier", "gazette"]
        assert [state.feed for state in shelves.feeds.due(NAMES, NOW, 2)] == ["herald", "courier"]
        assert [state.feed for state in shelves.feeds.due(["gazette"], NOW, 1)] == ["gazette"]
        assert shelves.feeds.due(NAMES, NOW - 2 * HOUR, 10) == []


def test_a_state_comes_back_and_decides_when_the_feed_is_due(store: Store) -> None:
    state = FeedState(
        "courier", NOW + HOUR, '"etag"', "Mon, 23 Nov 2026 05:00:00 GMT", "b0d7", NOW, NOW - HOUR, 2, "too slow"
    )
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER], NOW)
        shelves.feeds.save(state)
        shelves.feeds.sync([COURIER], NOW)  # keeps what is known
        assert shelves.feeds.states() == {"courier": state}
        assert shelves.feeds.due(NAMES, NOW + HOUR - timedelta(microseconds=1), 10) == []
        assert shelves.feeds.due(NAMES, NOW + HOUR, 10) == [state]


def test_a_removed_feed_rests_and_comes_back_with_what_was_known(store: Store) -> None:
    state = FeedState("herald", NOW, etag='"e"')
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER, HERALD], NOW)
        shelves.feeds.save(state)
        shelves.feeds.sync([COURIER], NOW)
        assert [due.feed for due in shelves.feeds.due(NAMES, NOW, 10)] == ["courier"]
        assert shelves.feeds.states(["herald"]) == {"herald": state}
        shelves.feeds.sync([COURIER, HERALD], NOW + HOUR)
        assert shelves.feeds.states(["herald"]) == {"herald": state}
        assert [due.feed for due in shelves.feeds.due(NAMES, NOW, 10)] == ["courier", "herald"]


def test_a_reading_that_ends_after_its_feed_was_removed_does_not_make_it_due_again(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER, HERALD], NOW)
        shelves.feeds.sync([COURIER], NOW)
        shelves.feeds.save(FeedState("herald", NOW))
        assert [due.feed for due in shelves.feeds.due(NAMES, NOW, 10)] == ["courier"]


def test_coverage_tells_read_failed_and_unvisited_apart(store: Store) -> None:
    window = Window(NOW - HOUR, NOW)
    feeds = [COURIER, HERALD, GAZETTE, a_feed(name="mirror", title="Mirror")]
    with store.begin() as shelves:
        log = shelves.feeds.log_visit
        log("courier", NOW - HOUR / 2, "failed", 0, 0, "too slow")
        log("courier", NOW, "unchanged", 0, 0, "")
        log("herald", NOW - HOUR / 2, "failed", 0, 0, "name not found")
        log("herald", NOW, "unreadable", 0, 0, "HTML page instead of a feed")
        log("gazette", NOW - HOUR, "read", 9, 9, "")  # the window begins after this moment
        log("gazette", NOW + HOUR, "read", 9, 9, "")
        log("mirror", NOW, "read", 5, 0, "")
        log("stranger", NOW, "failed", 0, 0, "not ours any more")
        found = shelves.feeds.coverage(window, feeds, too_old=3)
    assert found == Coverage(
        feeds=4, read=2, failed=(("Herald", "HTML page instead of a feed"),), unvisited=("Gazette",), too_old=3
    )


def test_coverage_counts_entries_articles_and_matches_of_its_window(store: Store) -> None:
    with store.begin() as shelves:
        for number, found_at in enumerate((NOW - HOUR, NOW - HOUR / 2, NOW, NOW + HOUR)):
            keep(shelves, an_article(url=an_address(number), found_at=found_at))
        keep(shelves, replace(an_article(url=an_address(5), found_at=NOW), how=How.FEED_SUMMARY), MISSING)
        entry = an_article().entry
        shelves.articles.remember(entry.feed, "id:6", entry, "c0", None, Fate.EMPTY, "nothing in it", NOW)
        shelves.articles.remember("stranger", "id:7", entry, "c0", None, Fate.EMPTY, "nothing in it", NOW)
        found = shelves.feeds.coverage(Window(NOW - HOUR, NOW), [a_feed()])
    assert (found.entries, found.articles, found.matched) == (4, 2, 2)


def test_old_visits_are_forgotten(store: Store) -> None:
    with store.begin() as shelves:
        for at in (NOW - HOUR, NOW):
            shelves.feeds.log_visit("courier", at, "read", 1, 1, "")
        assert shelves.feeds.forget_visits(NOW) == 1
        assert shelves.feeds.forget_visits(NOW) == 0
        assert shelves.feeds.coverage(Window(NOW - HOUR, NOW), [COURIER]).read == 1
