"""`monitor doctor`: findings for people and for scripts."""

import json

from monitor.cli.common import Exit
from tests.unit.cli.calling import Call, Town


def test_a_running_town_is_well(town: Town, call: Call) -> None:
    said = call(*town.options, "doctor", "--all")
    assert said.code == Exit.OK, said.out
    assert "✓ archive: sound" in said.out
    assert "✓ feed northwire: " in said.out
    assert said.out.rstrip().endswith("0 in trouble")
    found = json.loads(call(*town.options, "doctor", "--json").out)
    assert found["well"] is True
    assert {one["subject"] for one in found["findings"]} >= {"archive", "disk", "clock", "template digest"}


def test_trouble_ends_with_a_code_and_says_what_to_do(copied: Town, call: Call) -> None:
    feeds = copied.config / "feeds.toml"
    before = feeds.read_text()
    try:
        feeds.write_text(before + '[[feed]]\nname = "gone"\nurl = "http://127.0.0.1:9/feed"\n')
        said = call(*copied.options, "doctor")
        assert said.code == Exit.NOT_WELL
        assert "✗ feed gone: no connection" in said.out
        assert "    → " in said.out
        assert call(*copied.options, "doctor", "--offline").code == Exit.OK
    finally:
        feeds.write_text(before)
