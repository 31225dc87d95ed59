"""A step that changes nothing copies nothing."""

from datetime import UTC, datetime

from msgspec.structs import replace

from monitor.model import FeedState
from monitor.pacing.change import changed

STATE = FeedState("courier", datetime(2026, 3, 2, tzinfo=UTC), etag='"1"', failures=2)


def test_values_that_differ_are_set() -> None:
    assert changed(STATE, etag='"1"', failures=0) == replace(STATE, failures=0)


def test_a_state_that_has_them_stays_the_same_object() -> None:
    assert changed(STATE, etag='"1"', failures=2) is STATE
