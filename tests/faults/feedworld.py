"""A press that is only numbers: feeds with all the habits of real ones, and what a reader of their documents misses.

Each publishes at moments drawn from a seed: once a week up to 300 times an hour, evenly, in bursts, by day only, on
weekdays only; some fail for hours, die, say "not modified" whatever happened, put no date on their entries, or ask for
a slow reader. Nothing is visited here; a test asks what a document holds at a moment.
"""

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, log

from monitor.model import Entry, Failed, Failure, FeedPage, Fresh, Request, Unchanged, Visit

HOUR = 3600.0
DAY = 24 * HOUR
DUE = 2 * HOUR  # an item that stood in the document for so long must not be missed


@dataclass
class Outlet:
    """One feed. Moments are seconds since `start`."""

    name: str
    start: datetime
    size: int  # items in the document
    moments: list[float]  # of publication
    down: list[tuple[float, float]] = field(default_factory=list)  # spells in which it fails
    validators: bool = True
    lies: str = ""  # "tag": its tag never changes; "always": it says "not modified" to every tag
    dated: bool = True
    wish: timedelta | None = None
    entries: dict[int, Entry] = field(default_factory=dict)  # those that were asked for

    def entry(self, number: int) -> Entry:
        """An item as a document lists it; most of a fast outlet's are never in one that is read."""
        if number not in self.entries:
            published = self.start + timedelta(seconds=self.moments[number]) if self.dated else None
            address, title = f"https://{self.name}.example/{number}", f"{self.name} number {number} of its day"
            self.entries[number] = Entry(self.name, str(number), address, title, published=published)
        return self.entries[number]

    def span_at(self, moment: float) -> tuple[int, int]:
        """The document: items from the first up to and without the second."""
        end = bisect_right(self.moments, moment)
        return max(0, end - self.size), end

    def is_down(self, moment: float) -> bool:
        return any(start <= moment < end for start, end in self.down)

    def available(self, item: int, until: float) -> float:
        """The longest time in seconds for which the item stood, on end, in a document that could be had."""
        start = max(self.moments[item], 0.0)
        end = min(self.moments[item + self.size] if item + self.size < len(self.moments) else until, until)
        longest = 0.0
        for begin, over in sorted(self.down):
            longest, start = max(longest, min(begin, end) - start), max(start, over)
        return max(longest, end - start)

    def answer(self, request: Request, at: datetime) -> tuple[Visit, FeedPage | None]:
        """What its server says to a request, and the document where it sends one."""
        moment = (at - self.start).total_seconds()
        if self.is_down(moment):
            return Failed(request, Failure.STATUS, "HTTP 502", at, status=502), None
        first, end = self.span_at(moment)
        tag = "" if not self.validators else '"0"' if self.lies == "tag" else f'"{end}"'
        if request.etag and (request.etag == tag or self.lies):
            return Unchanged(request, at), None
        page = FeedPage(self.name, "", "en", tuple(map(self.entry, range(end - 1, first - 1, -1))), ttl=self.wish)
        return Fresh(request, request.url, 200, {"etag": tag} if tag else {}, tag.encode(), at), page


def press(seed: int, count: int, days: float, start: datetime) -> list[Outlet]:
    """So many outlets over so many days, always the same of the same seed."""
    return [_outlet(random.Random(f"{seed}-{number}"), number, days, start) for number in range(count)]


def _outlet(dice: random.Random, number: int, days: float, start: datetime) -> Outlet:
    rate = exp(dice.uniform(log(1 / 168), log(300)))  # items an hour
    moments = _moments(dice, rate, days * DAY, dice.choice(["even", "bursts", "days", "weekdays", "batches"]))
    habit = dice.random()
    outlet = Outlet(
        f"o{number}",
        start,
        dice.choice([10, 15, 20, 20, 25, 30, 40, 50, 100]),
        moments,
        validators=dice.random() < 0.7,
        dated=dice.random() < 0.9,
        wish=timedelta(minutes=dice.choice([15, 30, 60, 60, 180, 1440])) if dice.random() < 0.4 else None,
    )
    if habit < 0.05:
        death = dice.uniform(0, days * DAY)
        outlet.down = [(death, float("inf"))]
    elif habit < 0.15:
        starts = sorted(dice.uniform(0, days * DAY) for _ in range(max(1, int(days / 5))))
        outlet.down = [(begin, begin + dice.uniform(0.1, 30) * HOUR) for begin in starts]
    elif habit < 0.21:
        outlet.validators, outlet.lies = True, dice.choice(["tag", "always"])
    return outlet


def _moments(dice: random.Random, rate: float, length: float, form: str) -> list[float]:
    """Moments of publication, from some days before the start on, so that a document is full at the start."""
    found: list[float] = []
    moment = -min(max(150 / rate * HOUR, DAY), 7 * DAY)
    while moment < length:
        hour, day = (moment / HOUR) % 24, (moment / DAY) % 7
        pace = rate
        if form in ("days", "weekdays") and not 6 <= hour < 22:
            pace = rate / 50
        if form == "weekdays" and day >= 5:
            pace = rate / 20
        moment += max(1.0, dice.expovariate(pace) * HOUR)
        burst = 1
        if form == "bursts" and dice.random() < 0.02:
            burst = dice.randint(5, 40)
        if form == "batches":
            burst = 10
            moment += 9 * dice.expovariate(pace) * HOUR
        for _ in range(burst):
            moment += dice.uniform(1, 240) if form == "bursts" and burst > 1 else 1.0 if burst > 1 else 0.0
            if moment < length:
                found.append(moment)
    return found
