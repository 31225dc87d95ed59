"""Wrong tries counted: by place, forgotten in time, never more than can be remembered."""

import pytest

from monitor.web import tries
from monitor.web.tries import WITHIN, Tries, place_of
from tests.unit.web.test_access import Time


def test_a_place_is_shut_after_so_many_and_no_other_is() -> None:
    time = Time()
    door = Tries(3, 0, time)
    for _ in range(3):
        assert door.shut_for("203.0.113.7") == 0
        door.note("203.0.113.7")
        time.now += 10
    assert door.shut_for("203.0.113.7") == WITHIN - 30
    assert door.shut_for("203.0.113.8") == 0
    time.now += WITHIN - 29
    assert door.shut_for("203.0.113.7") == 0


def test_tries_at_a_shut_door_keep_it_shut_no_longer() -> None:
    time = Time()
    door = Tries(1, 0, time)
    door.note("a")
    time.now += WITHIN - 1
    door.note("a")
    assert door.shut_for("a") == 1


def test_the_same_thing_again_counts_once() -> None:
    door = Tries(2, 0, Time())
    for _ in range(9):
        door.note("a", "taken back")
    assert door.shut_for("a") == 0
    door.note("a", "another")
    assert door.shut_for("a") > 0
    door.forget("a")
    assert door.shut_for("a") == 0


def test_many_places_together_shut_it_for_all() -> None:
    time = Time()
    door = Tries(5, 10, time)
    for number in range(10):
        assert door.shut_for("somebody else") == 0
        door.note(f"198.51.100.{number}")
    assert door.shut_for("somebody else") == WITHIN
    time.now += WITHIN + 1
    assert door.shut_for("somebody else") == 0


def test_what_was_quiet_longest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "_PLACES", 2)
    door = Tries(1, 0, Time())
    for address in ("a", "b", "c"):
        door.note(address)
    assert [door.shut_for(address) > 0 for address in ("a", "b", "c")] == [False, True, True]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("", "", True),
    ],
)
def test_whose_address_it_is(one: str, other: str, same: bool) -> None:
    assert (place_of(one) == place_of(other)) is same
