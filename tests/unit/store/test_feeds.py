"""Due times, the log of visits, coverage."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from monitor.model import LEFT_ALONE, Coverage, FeedState, How, Window
from monitor.store import Fate, Figures, Outcome, Shelves, Store, Visited
from tests.builders import NOW, a_feed, a_verdict, an_article
from tests.unit.store.keeping import MATCHING, MISSING, an_address, keep

HOUR = timedelta(hours=1)
COURIER, HERALD, GAZETTE = (a_feed(name=name, title=name.title()) for name in ("courier", "herald", "gazette"))


def due(shelves: Shelves, now: datetime, limit: int) -> list[FeedState]:
    """What may be visited, and is nobody's afterwards."""
    found = shelves.claims.take("test", now, limit, HOUR)
    shelves.claims.release("test")
    return found


def test_new_feeds_are_due_at_once_the_longest_due_first(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync([HERALD], NOW - HOUR)
        shelves.feeds.sync([COURIER, HERALD, GAZETTE], NOW)
        assert [state.feed for state in due(shelves, NOW, 10)] == ["herald", "courier", "gazette"]
        assert [state.feed for state in due(shelves, NOW, 2)] == ["herald", "courier"]
        assert due(shelves, NOW - 2 * HOUR, 10) == []


def test_a_state_comes_back_and_decides_when_the_feed_is_due(store: Store) -> None:
    state = FeedState(
        feed="courier",
        due_at=NOW + HOUR,
        etag='"etag"',
        last_modified="Mon, 23 Nov 2026 05:00:00 GMT",
        body_hash="b0d7",
        visited_at=NOW,
        succeeded_at=NOW - HOUR,
        failures=2,
        problem="too slow",
        failing_since=NOW - HOUR / 2,
        url=COURIER.url,
        address="https://courier.example/new",
        interval=HOUR / 3,
        wish=HOUR,
        skip_hours=frozenset({0, 23}),
        skip_days=frozenset({6}),
        gaps=2,
        lull=3 * HOUR,
    )
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER], NOW)
        shelves.feeds.save(state)
        shelves.feeds.sync([COURIER], NOW)  # keeps what is known
        assert shelves.feeds.states() == {"courier": state}
        assert due(shelves, NOW + HOUR - timedelta(microseconds=1), 10) == []
        assert due(shelves, NOW + HOUR, 10) == [state]


def test_what_has_changed_is_noted_and_nothing_else(store: Store) -> None:
    known = FeedState("courier", NOW, etag='"1"', url=COURIER.url, skip_hours=frozenset({3}))
    other = FeedState("herald", NOW, problem="too slow", failures=2)
    now = replace(known, due_at=NOW + HOUR, etag="", skip_hours=frozenset(), interval=HOUR)
    well = replace(other, problem="", failures=0)
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER, HERALD], NOW)
        shelves.feeds.save(known, other)
        shelves.feeds.amend()
        shelves.feeds.amend((known, known))
        assert shelves.feeds.states() == {"courier": known, "herald": other}
        shelves.feeds.amend((known, now), (other, well))
        assert shelves.feeds.states() == {"courier": now, "herald": well}
        assert shelves.feeds.states([]) == {}


def test_a_removed_feed_rests_and_comes_back_with_what_was_known(store: Store) -> None:
    state = FeedState("herald", NOW, etag='"e"')
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER, HERALD], NOW)
        shelves.feeds.save(state)
        shelves.feeds.sync([COURIER], NOW)
        assert [state.feed for state in due(shelves, NOW, 10)] == ["courier"]
        assert shelves.feeds.states(["herald"]) == {"herald": state}
        shelves.feeds.sync([COURIER, HERALD], NOW + HOUR)
        assert shelves.feeds.states(["herald"]) == {"herald": state}
        assert [state.feed for state in due(shelves, NOW, 10)] == ["courier", "herald"]


def test_a_reading_that_ends_after_its_feed_was_removed_does_not_make_it_due_again(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER, HERALD], NOW)
        shelves.feeds.sync([COURIER], NOW)
        shelves.feeds.save(FeedState("herald", NOW))
        assert [state.feed for state in due(shelves, NOW, 10)] == ["courier"]


