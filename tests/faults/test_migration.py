"""An upgrade that is killed, or may not write: the archive stays as it was, and the next start brings it on."""

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from monitor.store import migrate, open_store
from monitor.store.engine import DRIVER, WRITING, build_engine, parse_url, set_up_file
from monitor.store.snapshot import examine
from tests.configfolder import a_config
from tests.powers import bound_by_modes

ROOT = Path(__file__).resolve().parents[2]
VISITS = 5000


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the first released schema, with some thousand rows."""
    path = tmp_path_factory.mktemp("old") / "monitor.db"
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    engine = build_engine(parse_url(f"sqlite:///{path}"))
    set_up_file(engine)
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        row = "INSERT INTO visits (feed, at, outcome, entries, new, problem) VALUES (?, 1, 'read', 1, 1, '')"
        connection.exec_driver_sql(row, [(f"feed-{number}",) for number in range(VISITS)])
    engine.dispose()
    return path


def _open(path: Path, statement: int) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "tests.faults.one_migration", str(path), str(statement)]
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_killed_anywhere_the_archive_is_as_it_was_and_the_next_start_brings_it_on(old: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    shutil.copyfile(old, whole)
    clean = _open(whole, 0)
    statements = int(clean.stdout)
    assert statements > 50
    for statement in random.Random(6).sample(range(5, statements), 6):
        path = tmp_path / f"{statement}" / "monitor.db"
        path.parent.mkdir()
        shutil.copyfile(old, path)
        assert _open(path, statement).returncode == -signal.SIGKILL
        connection = DRIVER.connect(path)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone()[0] in {"0001", migrate.HEAD}
        assert connection.execute("SELECT count(*) FROM visits").fetchone()[0] == VISITS
        connection.close()
        open_store(f"sqlite:///{path}").close()
        assert examine(path).rows == examine(whole).rows
        assert examine(path.with_name(f"monitor-before-schema-{migrate.HEAD}.db")).rows["visits"] == VISITS
        assert list(path.parent.glob(".*")) == []


def test_an_archive_that_may_not_be_written_to_is_told_and_left_alone(old: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    shutil.copyfile(old, folder / "monitor.db")
    (folder / "monitor.db").chmod(0o444)
    folder.chmod(0o555)
    config = a_config(tmp_path / "config")
    asked = [sys.executable, "-m", "monitor", "--config", str(config), "--archive", str(folder), "search", "drones"]
    said = subprocess.run(
        asked, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, preexec_fn=bound_by_modes
    )
    folder.chmod(0o755)
    assert said.returncode == 3
    assert "this user may not write to it" in said.stderr
    assert (folder / "monitor.db").read_bytes() == old.read_bytes()
    assert [path.name for path in folder.iterdir()] == ["monitor.db"]
