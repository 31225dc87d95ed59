"""Which feeds are paused."""

from datetime import timedelta

from monitor.store import Store
from tests.builders import NOW


def test_a_feed_is_paused_and_resumed(store: Store) -> None:
    with store.begin() as shelves:
        assert shelves.pauses.pause("courier", NOW)
        assert not shelves.pauses.pause("courier", NOW + timedelta(days=1))
        assert shelves.pauses.pause("herald", NOW)
    with store.begin() as shelves:
        assert shelves.pauses.all() == {"courier": NOW, "herald": NOW}
        assert shelves.pauses.resume("courier")
        assert not shelves.pauses.resume("courier")
    with store.read() as shelves:
        assert shelves.pauses.all() == {"herald": NOW}
