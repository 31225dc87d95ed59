"""Backups on a bad day: the disk fills up, the folder may not be written to, the process is killed at any moment."""

import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.model import Verdict
from monitor.store import open_store
from monitor.store.backup import verify_backup
from tests.builders import an_article
from tests.configfolder import a_config
from tests.powers import bound_by_modes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def world() -> Iterator[Path]:
    """A configuration and an archive of some size, in a folder that any user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="backup-"))
    folder.chmod(0o755)
    a_config(folder / "config")
    (folder / "archive").mkdir()
    store = open_store(f"sqlite:///{folder}/archive/monitor.db")
    with store.begin() as shelves:
        for number in range(1500):
            shelves.articles.add(
                an_article(id=f"a{number}", text=f"Report {number} " * 200), "hash", [Verdict("one", 0.9, 0.5)]
            )
    store.close()
    yield folder
    shutil.rmtree(folder)


def _command(world: Path) -> list[str]:
    options = ["--config", str(world / "config"), "--archive", str(world / "archive")]
    return [sys.executable, "-m", "monitor", *options, "backup", str(world / "copies")]


def _run(world: Path, before: Callable[[], None] | None = None) -> tuple[int, str]:
    done = subprocess.run(
        _command(world), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, preexec_fn=before
    )
    return done.returncode, done.stderr


def _backups(world: Path) -> list[Path]:
    return sorted((world / "copies").glob("monitor-*"))


def test_a_file_that_can_grow_no_more_is_told_and_nothing_half_is_left(world: Path) -> None:
    def little() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    code, said = _run(world, little)
    assert code == 3
    assert "the copy " in said
    assert _backups(world) == []
    assert not list((world / "copies").glob(".monitor-*"))
    assert _run(world)[0] == 0
    verify_backup(_backups(world)[0])


def test_a_folder_that_may_not_be_written_to_is_told(world: Path) -> None:
    (world / "copies").mkdir(mode=0o555)
    code, said = _run(world, bound_by_modes)
    assert code == 3
    assert "copies" in said
    assert "Permission denied; make room, or see to its rights" in said


def test_an_archive_that_may_only_be_read_can_be_backed_up(world: Path) -> None:
    (world / "archive" / "monitor.db").chmod(0o444)
    (world / "archive").chmod(0o555)
    code, said = _run(world, bound_by_modes)
    assert (code, said) == (0, "")
    verify_backup(_backups(world)[0])
    (world / "archive").chmod(0o755)


def test_killed_at_any_moment_there_is_a_sound_backup_or_none(world: Path) -> None:
    """Kills spread over the time from the first sign of work to the end; each is followed by a look at what is left."""
    chance = random.Random(6)
    killed = 0
    for _ in range(8):
        process = subprocess.Popen(_command(world), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not list((world / "copies").glob(".monitor-*")):
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.15))
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        for one in _backups(world):
            assert verify_backup(one).facts.rows["articles"] == 1500
    assert killed > 0
    time.sleep(1)  # names are of a second
    assert _run(world)[0] == 0
    assert not list((world / "copies").glob(".monitor-*"))
