"""What a story decides of itself: its best verdicts, and which report told a text first."""

from datetime import timedelta
from itertools import permutations

from monitor.model import Copy, Joins, Opens, Placement, Report
from tests.builders import NOW, a_report, a_story, a_verdict, an_article


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
