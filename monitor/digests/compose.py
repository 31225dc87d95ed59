"""What a digest holds: the stories of a subscription's topics, and nothing a reader did not ask for. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from monitor.model import Coverage, Digest, Report, Story, Subscription, Topic, Window


def digest_key(subscription: Subscription, local: str) -> str:
    """The name of a digest for ever: the subscription and the wall time at which it was due."""
    return f"{subscription.name}@{local}"


def subscribed(subscription: Subscription, topics: Sequence[Topic]) -> tuple[Topic, ...]:
    """The subscription's topics in its own order; all of `topics` where it says "*"."""
    known = {topic.name: topic for topic in topics}
    chosen: dict[str, Topic] = {}
    for name in subscription.topics:
        for topic in topics if name == "*" else (known[name],):
            chosen.setdefault(topic.name, topic)
    return tuple(chosen.values())


def compose(
    subscription: Subscription,
    topics: Sequence[Topic],
    window: Window,
    key: str,
    stories: Iterable[Story],
    coverage: Coverage,
    now: datetime,
) -> Digest:
    """The digest of `stories`, which come ranked, best first; the order is kept.

    `topics` are all that exist. Verdicts on topics that are not subscribed to are left out, and so are stories that
    match none; a report that matches none by itself (a short copy) stays with its story.
    """
    chosen = subscribed(subscription, topics)
    names = frozenset(topic.name for topic in chosen)
    kept = (of_topics(story, names) for story in stories)
    return Digest(
        key=key,
        subscription=subscription,
        window=window,
        topics=chosen,
        stories=tuple(story for story in kept if story.verdicts),
        coverage=coverage,
        composed_at=now,
    )


def of_topics(story: Story, names: Collection[str]) -> Story:
    """The story without its verdicts on any other topics, as who asked for these alone is to see and weigh it."""
    return replace(story, reports=tuple(_report(report, names) for report in story.reports))


def _report(report: Report, names: Collection[str]) -> Report:
    return replace(report, verdicts=tuple(verdict for verdict in report.verdicts if verdict.topic in names))
