"""What the reader said of articles."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from monitor.store import Mark, Store
from tests.builders import NOW
from tests.unit.store.keeping import MISSING, keep_one


def test_marks_come_back(store: Store) -> None:
    one, two = keep_one(store, 1, NOW), keep_one(store, 2, NOW)
    later = NOW + timedelta(hours=1)
    with store.begin() as shelves:
        shelves.marks.put(two, ["air-defence"], relevant=True, at=later)
        shelves.marks.put(one, ["air-defence", "co-production"], relevant=False, at=NOW)
    with store.read() as shelves:
        assert shelves.marks.of(two) == [Mark(two, "air-defence", True, later)]
        assert [mark.topic for mark in shelves.marks.of(one)] == ["air-defence", "co-production"]
        assert [mark.article for mark in shelves.marks.all("air-defence")] == [one, two]
        assert len(shelves.marks.all()) == 3


def test_a_second_mark_takes_the_place_of_the_first(store: Store) -> None:
    one = keep_one(store, 1, NOW)
    with store.begin() as shelves:
        shelves.marks.put(one, ["air-defence"], relevant=True, at=NOW)
        shelves.marks.put(one, ["air-defence"], relevant=False, at=NOW)
        assert [mark.relevant for mark in shelves.marks.of(one)] == [False]


def test_marks_are_taken_back(store: Store) -> None:
    one = keep_one(store, 1, NOW)
    with store.begin() as shelves:
        shelves.marks.put(one, ["a", "b", "c"], relevant=True, at=NOW)
        assert shelves.marks.remove(one, "b") == 1
        assert shelves.marks.remove(one, "b") == 0
        assert shelves.marks.remove(one) == 2
        assert shelves.marks.all() == []


def test_only_what_is_known_can_be_marked(store: Store) -> None:
    with pytest.raises(IntegrityError), store.begin() as shelves:
        shelves.marks.put("ffffffffffffffff", ["a"], relevant=True, at=NOW)


def test_retention_leaves_a_marked_text(store: Store) -> None:
    one, two = keep_one(store, 1, NOW, verdicts=MISSING), keep_one(store, 2, NOW, verdicts=MISSING)
    with store.begin() as shelves:
        shelves.marks.put(one, ["air-defence"], relevant=True, at=NOW)
        assert shelves.articles.forget_texts(NOW + timedelta(days=90)) == 1
    with store.read() as shelves:
        kept, gone = shelves.articles.get(one), shelves.articles.get(two)
    assert kept is not None
    assert gone is not None
    assert (kept.forgotten, gone.forgotten) == (False, True)
