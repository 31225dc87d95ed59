"""Small charts as inline SVG: bars, whose numbers stand in a table beside them for whoever cannot see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_WIDE, _HIGH, _FOOT = 16, 64, 14  # of one bar with its gap, of the tallest bar, and below it; in user units
_LEAST = 2  # height of a bar that stands for something


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands, and what it says."""

    x: int
    y: float
    high: float
    label: str  # "Mon 23 Nov: 4 stories"
    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one height scale, ready for a template."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    most: int
    total: int
    ticks: tuple[tuple[int, str], ...]  # where a day is written below


def days(counts: Mapping[date, int], until: date, number: int) -> Chart:
    """The last `number` days up to `until`, one bar a day, also for days with nothing."""
    span = [until - timedelta(days=back) for back in range(number - 1, -1, -1)]
    most = max((counts.get(day, 0) for day in span), default=0)
    bars = tuple(_bar(at, day, counts.get(day, 0), most) for at, day in enumerate(span))
    ticks = tuple((bar.x, f"{bar.day.day} {bar.day:%b}") for bar in bars if bar.day.weekday() == 0)
    return Chart(bars, number * _WIDE, _HIGH + _FOOT, most, sum(bar.count for bar in bars), ticks)


def _bar(at: int, day: date, count: int, most: int) -> Bar:
    high = max(_LEAST, _HIGH * count / most) if count else 0.0
    words = f"{day:%a} {day.day} {day:%b}: {count} {'story' if count == 1 else 'stories'}"
    return Bar(at * _WIDE, round(_HIGH - high, 1), round(high, 1), words, day, count)


def numbers(chart: Chart) -> Sequence[tuple[date, int]]:
    """The same as a table: the days that had something, the latest first."""
    return [(bar.day, bar.count) for bar in reversed(chart.bars) if bar.count]
