"""Slack payloads keep within Slack's limits and ping nobody."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.digests.present import present
from monitor.digests.slack import escape, link, payloads
from monitor.model import Before, Correction, Digest, Topic, Window
from tests.builders import NOW, TOPICS, a_coverage, a_digest, a_report, a_story, a_subscription, a_verdict, an_article
from tests.slack_limits import violations

PINGS = (
    "<!channel> now",
    "<@U024BE7LH> & <#C123|x>",
    "<!subteam^S1|y>",
    "<https://evil.example|click>",
    "a > b & c < d",
)


def _digest(count: int, title: str = "Two more launchers promised before winter", outlet: str = "Courier") -> Digest:
    stories = []
    for number in range(count):
        article = an_article(url=f"https://a.example/{number}", title=f"{number} {title}")
        topic = TOPICS[number % 3].name
        stories.append(a_story(reports=(a_report(article=article, outlet=outlet, verdicts=(a_verdict(topic=topic),)),)))
    return a_digest(stories=tuple(stories))


def _sent(digest: Digest) -> str:
    messages = [json.loads(payload) for payload in payloads(present(digest))]
    assert [violations(message) for message in messages] == [[]] * len(messages)
    return json.dumps(messages, ensure_ascii=False)


@pytest.mark.parametrize("count", [0, 1, 7, 49, 50, 51, 500])
def test_every_story_is_told_once_within_the_limits(count: int) -> None:
    sent = _sent(_digest(count))
    for number in range(count):
        assert sent.count(f"|{number} Two more launchers") == 1
    assert sent.count("How this digest was made") == 1


def test_a_day_of_seven_stories_is_one_message_and_500_are_few() -> None:
    assert len(payloads(present(_digest(7)))) == 1
    assert len(payloads(present(_digest(500)))) <= 12


def test_the_parts_of_a_long_digest_are_numbered() -> None:
    texts = [json.loads(payload)["text"] for payload in payloads(present(_digest(51)))]
    assert len(texts) > 1
    assert texts[1] == f"{texts[0]} (2 of {len(texts)})"
    assert texts[0].startswith("Daily digest, Mon 23 Nov: 51 stories")


@pytest.mark.parametrize("ping", PINGS)
def test_nothing_pings_from_wherever_it_comes(ping: str) -> None:
    article = an_article(title=ping, url="https://a.example/x|<!here>?a=1&b=<!channel>")
    story = a_story(reports=(a_report(article=article, outlet=ping, verdicts=(a_verdict(passage=ping),)),))
    topics = (*TOPICS[:2], type(TOPICS[0])("air-defence", ping))
    coverage = a_coverage(read=3, failed=((ping, ping, NOW),), unvisited=(ping,))
    sent = _sent(a_digest(stories=(story,), topics=topics, coverage=coverage, subscription=a_subscription(title=ping)))
    assert ping not in sent


@pytest.mark.parametrize(
    "title", ["&" * 4_000, "<" * 4_000, "word " * 800, "👩‍🚒" * 1_300, "م" * 4_000, "a\r\nb" * 900]
)
def test_long_titles_fit(title: str) -> None:
    _sent(_digest(60, title=title, outlet=title))


def test_nothing_to_tell_is_told_well() -> None:
    sent = _sent(_digest(0))
    assert "Nothing new on Drone Coalition, Co-production and Air defence." in sent


def test_a_dead_network_is_told_in_place_of_news() -> None:
    sent = _sent(a_digest(stories=(), coverage=a_coverage(read=0, offline=Window(NOW - timedelta(days=1), NOW))))
    assert ":warning: Nothing could be read after Sun 22 Nov 08:00" in sent
    assert "Nothing new" not in sent


def test_an_escape_is_never_split() -> None:
    for most in range(2, 40):
        shown = escape("a & b < c > d & e", most)
        assert len(shown) <= most
        assert shown.rstrip("…").replace("&amp;", "").replace("&lt;", "").replace("&gt;", "").count("&") == 0
    assert escape("short", 5) == "short"


def test_a_link_that_is_too_long_leaves_its_label() -> None:
    assert link("https://a.example/" + "x" * 2_000, "label", 50) == "label"
    assert link("", "label", 50) == "label"
    assert link("https://a.example/?a=1&b=2", "a & b | c", 50) == "<https://a.example/?a=1&amp;b=2|a &amp; b ¦ c>"


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"text": "", "blocks": []}, "fallback"),
        ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "1 to 50 blocks"),
        ({"text": "<!channel>", "blocks": [{"type": "divider"}]}, "unescaped <"),
        ({"text": "x", "blocks": [{"type": "poem"}]}, "unknown type"),
        ({"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}, "150"),
        ({"text": "x", "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]}, "plain_text"),
        ({"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}]}, "3000"),
        ({"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<@U1>"}}]}, "unescaped <"),
        ({"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "a & b"}}]}, "unescaped &"),
        ({"text": "x", "blocks": [{"type": "context", "elements": [{}] * 11}]}, "1 to 10 elements"),
        ({"text": "x", "blocks": [{"type": "divider"}], "channel": "#x"}, "unknown keys"),
    ],
)
def test_the_checker_finds_what_slack_would_refuse(payload: dict[str, object], words: str) -> None:
    assert any(words in violation for violation in violations(payload))


def test_what_comes_late_says_so_and_names_its_topic() -> None:
    digest = _digest(1)
    late = replace(digest, window=Window(NOW + timedelta(hours=2), NOW + timedelta(days=1)))
    assert "found before the period" not in _sent(digest).casefold()
    told = _sent(late)
    assert "Late · 1" in told
    assert "From before the period of this digest" in told
    assert " on Air defence" in told or " on Drone Coalition" in told or " on Co-production" in told


def test_long_addresses_and_many_corrections_fit() -> None:
    """Addresses of news searches have hundreds of characters, and each outlet of a story has one."""
    reports = tuple(
        a_report(article=an_article(url=f"https://search.example/{number}/{'A' * 700}"), outlet=f"Courier {number}")
        for number in range(9)
    )
    told, now = "Two more launchers & crews promised " * 9, "Three launchers & crews promised " * 9
    corrections = tuple(
        Correction(report.article.id, report.outlet, told, now, (("62 million", "65 million"),)) for report in reports
    )
    story = a_story(reports=reports, corrections=corrections, before=Before(NOW, told, frozenset(), ("Denmark & <x>",)))
    topics = tuple(Topic(f"t{number}", f"Topic & {number} " + "x" * 60) for number in range(300))
    verdicts = tuple(a_verdict(topic=topic.name) for topic in topics)
    wide = a_story(reports=tuple(replace(report, verdicts=verdicts) for report in reports))
    sent = _sent(a_digest(stories=(story,)))
    assert sorted(sent.count(f"|Courier {number}>") for number in range(9)) == [0] + [1] * 8
    assert sent.count("62 million → 65 million") == 9
    assert "Why: " in _sent(a_digest(stories=(wide,), topics=topics))
