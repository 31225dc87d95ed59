"""What is not to be told: muted stories, subscriptions that were left."""

from contextlib import closing
from datetime import timedelta

import pytest

from monitor.model import Joins
from monitor.store import EVERYBODY, Store, open_store
from tests.builders import NOW
from tests.unit.store.keeping import keep_one

HOUR = timedelta(hours=1)


def _untold(store: Store, subscription: str) -> list[str]:
    with store.read() as shelves:
        found = shelves.stories.untold(subscription, ["air-defence"], NOW - 9 * HOUR, NOW + HOUR)
    return [story.id for story in found]


@pytest.mark.parametrize("subscription", [EVERYBODY, "daily"])
def test_of_a_muted_story_nothing_is_told(subscription: str) -> None:
    with closing(open_store("sqlite://")) as store:
        one, other = keep_one(store, 1, NOW - HOUR), keep_one(store, 2, NOW)
        with store.begin() as shelves:
            shelves.wishes.mute(one, NOW, subscription)
            assert shelves.wishes.mutes("daily", [one, other]) == {one}
        assert _untold(store, "daily") == [other]
        assert _untold(store, "weekly") == ([other] if subscription == EVERYBODY else [one, other])
        with store.begin() as shelves:
            assert shelves.wishes.unmute(one, "other") == 0
            assert shelves.wishes.unmute(one) == 1
        assert _untold(store, "daily") == [one, other]


def test_a_story_stays_muted_when_it_goes_into_another_or_is_parted() -> None:
    with closing(open_store("sqlite://")) as store:
        first = keep_one(store, 1, NOW - 3 * HOUR)
        second = keep_one(store, 2, NOW - 2 * HOUR, placement=Joins(first, "shares"))
        third = keep_one(store, 3, NOW - HOUR)
        with store.begin() as shelves:
            shelves.wishes.mute(third, NOW, "daily")
            shelves.rulings.merge(first, third, NOW)
            assert [(one.story, one.subscription) for one in shelves.wishes.muted()] == [(first, "daily")]
            new = shelves.rulings.split(first, [second], NOW)
            assert shelves.wishes.mutes("daily", [first, new]) == {first, new}


def test_who_left_comes_back() -> None:
    with closing(open_store("sqlite://")) as store, store.begin() as shelves:
        shelves.wishes.leave("daily", NOW)
        shelves.wishes.leave("daily", NOW, "a@example.org")
        shelves.wishes.leave("daily", NOW, "a@example.org")
        shelves.wishes.leave("weekly", NOW)
        assert [one.target for one in shelves.wishes.left("daily")] == ["", "a@example.org"]
        assert shelves.wishes.rejoin("daily", "a@example.org") == 1
        assert shelves.wishes.rejoin("daily") == 1
        assert [one.subscription for one in shelves.wishes.left()] == ["weekly"]
