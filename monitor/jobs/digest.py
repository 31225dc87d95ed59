"""For each subscription that is due: compose, render, put into the outbox, in one transaction with its told marks."""

from datetime import UTC, datetime, timedelta

from monitor.digests import blind, digest_key, due, passes, previous
from monitor.jobs.drawing import (
    AHEAD,
    Composed,
    by_age,
    corrected,
    drawn,
    for_each,
    nobody_left,
    rendered,
    topic_names,
    untold,
)
from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger
from monitor.model import Digest, Message, Subscription, Window
from monitor.store import Shelves

log = get_logger(job="digest")

LOOK_BACK = timedelta(days=7)  # what an earlier window overlooked (a slow ingest at its end) is found again within this
EVER = datetime.max.replace(tzinfo=UTC)  # also what was found while the clock was ahead


def compose_due(toolbox: Toolbox) -> list[Composed]:
    """Compose what is due now, one digest a subscription, however many due times were slept through."""
    digests = [subscription for subscription in toolbox.subscriptions if subscription.alert is None]
    return for_each(toolbox, digests, lambda subscription: _if_due(toolbox, subscription))


def _if_due(toolbox: Toolbox, subscription: Subscription) -> list[Composed]:
    now = toolbox.now()
    with toolbox.store.read() as shelves:
        last = shelves.outbox.last_window(subscription.name, now + AHEAD)
        when = due(subscription.schedule, subscription.zone, after=last.end if last else None, now=now)
        if when is None:
            return []
        key = digest_key(subscription, when.local)
        if shelves.outbox.answered(key):  # too early, while the clock was ahead
            key = digest_key(subscription, f"{now:%Y-%m-%dT%H:%M:%SZ}")
    return [put(toolbox, subscription, Window(_start(subscription, last, when.at), now), key)]


def compose_now(toolbox: Toolbox, subscription: Subscription) -> Composed:
    """Compose up to this moment, due or not, empty or not; the next scheduled digest goes on from here."""
    now = toolbox.now()
    with toolbox.store.read() as shelves:
        last = shelves.outbox.last_window(subscription.name, now + AHEAD)
    key = digest_key(subscription, f"{now:%Y-%m-%dT%H:%M:%SZ}")
    return put(toolbox, subscription, Window(_start(subscription, last, now), now), key, always=True)


def _start(subscription: Subscription, last: Window | None, until: datetime) -> datetime:
    """Where a window begins: where the last one ended; the first one at the due time before, of alerts a day before."""
    if subscription.alert is not None:
        return last.end if last else until - timedelta(days=1)
    return last.end if last else previous(subscription.schedule, subscription.zone, until)


def put(toolbox: Toolbox, subscription: Subscription, window: Window, key: str, *, always: bool = False) -> Composed:
    """Compose one window and put it into the outbox; `always` also when there is nothing to say.

    That nothing could be read is something to say: silence must mean that there was nothing.
    """
    with toolbox.store.begin() as shelves:
        digest = draw(toolbox, shelves, subscription, window, key)
        if nobody_left(toolbox, shelves, subscription):
            shelves.outbox.record_empty(digest)
            log.info("nobody is subscribed any more, nothing is sent", subscription=subscription.name, key=key)
            return Composed(digest, sent=False, problem="nobody is subscribed" if always else "")
        if not (digest.stories or blind(digest.coverage) or subscription.send_empty or always):
            shelves.outbox.record_empty(digest)
            log.info("nothing to tell", subscription=subscription.name, key=key, feeds_read=digest.coverage.read)
            return Composed(digest, sent=False)
        message, problem = rendered(toolbox, digest)
        shelves.outbox.put(message, digest)
        toolbox.passing("digest: before commit")
    toolbox.passing("digest: committed")
    log.info("digest composed", subscription=subscription.name, key=key, stories=len(digest.stories))
    return Composed(digest, sent=True, problem=problem)


def coming(toolbox: Toolbox, subscription: Subscription) -> Digest:
    """What the next digest would hold if it were due now; nothing is marked as told."""
    now = toolbox.now()
    with toolbox.store.read() as shelves:
        last = shelves.outbox.last_window(subscription.name, now + AHEAD)
        window = Window(_start(subscription, last, now), now)
        return draw(toolbox, shelves, subscription, window, digest_key(subscription, "preview"))


def preview(toolbox: Toolbox, subscription: Subscription) -> tuple[Digest, Message]:
    """The same with its message."""
    digest = coming(toolbox, subscription)
    return digest, toolbox.renderer.render(digest, digest.composed_at)


def draw(toolbox: Toolbox, shelves: Shelves, subscription: Subscription, window: Window, key: str) -> Digest:
    """The digest of a window: what this subscription was not told yet, ranked; of alerts what passes their rule."""
    since, names = _since(shelves, subscription, window), topic_names(toolbox, subscription)
    until = EVER if subscription.alert is None else window.end
    fresh, too_old = by_age(shelves, untold(toolbox, shelves, subscription, since, until), toolbox.limits.told_max_age)
    fresh = corrected(toolbox, shelves, subscription, since, fresh)
    if (rule := subscription.alert) is not None:
        fresh = [story for story in fresh if story.corrections or passes(story, rule)]
    # Looking back finds the old ones again and again; only those of this window are counted.
    reports = [report for story in too_old for report in story.reports if report.article.found_at > window.start]
    old_here = sum(any(verdict.topic in names for verdict in report.verdicts) for report in reports)
    return drawn(toolbox, shelves, subscription, window, key, fresh, old_here)


def _since(shelves: Shelves, subscription: Subscription, window: Window) -> datetime:
    first = shelves.outbox.first_window(subscription.name, window.end + AHEAD)
    return max(first.start, window.start - LOOK_BACK) if first else window.start
