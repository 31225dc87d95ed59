"""What the reader says of articles, and edited topics applied to the past."""

import json
import shutil
from pathlib import Path

import pytest

from monitor.cli.common import Exit
from tests.unit.cli.calling import Call, Town


def test_a_mark_is_kept_shown_and_taken_back(copied: Town, call: Call) -> None:
    url = copied.address("canada-interceptor-drones")
    said = call(*copied.options, "mark", url, "relevant")
    assert said.code == Exit.OK
    assert said.out.startswith("marked relevant for ")
    assert "marked      relevant for drone-coalition on " in call(*copied.options, "why", url).out
    (told,) = json.loads(call(*copied.options, "why", url, "--json").out)
    assert {"drone-coalition": True}.items() <= {mark["topic"]: mark["relevant"] for mark in told["marks"]}.items()
    assert "1 mark taken back" in call(*copied.options, "mark", url, "--undo", "--topic", "drone-coalition").out
    assert "relevant for drone-coalition" not in call(*copied.options, "why", url).out


def test_irrelevant_is_said_for_every_topic(copied: Town, call: Call) -> None:
    said = call(*copied.options, "mark", copied.address("film-fund"), "irrelevant")
    assert "for drone-coalition, co-production, air-defence: “" in said.out


def test_relevant_for_what_matched_nothing_needs_a_topic(copied: Town, call: Call) -> None:
    url = copied.address("film-fund")
    said = call(*copied.options, "mark", url, "relevant")
    assert said.code == Exit.USAGE
    assert "say which it belongs to by --topic: drone-coalition" in said.err
    assert call(*copied.options, "mark", url, "relevant", "--topic", "co-production").code == Exit.OK


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("https://nobody.example/x", "relevant"), Exit.NOT_WELL, "was never seen"),
        (("https://nobody.example/x",), Exit.USAGE, "say one of"),
        (("https://nobody.example/x", "relevant", "--undo"), Exit.USAGE, "say one of"),
        (("https://nobody.example/x", "relevant", "--topic", "air-defense"), Exit.USAGE, "did you mean 'air-defence'"),
    ],
)
def test_what_cannot_be_marked(town: Town, call: Call, arguments: tuple[str, ...], code: int, words: str) -> None:
    said = call(*town.options, "mark", *arguments)
    assert said.code == code
    assert words in said.err


def test_edited_topics_are_applied_to_the_past(copied: Town, tmp_path: Path, call: Call) -> None:
    config = shutil.copytree(copied.config, tmp_path / "config")
    with (config / "topics.toml").open("a", encoding="utf-8") as file:
        file.write('\n[topics.film]\ntitle = "Film"\nclauses = [{ query = "title:film*", weight = 9 }]\n')
    options = ("--config", str(config), "--archive", str(copied.archive))
    film = copied.address("film-fund")

    dry = call(*options, "rejudge", "--dry-run")
    assert dry.out.startswith("53 articles, 53 to be judged again")
    assert "1 article would enter" in dry.out
    assert "fate        no topic matched" in call(*options, "why", film).out

    told = json.loads(call(*options, "rejudge", "--json").out)
    assert [one["url"] for one in told["entered"]] == [film]
    assert (told["articles"], told["judged"], told["leaving"]) == (53, 53, 0)
    assert "fate        matched: film 0.9" in call(*options, "why", film).out
    assert "film" in call(*options, "digest", "preview").out.casefold()

    again = call(*options, "rejudge")
    assert again.out.startswith("53 articles, 0 judged again")
    assert "0 articles entered" in again.out


def test_judging_again_needs_an_archive(tmp_path: Path, town: Town, call: Call) -> None:
    said = call("--config", str(town.config), "--archive", str(tmp_path / "none"), "rejudge")
    assert said.code == Exit.ARCHIVE
