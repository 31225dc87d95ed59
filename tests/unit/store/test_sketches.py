"""The shelf of sketches: found by rare terms, newest first, at a bounded cost."""

from contextlib import closing
from datetime import timedelta

import pytest

from monitor.model import Joins, Link, Opens, Sketch
from monitor.store import Shelves, open_store
from monitor.store import sketches as shelf
from monitor.store.edits import mark_told
from tests.builders import NOW, an_article
from tests.unit.store.keeping import a_mark

DAY = timedelta(days=1)
LINKS = {7: Link(0.5, 0.25, first=True), 9: Link(0.25, 0.0, first=False)}


def _sketch(*keys: int) -> Sketch:
    return Sketch(dict.fromkeys(keys, 1.5), frozenset(keys[:1]), {}, NOW)


def _keep(shelves: Shelves, name: str, *keys: int, days: float = 0.0) -> str:
    article = an_article(url=f"https://courier.example/{name}", title=f"Title {name}", found_at=NOW - days * DAY)
    shelves.articles.add(article, "c0", ())
    shelves.stories.place(article.id, "Courier", Opens(article.id), a_mark(bands=()), article.found_at)
    shelves.sketches.keep(article.id, _sketch(*keys), 2.5, LINKS, keys)
    return article.id


def test_a_sketch_comes_back_as_it_went_in() -> None:
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        name = _keep(shelves, "a", 8, 2**31 - 1)
        (found,) = shelves.sketches.near({8: 1.0}, NOW - DAY)
    assert (found.article, found.story, found.norm, found.links) == (name, name, 2.5, LINKS)
    assert (found.sketch, found.title, found.outlet) == (_sketch(8, 2**31 - 1), "Title a", "Courier")


def test_only_what_shares_a_term_and_is_recent_is_near() -> None:
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        fresh = _keep(shelves, "a", 8, 12)
        _keep(shelves, "b", 8, days=20)
        _keep(shelves, "c", 16)
        assert [each.article for each in shelves.sketches.near({8: 1.0, 20: 1.0}, NOW - DAY)] == [fresh]


def test_the_newest_of_a_long_list_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_MOST", 3)
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        names = [_keep(shelves, str(number), 8) for number in range(6)]
        assert [each.article for each in shelves.sketches.near({8: 1.0}, NOW - DAY)] == names[-3:]


def test_terms_are_counted_and_old_counts_fade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_MOST_COUNTED", 4.0)
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        shelves.sketches.learn([8])
        for _ in range(3):
            shelves.sketches.learn([12])
        assert shelves.sketches.count([8, 12, 16]) == ({8: 1.0, 12: 3.0}, 4.0)
        shelves.sketches.learn([12])
        assert shelves.sketches.count([8, 12]) == ({12: 2.0}, 2.5)


def test_the_reports_of_stories_come_with_what_was_told_and_said_of_them() -> None:
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        names = [_keep(shelves, name, 8) for name in "abcd"]
        _keep(shelves, "old", 8, days=20)
        shelves.stories.place(names[1], "Herald", Joins(names[0], "shares Boreal"), a_mark(bands=()), NOW)
        mark_told(shelves.sketches._connection, {"daily": [names[1]]})
        ruled = shelves.rulings.merge(names[2], names[3], NOW)
        found, told, held = shelves.sketches.members([names[0], ruled], NOW - DAY)
    assert [each.article for each in found] == names
    assert [each.story for each in found] == [names[0], names[0], ruled, ruled]
    assert told == {names[1]}
    assert held == {ruled}


def test_no_stories_have_no_reports() -> None:
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        assert shelves.sketches.members([], NOW - DAY) == ([], set(), set())
