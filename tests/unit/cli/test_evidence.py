"""Checking and packing evidence from the command line."""

import json
from pathlib import Path

from monitor.cli.common import Exit
from tests.unit.cli.calling import Call, Town

DRONES = "church-bake-sale"


def test_sound_evidence_is_code_0(town: Town, call: Call) -> None:
    said = call(*town.options, "evidence", "verify")
    assert said.code == Exit.OK, said.out
    assert ": all as it was" in said.out
    facts = json.loads(call(*town.options, "evidence", "verify", "--json").out)
    assert facts["exhibits"] == facts["texts"] > 10
    assert facts["missing"] == 0
    anchored = call(*town.options, "evidence", "verify", "--anchor", facts["head"])
    assert anchored.code == Exit.OK


def test_what_was_changed_is_named_and_is_code_1(copied: Town, call: Call) -> None:
    (file, *_) = (copied.archive / "evidence").glob("*.warc.gz")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    said = call(*copied.options, "evidence", "verify")
    assert said.code == Exit.NOT_WELL
    assert f"✗ {file.name}, bytes " in said.out
    assert "bytes were changed (article " in said.out
    assert call(*copied.options, "evidence", "verify", "--anchor", "f" * 64).out.count("no exhibit has this link") == 1


def test_a_pack_of_matches(town: Town, call: Call, tmp_path: Path) -> None:
    (hit, *_) = json.loads(call(*town.options, "search", "drones", "--topic", "drone-coalition", "--json").out)
    said = call(*town.options, "evidence", "export", hit["id"], hit["url"], "--to", tmp_path / "pack")
    assert (said.code, said.out) == (Exit.OK, f"4 files for 1 article in {tmp_path / 'pack'}\n")
    assert hit["title"] in (tmp_path / "pack" / f"{hit['id']}.txt").read_text("utf-8")
    again = call(*town.options, "evidence", "export", hit["id"], "--to", tmp_path / "pack")
    assert again.code == Exit.USAGE
    assert "is not empty; name a new folder" in again.err


def test_what_has_no_evidence_says_why(town: Town, call: Call, tmp_path: Path) -> None:
    said = call(*town.options, "evidence", "export", "https://nowhere.example/", "--to", tmp_path / "pack")
    assert said.code == Exit.USAGE
    assert "it was never seen" in said.err
    assert not (tmp_path / "pack").exists()
