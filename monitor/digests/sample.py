"""A harmless digest with one invented story, to try a channel with. Pure."""

from datetime import datetime, timedelta

from monitor.model import (
    Article,
    Coverage,
    Digest,
    Entry,
    Evidence,
    How,
    Opens,
    Report,
    Story,
    Subscription,
    Topic,
    Verdict,
    Window,
)

_TOPIC = Topic("test", "Test")
_TITLE = "This is a test: no news, and nothing to do"
_TEXT = (
    "Whoever can read this receives the digests that news-monitor sends through this channel. "
    "The story is invented; real ones look like it, each with its outlets and the words that made it match."
)


def sample(channel: str, now: datetime) -> Digest:
    """A digest for the channel of that name; its key is new at each moment, and it belongs to no subscription."""
    entry = Entry(feed="test", id="test", link="", title=_TITLE, published=now - timedelta(hours=1), language="en")
    article = Article(
        id="0" * 16,
        entry=entry,
        url="",
        title=_TITLE,
        text=_TEXT,
        language="en",
        how=How.PAGE,
        found_at=now,
        published=entry.published,
    )
    evidence = (Evidence("test", "test", "title", _TITLE.index("test"), 1.0),)
    verdict = Verdict(_TOPIC.name, 0.9, 0.5, evidence, passage=_TEXT)
    subscription = Subscription(
        "test", f"Test of {channel}", topics=(_TOPIC.name,), channel=channel, schedule="0 8 * * *", zone="UTC"
    )
    return Digest(
        key=f"test@{now:%Y-%m-%dT%H:%M:%SZ}",
        subscription=subscription,
        window=Window(now - timedelta(days=1), now),
        topics=(_TOPIC,),
        stories=(Story(article.id, (Report(article, "news-monitor", (verdict,), Opens(article.id)),)),),
        coverage=Coverage(feeds=1, read=1, entries=1, articles=1, matched=1),
        composed_at=now,
    )
