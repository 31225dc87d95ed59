"""What comes first in a digest."""

from datetime import timedelta
from itertools import permutations

from msgspec.structs import replace

from monitor.model import Before, Copy, Correction, Joins, Report, Story
from monitor.stories.ranking import Standing, rank, standing
from tests.builders import NOW, a_report, a_story, a_verdict, an_article


def _report(number: int, outlet: str, *, score: float = 0.6, hours: float = 2, copy: bool = False) -> Report:
    url = f"https://{outlet}.example/{number}"
    article = an_article(url=url, id=f"{outlet}{number}", published=NOW - timedelta(hours=hours))
    placement = Copy("s", "a1", 0.9, "copy") if copy else Joins("s", "same headline")
    return a_report(article=article, outlet=outlet, verdicts=(a_verdict(score=score),), placement=placement)


def _story(name: str, *reports: Report) -> Story:
    return Story(name, reports)


def test_a_better_match_a_wider_and_a_fresher_story_come_first() -> None:
    plain = _story("plain", _report(1, "a"))
    assert rank([plain, better := _story("better", _report(1, "a", score=0.9))], NOW) == (better, plain)
    assert rank([plain, wider := _story("wider", _report(1, "a"), _report(2, "b"))], NOW) == (wider, plain)
    assert rank([older := _story("older", _report(1, "a", hours=40)), plain], NOW) == (plain, older)


def test_in_the_digest_of_a_week_a_wide_story_of_its_first_day_comes_before_a_narrow_one_of_its_last() -> None:
    wide = _story("wide", *(_report(number, f"o{number}", hours=24 * 6) for number in range(11)))
    narrow = _story("narrow", *(_report(number, f"o{number}", hours=20) for number in range(3)))
    assert rank([wide, narrow], NOW, span=timedelta(days=7)) == (wide, narrow)
    assert rank([wide, narrow], NOW, span=timedelta(hours=1)) == rank([wide, narrow], NOW) == (narrow, wide)


def test_copies_say_less_than_outlets_of_their_own() -> None:
    own = _story("own", _report(1, "a"), _report(2, "b"))
    copied = _story("copied", _report(1, "a"), *(_report(each, f"c{each}", copy=True) for each in range(2, 40)))
    assert rank([copied, own], NOW) == (own, copied)
    assert standing(copied, NOW).copies > 0 == standing(own, NOW).copies


def test_a_source_of_the_first_tier_comes_before_one_of_the_third() -> None:
    one, other = a_story(), _story("other", _report(1, "a"))
    feed = one.reports[0].article.entry.feed
    assert standing(one, NOW, {feed: 1}).tier > standing(one, NOW).tier == 0 > standing(one, NOW, {feed: 3}).tier
    best = replace(other, reports=(*one.reports, *other.reports))
    assert standing(best, NOW, {feed: 1, "x": 3}).tier > 0  # the best source decides


def test_what_was_told_before_comes_after_what_is_new_and_a_correction_last() -> None:
    new = _story("s", _report(1, "a"))
    update = replace(new, before=Before(NOW, "Headline", frozenset(("one",))))
    wrong = Correction(new.reports[0].article.id, "a", "Headline", "Other", ())
    corrected = replace(update, corrections=(wrong,))
    parts = [standing(story, NOW).novelty for story in (new, update, corrected)]
    assert parts == sorted(parts, reverse=True)
    assert parts[0] == 0
    assert len(set(parts)) == 3


def test_every_part_that_counts_is_named_and_no_other() -> None:
    said = str(standing(_story("s", _report(1, "a")), NOW))
    assert said == "0.59 = match +0.60, age -0.01"
    all_parts = Standing(score=0.6, outlets=0.2, copies=0.04, tier=0.06, novelty=-0.1, age=-0.08)
    assert str(all_parts) == "0.72 = match +0.60, outlets +0.20, copies +0.04, source +0.06, novelty -0.10, age -0.08"


def test_no_single_part_runs_away() -> None:
    crowd = _story("crowd", *(_report(each, f"o{each}", hours=24 * 300) for each in range(500)))
    parts = standing(crowd, NOW)
    assert parts.outlets == 0.4
    assert parts.age == -0.4
    assert parts.total == parts.score + parts.outlets + parts.copies + parts.tier + parts.age


def test_a_report_from_the_future_gains_nothing() -> None:
    assert standing(_story("s", _report(1, "a", hours=-5)), NOW).age == 0


def test_who_was_found_first_makes_no_difference() -> None:
    first, copy = _report(1, "a"), _report(2, "b", copy=True)
    assert standing(_story("s", first, copy), NOW) == standing(_story("s", copy, first), NOW)


def test_equal_stories_always_come_in_the_same_order() -> None:
    stories = [_story(name, _report(1, "a")) for name in "dacb"]
    assert {rank(order, NOW) for order in permutations(stories)} == {rank(stories, NOW)}
    assert [story.id for story in rank(stories, NOW)] == list("abcd")
    assert rank([], NOW) == ()
