"""What a digest holds."""

from monitor.digests.compose import compose, digest_key, subscribed
from monitor.model import Digest, Story, Window
from tests.builders import NOW, TOPICS, a_coverage, a_report, a_story, a_subscription, a_verdict, an_article


def _story(name: str, *scores: tuple[str, float]) -> Story:
    verdicts = tuple(a_verdict(topic=topic, score=score) for topic, score in scores)
    return a_story(id=name, reports=(a_report(article=an_article(url=f"https://a.example/{name}"), verdicts=verdicts),))


def _composed(topics: tuple[str, ...], *stories: Story) -> Digest:
    window = Window(NOW, NOW)
    return compose(a_subscription(topics=topics), TOPICS, window, "daily@x", stories, a_coverage(), NOW)


def test_the_key_names_the_subscription_and_the_wall_time() -> None:
    assert digest_key(a_subscription(), "2026-11-23T08:00") == "daily@2026-11-23T08:00"


def test_topics_come_in_the_order_of_the_subscription() -> None:
    def names(*topics: str) -> list[str]:
        return [topic.name for topic in subscribed(a_subscription(topics=topics), TOPICS)]

    assert names("*") == ["drone-coalition", "co-production", "air-defence"]
    assert names("air-defence", "drone-coalition") == ["air-defence", "drone-coalition"]
    assert names("air-defence", "*") == ["air-defence", "drone-coalition", "co-production"]
    assert names("air-defence", "air-defence") == ["air-defence"]


def test_only_what_was_subscribed_to_is_told_and_the_ranking_is_kept() -> None:
    both = _story("both", ("co-production", 0.9), ("air-defence", 0.6))
    other, plain = _story("other", ("co-production", 0.9)), _story("plain", ("air-defence", 0.99))
    digest = _composed(("air-defence",), both, other, plain)
    assert [story.id for story in digest.stories] == ["both", "plain"]
    assert [verdict.topic for verdict in digest.stories[0].verdicts] == ["air-defence"]
    assert digest.stories[0].verdicts[0].score == 0.6


def test_a_report_without_a_match_of_its_own_stays_with_its_story() -> None:
    matching = a_report(article=an_article(url="https://a.example/1"))
    short_copy = a_report(article=an_article(url="https://b.example/2"), outlet="Harbour Post", verdicts=())
    digest = _composed(("*",), Story("s", (matching, short_copy)))
    assert [report.outlet for report in digest.stories[0].reports] == ["Northern Courier", "Harbour Post"]


def test_an_empty_digest_is_a_digest() -> None:
    digest = _composed(("*",))
    assert digest.stories == ()
    assert digest.topics == TOPICS
