"""Small charts as inline SVG: bars, whose numbers stand in a table beside them for whoever cannot see them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from msgspec import Struct

from monitor.stories import Spike
from monitor.topics.quality import Bin

_WIDE, _HEAD, _HIGH, _FOOT = 16, 10, 64, 14  # of one bar with its gap, above, of the tallest bar, below; user units
SQUARE = 160  # of a reliability diagram
_LEAST = 2  # height of a bar that stands for something


_NONE: Mapping[date, Spike] = MappingProxyType({})


class Bar(Struct, frozen=True):
    """One bar: where it stands, and what it says."""

    x: int
    y: float
    high: float
    label: str  # "Mon 23 Nov: 4 stories"
    day: date
    count: int
    spike: str  # how much more than usual, in words; "" on an ordinary day


class Chart(Struct, frozen=True):
    """Bars of one height scale, ready for a template."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    most: int
    total: int
    ticks: tuple[tuple[int, str], ...]  # where a day is written below


class Dot(Struct, frozen=True):
    """A bin of scores in a reliability diagram: where it stands, and the interval of its share."""

    x: float
    y: float
    size: float
    high: float  # the y of the interval's ends
    low: float
    label: str


def days(counts: Mapping[date, int], until: date, number: int, spikes: Mapping[date, Spike] = _NONE) -> Chart:
    """The last `number` days up to `until`, one bar a day, also for days with nothing; days with a spike are marked."""
    span = [until - timedelta(days=back) for back in range(number - 1, -1, -1)]
    most = max((counts.get(day, 0) for day in span), default=0)
    bars = tuple(_bar(at, day, counts.get(day, 0), most, spikes.get(day)) for at, day in enumerate(span))
    ticks = tuple((bar.x, f"{bar.day.day} {bar.day:%b}") for bar in bars if bar.day.weekday() == 0)
    return Chart(bars, number * _WIDE, _HEAD + _HIGH + _FOOT, most, sum(bar.count for bar in bars), ticks)


def _bar(at: int, day: date, count: int, most: int, spike: Spike | None) -> Bar:
    high = max(_LEAST, _HIGH * count / most) if count else 0.0
    words = f"{day:%a} {day.day} {day:%b}: {count} {'story' if count == 1 else 'stories'}"
    told = f"{spike.count} within {spike.hours} hours, where {spike.usual:.1f} are usual" if spike else ""
    words += f" – a spike: {told}" if told else ""
    return Bar(at * _WIDE, round(_HEAD + _HIGH - high, 1), round(high, 1), words, day, count, told)


def dots(bins: Sequence[Bin]) -> list[Dot]:
    """A reliability diagram (mean score to the right, share that belongs upward) in a square of `SQUARE` units."""
    most = max((one.texts for one in bins), default=1)
    return [
        Dot(
            round(one.mean * SQUARE, 1),
            _up(one.share.value),
            round(2.5 + 4 * (one.texts / most) ** 0.5, 1),
            _up(one.share.high),
            _up(one.share.low),
            f"scores of {one.low:.0%} to {one.high:.0%}: {one.share.value:.0%} of {one.texts} marked as relevant",
        )
        for one in bins
    ]


def _up(share: float) -> float:
    return round((1 - share) * SQUARE, 1)
