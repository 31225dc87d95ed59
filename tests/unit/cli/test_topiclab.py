"""Measuring the topics on labels, and what an edit would change."""

import json
import shutil
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


def test_mistakes_in_an_edit_are_told_with_their_lines(copied: Town, tmp_path: Path, call: Call) -> None:
    path = tmp_path / "edited.toml"
    path.write_text(SOUP + '\n[topics.other]\ntitle = "Other"\nthreshold = "high"\nclauses = []\n', "utf-8")
    said = call(*copied.options, "topics", "try", path)
    assert said.code != Exit.OK
    line = path.read_text("utf-8").splitlines().index('threshold = "high"') + 1
    assert f"edited.toml: line {line}, column 14 (topics.other · threshold): found 'high'" in said.err


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
    at = next(at for at, line in enumerate(lines) if line.startswith("air-defence 0."))
    assert lines[at + 1].startswith("    +")
    assert lines[at + 2] == "    +0.00  now nothing is found"
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


def _mark_many(town: Town, call: Call, number: int) -> int:
    """Mark articles for air-defence: all that the newsroom's own truth says, alternately right and wrong."""
    marked = 0
    for url in list(town.newsroom.truth)[:number]:
        kind = "relevant" if "air-defence" in town.newsroom.truth[url] else "irrelevant"
        marked += call(*town.options, "mark", url, kind, "--topic", "air-defence").code == Exit.OK
    return marked


def test_learning_from_too_few_marks_says_what_is_missing(town: Town, call: Call) -> None:
    said = call(*town.options, "topics", "learn")
    assert said.code == Exit.NOT_WELL
    assert said.out.startswith("drone-coalition: 0 marked articles, 0 of the rarer kind")
    assert not (town.archive / "learned.json").exists()
    said = call(*town.options, "topics", "learn", "--topic", "air-defense")
    assert said.code == Exit.USAGE
    assert "did you mean 'air-defence'" in said.err


LOOSE = """
[topics.air-defence]
title = "Air defence"
bias = -2
clauses = [{ name = "Ukraine", query = "#ukraine", weight = 5 }]
"""


def test_what_is_learned_is_kept_where_it_is_better(copied: Town, tmp_path: Path, call: Call) -> None:
    config = Path(shutil.copytree(copied.config, tmp_path / "config"))
    (config / "topics.toml").write_text(LOOSE, "utf-8")
    loose = Town(copied.newsroom, config, copied.archive)
    assert _mark_many(loose, call, 60) >= 50
    said = call(*loose.options, "topics", "learn")
    told = json.loads(call(*loose.options, "topics", "learn", "--json").out)["air-defence"]
    assert told["after"]["f1"]["value"] > told["before"]["f1"]["value"] + 0.03
    assert told["kept"]
    assert said.code == Exit.OK
    assert "    rule alone      precision 0." in said.out
    assert f"kept in {copied.archive / 'learned.json'}" in said.out
    told = json.loads(call(*loose.options, "topics", "test", loose.address("canada-interceptor-drones"), "--json").out)
    (verdict,) = told["verdicts"]
    assert verdict["evidence"][-1]["clause"].startswith("learned from ")
    assert call(*loose.options, "rejudge", "--json").code == Exit.OK

    (config / "topics.toml").write_text(LOOSE.replace("weight = 5", "weight = 0.1"), "utf-8")
    call(*loose.options, "topics", "learn")
    assert json.loads((copied.archive / "learned.json").read_text("utf-8")).keys() <= {"air-defence"}


def test_learning_replaces_a_file_that_cannot_be_used(copied: Town, call: Call) -> None:
    file = copied.archive / "learned.json"
    file.write_text('{"air-defence": {"rule"')
    said = call(*copied.options, "topics", "test", copied.address("canada-interceptor-drones"))
    assert said.code == Exit.OK
    assert said.err.count("so the rules judge alone") == 1
    said = call(*copied.options, "topics", "try", copied.config / "topics.toml")
    assert (said.code, said.err.count("so the rules judge alone")) == (Exit.OK, 1)
    call(*copied.options, "topics", "learn")
    assert json.loads(file.read_text("utf-8")) == {}


def test_a_topic_is_drafted_from_the_archive(town: Town, tmp_path: Path, call: Call) -> None:
    said = call(*town.options, "topics", "suggest", "drone", "coalition")
    assert said.code == Exit.OK
    assert '[topics."drone-coalition-draft"]' in said.out
    assert "#drone-coalition" in said.out
    draft = tmp_path / "draft.toml"
    draft.write_text(said.out, "utf-8")
    told = json.loads(call(*town.options, "topics", "try", draft, "--json").out)
    assert told["entering"] >= 4
    assert told["leaving"] == 0


def test_a_topic_is_drafted_from_example_texts(town: Town, tmp_path: Path, call: Call) -> None:
    names = []
    for number in range(4):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"# Bakers of town {number}\n\nSourdough loaves won the baking contest.\n", "utf-8")
        names += ["--from", str(path)]
    said = call(*town.options, "topics", "suggest", "Bread", *names)
    assert said.code == Exit.OK
    assert "# A draft from 4 examples against 53 other articles" in said.out
    assert "sourdough" in said.out
    assert "finds 4 of these examples and 0 of the others" in said.out


def test_too_few_examples_in_the_archive(town: Town, call: Call) -> None:
    said = call(*town.options, "topics", "suggest", "qqqq")
    assert said.code == Exit.NOT_WELL
    assert "0 example articles; a draft needs 3 or more" in said.err
