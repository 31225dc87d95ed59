"""An archive that this user may not write to: it can be asked, and whatever would write says why it cannot."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.model import Verdict
from monitor.store import open_store
from tests.builders import an_article
from tests.configfolder import a_config
from tests.powers import bound_by_modes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Path]:
    """An archive of one article, in a folder where nothing may be written."""
    archive = tmp_path / "archive"
    archive.mkdir()
    a_config(tmp_path / "config")
    store = open_store(f"sqlite:///{archive}/monitor.db")
    with store.begin() as shelves:
        shelves.articles.add(an_article(), "hash", [Verdict("one", 0.9, 0.5)])
    store.close()
    _lock(archive)
    yield tmp_path
    archive.chmod(0o755)


def _lock(archive: Path) -> None:
    for file in archive.iterdir():
        file.chmod(0o444)
    archive.chmod(0o555)


def _run(world: Path, *words: str) -> subprocess.CompletedProcess[str]:
    options = ["--config", str(world / "config"), "--archive", str(world / "archive")]
    command = [sys.executable, "-m", "monitor", *options, *words]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, preexec_fn=bound_by_modes
    )


def test_it_can_be_searched_and_nothing_of_it_changes(world: Path) -> None:
    before = (world / "archive" / "monitor.db").read_bytes()
    found = _run(world, "search", "launchers")
    assert (found.returncode, found.stderr) == (0, "")
    assert an_article().title in found.stdout
    said = _run(world, "tidy")
    assert said.returncode == 3
    assert "may not be written to: check the owner and the mode" in said.stderr
    assert (world / "archive" / "monitor.db").read_bytes() == before
    assert [path.name for path in (world / "archive").iterdir()] == ["monitor.db"]


def test_it_can_be_searched_while_another_user_writes(world: Path) -> None:
    (world / "archive").chmod(0o755)
    store = open_store(f"sqlite:///{world}/archive/monitor.db")
    with store.begin() as shelves:
        shelves.articles.add(an_article(id="late", url="https://courier.example/late", title="Late launchers"), "h", [])
    _lock(world / "archive")
    found = _run(world, "search", "late")
    (world / "archive").chmod(0o755)
    store.close()
    assert (found.returncode, found.stderr) == (0, "")
    assert "Late launchers" in found.stdout, "what stands in the log alone is found too"


def test_one_of_an_older_version_is_not_read_and_says_why(world: Path) -> None:
    (world / "archive").chmod(0o755)
    path = world / "archive" / "monitor.db"
    path.chmod(0o644)
    store = open_store(f"sqlite:///{path}")
    with store.begin() as shelves:
        shelves.pulse._connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0018'")
    store.close()
    _lock(world / "archive")
    said = _run(world, "search", "launchers")
    assert said.returncode == 3
    assert "monitor.db: an older version made it, and this user may not write to it: let one who may" in said.stderr
