"""For each subscription that is told at once: what passes its rule, and spikes, in one transaction with its told marks.

An alert is a digest with a short window: the same stories, the same outbox, the same ledger. What it told wrongly is
told at once, too, whatever the rule says of new stories.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from monitor.digests import arrivals, digest_key, held_back, is_quiet, moment, passes, rested, spike_words, subscribed
from monitor.jobs.drawing import AHEAD, Composed, by_age, corrected, drawn, for_each, nobody_left, rendered, untold
from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger
from monitor.model import AlertRule, Digest, Story, Subscription, Window
from monitor.store import Shelves
from monitor.stories import FALSE_ALARMS, HOUR, PAST, SPAN, hourly, spike

log = get_logger(job="alert")

FRESH = timedelta(hours=24)  # a story whose newest report is older is no news to be told at once
SPIKE_PAUSE = timedelta(hours=24)  # from one spike of a topic to the next


def alert_due(toolbox: Toolbox) -> list[Composed]:
    """For each subscription that is told at once: one message with what passes its rule, one for each spike."""
    rules = {one.name: one.alert for one in toolbox.subscriptions if one.alert is not None}
    alerts = [one for one in toolbox.subscriptions if one.name in rules]
    composed = for_each(toolbox, alerts, lambda one: _alert(toolbox, one, rules[one.name]))
    for one in composed:
        if one.sent:
            name, key = one.digest.subscription.name, one.digest.key
            log.info("alert composed", subscription=name, key=key, stories=len(one.digest.stories))
    return composed


def _alert(toolbox: Toolbox, subscription: Subscription, rule: AlertRule) -> list[Composed]:
    now = toolbox.now()
    window = Window(now - FRESH, now)
    key = digest_key(subscription, f"{now:%Y-%m-%dT%H:%M:%SZ}")
    with toolbox.store.read() as shelves:
        first = shelves.outbox.first_window(subscription.name, now + AHEAD)
    with toolbox.store.begin() as shelves:
        if first is None:  # what was there before the subscription is no news
            shelves.outbox.record_empty(drawn(toolbox, shelves, subscription, Window(now, now), key, []))
            return []
        if nobody_left(toolbox, shelves, subscription):
            return []
        since = max(first.start, window.start)
        stories, _ = by_age(shelves, untold(toolbox, shelves, subscription, since, now), toolbox.limits.told_max_age)
        stories = corrected(toolbox, shelves, subscription, since, stories)
        stories = [story for story in stories if rested(story, rule, now)]
        if not stories:
            return []
        sent = shelves.outbox.sent_within(subscription.name, now - SPIKE_PAUSE, now)
        awake = rule.spike and not is_quiet(rule, subscription.zone, now)
        composed = _spikes(toolbox, shelves, subscription, stories, sent) if awake else []
        told = {story.id for one in composed for story in one.digest.stories}
        passing = [story for story in stories if story.id not in told and (story.corrections or passes(story, rule))]
        if passing:
            times = list(sent.values())
            came = {story.id: arrivals(story, rule) for story in passing}
            when = moment(rule, subscription.zone, list(chain(*came.values())), times, now)
            if when.now:
                waited = [at for story in passing if not story.corrections for at in came[story.id]]
                words = held_back(rule, subscription.zone, waited, times, now) if waited else ""
                digest = drawn(toolbox, shelves, subscription, window, key, passing)
                composed.append(_keep(toolbox, shelves, replace(digest, notice=words)))
            else:
                log.debug("alert held", subscription=subscription.name, stories=len(passing), why=when.held)
        toolbox.passing("alert: before commit")
    return composed


def _arrival(story: Story) -> datetime:
    """When its newest report was found."""
    return max(report.article.found_at for report in story.reports)


def _spikes(
    toolbox: Toolbox,
    shelves: Shelves,
    subscription: Subscription,
    stories: Sequence[Story],
    sent: Mapping[str, datetime],
) -> list[Composed]:
    """A message for each topic that is told of far more than usual, with the stories of it not told yet."""
    now = toolbox.now()
    composed: list[Composed] = []
    for topic in subscribed(subscription, toolbox.topics.topics):
        lately = [story for story in stories if now - _arrival(story) <= SPAN * HOUR]
        driving = [story for story in lately if any(verdict.topic == topic.name for verdict in story.verdicts)]
        if not driving or any(key.endswith(f"+{topic.name}") for key in sent):
            continue
        counts = hourly(shelves.stories.begun(topic.name, now - (PAST + SPAN) * HOUR), now)
        found = spike(counts, now.astimezone(ZoneInfo(subscription.zone)))
        if found is None:
            continue
        words = spike_words(topic.title, found.count, found.hours, found.usual, driving, FALSE_ALARMS)
        key = digest_key(subscription, f"{now:%Y-%m-%dT%H:%M:%SZ}+{topic.name}")
        digest = drawn(toolbox, shelves, subscription, Window(now - FRESH, now), key, driving)
        composed.append(_keep(toolbox, shelves, replace(digest, notice=words)))
    return composed


def _keep(toolbox: Toolbox, shelves: Shelves, digest: Digest) -> Composed:
    message, problem = rendered(toolbox, digest)
    shelves.outbox.put(message, digest)
    return Composed(digest, sent=True, problem=problem)
