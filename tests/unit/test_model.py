"""What the types themselves decide: a story's best verdicts, a failure in words, immutability."""

import dataclasses
import inspect

import pytest

from monitor import model
from monitor.model import Failed, Failure
from tests.builders import NOW, a_report, a_request, a_story, a_verdict, an_article


def test_every_type_is_frozen_and_slotted() -> None:
    kinds = [kind for _, kind in inspect.getmembers(model, dataclasses.is_dataclass)]
    assert len(kinds) > 20
    for kind in kinds:
        assert kind.__dataclass_params__.frozen, kind  # type: ignore[union-attr]
        assert "__slots__" in vars(kind), kind


def test_a_story_shows_the_best_verdict_of_each_topic_best_first() -> None:
    weak, strong = a_verdict(score=0.6), a_verdict(score=0.9)
    other = a_verdict(topic="co-production", score=0.7)
    first = a_report(verdicts=(weak,))
    second = a_report(article=an_article(url="https://herald.example/news/2"), verdicts=(other, strong))
    story = a_story(reports=(first, second))
    assert story.first is first
    assert story.verdicts == (strong, other)
    assert story.topics == ("air-defence", "co-production")
    assert story.score == 0.9


def test_a_story_that_matches_nothing_has_no_score() -> None:
    assert a_story(reports=(a_report(verdicts=()),)).score == 0.0


@pytest.mark.parametrize(("score", "matched"), [(0.49, False), (0.5, True), (0.51, True)])
def test_a_verdict_matches_from_its_threshold_on(score: float, matched: bool) -> None:
    assert a_verdict(score=score, threshold=0.5).matched is matched


def test_a_failure_reads_as_words() -> None:
    assert str(Failed(a_request(), Failure.TIMEOUT, "no byte within 20 s", NOW)) == "too slow: no byte within 20 s"
    assert str(Failed(a_request(), Failure.DNS, "", NOW)) == "name not found"