def test_coverage_tells_read_failed_and_unvisited_apart(store: Store) -> None:
    window = Window(NOW - HOUR, NOW)
    feeds = [COURIER, HERALD, GAZETTE, a_feed(name="mirror", title="Mirror")]
    with store.begin() as shelves:
        log = shelves.feeds.log_visits
        log(Visited("courier", NOW - HOUR / 2, "failed", 0, 0, "too slow"))
        log(Visited("courier", NOW, "unchanged", 0, 0, ""))
        log(Visited("herald", NOW - HOUR / 2, "failed", 0, 0, "name not found"))
        log(Visited("herald", NOW, "unreadable", 0, 0, "HTML page instead of a feed"))
        log(Visited("gazette", NOW - HOUR, "read", 9, 9, ""))  # the window begins after this moment
        log(Visited("gazette", NOW + HOUR, "read", 9, 9, ""))
        log(Visited("mirror", NOW, "read", 5, 0, ""))
        log(Visited("stranger", NOW, "failed", 0, 0, "not ours any more"))
        shelves.feeds.save(FeedState("herald", NOW, succeeded_at=NOW - 9 * HOUR))
        found = shelves.feeds.coverage(window, feeds, too_old=3)
    failed = (("Herald", "HTML page instead of a feed", NOW - 9 * HOUR),)
    assert found == Coverage(feeds=4, read=2, failed=failed, unvisited=("Gazette",), too_old=3)


def test_feeds_of_one_outlet_are_told_apart(store: Store) -> None:
    world = a_feed(name="courier-world", title=COURIER.title)
    with store.begin() as shelves:
        shelves.feeds.log_visits(Visited("courier", NOW, "failed", 0, 0, "too slow"))
        found = shelves.feeds.coverage(Window(NOW - HOUR, NOW), [COURIER, HERALD, world])
    assert found.failed == (("Courier (courier)", "too slow", None),)
    assert found.unvisited == ("Herald", "Courier (courier-world)")
    assert found.several["Courier (courier-world)"] == ("Courier", "courier-world")


@pytest.mark.parametrize(
    ("last", "then", "failed"),
    [
        (7, "failed", (("Courier", "HTTP 503", NOW - 7 * HOUR),)),
        (5, "failed", ()),  # a hiccup
        (23, "read", ()),
        (7, "unreadable", (("Courier", "HTTP 503", NOW - 7 * HOUR),)),
        (7, "offline", ()),  # says nothing of the feed
    ],
)
def test_a_feed_that_dies_within_the_window_is_failed_since_then(
    store: Store, last: int, then: str, failed: tuple[tuple[str, str, datetime], ...]
) -> None:
    with store.begin() as shelves:
        shelves.feeds.log_visits(Visited("courier", NOW - last * HOUR, "read", 0, 0, ""))
        shelves.feeds.log_visits(Visited("courier", NOW - HOUR, then, 0, 0, "" if then == "read" else "HTTP 503"))
        found = shelves.feeds.coverage(Window(NOW - 24 * HOUR, NOW), [COURIER])
    assert (found.read, found.failed) == (1, failed)


@pytest.mark.parametrize(
    ("visits", "offline"),
    [
        ("r...r", None),
        ("rrooo", (1, 5)),
        ("roorr", (0, 3)),
        ("ooooo", (-2, 5)),  # last read two hours before the window
        ("ofooo", (1, 5)),  # a server that refuses was reached
        ("rooro", (3, 5)),  # the one that goes on counts, not the longest
    ],
)
def test_the_own_networks_outage_reaches_from_visit_to_visit(
    store: Store, visits: str, offline: tuple[int, int] | None
) -> None:
    outcomes = {"r": "read", "o": "offline", "f": "failed"}
    with store.begin() as shelves:
        shelves.feeds.save(FeedState("courier", NOW, succeeded_at=NOW - 2 * HOUR))
        for hour, each in enumerate(visits):
            if each in outcomes:
                shelves.feeds.log_visits(Visited("courier", NOW + hour * HOUR, outcomes[each], 0, 0, ""))
        found = shelves.feeds.coverage(Window(NOW - HOUR, NOW + 5 * HOUR), [COURIER])
    assert found.offline == (offline and Window(NOW + offline[0] * HOUR, NOW + offline[1] * HOUR))


