"""Moments and spans as a reader says them."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.digests.dates import days, long_day, moment, report_time, short_day, span
from tests.builders import NOW


def test_days_are_the_readers() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert long_day(late, "Europe/Kyiv") == "Friday 1 January 2027"
    assert short_day(late, "America/New_York") == "Thu 31 Dec"
    assert moment(late, "Australia/Lord_Howe") == "Fri 1 Jan 10:30"


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(hours=1), "07:00"),
        (timedelta(hours=8), "00:00"),
        (timedelta(hours=9), "Sun 23:00"),
        (timedelta(days=6), "Tue 08:00"),
        (timedelta(days=7), "16 Nov"),
        (timedelta(days=400), "19 Oct 2025"),
        (-timedelta(days=1), "24 Nov"),
    ],
)
def test_times_are_as_short_as_they_may_be(ago: timedelta, shown: str) -> None:
    assert report_time(NOW - ago, "Europe/Kyiv", seen_from=NOW) == shown


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(days=2, hours=3), "2 days 3 h"),
        (timedelta(days=1, minutes=10), "1 day"),
        (timedelta(hours=23), "23 h"),
        (timedelta(hours=1, minutes=45), "1 h 45 min"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(seconds=5), "less than a minute"),
    ],
)
def test_spans_are_told_in_two_units(length: timedelta, shown: str) -> None:
    assert span(length) == shown


def test_a_long_span_says_from_when_to_when() -> None:
    end = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    for back, said in (
        (0.01, "Monday 23 November 2026, 08:00"),
        (1, "Monday 23 November 2026"),
        (7, "16 – 23 November 2026"),
        (30, "24 October – 23 November 2026"),
        (365, "23 November 2025 – 23 November 2026"),
    ):
        assert days(end - timedelta(days=back), end, "Europe/Kyiv") == said
