"""Tidying that is killed at any moment: what may not be forgotten is there, the file is sound, the next one goes on."""

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.model import Narrowed, Term, Verdict
from monitor.store import open_store
from tests.builders import an_article
from tests.configfolder import a_config
from tests.unit.store.searched import holding

ROOT = Path(__file__).resolve().parents[2]
PLAIN, MATCHES = 3_000, 50


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """An archive with much to forget."""
    a_config(tmp_path / "config")
    (tmp_path / "archive").mkdir()
    store = open_store(f"sqlite:///{tmp_path}/archive/monitor.db")
    old = datetime.now(UTC) - timedelta(days=90)
    with store.begin() as shelves:
        for number in range(PLAIN + MATCHES):
            text = f"Report {number} of the harbour. " * 60
            verdict = Verdict("one", 0.9 if number < MATCHES else 0.1, 0.5)
            shelves.articles.add(an_article(id=f"a{number}", text=text, found_at=old), "hash", [verdict])
    store.close()
    return tmp_path


def _tidy(world: Path) -> subprocess.Popen[bytes]:
    options = ["--config", str(world / "config"), "--archive", str(world / "archive")]
    command = [sys.executable, "-m", "monitor", *options, "tidy", "--compact"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _left(world: Path) -> int:
    """How many texts are not forgotten yet; the archive is looked through."""
    store = open_store(f"sqlite:///{world}/archive/monitor.db")
    try:
        assert store.check() == ""
        with store.read() as shelves:
            assert len(shelves.articles.with_ids(f"a{number}" for number in range(PLAIN + MATCHES))) == PLAIN + MATCHES
            assert len(holding(shelves, "harbour", Narrowed(topic="one"))) == MATCHES
            kept = len(shelves.articles.remembered(None, limit=PLAIN + MATCHES))
            asked = Term(("harbour",))
            assert len(shelves.search.rank(asked, Narrowed(), limit=PLAIN + MATCHES).places) == kept
            return kept
    finally:
        store.close()


def test_killed_at_any_moment_the_archive_is_sound_and_the_next_one_goes_on(world: Path) -> None:
    chance = random.Random(6)
    size = (world / "archive" / "monitor.db").stat().st_size
    log = world / "archive" / "monitor.db-wal"
    killed, left = 0, [_left(world)]
    for _ in range(3):
        process = _tidy(world)
        while process.poll() is None and not (log.exists() and log.stat().st_size):
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        left.append(_left(world))
    assert killed > 0
    assert left == sorted(left, reverse=True)
    assert _tidy(world).wait() == 0
    assert _left(world) == MATCHES
    assert (world / "archive" / "monitor.db").stat().st_size < size / 2
