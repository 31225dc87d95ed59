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
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.site import free_port
from monitor.newsroom import Newsroom
from monitor.store import Store, open_store
from tests.configfolder import a_config, followed, told_by_mail
from tests.hubserver import hub_server
from tests.mailserver import MailServer, mail_server
from tests.newsserver import Answer, NewsServer
from tests.unit.store.searched import holding

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


Start = Callable[..., "subprocess.Popen[bytes]"]  # with a name, and "hubs" for the one that they can reach


@contextmanager
def _workers(config: Path, archive: Path, ahead: float | None = None) -> Iterator[Start]:
    """Start workers by name; at the end those that still run are told to stop, and must do so."""
    started: list[subprocess.Popen[bytes]] = []
    seconds = (STARTED - datetime.now(UTC)).total_seconds() if ahead is None else ahead

    def start(name: str, *more: str) -> "subprocess.Popen[bytes]":
        place = (str(config), str(archive), name, str(seconds), *more)
        arguments = [sys.executable, "-m", "tests.faults.one_worker", *place]
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
            links = Counter(hit.article.entry.link for hit in holding(shelves))
        told = _told(store)
    assert len(links) > 40
    assert set(links.values()) == {1}
    assert len(told) > 5
    assert set(told.values()) == {1}
    ids = Counter(str(mail.parsed()["Message-ID"]) for mail in mailbox.mails)
    assert set(ids.values()) == {1}


def test_one_of_the_workers_is_reached_by_hubs(tmp_path: Path, server_url: str) -> None:
    with ExitStack() as stack:
        news, hub = stack.enter_context(NewsServer()), stack.enter_context(hub_server())
        feed, port = news.url("/feed"), free_port()

        def document(*titles: str) -> bytes:
            items = "".join(f"<item><guid>{title}</guid><title>A drone: {title}</title></item>" for title in titles)
            links = f"<a:link rel='hub' href='{hub.url}'/><a:link rel='self' href='{feed}'/>"
            head = "<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><title>Courier</title>"
            return f"{head}{links}{items}</channel></rss>".encode()

        news.put("/feed", Answer(body=document("one"), headers={"Content-Type": "application/rss+xml"}))
        callback = f'[websub]\ncallback = "http://127.0.0.1:{port}/hubs"\nlisten = "127.0.0.1:{port}"\n'
        main = f'[archive]\nurl = "{server_url}"\n[fetch]\nallow_private = ["127.0.0.0/8"]\n{callback}'
        config = a_config(
            tmp_path / "config",
            {"feeds.toml": f'[[feed]]\nname = "courier"\nurl = "{feed}"\npages = "never"\n', "monitor.toml": main},
        )
        store = stack.enter_context(closing(open_store(server_url)))
        start = stack.enter_context(_workers(config, tmp_path / "archive", ahead=0.0))
        start("one")
        start("two", "hubs")
        _wait(lambda: [one.mode for one in hub.asked] == ["subscribe"], 60)
        _wait(lambda: hub.verify() == [200], 30)
        visits = news.count("/feed")
        assert hub.publish(feed, document("one", "two")) == [202]
        _wait(lambda: _titles(store) == {"A drone: one", "A drone: two"}, 60)
        assert news.count("/feed") == visits, "nobody had to ask the feed"


def _titles(store: Store) -> set[str]:
    with store.read() as shelves:
        return {hit.article.title for hit in holding(shelves, "drone")}


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
