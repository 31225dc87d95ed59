"""Looking around: stories in pages and by filters, days, letters, numbers."""

from datetime import UTC, date, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from monitor.model import Digest, Joins, Opens, Window
from monitor.store import Delivery, Store, Wanted
from monitor.stories.fingerprint import fingerprint
from tests.builders import NOW, a_digest, a_message, a_verdict, an_article

HOUR = timedelta(hours=1)


def _fill(store: Store, number: int = 5) -> list[str]:
    """Stories an hour apart, the oldest first; the first has a second report, in Ukrainian, by another outlet."""
    names = [f"{at:016x}" for at in range(1, number + 1)]
    with store.begin() as shelves:
        for at, name in enumerate(names):
            article = an_article(id=name, title=f"Story {at}", language="en", found_at=NOW + at * HOUR)
            topic = "air-defence" if at % 2 else "drone-coalition"
            shelves.articles.add(article, "hash", [a_verdict(topic=topic)])
            shelves.stories.place(name, "Courier", Opens(name), fingerprint("", "", ""), article.found_at)
        second = an_article(id="f" * 16, title="Друга", language="uk", found_at=NOW)
        shelves.articles.add(second, "hash", [a_verdict(topic="drone-coalition")])
        shelves.stories.place("f" * 16, "Вісник", Joins(names[0], "same"), fingerprint("", "", ""), NOW)
    return names


def test_the_latest_come_first_and_pages_do_not_overlap(store: Store) -> None:
    names = _fill(store)
    with store.read() as shelves:
        first, more = shelves.browsing.stories(Wanted(), 2)
        assert [story.id for story in first] == [names[4], names[3]]
        second, more = shelves.browsing.stories(Wanted(), 2, more)
        third, end = shelves.browsing.stories(Wanted(), 2, more)
    assert [story.id for story in second + third] == [names[2], names[1], names[0]]
    assert len(third[-1].reports) == 2
    assert end is None


@pytest.mark.parametrize("looked_at", [1, 2, 8, 100])
def test_the_first_page_is_the_same_however_few_matches_are_looked_at_for_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    """Stories of many matches, several of one moment, and the oldest with the latest match."""
    dice = Random(7)
    with store.begin() as shelves:
        for number in range(60):
            name, story = f"{number:016x}", f"{dice.randrange(number // 3 + 1) * 3:016x}"
            article = an_article(id=name, found_at=NOW + dice.randrange(12) * HOUR)
            topics = dice.sample(["air-defence", "drone-coalition", "co-production"], dice.randint(1, 3))
            shelves.articles.add(article, "hash", [a_verdict(topic=topic) for topic in topics])
            placement = Opens(name) if story == name else Joins(story, "same")
            shelves.stories.place(name, f"Outlet {number % 4}", placement, fingerprint("", "", ""), article.found_at)
    monkeypatch.setattr("monitor.store.browsing._MATCHES_PER_STORY", looked_at)
    for wanted in (Wanted(), Wanted(("air-defence",)), Wanted(outlet="Outlet 3"), Wanted(until=NOW + 5 * HOUR)):
        with store.read() as shelves:
            everything, end = shelves.browsing.stories(wanted, 100)
            assert end is None
            for limit in (1, 2, 5):
                found, more = shelves.browsing.stories(wanted, limit)
                assert [story.id for story in found] == [story.id for story in everything[:limit]]
                rest, _ = shelves.browsing.stories(wanted, 100, more)
                assert [story.id for story in rest] == [story.id for story in everything[limit:]]


def test_filters(store: Store) -> None:
    names = _fill(store)

    def found(wanted: Wanted) -> list[str]:
        with store.read() as shelves:
            return [story.id for story in shelves.browsing.stories(wanted, 10)[0]]

    assert found(Wanted(topics=("air-defence",))) == [names[3], names[1]]
    assert found(Wanted(outlet="Вісник")) == [names[0]]
    assert found(Wanted(language="uk")) == [names[0]]
    assert found(Wanted(language="uk", outlet="Courier")) == []
    assert found(Wanted(since=NOW + 2 * HOUR)) == [names[4], names[3]]
    assert found(Wanted(until=NOW)) == [names[0]]
    assert found(Wanted(told="yes")) == []
    assert found(Wanted(told="no")) == names[::-1]


def test_what_was_told_is_known(store: Store) -> None:
    names = _fill(store, 2)
    _put(store, names[0])
    with store.read() as shelves:
        assert [one.id for one in shelves.browsing.stories(Wanted(told="yes"), 10)[0]] == [names[0]]
        assert shelves.browsing.told(names) == {names[0]: ["daily@2026-11-23T08:00"]}


def test_days_are_those_of_the_zone(store: Store) -> None:
    _fill(store)
    kyiv, lord_howe = ZoneInfo("Europe/Kyiv"), ZoneInfo("Australia/Lord_Howe")
    with store.read() as shelves:
        here = shelves.browsing.a_day("drone-coalition", NOW - HOUR, kyiv)
        there = shelves.browsing.a_day("drone-coalition", NOW - HOUR, lord_howe)
        assert shelves.browsing.a_day("nothing", NOW - HOUR, UTC) == {}
    assert sum(here.values()) == sum(there.values()) == 3
    assert set(here) == {(NOW + at * HOUR).astimezone(kyiv).date() for at in (0, 2, 4)}
    assert set(there) == {(NOW + at * HOUR).astimezone(lord_howe).date() for at in (0, 2, 4)}
    assert all(isinstance(day, date) for day in here)


def test_letters_and_numbers(store: Store) -> None:
    names = _fill(store, 1)
    with store.read() as shelves:
        assert shelves.browsing.oldest_waiting() is None
    _put(store, names[0])
    with store.read() as shelves:
        (letter,) = shelves.browsing.letters(10)
        assert (letter.state, letter.attempts, letter.channel) == (Delivery.WAITING, 0, "files")
        assert shelves.browsing.letters(10, ["daily"]) == [letter]
        assert shelves.browsing.letters(10, []) == []
        assert shelves.browsing.oldest_waiting() == letter.created_at
        assert shelves.browsing.totals() == {"articles": 2, "revisions": 0, "reports": 2, "digests": 1}
        assert shelves.browsing.outlets(NOW - HOUR) == ["Courier", "Вісник"]
        assert shelves.browsing.languages(NOW - HOUR) == ["en", "uk"]
        assert shelves.browsing.visits(NOW - HOUR) == {}


def _put(store: Store, name: str) -> Digest:
    with store.begin() as shelves:
        story = shelves.stories.get(name)
        assert story is not None
        digest = a_digest(key="daily@2026-11-23T08:00", stories=(story,), window=Window(NOW - HOUR, NOW + HOUR))
        assert shelves.outbox.put(a_message(key=digest.key), digest)
    return digest
