"""Which articles are one story: what has enough in common on average, in any order, and what must stay together."""

from collections.abc import Mapping
from itertools import permutations

import pytest

from monitor.model import Link, Neighbour, Sketch
from monitor.stories.averages import group, names
from tests.builders import NOW

MANY = 1_000.0  # articles known


def _one(
    number: int, story: str = "", close: Mapping[int, float] | None = None, headline: str = "", first: int = 1_000
) -> Neighbour:
    """`first`: of its links so many are to the first of a story."""
    links = {other: Link(share, share, place < first) for place, (other, share) in enumerate((close or {}).items())}
    return Neighbour(
        number, f"a{number}", story, Sketch({}, frozenset(), {}, NOW), 1.0, links, headline, "Title", "Courier", NOW
    )


def _numbers(groups: list[list[Neighbour]]) -> list[list[int]]:
    return [[each.number for each in members] for members in groups]


def test_it_joins_what_it_fits_as_a_whole_and_not_what_one_of_resembles_it() -> None:
    members = [_one(1, "x"), _one(2, "x", {1: 0.4}), _one(3, "y"), _one(4, "y", {3: 0.4})]
    new = _one(5, "", {1: 0.3, 2: 0.3, 3: 0.32})
    groups = group([*members, new], 5, (), (), MANY)
    assert _numbers(groups) == [[1, 2, 5], [3, 4]]
    assert names(groups, 5, ()) == ["x", "y"]


def test_a_report_between_two_stories_makes_them_one_with_the_id_of_the_greater() -> None:
    members = [_one(1, "x"), _one(2, "y"), _one(3, "y", {2: 0.5, 1: 0.05})]
    groups = group([*members, _one(4, "", {1: 0.5, 2: 0.5, 3: 0.5})], 4, (), (), MANY)
    assert _numbers(groups) == [[1, 2, 3, 4]]
    assert names(groups, 4, ()) == ["y"]


def test_of_two_that_were_one_story_the_part_that_was_told_keeps_the_id() -> None:
    members = [_one(1, "x"), _one(2, "x"), _one(3, "x", {2: 0.4})]
    groups = group([*members, _one(4, "", {1: 0.4})], 4, {"a1"}, (), MANY)
    assert _numbers(groups) == [[1, 4], [2, 3]]
    assert names(groups, 4, {"a1"}) == ["x", ""]
    assert names(groups, 4, ()) == ["", "x"]


@pytest.mark.parametrize("told", [{"a1", "a2"}, set()], ids=["told", "untold"])
def test_what_was_told_as_one_story_stays_one(told: set[str]) -> None:
    members = [_one(1, "x"), _one(2, "x", {1: 0.01}), _one(3, "", {1: 0.4})]
    groups = group(members, 3, told, (), MANY)
    assert _numbers(groups) == ([[1, 2, 3]] if told else [[1, 3], [2]])


def test_one_headline_stays_together() -> None:
    members = [_one(1, "x", headline="launchers"), _one(2, "x", headline="launchers")]
    assert _numbers(group([*members, _one(3)], 3, (), (), MANY)) == [[1, 2], [3]]


def test_a_story_of_which_a_person_spoke_takes_in_the_new_article_and_nothing_else() -> None:
    members = [_one(1, "x"), _one(2, "x"), _one(3, "y", {1: 0.6, 2: 0.6})]
    assert _numbers(group([*members, _one(4)], 4, (), {"x"}, MANY)) == [[1, 2], [3], [4]]
    assert _numbers(group([*members, _one(4, "", {1: 0.6, 2: 0.6})], 4, (), {"x"}, MANY)) == [[1, 2, 4], [3]]


def test_in_a_crowd_more_is_asked_for() -> None:
    alone = [_one(1, "x"), _one(20, "", {1: 0.2})]
    assert _numbers(group(alone, 20, (), (), MANY)) == [[1, 20]]
    crowded = [_one(1, "x"), _one(20, "", {1: 0.2} | dict.fromkeys(range(100, 114), 0.4))]
    crowded[0] = _one(1, "x", dict.fromkeys(range(100, 114), 0.4))
    assert _numbers(group(crowded, 20, (), (), MANY)) == [[1], [20]]


def test_a_great_story_is_no_crowd() -> None:
    members = [_one(number, "x", dict.fromkeys(range(1, number), 0.2), first=1) for number in range(1, 13)]
    new = _one(50, "", dict.fromkeys(range(1, 13), 0.2), first=1)
    assert _numbers(group([*members, new], 50, (), (), MANY)) == [[*range(1, 13), 50]]


def test_a_young_archive_asks_for_more() -> None:
    members = [_one(1, "x"), _one(2, "", {1: 0.15})]
    assert _numbers(group(members, 2, (), (), 2.0)) == [[1], [2]]
    assert _numbers(group(members, 2, (), (), MANY)) == [[1, 2]]


def test_the_order_of_the_members_makes_no_difference() -> None:
    members = [_one(1, "x"), _one(2, "x", {1: 0.3}), _one(3, "y", {2: 0.3}), _one(4, "", {1: 0.3, 2: 0.25, 3: 0.3})]
    found = {
        frozenset(frozenset(each) for each in _numbers(group(list(order), 4, (), (), MANY)))
        for order in permutations(members)
    }
    assert len(found) == 1
