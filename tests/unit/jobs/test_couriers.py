"""Channels side by side: who is slow holds up nobody else, and is not sent to twice."""

from threading import Event

import pytest

from monitor.jobs.couriers import Couriers

LONG = 10.0  # seconds: what never takes so long unless it hangs


def test_a_round_does_not_wait_for_a_slow_channel_and_leaves_it_alone() -> None:
    go_on, served = Event(), []

    def job(channel: str) -> str:
        served.append(channel)
        if channel == "mail":
            assert go_on.wait(LONG)
        return f"{channel}: no"

    couriers = Couriers[str](patience=0.2)
    first = list(couriers.serve(["mail", "slack"], job))
    second = list(couriers.serve(["mail", "slack"], job))
    assert first + second == ["slack: no", "slack: no"]
    assert sorted(served) == ["mail", "slack", "slack"]
    go_on.set()
    couriers.wait()
    assert list(couriers.serve([], job)) == ["mail: no"]
    assert list(couriers.serve(["mail"], job)) == ["mail: no"]


def test_they_are_served_at_the_same_time() -> None:
    began = {"mail": Event(), "slack": Event()}

    def job(channel: str) -> str:
        began[channel].set()
        assert began["slack" if channel == "mail" else "mail"].wait(LONG)
        return channel

    assert len(list(Couriers[str](LONG).serve(["mail", "slack"], job))) == 2


def test_what_a_channel_raised_reaches_the_round_once_and_the_others_are_kept() -> None:
    def job(channel: str) -> str:
        if channel == "mail":
            raise OSError("disk full")
        return f"{channel}: no"

    couriers = Couriers[str](LONG)
    with pytest.raises(OSError, match="disk full"):
        list(couriers.serve(["mail", "slack"], job))
    assert list(couriers.serve([], job)) == ["slack: no"]
