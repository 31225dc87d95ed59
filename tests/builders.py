"""Sample values for tests: sensible as they are, every field to be overridden by its name.

An article's id, url, title and link agree with each other unless a test says otherwise.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from monitor.digests.document import document
from monitor.digests.present import present
from monitor.links import article_id, canonical
from monitor.model import (
    Article,
    Coverage,
    Digest,
    Entry,
    Evidence,
    Feed,
    Fresh,
    How,
    Message,
    Opens,
    Report,
    Request,
    Story,
    Subscription,
    Topic,
    Verdict,
    Window,
)

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # a Monday, 08:00 in Kyiv
TOPICS = (
    Topic("drone-coalition", "Drone Coalition"),
    Topic("co-production", "Co-production"),
    Topic("air-defence", "Air defence"),
)


def a_feed(**overrides: Any) -> Feed:
    """A feed in English, on loopback, so that no test can reach further by mistake."""
    return replace(
        Feed(name="northern-courier", url="http://127.0.0.1/feed.xml", title="Northern Courier", language="en"),
        **overrides,
    )


def a_request(**overrides: Any) -> Request:
    """A first visit to `a_feed`."""
    return replace(Request(url="http://127.0.0.1/feed.xml", purpose="feed", feed="northern-courier"), **overrides)


def a_fresh(**overrides: Any) -> Fresh:
    """An empty RSS document, as a server would answer."""
    return replace(
        Fresh(
            request=a_request(),
            url="http://127.0.0.1/feed.xml",
            status=200,
            headers={"content-type": "application/rss+xml; charset=utf-8"},
            body=b'<?xml version="1.0"?><rss version="2.0"><channel><title>Northern Courier</title></channel></rss>',
            at=NOW,
        ),
        **overrides,
    )


def an_entry(**overrides: Any) -> Entry:
    """An entry of three hours ago."""
    return replace(
        Entry(
            feed="northern-courier",
            id="entry-1",
            link="https://courier.example/news/launchers",
            title="Two more launchers promised before winter",
            summary="<p>The ministry promised two more launchers before the first frost.</p>",
            published=NOW - timedelta(hours=3),
            language="en",
        ),
        **overrides,
    )


def an_article(**overrides: Any) -> Article:
    """An article read from its page; `title`, `url` and `published` also reach its entry, `url` its id."""
    given: dict[str, Any] = {name: overrides[name] for name in ("title", "published", "language") if name in overrides}
    if "url" in overrides:
        given["link"] = overrides["url"]
    entry = overrides.pop("entry", None) or an_entry(**given)
    url = canonical(entry.link)
    article = Article(
        id=article_id(url, entry.feed, entry.id or entry.title),
        entry=entry,
        url=url,
        title=entry.title,
        text=(
            "The ministry promised two more launchers before the first frost. Crews are already in training.\n"
            "The first of them will guard the power stations in the east, the minister said."
        ),
        language=entry.language,
        how=How.PAGE,
        found_at=NOW - timedelta(hours=2),
        published=entry.published,
    )
    return replace(article, **overrides)


def an_evidence(**overrides: Any) -> Evidence:
    """The word "launchers" in the headline."""
    return replace(Evidence(clause="systems", term="launchers", field="title", position=9, weight=2.0), **overrides)


def a_verdict(**overrides: Any) -> Verdict:
    """A clear match of the topic air-defence."""
    return replace(
        Verdict(
            topic="air-defence",
            score=0.82,
            threshold=0.5,
            evidence=(
                an_evidence(),
                an_evidence(term="power stations", field="body", position=120, weight=0.5),
            ),
            passage="The ministry promised two more launchers before the first frost. Crews are already in training.",
            rule="0011223344556677",
        ),
        **overrides,
    )


def a_report(**overrides: Any) -> Report:
    """One outlet's article that opens a story; `article` also decides which story."""
    article = overrides.pop("article", None) or an_article()
    return replace(
        Report(article=article, outlet="Northern Courier", verdicts=(a_verdict(),), placement=Opens(article.id)),
        **overrides,
    )


def a_story(**overrides: Any) -> Story:
    """A story told by one outlet; its id is that of its first article."""
    reports = overrides.pop("reports", None) or (a_report(),)
    return replace(Story(id=reports[0].article.id, reports=reports), **overrides)


def a_subscription(**overrides: Any) -> Subscription:
    """A daily digest at 08:00 in Kyiv on all shipped topics."""
    return replace(
        Subscription(
            name="daily",
            title="Daily digest",
            topics=tuple(topic.name for topic in TOPICS),
            channel="files",
            schedule="0 8 * * *",
            zone="Europe/Kyiv",
        ),
        **overrides,
    )


def a_coverage(**overrides: Any) -> Coverage:
    """A day on which every feed was read."""
    return replace(Coverage(feeds=12, read=12, entries=240, articles=231, matched=9), **overrides)


def a_digest(**overrides: Any) -> Digest:
    """The digest of `NOW` with one story."""
    return replace(
        Digest(
            key="daily@2026-11-23T08:00",
            subscription=a_subscription(),
            window=Window(NOW - timedelta(days=1), NOW),
            topics=TOPICS,
            stories=(a_story(),),
            coverage=a_coverage(),
            composed_at=NOW,
        ),
        **overrides,
    )


def a_message(**overrides: Any) -> Message:
    """A rendered digest, small enough to compare by eye."""
    return replace(
        Message(
            key="daily@2026-11-23T08:00",
            subscription="daily",
            channel="files",
            message_id="<0123456789abcdef@news-monitor.local>",
            list_id="Daily digest <daily.news-monitor.local>",
            subject="Daily digest, Mon 23 Nov: 1 story",
            text="One story today.\n",
            html='<!doctype html><html lang="en"><body><p>One story today.</p></body></html>',
            slack=('{"text": "One story today.", "blocks": []}',),
            created_at=NOW,
            data=document(a_digest(), present(a_digest())),
        ),
        **overrides,
    )
