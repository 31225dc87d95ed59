"""A digest as one JSON document, for machines: what webhooks get and feed files are made from. Pure.

docs/channels.md describes it for people. Names and meanings are a promise: within a `version` keys are only added.
Times are RFC 3339 in UTC; an unknown time is null, an unknown text "".
"""

import json
from datetime import datetime, timedelta
from typing import Any

from monitor.digests.present import ranked
from monitor.digests.view import DigestView, StoryView
from monitor.model import Before, Digest, Story

VERSION = 1


def document(digest: Digest, view: DigestView) -> str:
    """The document of `digest`, whose words are those of `view`; equal digests give equal texts."""
    shown = {story.rank: story for section in view.sections for story in section.stories}
    stories = [_story(shown[rank], story) for rank, story in ranked(digest)]
    coverage = digest.coverage
    facts = {
        "version": VERSION,
        "key": digest.key,
        "subscription": {"name": digest.subscription.name, "title": view.title},
        "window": {"start": _moment(digest.window.start), "end": _moment(digest.window.end)},
        "composed_at": _moment(digest.composed_at),
        "subject": view.subject,
        "summary": view.summary,
        "notice": view.notice,
        "warning": view.warning,
        "topics": [{"name": topic.name, "title": topic.title} for topic in digest.topics],
        "stories": stories,
        "trends": [{"topic": name, "days": list(days)} for name, days in digest.trends],
        "coverage": {
            "feeds": coverage.feeds,
            "read": coverage.read,
            "failed": [{"outlet": outlet, "problem": problem} for outlet, problem, _ in coverage.failed],
            "unvisited": list(coverage.unvisited),
            "not_due": coverage.not_due,
            "silent": list(coverage.silent),
            "paused": [outlet for outlet, _ in coverage.paused],
            "hours_unseen": round(coverage.unseen / timedelta(hours=1), 1),
            "notices": [
                {
                    "kind": notice.kind.name.lower(),
                    "outlet": notice.subject,
                    "words": notice.words,
                    "over": notice.closed_at is not None,
                }
                for notice in coverage.notices
            ],
            "entries": coverage.entries,
            "matched": coverage.matched,
        },
    }
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def _story(view: StoryView, story: Story) -> dict[str, Any]:
    original = story.originals[0]
    return {
        "id": story.id,
        "rank": view.rank,
        "late": view.late,
        "headline": view.headline,
        "url": view.url,
        "language": view.language,
        "extract": view.extract,
        "update": _update(story.before, view) if story.before else None,
        "corrections": [
            {
                "article": one.article,
                "outlet": one.outlet,
                "headline": {"told": one.headline, "now": one.now} if one.headline else None,
                "figures": [{"told": told, "now": now} for told, now in one.figures],
            }
            for one in story.corrections
        ],
        "topics": [
            {"name": verdict.topic, "score": round(verdict.score, 4), "threshold": round(verdict.threshold, 4)}
            for verdict in story.verdicts
        ],
        "terms": [{"words": term.words, "places": list(term.places)} for term in view.terms],
        "first_published": _moment(original.article.published),
        "first_found": _moment(min(report.article.found_at for report in story.reports)),
        "reports": [
            {
                "article": report.article.id,
                "outlet": report.outlet,
                "headline": report.article.title,
                "url": report.article.url,
                "language": report.article.language,
                "published": _moment(report.article.published),
                "found": _moment(report.article.found_at),
                "own_words": report in story.originals,
            }
            for report in story.reports
        ],
    }


def _update(before: Before, view: StoryView) -> dict[str, Any]:
    return {"since": _moment(before.at), "headline": view.told_as, "new": list(before.added)}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
