"""One daemon per archive."""

import errno
import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from monitor.errors import LockedError, StoreError
from monitor.store import ArchiveLock, Holding, look
from tests.postgres import Server

HOLD = """
import sys, time
from pathlib import Path
from monitor.store.lock import ArchiveLock
with ArchiveLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_lock_is_refused_and_names_the_first(tmp_path: Path) -> None:
    with ArchiveLock(tmp_path), pytest.raises(LockedError, match=rf"process {os.getpid()}\b.*stop it first"):
        ArchiveLock(tmp_path).__enter__()


def test_it_is_free_again_afterwards(tmp_path: Path) -> None:
    with ArchiveLock(tmp_path):
        pass
    with ArchiveLock(tmp_path):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"process {holder.pid}"):
            ArchiveLock(tmp_path).__enter__()
        holder.kill()
        holder.wait()
        with ArchiveLock(tmp_path):
            pass


def test_a_missing_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be created: No such file or directory; check"):
        ArchiveLock(tmp_path / "nowhere").__enter__()


def test_a_full_disk_has_no_room_for_the_number_but_for_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with ArchiveLock(tmp_path), pytest.raises(LockedError, match="another monitor daemon runs"), ArchiveLock(tmp_path):
        pass


def test_a_look_tells_the_living_from_the_dead(tmp_path: Path) -> None:
    assert look(tmp_path) == Holding(held=False)
    with ArchiveLock(tmp_path):
        assert look(tmp_path) == Holding(held=True)
    assert look(tmp_path) == Holding(held=False)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert look(tmp_path) == Holding(held=True)
        holder.kill()
        holder.wait()
    assert look(tmp_path) == Holding(held=False, left_by=str(holder.pid))


def test_whoever_looks_keeps_nobody_from_starting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "monitor.lock").touch()
    with (tmp_path / "monitor.lock").open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        monkeypatch.setattr("monitor.store.lock.time.sleep", lambda _: fcntl.flock(looking, fcntl.LOCK_UN))
        with ArchiveLock(tmp_path):
            assert look(tmp_path).held


def test_two_machines_meet_at_the_server(tmp_path: Path, server_url: str) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    assert not look(there, server_url).held
    with ArchiveLock(here, server_url):
        assert look(there, server_url).held
        with pytest.raises(LockedError, match=r"runs, or workers do, on this archive: postgresql://.*; stop it first"):
            ArchiveLock(there, server_url).__enter__()
        assert not look(there).held  # what was taken before the refusal was given back
    with ArchiveLock(there, server_url):
        assert look(here, server_url).held


def test_a_lock_that_the_server_forgot_is_taken_again_or_lost(
    tmp_path: Path, postgres: Server, server_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    cut_off = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname LIKE 'archive%'"
    with ArchiveLock(here, server_url) as lock:
        postgres.say(cut_off)
        assert not look(there, server_url).held
        lock.keep()
        assert look(there, server_url).held
        postgres.say(cut_off)
        with ArchiveLock(there, server_url), pytest.raises(LockedError):
            lock.keep()
        lock.keep()
        assert look(there, server_url).held
    assert "Exception during reset" not in caplog.text  # what broke off has nothing to be undone


def test_a_server_that_is_away_counts_as_held_and_refuses_the_lock(tmp_path: Path) -> None:
    away = "postgresql://u@127.0.0.1:9/news"
    assert look(tmp_path, away).held
    with pytest.raises(StoreError, match="the server does not answer"):
        ArchiveLock(tmp_path, away).__enter__()
    assert not look(tmp_path).held


def test_a_daemon_and_workers_do_not_run_on_one_archive(server_url: str, tmp_path: Path) -> None:
    with (
        ArchiveLock(tmp_path, server_url, shared=True),
        ArchiveLock(tmp_path, server_url, shared=True),
        pytest.raises(LockedError, match="or workers do"),
        ArchiveLock(tmp_path, server_url),
    ):
        pass
    with (
        ArchiveLock(tmp_path, server_url),  # the workers gave their lock back before they closed
        pytest.raises(LockedError, match="a monitor daemon runs"),
        ArchiveLock(tmp_path, server_url, shared=True),
    ):
        pass


def test_a_daemon_waits_for_the_server_to_see_that_the_last_one_died(server_url: str, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    first = ArchiveLock(here, server_url)
    first.__enter__()
    ending = threading.Timer(0.3, first.__exit__, (None, None, None))
    ending.start()
    with ArchiveLock(there, server_url):
        ending.join()
        assert look(here, server_url).held
    assert not look(here).held
