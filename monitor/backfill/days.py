"""Which days have suspiciously few items, against what the feed usually has on such a weekday."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from monitor.model import Window

_FEW = 0.3  # of the usual number
_ENOUGH = 3.0  # items a day; below it an empty day means nothing
_WEEKS = 3  # of a weekday, to know what is usual


@dataclass(frozen=True, slots=True)
class ThinDay:
    """A day on which something may be missing."""

    day: date
    items: int
    usual: float


def thin_days(published: Iterable[datetime], span: Window) -> tuple[ThinDay, ...]:
    """The whole days of the span with less than a third of what is usual; days in UTC."""
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
    return tuple(
        ThinDay(day, counts[day], expected)
        for day in days
        if (expected := usual[day.weekday()]) >= _ENOUGH and counts[day] < _FEW * expected
    )
