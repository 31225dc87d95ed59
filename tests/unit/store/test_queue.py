"""Where the workers' queue is, and who may lay it out."""

from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.store import ArchiveLock, Queue


def test_workers_need_a_server(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="names a file"):
        Queue.of(f"sqlite:///{tmp_path}/monitor.db", "1", "SELECT 1")


def test_another_version_of_the_queue_waits_for_the_workers_of_the_last(server_url: str, tmp_path: Path) -> None:
    layout = "CREATE TABLE procrastinate_jobs (id integer)"
    first = Queue.of(server_url, "1", layout)
    assert first == Queue.of(server_url, "1", "this is not SQL, and is not asked for")
    assert first.options == "-c idle_session_timeout=0 -c search_path=public_queue"
    with (
        ArchiveLock(tmp_path, server_url, shared=True),
        ArchiveLock(tmp_path, server_url, shared=True),
        pytest.raises(StoreError, match="stop them first"),
    ):
        Queue.of(server_url, "2", layout)
    assert Queue.of(server_url, "2", layout) == first
