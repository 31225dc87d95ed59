"""What the types themselves decide: a story's best verdicts, a failure in words, immutability."""

import dataclasses
import inspect
from datetime import timedelta
from itertools import permutations

import pytest

from monitor import model
from monitor.model import Copy, Failed, Failure, Joins, Opens, Placement, Report
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
    assert story.verdicts == (strong, other)


def _told(name: str, hours: float, placement: Placement | None = None) -> Report:
    article = an_article(id=name, published=NOW - timedelta(hours=hours))
    return a_report(article=article, outlet=name.title(), placement=placement or Opens(name))


def test_the_original_of_a_text_is_its_earliest_report_whoever_was_found_first() -> None:
    wire = _told("wire", 5, Copy("s", "reprint", 0.9, ""))
    reprint = _told("reprint", 3, Copy("s", "found-first", 0.9, ""))
    found_first = _told("found-first", 4)
    own = _told("own", 4.5, Joins("s", "same headline"))
    stray = _told("stray", 6, Copy("s", "not here", 0.9, ""))
    for reports in permutations((wire, reprint, found_first, own, stray)):
        assert a_story(reports=reports).originals == (stray, wire, own)


def test_a_time_that_nobody_states_is_when_it_was_found() -> None:
    silent = a_report(article=an_article(id="silent", published=None, found_at=NOW - timedelta(hours=4)))
    copy = _told("copy", 3, Copy("s", "silent", 0.9, ""))
    assert a_story(reports=(copy, silent)).originals == (silent,)


@pytest.mark.parametrize(("score", "matched"), [(0.49, False), (0.5, True), (0.51, True)])
def test_a_verdict_matches_from_its_threshold_on(score: float, matched: bool) -> None:
    assert a_verdict(score=score, threshold=0.5).matched is matched


def test_a_failure_reads_as_words() -> None:
    assert str(Failed(a_request(), Failure.TIMEOUT, "no byte within 20 s", NOW)) == "too slow: no byte within 20 s"
    assert str(Failed(a_request(), Failure.DNS, "", NOW)) == "name not found"
