"""Rulings: merge and split by hand, kept whatever comes later."""

from contextlib import closing
from datetime import timedelta

from monitor.model import Copy, Joins
from monitor.store import open_store
from tests.builders import NOW
from tests.unit.store.keeping import keep_one

HOUR = timedelta(hours=1)


def test_merged_stories_are_one_under_either_name() -> None:
    with closing(open_store("sqlite://")) as store:
        one, other = keep_one(store, 1, NOW - HOUR), keep_one(store, 2, NOW)
        with store.begin() as shelves:
            assert shelves.rulings.merge(other, one, NOW) == one
            assert shelves.rulings.story(other) == one
            assert shelves.rulings.story("nobody") == ""
            found = shelves.stories.get(one)
        assert found is not None
        assert [report.placement.reason for report in found.reports][1:] == ["merged by hand"]


def test_what_was_split_off_takes_its_copies_along_and_is_not_tied_again() -> None:
    with closing(open_store("sqlite://")) as store:
        first = keep_one(store, 1, NOW - 3 * HOUR)
        second = keep_one(store, 2, NOW - 2 * HOUR, placement=Joins(first, "shares"))
        third = keep_one(store, 3, NOW - HOUR, placement=Copy(first, second, 0.9, "copy"))
        with store.begin() as shelves:
            new = shelves.rulings.split(first, [second], NOW)
            assert new not in ("", first)
            assert {shelves.stories.story_of(each) for each in (second, third)} == {new}
            assert shelves.stories.story_of(first) == first
            assert shelves.stories.apart(first) == {new}
            assert shelves.stories.apart(new) == {first}
            assert shelves.rulings.merge(first, new, NOW) == first
            assert shelves.stories.apart(first) == set()


def test_a_story_is_not_split_off_whole() -> None:
    with closing(open_store("sqlite://")) as store:
        only = keep_one(store, 1, NOW)
        with store.begin() as shelves:
            assert shelves.rulings.split(only, [only], NOW) == ""


def test_a_ruling_follows_a_story_into_another() -> None:
    with closing(open_store("sqlite://")) as store:
        first = keep_one(store, 1, NOW - 3 * HOUR)
        second = keep_one(store, 2, NOW - 2 * HOUR, placement=Joins(first, "shares"))
        with store.begin() as shelves:
            new = shelves.rulings.split(first, [second], NOW)
            shelves.rulings.rename([new], "elsewhere")
            assert shelves.stories.apart(first) == {"elsewhere"}
