"""`monitor worker`: what it refuses. At work it is in tests/faults/test_workers.py."""

from monitor.cli.common import Exit
from tests.unit.cli.calling import Call, Town


def test_the_door_for_hubs_wants_an_address(copied: Town, call: Call) -> None:
    assert "--hubs needs [websub] callback" in call(*copied.options, "worker", "--hubs").err


def test_workers_want_an_archive_on_a_server(copied: Town, call: Call) -> None:
    refused = call(*copied.options, "worker")
    assert refused.code not in (Exit.OK, Exit.NOT_WELL)
    assert "archive.url names a file" in refused.err
    assert "`monitor run`" in refused.err
