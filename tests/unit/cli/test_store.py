"""`monitor store copy`: what it says, on either engine."""

import json
from pathlib import Path

import pytest

from monitor.cli.common import Exit
from tests.unit.cli.calling import Call, Town


def test_the_archive_moves_to_a_server_and_works_there(
    copied: Town, call: Call, server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DATABASE", server_url)
    file = f"sqlite:///{copied.archive}/monitor.db"
    done = call("store", "copy", file, "env:MONITOR_DATABASE")
    assert done.code == Exit.OK, done.err
    assert "copied and compared:" in done.out
    assert "set archive.url to the new address" in done.out
    again = call("store", "copy", file, server_url, "--json")
    facts = json.loads(again.out)
    assert facts["rows"] == sum(one["rows"] for one in facts["tables"].values()) > 100
    there = copied.with_settings(f'\n[archive]\nurl = "{server_url}"\n')
    here = call(*copied.options, "search", "drone", "--json")
    found = call(*there.options, "search", "drone", "--json")
    assert found.code == Exit.OK, found.err
    urls = [{hit["url"] for hit in json.loads(one.out)} for one in (here, found)]
    assert urls[0] == urls[1] != set()


def test_what_is_wrong_is_said(copied: Town, call: Call, tmp_path: Path) -> None:
    file = f"sqlite:///{copied.archive}/monitor.db"
    missing = call("store", "copy", file, "env:MONITOR_NOWHERE")
    assert missing.code == Exit.USAGE
    assert "the environment variable MONITOR_NOWHERE is not set" in missing.err
    nothing = call("store", "copy", f"sqlite:///{tmp_path}/none.db", file)
    assert nothing.code == Exit.ARCHIVE
    assert "there is no archive" in nothing.err
