"""What is agreed with hubs comes back as it went in."""

from datetime import timedelta

from msgspec.structs import replace

from monitor.model import Lease, Standing
from monitor.store import Store
from tests.builders import NOW

OFFERED = Lease("courier", "https://hub.example/", "https://courier.example/feed", "t0ken", "s3cret")
ACTIVE = replace(
    OFFERED,
    standing=Standing.ACTIVE,
    asked_at=NOW,
    pending=True,
    tries=2,
    ends_at=NOW + timedelta(days=10),
    pushed_at=NOW,
    waiting_at=NOW,
    paced_at=NOW,
    missed=1,
    problem="Київ",
)


def test_leases_come_back(store: Store) -> None:
    with store.begin() as shelves:
        shelves.leases.put(OFFERED)
        shelves.leases.put(replace(ACTIVE, feed="herald", token="other"))
    with store.read() as shelves:
        assert shelves.leases.of("courier") == OFFERED
        assert shelves.leases.all() == [OFFERED, replace(ACTIVE, feed="herald", token="other")]
        assert shelves.leases.by_token("t0ken") == OFFERED
        assert shelves.leases.of("nobody") is shelves.leases.by_token("nothing") is None


def test_one_a_feed_and_none_when_it_is_over(store: Store) -> None:
    with store.begin() as shelves:
        shelves.leases.put(OFFERED)
        shelves.leases.put(ACTIVE)
        assert shelves.leases.all() == [ACTIVE]
        shelves.leases.remove("courier")
        assert shelves.leases.all() == []
