"""Measuring the topics on labels, and what an edit would change."""

import json
from pathlib import Path

import pytest

from monitor.cli.common import Exit
from tests.configfolder import a_config
from tests.unit.cli.calling import Call, Town

LABELS = (
    {
        "id": "one",
        "title": "Patriot battery",
        "text": "A patriot has come.",
        "topics": ["air-defence"],
        "language": "en",
    },
    {"id": "two", "title": "Drones over the bay", "text": "A drone flew.", "topics": [], "language": "en"},
    {"id": "three", "title": "Soup", "text": "Leeks and cream.", "topics": []},
)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(map(json.dumps, LABELS)), "utf-8")
    return path


def test_the_topics_are_scored(tmp_path: Path, labels: Path, call: Call) -> None:
    config = a_config(tmp_path / "config")
    said = call("--config", config, "topics", "score", labels)
    assert said.code == Exit.OK
    lines = said.out.splitlines()
    assert lines[0] == "3 texts, 1 of them relevant"
    (row,) = [line for line in lines if line.startswith("air-defence ")]
    assert row.split()[:4] == ["air-defence", "3", "1", "1.000"]
    assert "the worst 1 of 1 mistake" in lines
    at = lines.index("the worst 1 of 1 mistake")
    assert lines[at + 1].startswith("wrongly found: drone-coalition 0.6")
    assert "“Drones” (title), “drone” (lead)" in lines[at + 2]


def test_scores_for_scripts(tmp_path: Path, labels: Path, call: Call) -> None:
    told = json.loads(
        call("--config", a_config(tmp_path / "c"), "topics", "score", labels, "--json", "--worst", "0").out
    )
    assert told["topics"]["air-defence"]["precision"]["value"] == 1
    assert told["wrong"] == 1
    assert told["mistakes"] == []
    assert told["languages"].keys() == {"en", ""}


def test_wrong_labels_are_a_misuse(tmp_path: Path, call: Call) -> None:
    (tmp_path / "labels.jsonl").write_text('{"title": "T", "topics": ["air"]}\n', "utf-8")
    said = call("--config", a_config(tmp_path / "c"), "topics", "score", tmp_path / "labels.jsonl")
    assert said.code == Exit.USAGE
    assert "line 1: unknown topic 'air'" in said.err
    said = call("--config", a_config(tmp_path / "c"), "topics", "score", tmp_path / "nix.jsonl")
    assert said.code == Exit.USAGE
    assert "cannot be read: No such file" in said.err


SOUP = """
[topics.film]
title = "Film"
clauses = [{ name = "film", query = "title:film*", weight = 9 }]

[topics.air-defence]
title = "Air defence"
clauses = [{ name = "nothing", query = "qqqq", weight = 9 }]
"""


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """Topics of which one is new and one finds nothing any more."""
    path = tmp_path / "edited.toml"
    path.write_text(SOUP, "utf-8")
    return path


def test_what_an_edit_would_change(copied: Town, edited: Path, call: Call) -> None:
    film = copied.address("film-fund")
    call(*copied.options, "mark", film, "irrelevant", "--topic", "drone-coalition")
    said = call(*copied.options, "topics", "try", edited)
    assert said.code == Exit.OK
    lines = said.out.splitlines()
    assert lines[0] == "53 articles of the last 30 days"
    at = lines.index("1 article would enter")
    assert lines[at + 1].startswith("film new → 0.97 of 0.50  “")
    assert "film: “film" in lines[at + 2].casefold()
    told = json.loads(call(*copied.options, "topics", "try", edited, "--json").out)
    assert [one["url"] for one in told["entered"]] == [film]
    assert {one["after"]["topic"] for one in told["left"]} == {"air-defence"}
    assert told["leaving"] == len(told["left"]) > 3
    short = call(*copied.options, "topics", "try", edited, "--limit", "1").out
    assert f"… and {told['leaving'] - 1} more; --limit shows them" in short


def test_an_edit_is_measured_on_what_was_marked(copied: Town, edited: Path, call: Call) -> None:
    told = json.loads(call(*copied.options, "topics", "try", edited, "--json").out)
    assert told["marked"] == {}
    call(*copied.options, "mark", told["left"][0]["url"], "relevant", "--topic", "air-defence")
    call(*copied.options, "mark", told["left"][1]["url"], "irrelevant", "--topic", "air-defence")
    lines = call(*copied.options, "topics", "try", edited).out.splitlines()
    at = lines.index("air-defence: 2 marked articles")
    assert "before  precision 0.500" in lines[at + 1]
    assert "after   precision —, recall 0.000" in lines[at + 2]


def test_the_topics_as_they_are_change_nothing(town: Town, call: Call) -> None:
    said = call(*town.options, "topics", "try", town.config)
    assert "0 articles would enter" in said.out
    assert "0 articles would leave" in said.out


def test_edited_topics_with_a_mistake(town: Town, tmp_path: Path, call: Call) -> None:
    (tmp_path / "wrong.toml").write_text(SOUP.replace("title:film*", "film* adn #dronez"), "utf-8")
    said = call(*town.options, "topics", "try", tmp_path / "wrong.toml")
    assert said.code == Exit.USAGE
    assert "wrong.toml: line" in said.err
