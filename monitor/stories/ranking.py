"""Which stories come first in a digest: how well they match, how many outlets tell them and which, how new they are to
the reader, how fresh. Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import log2

from msgspec import Struct

from monitor.model import Story

_OUTLETS = 0.10  # for each doubling of the outlets that report independently
_OUTLETS_AT_MOST = 0.40
_COPIES = 0.02  # for each doubling of those that repeat them: wide spread says a little
_COPIES_AT_MOST = 0.08
_TIER = {1: 0.06, 2: 0.0, 3: -0.06}  # by the best source that tells it in own words
_USUAL = 2
_UPDATE = -0.10  # it was told before, and has new reports
_CORRECTION = -0.15  # it was told before, and nothing is new but what was wrong
_AGE = 0.08  # off for each day since the newest report; of a digest of more days for each such span
_AGE_AT_MOST = 0.40
_DAY = timedelta(days=1)


class Standing(Struct, frozen=True):
    """What places a story in the ranking, part by part; the sum decides."""

    score: float  # of the best verdict
    outlets: float
    copies: float
    tier: float  # of the best source
    novelty: float  # zero, or less where the subscription was told of it before
    age: float  # zero or less

    @property
    def total(self) -> float:
        return self.score + self.outlets + self.copies + self.tier + self.novelty + self.age

    def __str__(self) -> str:
        """The sum and what it is of; parts that neither raise nor lower it are left out."""
        parts = {"match": self.score, "outlets": self.outlets, "copies": self.copies}
        parts |= {"source": self.tier, "novelty": self.novelty, "age": self.age}
        told = [f"{name} {value:+.2f}" for name, value in parts.items() if name == "match" or round(value, 2)]
        return f"{self.total:.2f} = " + ", ".join(told)


def standing(story: Story, now: datetime, tiers: Mapping[str, int] | None = None, span: timedelta = _DAY) -> Standing:
    """The parts of a story's rank at `now`, in a digest of that `span`: what began on Tuesday is no old news of a week.

    `tiers` of feeds by name, 1 best to 3, those not named are 2.
    """
    own = {report.outlet for report in story.originals}
    copying = {report.outlet for report in story.reports} - own
    newest = max(report.article.at for report in story.reports)
    spans = max(0.0, (now - newest) / max(_DAY, span))
    return Standing(
        score=story.verdicts[0].score if story.verdicts else 0.0,
        outlets=min(_OUTLETS_AT_MOST, _OUTLETS * log2(max(1, len(own)))),
        copies=min(_COPIES_AT_MOST, _COPIES * log2(1 + len(copying))),
        tier=_TIER[min((tiers or {}).get(report.article.entry.feed, _USUAL) for report in story.originals)],
        novelty=_novelty(story),
        age=-min(_AGE_AT_MOST, _AGE * spans),
    )


def _novelty(story: Story) -> float:
    if story.before is None:
        return 0.0
    wrong = {each.article for each in story.corrections}
    return _CORRECTION if all(report.article.id in wrong for report in story.reports) else _UPDATE


def rank(
    stories: Iterable[Story], now: datetime, tiers: Mapping[str, int] | None = None, span: timedelta = _DAY
) -> tuple[Story, ...]:
    """Best first; the order of equal ones depends on their articles alone, not on which of them was found first."""
    return tuple(sorted(stories, key=lambda story: (-standing(story, now, tiers, span).total, _name(story), story.id)))


def _name(story: Story) -> str:
    return min(report.article.id for report in story.reports)
