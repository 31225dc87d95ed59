"""`monitor story`: the timeline, and merge and split by hand."""

import json
from typing import Any

from monitor.cli.common import Exit
from monitor.store import open_store
from tests.builders import NOW
from tests.unit.cli.calling import Call, Town


def _stories(town: Town) -> list[str]:
    """The ids of all stories of a town, the one with most reports first."""
    store = open_store(f"sqlite:///{town.archive / 'monitor.db'}")
    try:
        with store.read() as shelves:
            found = shelves.stories.recent(NOW.replace(year=2000), NOW.replace(year=2100))
    finally:
        store.close()
    return [story.id for story in sorted(found, key=lambda story: (-len(story.reports), story.id))]


def _shown(town: Town, call: Call, name: str) -> dict[str, Any]:
    said = call(*town.options, "story", name, "--json")
    assert said.code == Exit.OK, said.err
    shown: dict[str, Any] = json.loads(said.out)
    return shown


def test_the_timeline_says_who_was_first_and_why(copied: Town, call: Call) -> None:
    largest = _stories(copied)[0]
    shown = _shown(copied, call, largest)
    assert len(shown["reports"]) > 1
    said = call(*copied.options, "story", largest)
    assert f"story {largest}: {len(shown['reports'])} reports" in said.out
    assert said.out.count(", first; article ") == 1
    assert all(report["reason"] in said.out for report in shown["reports"])
    assert shown["reports"][0]["added"]
    for report in shown["reports"][1:]:
        if report["added"]:
            assert (f"new: {', '.join(report['added'])}" in said.out) == report["own_words"]


def test_stories_merged_by_hand_and_split_again(copied: Town, call: Call) -> None:
    one, other, *_ = _stories(copied)
    reports = len(_shown(copied, call, one)["reports"]) + len(_shown(copied, call, other)["reports"])
    alone = [report["article"] for report in _shown(copied, call, other)["reports"]]
    assert "one story now: " in call(*copied.options, "story", "merge", one, other).out
    assert len(_shown(copied, call, one)["reports"]) == len(_shown(copied, call, other)["reports"]) == reports
    assert "a story of their own: " in call(*copied.options, "story", "split", *alone).out
    assert {report["article"] for report in _shown(copied, call, alone[0])["reports"]} == set(alone)


def test_a_story_is_named_by_an_articles_address_as_well(copied: Town, call: Call) -> None:
    url = copied.address("canada-interceptor-drones")
    shown = _shown(copied, call, f"{url}?utm_source=mail")
    assert url in [report["url"] for report in shown["reports"]]
    assert f"muted: {shown['story']}" in call(*copied.options, "story", "mute", url).out
    largest = _shown(copied, call, _stories(copied)[0])
    leaving = largest["reports"][-1]
    assert call(*copied.options, "story", "split", leaving["url"]).out.startswith("a story of their own: ")
    apart = _shown(copied, call, leaving["url"])["reports"]
    stayed = next(one["url"] for one in largest["reports"] if one["article"] not in [each["article"] for each in apart])
    assert call(*copied.options, "story", "merge", leaving["url"], stayed).out.startswith("one story now: ")
    assert len(_shown(copied, call, stayed)["reports"]) == len(largest["reports"])


def test_an_unknown_story_is_named(town: Town, call: Call) -> None:
    said = call(*town.options, "story", "ffffffffffffffff")
    assert said.code == Exit.USAGE
    assert "there is no story or placed article ffffffffffffffff" in said.err


def test_a_story_is_muted_listed_and_told_of_again(copied: Town, call: Call) -> None:
    one = _stories(copied)[0]
    assert call(*copied.options, "story", "mute", one, "--for", "nobody").code == Exit.USAGE
    assert f"muted: {one}" in call(*copied.options, "story", "mute", one).out
    assert f"{one}  all  " in call(*copied.options, "story", "unmute").out
    assert call(*copied.options, "story", "unmute", one).out == f"no longer muted: {one}\n"
    said = call(*copied.options, "story", "unmute", one)
    assert (said.code, "is not muted" in said.err) == (Exit.USAGE, True)
    assert call(*copied.options, "story", "unmute").out == "nothing is muted\n"
