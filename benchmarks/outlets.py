"""An internet that is only numbers: feeds with heavy-tailed rates on hosts that are slow, down or gone.

Made to be large: a feed is a few hundred bytes, and what it publishes is drawn when it is asked. Moments are seconds
since the start. Rates are log-normal (median 2 items a day, mean 20, at most 300 an hour), hosts hold one feed to
thousands, outages are drawn a host's feed at a time. Nothing is visited here.
"""

import random
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from math import exp

HOUR = 3600.0
DAY = 24 * HOUR

_MEDIAN, _SPREAD, _FASTEST = 2.0, 2.15, 7_200.0  # items a day
_BETWEEN_OUTAGES = 20 * DAY  # on average
_GONE = 0.03  # share of the feeds whose address answers 404 for ever
_SLOW = 0.02  # share of the hosts that take long, or too long
_SIZES = (10, 10, 15, 20, 20, 20, 25, 30, 40, 50, 100)
_NIGHT = 0.1  # of the day's rate, where the night is quiet


@dataclass(slots=True)
class Host:
    """Where feeds live; times in seconds."""

    number: int
    latency: float  # until its answer is whole
    silent: bool  # when it is down it does not answer at all, so that a visit waits for its time limit


@dataclass(slots=True)
class Outlet:
    """One feed. `moments` holds what its document lists, and before it whatever nobody has seen yet."""

    number: int
    host: Host
    dice: random.Random  # shared by all
    rate: float  # items an hour, at its daily height
    size: int  # items in the document
    quiet: bool  # publishes little at night
    tags: bool  # knows validators, and minds them
    wish: int  # minutes that it asks for (`ttl`); 0 = none
    gone: bool
    moments: "array[float]"
    upcoming: float  # the next candidate for publication
    unseen: int = 0  # of the moments, at their end
    published: int = 0
    down: tuple[float, float] = (0.0, 0.0)  # the outage that is, or comes next
    spells: tuple[tuple[float, float], ...] = ()  # outages since it was last read

    def go_on(self, moment: float) -> bool:
        """Let it publish up to now; whether it answers."""
        pause = HOUR / self.rate
        while self.upcoming <= moment:
            if not self.quiet or 6 * HOUR <= self.upcoming % DAY < 22 * HOUR or self.dice.random() < _NIGHT:
                self.moments.append(self.upcoming)
                self.unseen += 1
                self.published += 1
            self.upcoming += max(1.0, self.dice.expovariate(1.0) * pause)
        while self.down[1] <= moment:
            self._next_outage(self.down[1])
        up = moment < self.down[0]
        if not up and (not self.spells or self.spells[-1] != self.down):
            self.spells = (*self.spells, self.down)
        return up and not self.gone

    def _next_outage(self, after: float) -> None:
        begin = after + self.dice.expovariate(1 / _BETWEEN_OUTAGES)
        self.down = (begin, begin + min(self.dice.lognormvariate(0.0, 1.6) * HOUR, 5 * DAY))

    def read(self, moment: float) -> "Read":
        """Its document is read now, after `go_on`."""
        first = max(0, len(self.moments) - self.unseen)
        listed = max(0, len(self.moments) - self.size)
        lost = range(first, listed)
        longest = [self._stood(item, moment) for item in lost]
        found = self.moments[max(first, listed) :]
        known = len(self.moments) - listed - len(found)
        del self.moments[:listed]
        self.unseen, self.spells = 0, ()
        return Read(found, known, longest)

    def lost_at_the_end(self, moment: float) -> list[float]:
        """For how long each item stood that was pushed out without having been seen."""
        first, listed = len(self.moments) - self.unseen, len(self.moments) - self.size
        return [self._stood(item, moment) for item in range(max(first, 0), max(listed, 0))]

    def _stood(self, item: int, until: float) -> float:
        """The longest time on end for which an item could be had."""
        start, end = self.moments[item], min(self.moments[item + self.size], until)
        longest = 0.0
        for begin, over in self.spells:
            longest, start = max(longest, min(begin, end) - start), max(start, over)
        return max(longest, end - start)


@dataclass(frozen=True, slots=True)
class Read:
    """What a document held."""

    found: "array[float]"  # when each item that is new to the reader was published, the oldest first
    known: int
    lost: list[float]  # for how long each item stood that came and went since the last reading


def internet(seed: int, feeds: int) -> list[Outlet]:
    """So many feeds, the same of the same seed, as they are at moment 0: their documents full."""
    dice = random.Random(seed)  # noqa: S311 - repeatable numbers, no secret
    hosts: list[Host] = []
    return [_outlet(dice, number, hosts) for number in range(feeds)]


def _outlet(dice: random.Random, number: int, hosts: list[Host]) -> Outlet:
    rate = min(_MEDIAN * exp(dice.gauss(0.0, _SPREAD)), _FASTEST) / 24
    size = dice.choice(_SIZES)
    moment, past = 0.0, array("d")
    for _ in range(size):
        moment -= dice.expovariate(1.0) * HOUR / rate
        past.append(moment)
    past.reverse()
    outlet = Outlet(
        number,
        _host(dice, hosts),
        dice,
        rate,
        size,
        quiet=dice.random() < 0.6,
        tags=dice.random() < 0.65,
        wish=dice.choice((15, 30, 60, 60, 180, 1440)) if dice.random() < 0.4 else 0,
        gone=dice.random() < _GONE,
        moments=past,
        upcoming=dice.expovariate(1.0) * HOUR / rate,
    )
    outlet.down = (-1.0, 0.0)
    return outlet


def _host(dice: random.Random, hosts: list[Host]) -> Host:
    """A new one for six feeds of ten; the others join one that has feeds, the larger the likelier (Zipf's law)."""
    if hosts and dice.random() < 0.4:
        return hosts[int(len(hosts) ** dice.random()) - 1]
    slow = dice.random() < _SLOW
    latency = dice.uniform(4, 14) if slow else min(dice.lognormvariate(-1.2, 0.8), 8.0)
    hosts.append(Host(len(hosts), latency, silent=dice.random() < 0.5))
    return hosts[-1]


class Delays:
    """How long things took, in seconds: counted in steps of a twentieth, so that any number of them fits."""

    def __init__(self) -> None:
        self._steps = [0.0]
        step = 1.0
        while step < 400 * DAY:
            self._steps.append(step)
            step *= 1.05
        self._counts = [0] * (len(self._steps) + 1)
        self.number = 0

    def add(self, seconds: float) -> None:
        """One more."""
        self._counts[bisect_left(self._steps, seconds)] += 1
        self.number += 1

    def at(self, share: float) -> float:
        """What this share of them did not exceed (0-1); 0 of nothing."""
        wanted, seen = share * self.number, 0
        for place, count in enumerate(self._counts):
            seen += count
            if count and seen >= wanted:
                return self._steps[min(place, len(self._steps) - 1)]
        return 0.0
