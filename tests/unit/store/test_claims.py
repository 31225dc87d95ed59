"""Claims: who may visit what, until when; and several who ask at once."""

import threading
from collections import Counter
from datetime import timedelta

from msgspec.structs import replace

from monitor.model import FeedState
from monitor.store import Store, open_store
from tests.builders import NOW, a_feed

HOUR, LEASE = timedelta(hours=1), timedelta(minutes=5)
HERE = [a_feed(name=f"feed{number:02}", url=f"https://host{number}.example/feed") for number in range(6)]
SHARED = [a_feed(name=f"blog{number}", url=f"https://blogs.example/{number}") for number in range(3)]


def _names(states: list[FeedState]) -> list[str]:
    return [state.feed for state in states]


def test_what_one_has_another_does_not_get_until_the_lease_ends(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync(HERE, NOW)
    with store.claiming() as shelves:
        assert _names(shelves.claims.take("one", NOW, 4, LEASE)) == ["feed00", "feed01", "feed02", "feed03"]
    with store.claiming() as shelves:
        assert _names(shelves.claims.take("two", NOW, 4, LEASE)) == ["feed04", "feed05"]
        assert shelves.claims.take("two", NOW, 4, LEASE) == []
    with store.read() as shelves:
        assert shelves.claims.held(NOW) == {"one": (4, NOW + LEASE), "two": (2, NOW + LEASE)}
    later = NOW + LEASE
    with store.begin() as shelves:
        shelves.claims.keep("two", ["feed04", "feed05"], later + LEASE)
        shelves.claims.keep("two", ["feed00"], later + LEASE)  # not its own
    with store.claiming() as shelves:
        assert _names(shelves.claims.take("three", later, 9, LEASE)) == ["feed00", "feed01", "feed02", "feed03"]
    with store.begin() as shelves:
        assert shelves.claims.lost("one", ["feed00", "feed03"]) == {"feed00", "feed03"}
        assert shelves.claims.lost("two", ["feed00", "feed04"]) == {"feed00"}


def test_a_noted_visit_ends_the_claim_and_so_does_giving_back(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync(HERE, NOW)
        read, unchanged, same, left, *others = shelves.claims.take("one", NOW, 6, LEASE)
        shelves.feeds.save(replace(read, due_at=NOW + HOUR))
        shelves.feeds.amend((unchanged, replace(unchanged, due_at=NOW + HOUR)), (same, same))
        assert shelves.claims.lost("one", _names([read, unchanged, same])) == {"feed00", "feed01", "feed02"}
        assert _names(shelves.claims.take("two", NOW, 9, LEASE)) == ["feed02"]
        shelves.claims.release("two", ["feed03"])  # not its own
        shelves.claims.release("one", [left.feed])
        assert _names(shelves.claims.take("two", NOW, 9, LEASE)) == ["feed03"]
        shelves.claims.release("one")
        assert shelves.claims.take("two", NOW, 9, LEASE) == others


def test_who_is_alone_gets_the_same_without_a_claim(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync([*HERE, *SHARED], NOW)
        states = shelves.feeds.states()
        shelves.feeds.save(
            replace(states["feed00"], due_at=NOW + HOUR),
            replace(states["feed01"], due_at=NOW + timedelta(days=400)),  # as a wrong clock wrote it
            replace(states["feed02"], due_at=NOW - HOUR),
            replace(states["blog0"], held_until=NOW + HOUR),
        )
        shelves.pauses.pause("feed03", NOW)
        taken = shelves.claims.take("one", NOW, 9, LEASE)
        assert _names(taken) == ["feed02", "feed04", "feed05", "feed01"]
        assert shelves.claims.due(NOW, 9) == taken
        assert shelves.claims.held(NOW) == {}
        assert shelves.claims.lost("", _names(taken)) == set()
        assert _names(shelves.claims.due(NOW, 2)) == ["feed02", "feed04"]
        by_feed = shelves.claims.due(NOW, 9, by_host=False)
        assert {"blog1", "blog2"} < set(_names(by_feed))
        assert "feed00" in _names(shelves.claims.due(NOW, 99, due=False))
        first, second = taken[:2]
        shelves.feeds.amend((first, replace(first, due_at=NOW + HOUR)), (second, second), claimed=False)
        assert _names(shelves.claims.due(NOW, 9)) == ["feed04", "feed05", "feed01"]


def test_the_feeds_of_one_host_are_one_holders_at_a_time(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync([*SHARED, HERE[0]], NOW)
        assert _names(shelves.claims.take("one", NOW, 1, LEASE)) == ["blog0"]
        assert _names(shelves.claims.take("two", NOW, 9, LEASE)) == ["feed00"]
        assert _names(shelves.claims.take("one", NOW, 9, LEASE)) == ["blog1", "blog2"]
        shelves.claims.release("one")
        moved = FeedState("blog0", NOW, url=SHARED[0].url, address="https://host0.example/blog")
        shelves.feeds.save(moved)
        shelves.feeds.sync([*SHARED, HERE[0]], NOW)
        assert _names(shelves.claims.take("three", NOW, 9, LEASE)) == ["blog1", "blog2"]


def test_who_asked_to_be_left_alone_is(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync([*SHARED, HERE[0], HERE[1]], NOW)
        shelves.feeds.save(FeedState("blog0", NOW, held_until=NOW + HOUR))
        shelves.pauses.pause("feed01", NOW)
        assert shelves.claims.waiting(NOW) == 4, "a paused feed waits for nobody"
        assert _names(shelves.claims.take("one", NOW, 9, LEASE, by_host=False)) == ["blog1", "blog2", "feed00"]
        shelves.claims.release("one")
        assert _names(shelves.claims.take("one", NOW, 9, LEASE)) == ["feed00"]
        shelves.claims.release("one")
        assert len(shelves.claims.take("one", NOW + HOUR, 9, LEASE)) == 4


def test_all_feeds_can_be_taken_due_or_not(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync(HERE, NOW + HOUR)
        assert shelves.claims.take("one", NOW, 9, LEASE) == []
        assert len(shelves.claims.take("one", NOW, 9, LEASE, due=False)) == 6


def test_an_undone_transaction_has_claimed_nothing(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.sync(HERE, NOW)
    try:
        with store.claiming() as shelves:
            shelves.claims.take("one", NOW, 9, LEASE)
            raise KeyError
    except KeyError:
        pass
    with store.claiming() as shelves:
        assert len(shelves.claims.take("two", NOW, 9, LEASE)) == 6


def test_many_who_ask_at_once_share_all_feeds_and_no_host(server_url: str) -> None:
    feeds = [a_feed(name=f"f{number:04}", url=f"https://host{number % 150}.example/{number}") for number in range(1200)]
    store = open_store(server_url)
    with store.begin() as shelves:
        shelves.feeds.sync(feeds, NOW)
    host = {feed.name: feed.url.split("/")[2] for feed in feeds}
    taken: Counter[str] = Counter()
    busy: dict[str, str] = {}
    clashes: list[str] = []
    lock = threading.Lock()

    def work(holder: str) -> None:
        own = open_store(server_url)
        for _ in range(200):
            with own.claiming() as shelves:
                states = shelves.claims.take(holder, NOW, 40, LEASE)
                with lock:  # before others can see that these are claimed
                    clashes.extend(one.feed for one in states if busy.setdefault(host[one.feed], holder) != holder)
            if not states:
                with own.read() as shelves:
                    left = any(state.due_at <= NOW for state in shelves.feeds.states().values())
                if not left:
                    break
                continue
            with lock:
                taken.update(_names(states))
                for one in states:
                    busy.pop(host[one.feed], None)
            with own.begin() as shelves:
                shelves.feeds.amend(*((one, replace(one, due_at=NOW + HOUR)) for one in states))
        own.close()

    threads = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert clashes == []
    assert taken == Counter(host.keys())
    store.close()


def test_what_was_written_when_the_clock_was_wrong_keeps_nobody_away(store: Store) -> None:
    year = timedelta(days=365)
    with store.begin() as shelves:
        shelves.feeds.sync([*SHARED, *HERE[:2]], NOW)
        shelves.feeds.save(FeedState("blog0", NOW, url=SHARED[0].url, held_until=NOW + year))
        shelves.feeds.sync([*SHARED, *HERE[:2]], NOW)
        assert _names(shelves.claims.take("dead", NOW + year, 1, LEASE, by_host=False)) == ["blog0"]
        assert _names(shelves.claims.take("one", NOW, 9, LEASE)) == ["feed00", "feed01"]
        assert _names(shelves.claims.take("one", NOW, 9, LEASE)) == ["blog0", "blog1", "blog2"]
