"""Backups from the command line."""

import json
from pathlib import Path

from monitor.cli.common import Exit
from tests.configfolder import a_config
from tests.unit.cli.calling import Call, Town


def test_a_backup_is_made_and_looked_through(town: Town, call: Call, tmp_path: Path) -> None:
    made = call(*town.options, "backup", tmp_path)
    assert made.code == Exit.OK
    (folder,) = tmp_path.glob("monitor-*")
    lines = made.out.splitlines()
    assert lines[0] == f"backup made and looked through: {folder}"
    assert "B, schema 00" in lines[1]
    assert " articles" in lines[1]
    assert (folder / "config" / "topics.toml").read_bytes() == (town.config / "topics.toml").read_bytes()
    looked = call(*town.options, "backup", "--verify", folder)
    assert (looked.code, looked.out.splitlines()[0]) == (Exit.OK, f"sound: {folder}")


def test_as_json_and_into_the_settings_folder(copied: Town, call: Call) -> None:
    made = json.loads(call(*copied.options, "backup", "--json").out)
    assert Path(made["folder"]).parent == copied.archive / "backups"
    assert made["rows"]["articles"] > 10
    assert made["pruned"] == []


def test_a_damaged_backup_is_code_3(town: Town, call: Call, tmp_path: Path) -> None:
    call(*town.options, "backup", tmp_path)
    (folder,) = tmp_path.glob("monitor-*")
    (folder / "config" / "topics.toml").write_text("changed")
    said = call(*town.options, "backup", "--verify", folder)
    assert said.code == Exit.ARCHIVE
    assert "config/topics.toml was changed" in said.err


def test_without_an_archive_there_is_nothing_to_back_up(tmp_path: Path, call: Call) -> None:
    said = call("--config", a_config(tmp_path / "config"), "--archive", tmp_path / "none", "backup", tmp_path / "b")
    assert said.code == Exit.ARCHIVE
    assert "there is no archive" in said.err
    assert not (tmp_path / "b").exists()


def test_making_and_verifying_at_once_is_a_mistake(town: Town, call: Call, tmp_path: Path) -> None:
    assert call(*town.options, "backup", tmp_path, "--verify", tmp_path).code == Exit.USAGE