def test_coverage_counts_entries_pages_edits_and_the_matches_of_its_topics(store: Store) -> None:
    with store.begin() as shelves:
        for number, found_at in enumerate((NOW - HOUR, NOW - HOUR / 2, NOW, NOW + HOUR)):
            keep(shelves, an_article(url=an_address(number), found_at=found_at))
        alone = replace(an_article(url=an_address(5), found_at=NOW), problem=f"{LEFT_ALONE}: nothing speaks for it")
        keep(shelves, replace(alone, how=How.FEED_SUMMARY), MISSING)
        shelves.articles.revise(an_article(url=an_address(0), text="Rewritten."), "c1", MISSING, NOW)
        shelves.articles.revise(an_article(url=an_address(0), text="2"), "c2", (a_verdict(topic="co-production"),), NOW)
        shelves.articles.revise(an_article(url=an_address(1)), "c1", MATCHING, NOW)  # new itself
        entry = an_article().entry
        shelves.articles.remember(Outcome(entry.feed, "id:6", entry, "c0", None, Fate.EMPTY, "nothing in it", NOW))
        shelves.articles.remember(Outcome("stranger", "id:7", entry, "c0", None, Fate.EMPTY, "nothing in it", NOW))
        coverage = shelves.feeds.coverage
        found = coverage(Window(NOW - HOUR, NOW), [a_feed()], ["air-defence"])
        both = coverage(Window(NOW - HOUR, NOW), [a_feed()], ["air-defence", "co-production"])
        textual = coverage(Window(NOW - HOUR, NOW), [a_feed(pages="never")])
    assert (found.entries, found.articles, found.edited, found.matched) == (4, 2, 1, 2)
    assert found.left_alone == 1
    assert both.matched == 3
    assert (textual.articles, textual.matched) == (None, 0)


def test_old_visits_are_forgotten(store: Store) -> None:
    with store.begin() as shelves:
        for at in (NOW - HOUR, NOW):
            shelves.feeds.log_visits(Visited("courier", at, "read", 1, 1, ""))
        assert shelves.feeds.forget_visits(NOW) == 1
        assert shelves.feeds.forget_visits(NOW) == 0
        assert shelves.feeds.coverage(Window(NOW - HOUR, NOW), [COURIER]).read == 1


def test_a_due_time_set_by_a_clock_that_ran_ahead_counts_as_due(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER, HERALD], NOW)
        shelves.feeds.save(FeedState("courier", NOW + timedelta(days=400)))
        shelves.feeds.save(FeedState("herald", NOW + timedelta(hours=24)))
        assert [state.feed for state in due(shelves, NOW, 10)] == ["courier"]


def test_an_edited_address_starts_anew_and_another_does_not(store: Store) -> None:
    moved = replace(COURIER, url="https://courier.example/other")
    kept = FeedState("herald", NOW + HOUR, etag='"h"', url=HERALD.url)
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER, HERALD], NOW)
        shelves.feeds.save(FeedState("courier", NOW + 90 * HOUR, etag='"c"', url=COURIER.url, gone_at=NOW))
        shelves.feeds.save(kept)
        shelves.feeds.sync([moved, HERALD], NOW + HOUR)
        states = shelves.feeds.states()
        assert states == {"courier": FeedState("courier", NOW + HOUR, url=moved.url), "herald": kept}
        shelves.feeds.sync([HERALD], NOW)  # taken out, and put back with its old address
        shelves.feeds.sync([COURIER, HERALD], NOW)
        assert shelves.feeds.states()["courier"] == FeedState("courier", NOW, url=COURIER.url)


def test_a_feed_that_is_gone_is_due_after_its_week_and_not_before(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER, HERALD], NOW)
        shelves.feeds.save(FeedState("courier", NOW + timedelta(days=7), gone_at=NOW))
        shelves.feeds.save(FeedState("herald", NOW + timedelta(days=30), gone_at=NOW))  # of a clock that ran ahead
        assert [state.feed for state in due(shelves, NOW, 10)] == ["herald"]


