"""A follow-up to a story that was told: only what is new of it, with what was told before for context. Pure."""

from collections.abc import Set
from dataclasses import replace
from datetime import datetime

from monitor.model import Before, Copy, Report, Story


def update_of(story: Story, told: Set[str], at: datetime) -> Story | None:
    """The story without what was told of it by `at` (ids of articles); None when all that is new repeats told words."""
    before = [report for report in story.originals if not _new(report, story, told)]
    fresh = tuple(report for report in story.reports if _new(report, story, told))
    if not fresh:
        return None
    headline = before[0].article.title if before else ""
    return replace(story, reports=fresh, before=Before(at, headline, len(before)))


def _new(report: Report, story: Story, told: Set[str]) -> bool:
    """Whether neither the article nor the text it repeats was told."""
    by_id = {each.article.id: each for each in story.reports}
    while report.article.id not in told:
        if not isinstance(report.placement, Copy) or report.placement.of not in by_id:
            return True
        report = by_id[report.placement.of]
    return False
