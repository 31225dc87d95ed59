"""Beats of the tickers."""

from datetime import timedelta

from msgspec.structs import replace

from monitor.model import Beat
from monitor.store import Store
from tests.builders import NOW

POLL = Beat("poll", NOW, NOW + timedelta(seconds=3), timedelta(minutes=1))


def test_beats_come_back_by_name(store: Store) -> None:
    deliver = Beat("deliver", NOW, None, timedelta(seconds=30), problem="no network")
    with store.begin() as shelves:
        shelves.pulse.beat(POLL)
        shelves.pulse.beat(deliver)
    with store.read() as shelves:
        assert shelves.pulse.beats() == {"deliver": deliver, "poll": POLL}


def test_a_failure_does_not_hide_when_it_last_went_well(store: Store) -> None:
    later = NOW + timedelta(minutes=1)
    with store.begin() as shelves:
        shelves.pulse.beat(POLL)
        shelves.pulse.beat(Beat("poll", later, None, timedelta(minutes=1), problem="disk full"))
        found = shelves.pulse.beats()["poll"]
    assert found == replace(POLL, started_at=later, problem="disk full")


def test_a_round_that_begins_keeps_how_the_last_one_ended(store: Store) -> None:
    well = Beat("poll", NOW, NOW, timedelta(minutes=1))
    with store.begin() as shelves:
        shelves.pulse.begin("poll", NOW, timedelta(minutes=1))
        assert shelves.pulse.beats()["poll"] == replace(well, succeeded_at=None)
        shelves.pulse.beat(well)
        shelves.pulse.beat(replace(well, succeeded_at=None, problem="disk full"))
        shelves.pulse.begin("poll", NOW + timedelta(minutes=5), timedelta(minutes=1))
        assert shelves.pulse.beats()["poll"] == replace(
            well, started_at=NOW + timedelta(minutes=5), problem="disk full"
        )
