"""Measuring the topics on labels."""

import json
from pathlib import Path

import pytest

from monitor.cli.common import Exit
from tests.configfolder import a_config
from tests.unit.cli.calling import Call

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