def test_who_answered_last(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync([COURIER, HERALD], NOW)
        shelves.feeds.save(FeedState("courier", NOW, succeeded_at=NOW - HOUR))
        shelves.feeds.save(FeedState("herald", NOW, succeeded_at=NOW))
        assert [state.feed for state in shelves.feeds.last_read(9)] == ["herald", "courier"]
        assert [state.feed for state in shelves.feeds.last_read(1)] == ["herald"]


def test_figures_of_what_a_feed_brought_lately(store: Store) -> None:
    entry = an_article().entry
    ages = [(1, 2), (1, 3), (1, 4), (1, 50), (1, 7), (1, 5), (15 * 24, 16 * 24), (1, None), (1, 0.5)]
    with store.begin() as shelves:
        for number, (found, published) in enumerate(ages):
            stated = NOW - published * HOUR if published else None
            fate = Fate.SAME if number < 2 else Fate.NOT_MATCHED
            one = replace(entry, published=stated)
            at = NOW - found * HOUR
            shelves.articles.remember(Outcome("courier", f"id:{number}", one, "c", None, fate, "", at))
        shelves.articles.remember(Outcome("herald", "id:1", entry, "c", None, Fate.NOT_MATCHED, "", NOW))
        found_figures = shelves.feeds.figures(NOW)
    assert found_figures["courier"] == Figures(items=8, duplicates=0.25, delay=3 * HOUR)
    assert found_figures["herald"] == Figures(items=1, duplicates=0.0, delay=None)


def test_what_stood_in_a_feed_when_it_was_read_first_counts_for_no_delay(store: Store) -> None:
    entry = an_article().entry
    with store.begin() as shelves:
        for number in range(9):
            old = replace(entry, published=NOW - 40 * HOUR)
            shelves.articles.remember(
                Outcome("courier", f"id:{number}", old, "c", None, Fate.NOT_MATCHED, "", NOW - HOUR)
            )
        assert shelves.feeds.figures(NOW)["courier"] == Figures(items=9, duplicates=0.0, delay=None)
        for number in range(9, 14):
            new = replace(entry, published=NOW - HOUR / 4)
            shelves.articles.remember(Outcome("courier", f"id:{number}", new, "c", None, Fate.NOT_MATCHED, "", NOW))
        assert shelves.feeds.figures(NOW)["courier"] == Figures(items=14, duplicates=0.0, delay=HOUR / 4)


def test_a_visit_that_part_of_the_own_network_kept_from_its_feed_blames_nobody(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.log_visits(Visited("courier", NOW, "unreached", problem="name not found"))
        shelves.feeds.log_visits(Visited("herald", NOW, "read"))
        found = shelves.feeds.coverage(Window(NOW - HOUR, NOW), [COURIER, HERALD])
    assert (found.read, found.failed, found.unvisited, found.offline) == (1, (), (), None)


def test_who_was_not_due_and_how_long_nothing_was_seen(store: Store) -> None:
    window = Window(NOW, NOW + 24 * HOUR)
    feeds = [COURIER, HERALD, GAZETTE]
    with store.begin() as shelves:
        for feed, due in ((COURIER, NOW + 25 * HOUR), (HERALD, NOW + 48 * HOUR), (GAZETTE, NOW + HOUR)):
            shelves.feeds.save(replace(FeedState(feed.name, due), succeeded_at=NOW - HOUR))
        shelves.feeds.log_visits(Visited("courier", NOW + HOUR, "read"))
        assert shelves.feeds.coverage(window, feeds).unseen == timedelta(), "there was nothing to see before"
        for hours in (-1, 2, 20, 24):
            shelves.feeds.log_visits(Visited("courier", NOW + hours * HOUR, "read"))
        found = shelves.feeds.coverage(window, feeds)
    assert (found.read, found.not_due, found.unvisited) == (1, 1, ("Gazette",))
    assert found.unseen == (18 + 4) * HOUR


def test_a_paused_feed_is_no_failure_and_no_gap(store: Store) -> None:
    window = Window(NOW - HOUR, NOW)
    with store.begin() as shelves:
        shelves.pauses.pause("herald", NOW - 9 * HOUR)
        shelves.pauses.pause("gazette", NOW - HOUR / 4)
        shelves.feeds.log_visits(Visited("courier", NOW, "read", 9, 9, ""))
        shelves.feeds.log_visits(Visited("gazette", NOW - HOUR / 2, "failed", 0, 0, "too slow"))
        found = shelves.feeds.coverage(window, [COURIER, HERALD, GAZETTE])
    assert (found.feeds, found.read, found.failed, found.unvisited) == (1, 1, (), ())
    assert dict(found.paused) == {"Herald": NOW - 9 * HOUR, "Gazette": NOW - HOUR / 4}


def test_visits_and_failures_of_two_weeks_are_counted_but_not_our_own_outages(store: Store) -> None:
    with store.begin() as shelves:
        for outcome in ("read", "unchanged", "failed", "unreadable", "offline", "unreached"):
            shelves.feeds.log_visits(Visited("courier", NOW - HOUR, outcome, 0, 0, ""))
        shelves.feeds.log_visits(Visited("courier", NOW - 400 * HOUR, "failed", 0, 0, ""))
        assert shelves.feeds.tries(NOW) == {"courier": (4, 2)}


def test_matches_are_counted_by_feed_and_topic(store: Store) -> None:
    with store.begin() as shelves:
        for number in range(3):
            keep(shelves, an_article(url=an_address(number), found_at=NOW - HOUR), MATCHING if number else MISSING)
        keep(shelves, an_article(url=an_address(9), found_at=NOW - 400 * HOUR))
        feed = an_article().entry.feed
        assert shelves.feeds.matches(NOW) == {feed: {"air-defence": 2}}
        both = (a_verdict(), a_verdict(topic="co-production"))
        keep(shelves, an_article(url=an_address(7), found_at=NOW - HOUR), both)
        assert shelves.feeds.matches(NOW) == {feed: {"air-defence": 3, "co-production": 1}}
        assert shelves.feeds.matching(NOW) == {feed: 3}
