"""Workers that share an archive, killed and started anew: every item is stored once, every digest sent once.

A real newsroom on loopback, a real SMTP server, a real PostgreSQL, real processes and a real SIGKILL.
"""

import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.newsroom import Newsroom
from monitor.store import Store, open_store
from tests.configfolder import followed, told_by_mail
from tests.mailserver import MailServer, mail_server

ROOT = Path(__file__).resolve().parents[2]
OPENED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # the newsroom's day
STARTED = OPENED + timedelta(hours=18)


@pytest.fixture
def mailbox() -> Iterator[MailServer]:
    """Where digests arrive."""
    with mail_server() as server:
        yield server


@pytest.fixture
def config(tmp_path: Path, mailbox: MailServer, server_url: str) -> Iterator[Path]:
    """A newsroom's feeds, a digest a minute by mail, an archive on a server."""
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "config", folder)
    with Newsroom.open(opened_at=OPENED) as newsroom:
        (folder / "feeds.toml").write_text(followed(newsroom), encoding="utf-8")
        (folder / "monitor.toml").write_text(
            f'[archive]\nurl = "{server_url}"\n[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\n',
            encoding="utf-8",
        )
        (folder / "subscriptions.toml").write_text(told_by_mail(mailbox.port, "* * * * *"), encoding="utf-8")
        yield folder


Start = Callable[[str], "subprocess.Popen[bytes]"]


@contextmanager
def _workers(config: Path, archive: Path) -> Iterator[Start]:
    """Start workers by name; at the end those that still run are told to stop, and must do so."""
    started: list[subprocess.Popen[bytes]] = []
    ahead = (STARTED - datetime.now(UTC)).total_seconds()

    def start(name: str) -> "subprocess.Popen[bytes]":
        arguments = [sys.executable, "-m", "tests.faults.one_worker", str(config), str(archive), name, str(ahead)]
        started.append(subprocess.Popen(arguments, cwd=ROOT))
        return started[-1]

    try:
        yield start
        running = [worker for worker in started if worker.poll() is None]
        for worker in running:
            worker.terminate()
        assert [worker.wait(30) for worker in running] == [0] * len(running)
    finally:
        for worker in started:
            worker.kill()
            worker.wait()


def _wait(until: Callable[[], object], seconds: int) -> None:
    for _ in range(seconds * 10):
        if until():
            return
        time.sleep(0.1)
    raise AssertionError("it took too long")


def test_killed_workers_lose_nothing_and_repeat_nothing(
    config: Path, mailbox: MailServer, server_url: str, tmp_path: Path
) -> None:
    store = open_store(server_url)
    with closing(store), _workers(config, tmp_path / "archive") as start:
        first, second = start("one"), start("two")
        _wait(lambda: _claimed(store), 60)
        first.send_signal(signal.SIGKILL)
        start("three")
        _wait(lambda: _told(store) and mailbox.mails, 90)
        second.send_signal(signal.SIGKILL)
        time.sleep(4)  # in which what it held is taken up again
        _wait(lambda: _waiting(store) == 0, 30)
        with store.read() as shelves:
            links = Counter(hit.article.entry.link for hit in shelves.search.find("", limit=1000))
        told = _told(store)
    assert len(links) > 40
    assert set(links.values()) == {1}
    assert len(told) > 5
    assert set(told.values()) == {1}
    ids = Counter(str(mail.parsed()["Message-ID"]) for mail in mailbox.mails)
    assert set(ids.values()) == {1}


def _claimed(store: Store) -> int:
    with store.read() as shelves:
        return len(shelves.claims.held(datetime(2026, 1, 1, tzinfo=UTC)))


def _told(store: Store) -> Counter[str]:
    """How often each story was told, once all are."""
    with store.read() as shelves:
        stories = shelves.stories.recent(STARTED - timedelta(days=30), STARTED + timedelta(days=30))
        times = {story.id: len(shelves.outbox.told(story.id)) for story in stories}
    return Counter(times) if all(times.values()) else Counter()


def _waiting(store: Store) -> int:
    with store.read() as shelves:
        return sum(shelves.outbox.counts().get(state, 0) for state in ("waiting", "held"))
