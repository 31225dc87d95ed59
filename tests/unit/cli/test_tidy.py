"""Retention from the command line: what it removes, or would."""

import json

from monitor.cli.common import Exit
from tests.unit.cli.calling import Call, Town


def test_a_dry_run_and_the_deed_say_the_same(copied: Town, call: Call) -> None:
    said = call(*copied.options, "tidy", "--dry-run")
    assert said.code == Exit.OK
    assert said.out.startswith("would be forgotten, being older than 60 days:\n  0 texts of articles that matched")
    done = json.loads(call(*copied.options, "tidy", "--json").out)
    assert (done["texts"], done["dry_run"], done["keep_days"]) == (0, False, 60)
