"""Days with suspiciously few items, against what is usual on such a weekday."""

from datetime import UTC, date, datetime, timedelta

from monitor.backfill.days import ThinDay, thin_days
from monitor.model import Window

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
SPAN = Window(START, START + timedelta(days=35))


def _days(**numbers: int) -> list[datetime]:
    """Ten items on weekdays, one at weekends; other numbers by day of January."""
    found = []
    for number in range(35):
        day = START + timedelta(days=number)
        usual = 1 if day.weekday() >= 5 else 10
        found += [day + timedelta(hours=9)] * numbers.get(f"d{day:%m%d}", usual)
    return found


def test_a_thin_weekday_is_seen_and_a_quiet_sunday_is_not() -> None:
    assert thin_days(_days(d0114=2, d0121=0, d0118=0), SPAN) == (
        ThinDay(date(2026, 1, 14), 2, 10.0),
        ThinDay(date(2026, 1, 21), 0, 10.0),
    )


def test_nothing_is_said_of_a_feed_that_seldom_writes_or_of_part_days() -> None:
    assert thin_days([START + timedelta(days=7 * week) for week in range(5)], SPAN) == ()
    assert thin_days([], SPAN) == ()
    part = Window(START + timedelta(hours=10), START + timedelta(hours=20))
    assert thin_days([START + timedelta(hours=11)], part) == ()


def test_a_long_silence_of_a_feed_with_two_items_a_day_is_seen_and_two_empty_days_are_not() -> None:
    def posts(*empty: int) -> list[datetime]:
        return [START + timedelta(days=day, hours=hour) for day in range(35) for hour in (9, 15) if day not in empty]

    gap = range(10, 16)
    assert thin_days(posts(*gap), SPAN) == tuple(ThinDay((START + timedelta(days=day)).date(), 0, 2.0) for day in gap)
    assert thin_days(posts(3, 4), SPAN) == ()
    short = Window(START, START + timedelta(days=16))
    assert len(thin_days(posts(*gap), short)) == 6  # of too short a span to know its weekdays: the days before tell
