"""Spikes: found when they are there, and seldom when they are not; the false alarms are counted on invented years."""

import random
from datetime import UTC, datetime, timedelta
from math import exp

import pytest

from monitor.stories.spikes import FALSE_ALARMS, HOUR, PAST, SPAN, at_least, daily, hourly, spike

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday


def chance(dice: random.Random, mean: float, dispersion: float) -> int:
    """A count of negative binomial distribution: Poisson with a mean that varies."""
    limit = exp(-dice.gammavariate(1 / dispersion, mean * dispersion) if dispersion else -mean)
    count, product = 0, dice.random()
    while product > limit:
        product *= dice.random()
        count += 1
    return count


def a_past(dice: random.Random, a_day: float, hours: int, dispersion: float = 0.0) -> list[int]:
    """Stories an hour with a rhythm: few at night, half as many at weekends."""
    counts = []
    for number in range(hours):
        moment = START + number * HOUR
        share = (0.2 if moment.hour < 6 else 1.3) * (0.5 if moment.weekday() >= 5 else 1.2)
        counts.append(chance(dice, a_day / 24 * share, dispersion))
    return counts


@pytest.mark.parametrize(("a_day", "burst"), [(0.5, 5), (3, 9), (10, 16), (40, 40)])
def test_a_burst_is_a_spike(a_day: float, burst: int) -> None:
    past = a_past(random.Random(1), a_day, PAST)
    found = spike([*past, *[0] * (SPAN - 1), burst], START + (PAST + SPAN) * HOUR)
    assert found is not None
    assert (found.count, found.hours) == (burst, SPAN)
    assert found.usual == pytest.approx(a_day / 24 * SPAN, rel=1.0, abs=0.4)
    assert found.times > 1.5


@pytest.mark.parametrize("a_day", [0.5, 3, 10, 40])
def test_a_usual_day_is_none(a_day: float) -> None:
    counts = a_past(random.Random(2), a_day, PAST + SPAN)
    assert spike(counts, START + len(counts) * HOUR) is None


def test_what_is_usual_at_noon_is_a_spike_at_night() -> None:
    counts = [2 if 8 <= (START + number * HOUR).hour < 20 else 0 for number in range(PAST + 14)]
    assert spike(counts, START + (PAST + 14) * HOUR) is None  # 08:00 to 14:00, twelve stories
    night = spike([*counts[:PAST], *[2] * SPAN], START + (PAST + SPAN) * HOUR)  # 00:00 to 06:00, as many
    assert night is not None
    assert night.usual < 4


def test_two_stories_are_no_spike_and_a_week_must_have_passed() -> None:
    assert spike([0] * PAST + [0, 0, 0, 0, 0, 2], START) is None
    assert spike([0] * PAST + [0, 0, 0, 0, 0, 4], START) is not None
    assert spike([0] * 100 + [9] * SPAN, START) is None
    assert spike([], START) is None


@pytest.mark.parametrize(("a_day", "dispersion"), [(3, 0.5), (10, 0.0)])
def test_false_alarms_are_about_as_rare_as_stated(a_day: float, dispersion: float) -> None:
    dice, days = random.Random(3), 150
    counts = a_past(dice, a_day, PAST + days * 24, dispersion)
    alarms, quiet_until = 0, 0
    for end in range(PAST, len(counts), 3):
        if end >= quiet_until and spike(counts[end - PAST : end], START + end * HOUR):
            alarms, quiet_until = alarms + 1, end + 24
    assert alarms <= 3 * days * FALSE_ALARMS + 1


def test_the_days_with_a_spike_are_named() -> None:
    now = START + (PAST + 10 * 24) * HOUR  # midnight
    counts = [1 if hour % 8 == 0 else 0 for hour in range(PAST + 10 * 24)]
    loud = PAST + 3 * 24 + 12
    counts[loud : loud + 4] = [6, 6, 6, 6]
    found = daily(counts, now, 7)
    day = (START + loud * HOUR).date()
    assert list(found) == [day]
    assert (found[day].count, found[day].hours) == (25, SPAN)
    assert daily(counts, now, 5) == {}
    assert daily([], now, 30) == {}


def test_stories_are_counted_in_full_hours() -> None:
    begun = [START, START + HOUR, START + 90 * timedelta(minutes=1)]
    assert hourly(begun, START + 3 * HOUR - timedelta(minutes=1)) == [1, 2, 0]
    assert hourly([], START) == []


def test_the_distribution_is_what_it_says() -> None:
    assert at_least(0, 3.0, 0.0) == 1.0
    assert at_least(1, 3.0, 0.0) == pytest.approx(1 - exp(-3.0))
    assert at_least(4, 2.0, 1.0) == pytest.approx((2 / 3) ** 4)  # geometric
    assert at_least(4, 2.0, 1.0) > at_least(4, 2.0, 0.1) > at_least(4, 2.0, 0.0)
    assert timedelta(hours=SPAN) == SPAN * HOUR
