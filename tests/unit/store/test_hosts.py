"""Turns with hosts: one holder at a time, as long as its lease lasts."""

from datetime import timedelta

from monitor.store import Store
from tests.builders import NOW

LEASE = timedelta(minutes=5)
END = NOW + LEASE


def test_a_host_is_one_holders_until_it_is_given_back_or_the_lease_ends(store: Store) -> None:
    with store.claiming() as shelves:
        hosts = shelves.hosts
        assert hosts.take("one", ["a.example", "b.example"], NOW, END) == {"a.example", "b.example"}
        assert hosts.take("two", ["a.example", "c.example"], NOW, END) == {"c.example"}
        assert hosts.take("one", ["a.example"], NOW, END) == {"a.example"}
        hosts.release("one", ["a.example", "c.example"])  # the second is not its own
        assert hosts.take("two", ["a.example", "b.example"], NOW, END) == {"a.example"}
        assert hosts.take("three", ["a.example", "b.example", "c.example"], END, END + LEASE) == {
            "a.example", "b.example", "c.example"
        }  # fmt: skip


def test_a_lease_can_be_renewed_and_old_ones_are_forgotten(store: Store) -> None:
    with store.claiming() as shelves:
        hosts = shelves.hosts
        hosts.take("one", ["a.example"], NOW, END)
        hosts.take("two", ["b.example"], NOW, END)
        hosts.keep("one", END + LEASE)
        assert hosts.take("three", ["a.example", "b.example"], END, END + LEASE) == {"b.example"}
        hosts.forget(END + LEASE)
        assert hosts.take("four", ["a.example", "b.example"], END, END + LEASE) == set()
        hosts.forget(END + 2 * LEASE)
        assert hosts.take("four", ["a.example", "b.example"], END, END + LEASE) == {"a.example", "b.example"}


def test_a_turn_taken_when_the_clock_was_wrong_keeps_nobody_away(store: Store) -> None:
    with store.claiming() as shelves:
        shelves.hosts.take("dead", ["a.example"], NOW + timedelta(days=365), END + timedelta(days=365))
        assert shelves.hosts.take("one", ["a.example"], NOW, END) == {"a.example"}
