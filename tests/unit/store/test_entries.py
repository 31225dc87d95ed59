"""Entries that wait come back from the archive as they were."""

from datetime import timedelta

from msgspec.structs import replace

from monitor.model import FeedState
from monitor.store import Store
from tests.builders import NOW, an_entry

ENTRIES = (
    an_entry(published=NOW, updated=NOW + timedelta(hours=1), authors=("Ivan Petrenko",), tags=("a", "b"), file=True),
    an_entry(id="2", title="Дві установки", summary="<p>Text</p>", published=None, outlet="Courier"),
)


def test_they_come_back_in_their_order_with_all_they_say(store: Store) -> None:
    state = FeedState("courier", NOW, waiting=ENTRIES)
    with store.begin() as shelves:
        shelves.feeds.save(state, FeedState("herald", NOW))
    with store.read() as shelves:
        assert shelves.feeds.states() == {"courier": state, "herald": FeedState("herald", NOW)}
    with store.begin() as shelves:
        shelves.feeds.amend((state, replace(state, waiting=ENTRIES[:1])))
    with store.read() as shelves:
        assert shelves.feeds.states()["courier"].waiting == ENTRIES[:1]


def test_what_no_database_can_hold_is_replaced(store: Store) -> None:
    with store.begin() as shelves:
        shelves.feeds.save(FeedState("courier", NOW, waiting=(an_entry(title="a\x00b\ud800c"),)))
    with store.read() as shelves:
        assert shelves.feeds.states()["courier"].waiting[0].title == "a\x00b\ufffdc"
