"""A list of addresses: each for the feed of its site."""

from datetime import timedelta

from monitor.backfill.addresses import Addresses, shared_out
from monitor.model import Window
from tests.builders import NOW, a_feed

COURIER = a_feed(name="courier", url="https://www.courier.example/feed")
HERALD = a_feed(name="herald", url="https://herald.example/rss")


def test_addresses_are_shared_out_by_site() -> None:
    lines = ["# from the clerk", "", " https://courier.example/a?utm_source=x ", "https://herald.example/b",
             "https://courier.example/a", "https://elsewhere.example/c", "not an address"]  # fmt: skip
    listed, refused = shared_out(lines, [COURIER, HERALD])
    assert listed == {"courier": ["https://courier.example/a"], "herald": ["https://herald.example/b"]}
    assert [line for line, _ in refused] == ["https://elsewhere.example/c", "not an address"]
    assert "--feed" in refused[0][1]


def test_one_feed_alone_takes_all() -> None:
    listed, refused = shared_out(["https://elsewhere.example/c"], [COURIER])
    assert listed == {"courier": ["https://elsewhere.example/c"]}
    assert not refused


def test_the_list_is_known_from_the_start() -> None:
    step = Addresses(["https://courier.example/a"]).begin(COURIER, COURIER.url, Window(NOW - timedelta(days=1), NOW))
    assert [one.entry.link for one in step.found] == ["https://courier.example/a"]
    assert step.covered
    assert not step.asks
