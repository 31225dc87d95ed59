"""How many stories a topic had on each of the last days, as numbers and as bars that need no picture. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.digests.view import TrendView
from monitor.digests.wording import clean, plural
from monitor.model import Digest

DAYS = 14
_BARS = "▁▂▃▄▅▆▇█"  # the lowest is no story at all
_TALLEST = 28  # pixels in HTML


def by_day(begun: Sequence[datetime], end: datetime, zone: str) -> tuple[int, ...]:
    """Stories that began on each of the last 14 days, the oldest first. `begun` and `end` are aware.

    A day ends at the wall time that `end` has in `zone`, so that the last one is what a daily digest tells of, and
    clocks that are put forward or back move nothing.
    """
    place = ZoneInfo(zone)
    wall = end.astimezone(place).replace(tzinfo=None)
    counts = [0] * DAYS
    for moment in begun:
        age = (wall - moment.astimezone(place).replace(tzinfo=None)) // timedelta(days=1)
        if moment <= end and max(age, 0) < DAYS:
            counts[DAYS - 1 - max(age, 0)] += 1
    return tuple(counts)


def trends(digest: Digest) -> tuple[TrendView, ...]:
    """The topics of `digest` with their days, each against its own busiest day; empty when there was nothing at all."""
    titles = {topic.name: clean(topic.title, 80) for topic in digest.topics}
    shown = [(titles[name], days) for name, days in digest.trends if name in titles]
    return tuple(_trend(title, days) for title, days in shown) if any(any(days) for _, days in shown) else ()


def _trend(title: str, days: tuple[int, ...]) -> TrendView:
    most, total = max(days, default=0), sum(days)
    return TrendView(
        title=title,
        days=days,
        bars="".join(_BARS[-(-number * (len(_BARS) - 1) // most) if most else 0] for number in days),
        heights=tuple(max(2, round(_TALLEST * number / most)) if number else 1 for number in days),
        total=total,
        words=f"{plural(total, 'story', 'stories')}, at most {most} a day" if most else "no story",
    )
