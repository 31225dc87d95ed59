"""Retention from the command line: what it removes, or would."""

import json

from monitor.cli.common import Exit
from monitor.store.engine import DRIVER
from tests.unit.cli.calling import Call, Town


def test_a_dry_run_and_the_deed_say_the_same(copied: Town, call: Call) -> None:
    said = call(*copied.options, "tidy", "--dry-run")
    assert said.code == Exit.OK
    assert said.out.splitlines()[:3] == [
        "would be forgotten:",
        "  0 texts of articles that matched nothing, older than 60 days",
        "  notes of 0 visits, 0 notices, older than 60 days",
    ]
    done = json.loads(call(*copied.options, "tidy", "--json").out)
    assert (done["texts"], done["dry_run"], done["keep_days"]) == (0, False, 60)


def test_what_the_settings_say_of_matches_is_said(copied: Town, call: Call) -> None:
    said = call(*copied.with_settings("[tidy]\nmatches_days = 365\n").options, "tidy")
    assert (said.code, said.err) == (Exit.OK, "")
    assert "  0 texts of articles that matched, older than 365 days" in said.out.splitlines()


def test_a_database_of_an_older_version_is_rewritten_once(copied: Town, call: Call) -> None:
    raw = DRIVER.connect(copied.archive / "monitor.db", isolation_level=None)
    raw.execute("PRAGMA auto_vacuum=NONE")
    raw.execute("VACUUM")
    raw.close()
    assert "run `monitor tidy --compact` once" in call(*copied.options, "tidy").out
    assert call(*copied.options, "tidy", "--compact").code == Exit.OK
    assert "--compact" not in call(*copied.options, "tidy").out
    assert call(*copied.options, "search", '"co-production treaty"').code == Exit.OK


def test_compacting_cannot_be_tried(copied: Town, call: Call) -> None:
    said = call(*copied.options, "tidy", "--compact", "--dry-run")
    assert said.code == Exit.USAGE
    assert "leave out --dry-run" in said.err
