"""Whether a topic is told of far more than usual: its stories of the last hours against its own past. Pure.

The past says how many stories the same span of hours brings as a rule: by the hour of the day, by weekday or weekend,
and how much that varies (a negative binomial distribution, of which the Poisson distribution is the calmest case). A
spike is a count that chance alone would bring less often than the stated rate of false alarms.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import exp, lgamma, log

from msgspec import Struct

HOUR = timedelta(hours=1)
SPAN = 6  # hours whose stories are counted together
PAST = 8 * 7 * 24  # hours of the past that are looked at, eight weeks
_LEAST_PAST = 7 * 24  # hours; before that nothing is usual yet
FEWEST = 3  # stories; fewer are no spike, however quiet the topic
FALSE_ALARMS = 1 / 90  # a day and topic that chance alone may raise
_LOOKS = 16  # independent looks at overlapping spans a day: measured, see the test of the false alarms
_FLOOR = 0.05  # stories an hour; a topic that was silent by chance is not taken for one that never speaks
_CALM = 1e-3  # a dispersion below it is Poisson's


class Spike(Struct, frozen=True):
    """More than usual: `count` stories in `hours` where `usual` were to be expected."""

    count: int
    hours: int
    usual: float
    chance: float  # that so many or more come by chance in such a span

    @property
    def times(self) -> float:
        """How many times the usual."""
        return self.count / max(self.usual, _FLOOR)


def spike(counts: Sequence[int], now: datetime) -> Spike | None:
    """The spike that ends at `now`, or None.

    `counts`: new independent stories of one topic in each full hour up to `now`, oldest first, the last one being the
    hour that ends now; at least a week of them, at most `PAST` are used. `now` in the zone whose day and night count.
    """
    counts = counts[-PAST - SPAN :]
    past, recent = counts[:-SPAN], counts[-SPAN:]
    count = sum(recent)
    if len(past) < _LEAST_PAST or count < FEWEST:
        return None
    rates = _rates(past, now - SPAN * HOUR)
    usual = sum(rates[_slot(now - number * HOUR)] for number in range(1, SPAN + 1))
    chance = at_least(count, usual, _dispersion(past, rates, now - SPAN * HOUR))
    return Spike(count, SPAN, usual, chance) if chance < FALSE_ALARMS / _LOOKS else None


def hourly(begun: Sequence[datetime], now: datetime) -> list[int]:
    """Stories in each full hour up to `now`, from the hour of the first one on, the oldest first. One that was found
    while the clock was ahead is of no hour yet.
    """
    ages = [int((now - moment) / HOUR) for moment in begun if moment <= now]
    counts = [0] * (max(ages, default=-1) + 1)
    for age in ages:
        counts[-1 - age] += 1
    return counts


def daily(counts: Sequence[int], now: datetime, days: int) -> dict[date, Spike]:
    """Of the last `days` days of `now`'s zone, those whose busiest span was a spike; `counts` as in `spike`."""
    busiest: dict[date, tuple[int, int]] = {}  # day → (stories, hours before now at which the span ended)
    for back in range(min(days * 24, len(counts) - SPAN)):
        end = len(counts) - back
        day, count = (now - back * HOUR).date(), sum(counts[end - SPAN : end])
        if count >= FEWEST and count > busiest.get(day, (0, 0))[0]:
            busiest[day] = count, back
    found = {day: spike(counts[: len(counts) - back], now - back * HOUR) for day, (_, back) in busiest.items()}
    return {day: one for day, one in found.items() if one is not None}


def _slot(start: datetime) -> tuple[bool, int]:
    """Which hours are alike: the same hour of a working day, or of a weekend's."""
    return start.weekday() >= 5, start.hour


def _rates(past: Sequence[int], end: datetime) -> dict[tuple[bool, int], float]:
    """Stories an hour by kind of hour; the hours beside it count half, and few hours lean towards the mean of all."""
    total: dict[tuple[bool, int], float] = {}
    seen: dict[tuple[bool, int], float] = {}
    for back, count in enumerate(reversed(past), start=1):
        weekend, hour = _slot(end - back * HOUR)
        for shift, weight in ((-1, 0.5), (0, 1.0), (1, 0.5)):
            slot = (weekend, (hour + shift) % 24)
            total[slot] = total.get(slot, 0.0) + weight * count
            seen[slot] = seen.get(slot, 0.0) + weight
    mean = max(sum(past) / len(past), _FLOOR)
    lean = 4.0  # hours
    slots = ((weekend, hour) for weekend in (False, True) for hour in range(24))
    return {slot: max((total.get(slot, 0.0) + lean * mean) / (seen.get(slot, 0.0) + lean), _FLOOR) for slot in slots}


def _dispersion(past: Sequence[int], rates: dict[tuple[bool, int], float], end: datetime) -> float:
    """By how much spans vary beyond Poisson: variance = mean + dispersion × mean², by the method of moments."""
    excess, square = 0.0, 0.0
    for first in range(0, len(past) - SPAN + 1, SPAN):
        span = past[len(past) - first - SPAN : len(past) - first]
        expected = sum(rates[_slot(end - (first + number) * HOUR)] for number in range(1, SPAN + 1))
        excess += (sum(span) - expected) ** 2 - expected
        square += expected**2
    return max(0.0, excess / square) if square else 0.0


def at_least(count: int, mean: float, dispersion: float) -> float:
    """The probability of `count` or more under a negative binomial distribution of that mean and dispersion (≥ 0)."""
    below = sum(exp(_log_probability(number, mean, dispersion)) for number in range(count))
    return max(0.0, 1.0 - below)


def _log_probability(number: int, mean: float, dispersion: float) -> float:
    if dispersion < _CALM:
        return number * log(mean) - mean - lgamma(number + 1)
    size = 1 / dispersion
    return (
        lgamma(number + size)
        - lgamma(size)
        - lgamma(number + 1)
        + size * log(size / (size + mean))
        + number * log(mean / (size + mean))
    )
