"""Schedules over whole years, in zones whose clocks jump by an hour and by half an hour."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digests.schedule import Due, check_schedule, due, following, previous

ZONES = ("Europe/Kyiv", "America/New_York", "Australia/Lord_Howe")
TIMES = ("00:00", "02:30", "03:30", "04:00")


HOUR = timedelta(hours=1)


def _cron(time: str) -> str:
    hour, minute = time.split(":")
    return f"{int(minute)} {int(hour)} * * *"


def _tick_through(cron: str, zone: str, year: int, step: timedelta) -> list[Due]:
    """What a daemon that looks every `step` would make from New Year to New Year, local time."""
    place = ZoneInfo(zone)
    now = datetime(year, 1, 1, tzinfo=place).astimezone(UTC)
    end = datetime(year + 1, 1, 1, tzinfo=place).astimezone(UTC)
    after, made = now - timedelta(microseconds=1), []
    while now < end:
        found = due(cron, zone, after=after, now=now)
        if found:
            made.append(found)
            after = found.at
        now += step
    return made


@pytest.mark.parametrize(("year", "step"), [(2025, 7 * HOUR), (2026, HOUR), (2027, 5 * HOUR)])
@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("zone", ZONES)
def test_a_year_has_365_digests_none_skipped_none_doubled(zone: str, time: str, year: int, step: timedelta) -> None:
    made = _tick_through(_cron(time), zone, year, step)
    days = [(datetime(year, 1, 1) + timedelta(days=day)).date() for day in range(365)]  # noqa: DTZ001
    assert [found.local for found in made] == [f"{day}T{time}" for day in days]
    assert all(earlier.at < later.at for earlier, later in pairwise(made))
    for found in made:
        shown = found.at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
        assert shown == time or found.local[:7] in (f"{year}-03", f"{year}-10")  # only the spring gap moves it


@pytest.mark.parametrize(
    ("zone", "local", "at"),
    [
        ("Europe/Kyiv", "2026-03-29T03:30", "2026-03-29T01:00"),  # skipped: at the end of the gap, 04:00
        ("Europe/Kyiv", "2026-10-25T03:30", "2026-10-25T00:30"),  # twice: the first time
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),  # half an hour is skipped: at 02:30
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
    ],
)
def test_the_moment_of_a_wall_time_on_the_nights_of_the_change(zone: str, local: str, at: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    cron = _cron(local[11:])
    assert due(cron, zone, after=None, now=moment) == Due(moment, local)
    before = due(cron, zone, after=None, now=moment - timedelta(seconds=1))
    assert before is not None
    assert before.local < local
    for minutes in (1, 20, 45, 60, 90, 200):
        assert due(cron, zone, after=moment, now=moment + timedelta(minutes=minutes)) is None
        assert due(cron, zone, after=None, now=moment + timedelta(minutes=minutes)) == Due(moment, local)


@pytest.mark.parametrize("zone", ZONES)
def test_an_hourly_schedule_has_one_digest_per_wall_hour(zone: str) -> None:
    made = _tick_through("0 * * * *", zone, 2026, timedelta(minutes=30))
    locals_ = [found.local for found in made]
    assert len(set(locals_)) == len(locals_)
    assert 8758 <= len(made) <= 8760  # the skipped hour and the next are one; the repeated hour is one
    assert max(later.at - earlier.at for earlier, later in pairwise(made)) <= timedelta(hours=2)


@given(
    zone=st.sampled_from(ZONES),
    time=st.sampled_from(TIMES),
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1)),  # noqa: DTZ001
    slept=st.timedeltas(timedelta(0), timedelta(days=10)),
)
@settings(max_examples=100, deadline=None)
def test_a_long_sleep_owes_one_catch_up(zone: str, time: str, start: datetime, slept: timedelta) -> None:
    cron, asleep = _cron(time), start.replace(tzinfo=UTC)
    told = due(cron, zone, after=None, now=asleep)
    assert told is not None
    assert asleep - told.at <= timedelta(hours=25, minutes=30)
    awake = asleep + slept
    catch_up = due(cron, zone, after=told.at, now=awake)
    if catch_up is None:
        assert slept <= timedelta(hours=25, minutes=30)
        return
    assert told.at < catch_up.at <= awake
    assert due(cron, zone, after=catch_up.at, now=awake) is None


def test_previous_is_where_the_usual_window_begins() -> None:
    at = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert previous("0 8 * * *", "Europe/Kyiv", at) == at - timedelta(days=1)
    assert previous("0 8 * * *", "Europe/Kyiv", at + timedelta(seconds=1)) == at
    assert previous("0 8 * * MON", "Europe/Kyiv", at) == at - timedelta(days=7)
    assert previous("0 8 29 2 *", "UTC", at) == datetime(2024, 2, 29, 8, tzinfo=UTC)


@pytest.mark.parametrize("cron", ["0 8 * * *", "*/15 6-22 * * MON-FRI", "0 9 1,15 * *", "0 7 L * *", "30 3 29 2 *"])
def test_sound_schedules_pass(cron: str) -> None:
    assert check_schedule(cron, "Europe/Kyiv") == ""


@pytest.mark.parametrize(
    ("cron", "zone", "words"),
    [
        ("0 8 * * *", "Europe/Kiyv", "did you mean 'Europe/Kyiv'?"),
        ("0 8 * * *", "", "unknown time zone ''"),
        ("0 8 * * *", "../../etc/passwd", "unknown time zone"),
        ("0 8 * * *", "Europe", "unknown time zone"),
        ("8:00", "UTC", "1 fields instead of 5"),
        ("0 0 8 * * *", "UTC", "6 fields instead of 5"),
        ("", "UTC", "0 fields instead of 5"),
        ("60 8 * * *", "UTC", "bad minute"),
        ("0 24 * * *", "UTC", "bad hour"),
        ("0 8 30 2 *", "UTC", "bad day-of-month"),
        ("0 8 * * FUN", "UTC", "bad day-of-week"),
    ],
)
def test_a_wrong_schedule_is_named_with_a_way_out(cron: str, zone: str, words: str) -> None:
    problem = check_schedule(cron, zone)
    assert words in problem
    assert ";" in problem


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/St_Johns", "UTC"])
@pytest.mark.parametrize("cron", ["0 8 * * *", "30 3 * * *", "30 2 * * *", "*/20 * * * *"])
def test_what_follows_is_what_comes_next(zone: str, cron: str) -> None:
    for start in (datetime(2026, 3, 28, 9, tzinfo=UTC), datetime(2026, 10, 24, 9, tzinfo=UTC)):
        for step in range(150):
            at = start + step * timedelta(minutes=20)
            after = following(cron, zone, at)
            assert previous(cron, zone, after) <= at < after
            found = due(cron, zone, after=at, now=after)
            assert found is not None
            assert found.at == after
