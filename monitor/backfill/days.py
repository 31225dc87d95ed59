"""Which days have suspiciously few items, against what the feed usually has on such a weekday."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import mean, median

from msgspec import Struct

from monitor.model import Window

_FEW = 0.3  # of the usual number
_ENOUGH = 3.0  # items a day; below it an empty day means nothing
_WEEKS = 3  # of a weekday, to know what is usual
_QUIET = 9.0  # items that days in a row should have had together: that by chance none came happens once in 8,000 times


class ThinDay(Struct, frozen=True):
    """A day on which something may be missing."""

    day: date
    items: int
    usual: float


def thin_days(published: Iterable[datetime], span: Window) -> tuple[ThinDay, ...]:
    """The whole days of the span with less than a third of what is usual, and those of a silence that is too long for a
    feed which seldom has three items a day; days in UTC.
    """
    counts = Counter(moment.date() for moment in published if span.start <= moment <= span.end)
    first = span.start.date() if span.start.time() == span.start.min.time() else span.start.date() + timedelta(days=1)
    days = [first + timedelta(days=number) for number in range(max(0, (span.end.date() - first).days))]
    if not days or not counts:
        return ()
    over_all = median(counts[day] for day in days)
    usual: dict[int, float] = {}
    for weekday in range(7):
        same = [counts[day] for day in days if day.weekday() == weekday]
        usual[weekday] = float(median(same) if len(same) >= _WEEKS else over_all)
    thin = {
        day: ThinDay(day, counts[day], expected)
        for day in days
        if (expected := usual[day.weekday()]) >= _ENOUGH and counts[day] < _FEW * expected
    }
    return tuple(sorted((_silent(days, counts) | thin).values(), key=lambda one: one.day))


def _silent(days: Sequence[date], counts: Mapping[date, int]) -> dict[date, ThinDay]:
    """Days in a row without an item, where as many on such weekdays usually bring several.

    The rate is that of the other days: a long silence would otherwise hide itself.
    """
    runs = [list(run) for empty, run in groupby(days, key=lambda day: not counts.get(day)) if empty]
    found: dict[date, ThinDay] = {}
    for run in runs:
        others = set(days).difference(run)
        expected = [_rate(day, others, counts) for day in run]
        if sum(expected) >= _QUIET:
            found |= {day: ThinDay(day, 0, rate) for day, rate in zip(run, expected, strict=True)}
    return found


def _rate(day: date, others: Set[date], counts: Mapping[date, int]) -> float:
    """Items a day on the other days of that weekday; on all other days where too few are of it."""
    same = [counts.get(other, 0) for other in others if other.weekday() == day.weekday()]
    seen = same if len(same) >= _WEEKS else [counts.get(other, 0) for other in others]
    return round(mean(seen), 1) if seen else 0.0
