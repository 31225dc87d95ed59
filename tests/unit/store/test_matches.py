"""Matches as flat rows: one for each topic, with story, telling and evidence, within a span of time."""

from datetime import timedelta

from monitor.model import Evidence, Verdict
from monitor.store import Store
from tests.builders import NOW, an_article, an_evidence


def _fill(store: Store) -> None:
    found = an_evidence()
    again = Evidence(found.clause, "rocket", found.field, 9, 1.0)
    with store.begin() as shelves:
        for number, (one, two) in enumerate([(0.9, 0.1), (0.8, 0.7), (0.1, 0.2)]):
            article = an_article(url=f"https://a.example/{number}", found_at=NOW + timedelta(hours=number))
            shelves.articles.add(article, "h", [Verdict("one", one, 0.5, (found, again)), Verdict("two", two, 0.5)])


def test_a_row_for_every_topic_that_matches(store: Store) -> None:
    _fill(store)
    with store.read() as shelves:
        rows = list(shelves.matches.rows())
    assert [(row.url[-1], row.topic, row.score) for row in rows] == [
        ("0", "one", 0.9),
        ("1", "one", 0.8),
        ("1", "two", 0.7),
    ]
    first = rows[0]
    assert first.matched_at == NOW
    assert len(first.evidence) == 1
    assert first.evidence[0].startswith(f"{an_evidence().clause} ")
    assert first.evidence[0].endswith(f": {an_evidence().term}, rocket")
    assert "launchers" in first.text
    assert (first.story, first.placement, first.told_at) == ("", "", None)


def test_matches_of_topics_that_nobody_follows_any_more(store: Store) -> None:
    _fill(store)
    with store.read() as shelves:
        early = NOW - timedelta(hours=1)
        assert shelves.matches.of_others(["one", "two", "three"], early) == {}
        assert shelves.matches.of_others(["two", "uno"], early) == {"one": 2}
        assert shelves.matches.of_others([], NOW) == {"one": 1, "two": 1}


def test_by_topic_and_time(store: Store) -> None:
    _fill(store)
    with store.read() as shelves:
        assert [row.topic for row in shelves.matches.rows(topic="two")] == ["two"]
        assert len(list(shelves.matches.rows(since=NOW + timedelta(hours=1)))) == 2
        assert len(list(shelves.matches.rows(until=NOW + timedelta(hours=1)))) == 1
