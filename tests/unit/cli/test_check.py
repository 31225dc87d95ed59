"""Is the configuration right, and what is running here."""

import json
from pathlib import Path

from monitor import __version__
from monitor.cli.common import Exit
from tests.configfolder import FEEDS, SUBSCRIPTIONS, a_config
from tests.unit.cli.calling import Call

WRONG = {
    "feeds.toml": FEEDS.replace('name = "herald"', 'name = "courier"\nlangauge = "en"'),
    "subscriptions.toml": SUBSCRIPTIONS.replace("Europe/Kyiv", "Kyiv").replace(
        'channel = "folder"', 'channel = "foldr"'
    ),
}


def test_a_right_configuration_is_summed_up(tmp_path: Path, call: Call) -> None:
    said = call("--config", a_config(tmp_path), "check")
    assert said.code == Exit.OK
    assert said.out.splitlines() == [
        f"{tmp_path}: no mistakes",
        "  feeds         2 in 1 language",
        "  topics        air-defence, drone-coalition",
        "  subscription  daily: air-defence, drone-coalition at 0 8 * * * Europe/Kyiv → folder",
        f"  archive       {tmp_path.parent / 'archive'}",
    ]
    told = json.loads(call("--config", tmp_path, "check", "--json").out)
    assert told == {"config": str(tmp_path), "problems": [], "warnings": []}


def test_what_is_told_at_once_is_said_to_be(tmp_path: Path, call: Call) -> None:
    alerts = '[[subscription]]\nname = "alerts"\nchannel = "folder"\nzone = "Europe/Kyiv"\nalert = {}\n'
    said = call("--config", a_config(tmp_path, {"subscriptions.toml": f"{SUBSCRIPTIONS}\n{alerts}"}), "check")
    assert "  subscription  alerts: air-defence, drone-coalition at once → folder" in said.out.splitlines()


def test_what_was_learned_and_cannot_be_used_is_a_warning_and_no_mistake(tmp_path: Path, call: Call) -> None:
    config, archive = a_config(tmp_path / "config"), tmp_path / "archive"
    archive.mkdir()
    (archive / "learned.json").write_text('{"air-defence": {"rule": "abc", "scale": 2.0}}')
    said = call("--config", config, "check")
    assert said.code == Exit.OK
    (line,) = [line for line in said.out.splitlines() if line.startswith("  learned ")]
    assert "the rules judge alone — `monitor topics learn` learns it again" in line
    (warning,) = json.loads(call("--config", config, "check", "--json").out)["warnings"]
    assert warning["file"] == str(archive / "learned.json")


def test_languages_without_word_forms_are_named_once(tmp_path: Path, call: Call) -> None:
    feeds = FEEDS.replace('language = "en"', 'language = "ja"')
    said = call("--config", a_config(tmp_path, {"feeds.toml": feeds}), "check")
    assert said.out.splitlines().count("  languages     in ja words match as written: no word forms are known") == 1


def test_every_mistake_is_told_at_once_with_the_nearest_right_word(tmp_path: Path, call: Call) -> None:
    said = call("--config", a_config(tmp_path, WRONG), "check")
    assert (said.code, said.out) == (Exit.USAGE, "")
    for words in ("'language'", "'Europe/Kyiv'", "'folder'"):
        assert f"did you mean {words}?" in said.err
    told = json.loads(call("--config", tmp_path, "check", "--json").out)["problems"]
    assert len(told) == said.err.count("\n") - 1 >= 3
    assert set(told[0]) == {"file", "where", "message", "hint"}
    assert call("--config", tmp_path, "check", "--json").code == Exit.USAGE


def test_a_folder_that_is_not_there(tmp_path: Path, call: Call) -> None:
    said = call("--config", tmp_path / "nowhere", "check")
    assert said.code == Exit.USAGE
    assert "there is no such folder" in said.err


def test_version_says_what_a_bug_report_needs(call: Call) -> None:
    told = json.loads(call("version", "--json").out)
    assert told["news-monitor"] == __version__
    assert {"python", "system", "sqlite", "trafilatura"} <= set(told)
    lines = call("version").out.splitlines()
    assert [line.split()[0] for line in lines] == list(told)
    assert call("--version").out == f"monitor, version {__version__}\n"
