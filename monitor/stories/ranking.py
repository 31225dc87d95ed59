"""Which stories come first in a digest: how well they match, how many outlets tell them, how fresh they are. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

from monitor.model import Story

_OUTLETS = 0.10  # for each doubling of the outlets that report independently
_OUTLETS_AT_MOST = 0.40
_COPIES = 0.02  # for each doubling of those that repeat them: wide spread says a little
_COPIES_AT_MOST = 0.08
_AGE = 0.08  # off for each day since the newest report
_AGE_AT_MOST = 0.40
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What places a story in the ranking, part by part; the sum decides."""

    score: float  # of the best verdict
    outlets: float
    copies: float
    age: float  # zero or less

    @property
    def total(self) -> float:
        return self.score + self.outlets + self.copies + self.age


def standing(story: Story, now: datetime) -> Standing:
    """The parts of a story's rank at `now`."""
    own = {report.outlet for report in story.originals}
    copying = {report.outlet for report in story.reports} - own
    newest = max(report.article.published or report.article.found_at for report in story.reports)
    days = max(0.0, (now - newest) / _DAY)
    return Standing(
        score=story.verdicts[0].score if story.verdicts else 0.0,
        outlets=min(_OUTLETS_AT_MOST, _OUTLETS * log2(max(1, len(own)))),
        copies=min(_COPIES_AT_MOST, _COPIES * log2(1 + len(copying))),
        age=-min(_AGE_AT_MOST, _AGE * days),
    )


def rank(stories: Iterable[Story], now: datetime) -> tuple[Story, ...]:
    """Best first; the order of equal ones depends on their articles alone, not on which of them was found first."""
    return tuple(sorted(stories, key=lambda story: (-standing(story, now).total, _name(story), story.id)))


def _name(story: Story) -> str:
    return min(report.article.id for report in story.reports)
