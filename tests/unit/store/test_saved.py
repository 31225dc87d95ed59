"""Saved searches, and addresses that can be taken back."""

from datetime import timedelta

from monitor.store import Store
from tests.builders import NOW


def test_a_search_is_kept_once_and_forgotten_with_its_address(store: Store) -> None:
    with store.begin() as shelves:
        name = shelves.saved.put("Drones", "drone NOT toy", "", "en", NOW)
        other = shelves.saved.put("an older name", "radar", "", "", NOW)
        assert shelves.saved.put("Radars", "radar", "", "", NOW + timedelta(days=1)) == other
        assert [(one.id, one.title, one.language) for one in shelves.saved.searches()] == [
            (name, "Drones", "en"),
            (other, "Radars", ""),
        ]
        shelves.saved.open(f"search:{name}", NOW)
    with store.begin() as shelves:
        assert shelves.saved.remove(name)
        assert not shelves.saved.remove(name)
        assert shelves.saved.tokens() == {}


def test_an_address_is_good_until_there_is_a_new_one_or_it_is_taken_back(store: Store) -> None:
    with store.begin() as shelves:
        first = shelves.saved.open("topic:air-defence", NOW)
        other = shelves.saved.open("topic:drones", NOW)
        assert len({first, other}) == 2
        assert (shelves.saved.subject(first), shelves.saved.subject(other)) == ("topic:air-defence", "topic:drones")
        second = shelves.saved.open("topic:air-defence", NOW)
        assert (shelves.saved.subject(first), shelves.saved.subject(second)) == ("", "topic:air-defence")
        assert shelves.saved.close("topic:air-defence")
        assert not shelves.saved.close("topic:air-defence")
        assert [shelves.saved.subject(token) for token in (first, second, "", "é")] == [""] * 4
