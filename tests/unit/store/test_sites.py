"""What the archive remembers of a site."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.store import Store, open_store
from monitor.store.sites import ARTICLES

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SITE = "courier.example"


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite://")
    yield opened
    opened.close()


def learn(store: Store, *articles: list[int], at: datetime = NOW, site: str = SITE) -> None:
    with store.begin() as shelves:
        shelves.sites.learn(site, articles, at)


def repeated(store: Store, site: str = SITE) -> frozenset[int]:
    with store.read() as shelves:
        return shelves.sites.repeated([site, "herald.example"]).get(site, frozenset())


def test_a_line_of_three_articles_is_the_sites(store: Store) -> None:
    learn(store, [1, 2, 99], [3, 4, 99])
    assert repeated(store) == frozenset()
    learn(store, [5, 6, 99])
    assert repeated(store) == {99}
    assert repeated(store, "herald.example") == frozenset()


def test_articles_of_one_reading_count_each(store: Store) -> None:
    learn(store, [1, 99], [2, 99], [3, 99])
    assert repeated(store) == {99}


def test_copies_of_one_article_make_no_line_the_sites(store: Store) -> None:
    for _ in range(5):
        learn(store, [1, 2, 3, 4, 5])
    learn(store, [1, 2, 3, 4, 6], [1, 2, 3, 4, 7])
    assert repeated(store) == frozenset()


def test_a_copy_under_the_sites_own_notices_counts_nothing_either(store: Store) -> None:
    learn(store, [1, 90, 91], [2, 90, 91], [3, 90, 91])
    assert repeated(store) == {90, 91}
    for _ in range(5):
        learn(store, [7, 8, 9, 90, 91])
    assert repeated(store) == {90, 91}


def test_background_that_a_few_articles_repeat_is_their_text(store: Store) -> None:
    learn(store, *([number, 99] for number in range(100, 140)))
    learn(store, *([number, 50, 99] for number in range(200, 204)))
    assert repeated(store) == {99}


def test_the_memory_is_bounded_and_keeps_what_repeats(store: Store) -> None:
    for number in range(1_000, 20_000, 10):
        learn(store, [*range(number, number + 8), 99])
    assert repeated(store) == {99}
    with store.read() as shelves:
        assert shelves.sites.size(SITE) <= 18 * ARTICLES


def test_what_is_seen_no_more_is_forgotten(store: Store) -> None:
    learn(store, [1, 99], [2, 99], [3, 99], at=NOW - timedelta(days=61))
    with store.begin() as shelves:
        shelves.sites.forget(NOW - timedelta(days=60))
    assert repeated(store) == frozenset()
