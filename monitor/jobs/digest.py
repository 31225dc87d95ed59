"""For each subscription that is due: compose, render, put into the outbox, in one transaction with its told marks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.digests import blind, compose, digest_key, due, previous, subscribed
from monitor.errors import TemplateError
from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger
from monitor.model import Digest, Message, Notice, Story, Subscription, Window
from monitor.store import Shelves
from monitor.stories import rank

log = get_logger(job="digest")

LOOK_BACK = timedelta(days=7)  # what an earlier window overlooked (a slow ingest at its end) is found again within this


@dataclass(frozen=True, slots=True)
class Composed:
    """A digest of this round: put into the outbox, or nothing to say; `problem` with its template, in words."""

    digest: Digest
    sent: bool
    problem: str = ""


def compose_due(toolbox: Toolbox) -> list[Composed]:
    """Compose what is due now, one digest a subscription, however many due times were slept through."""
    composed = []
    for subscription in toolbox.subscriptions:
        now = toolbox.now()
        with toolbox.store.read() as shelves:
            last = shelves.outbox.last_window(subscription.name)
        when = due(subscription.schedule, subscription.zone, after=last.end if last else None, now=now)
        if when is None:
            continue
        window = Window(_start(subscription, last, when.at), now)
        composed.append(put(toolbox, subscription, window, digest_key(subscription, when.local)))
    return composed


def compose_now(toolbox: Toolbox, subscription: Subscription) -> Composed:
    """Compose up to this moment, due or not, empty or not; the next scheduled digest goes on from here."""
    now = toolbox.now()
    with toolbox.store.read() as shelves:
        last = shelves.outbox.last_window(subscription.name)
    key = digest_key(subscription, f"{now:%Y-%m-%dT%H:%M:%SZ}")
    return put(toolbox, subscription, Window(_start(subscription, last, now), now), key, always=True)


def _start(subscription: Subscription, last: Window | None, until: datetime) -> datetime:
    """Where a window begins: where the last one ended; the first one at the due time before."""
    return last.end if last else previous(subscription.schedule, subscription.zone, until)


def put(toolbox: Toolbox, subscription: Subscription, window: Window, key: str, *, always: bool = False) -> Composed:
    """Compose one window and put it into the outbox; `always` also when there is nothing to say.

    That nothing could be read is something to say: silence must mean that there was nothing.
    """
    with toolbox.store.begin() as shelves:
        digest = draw(toolbox, shelves, subscription, window, key)
        if not (digest.stories or blind(digest.coverage) or subscription.send_empty or always):
            shelves.outbox.record_empty(digest)
            log.info("nothing to tell", subscription=subscription.name, key=key, feeds_read=digest.coverage.read)
            return Composed(digest, sent=False)
        message, problem = _render(toolbox, digest)
        shelves.outbox.put(message, digest)
        toolbox.passing("digest: before commit")
    toolbox.passing("digest: committed")
    log.info("digest composed", subscription=subscription.name, key=key, stories=len(digest.stories))
    return Composed(digest, sent=True, problem=problem)


def _render(toolbox: Toolbox, digest: Digest) -> tuple[Message, str]:
    """The message, and what was wrong with the subscription's template: then the shipped one takes its place."""
    now = toolbox.now()
    try:
        return toolbox.renderer.render(digest, now), ""
    except TemplateError as error:
        log.error("template broken, the shipped one is used", subscription=digest.subscription.name, problem=str(error))
        plain = replace(digest, subscription=replace(digest.subscription, template="digest"))
        return toolbox.shipped_renderer.render(plain, now), f"template broken, the shipped one was used: {error}"


def preview(toolbox: Toolbox, subscription: Subscription) -> tuple[Digest, Message]:
    """What the next digest would hold if it were due now; nothing is marked as told."""
    now = toolbox.now()
    with toolbox.store.read() as shelves:
        last = shelves.outbox.last_window(subscription.name)
        window = Window(_start(subscription, last, now), now)
        digest = draw(toolbox, shelves, subscription, window, digest_key(subscription, "preview"))
    return digest, toolbox.renderer.render(digest, now)


def draw(toolbox: Toolbox, shelves: Shelves, subscription: Subscription, window: Window, key: str) -> Digest:
    """The digest of a window: what this subscription was not told yet, ranked."""
    topics = toolbox.topics.topics
    names = [topic.name for topic in subscribed(subscription, topics)]
    untold = shelves.stories.untold(subscription.name, names, _since(shelves, subscription, window), window.end)
    fresh, too_old = _by_age(untold, toolbox.limits.told_max_age)
    # Looking back finds the old ones again and again; only those of this window are counted.
    reports = [report for story in too_old for report in story.reports if report.article.found_at > window.start]
    old_here = sum(any(verdict.topic in names for verdict in report.verdicts) for report in reports)
    coverage = shelves.feeds.coverage(window, list(toolbox.feeds.values()), names, too_old=old_here)
    coverage = replace(coverage, notices=_notices(toolbox, shelves, window))
    return compose(subscription, topics, window, key, rank(fresh, window.end), coverage, window.end)


def _notices(toolbox: Toolbox, shelves: Shelves, window: Window) -> tuple[Notice, ...]:
    """What began or ended in the window, of the feeds under the names that readers know."""
    feeds = toolbox.feeds
    return tuple(
        replace(notice, subject=feeds[notice.subject].outlet if notice.subject in feeds else notice.subject)
        for notice in shelves.notices.within(window)
    )


def _since(shelves: Shelves, subscription: Subscription, window: Window) -> datetime:
    first = shelves.outbox.first_window(subscription.name)
    return max(first.start, window.start - LOOK_BACK) if first else window.start


def _by_age(stories: Sequence[Story], most: timedelta) -> tuple[list[Story], list[Story]]:
    """(news, too old to be told as news): old is a story whose every report was published long before it was found."""
    news: list[Story] = []
    old: list[Story] = []
    for story in stories:
        recent = any(
            report.article.published is None or report.article.found_at - report.article.published <= most
            for report in story.reports
        )
        (news if recent else old).append(story)
    return news, old
