"""Workers at random killed, the server restarted, outlets publishing all the while: nothing is lost or told twice.

Real processes, a real SIGKILL, a real PostgreSQL, a real SMTP server, and hosts that count who asks them at once.
"""

import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from monitor.store import open_store
from tests.configfolder import told_by_mail
from tests.faults.crowd import Crowd
from tests.mailserver import MailServer, mail_server
from tests.postgres import Server, running
from tests.unit.jobs.conftest import TOPICS

ROOT = Path(__file__).resolve().parents[2]
PER_HOST = 2  # requests at the same time, as `[fetch] per_host` has it


@dataclass(frozen=True)
class Plan:
    """How large, and how bad."""

    feeds: int
    hosts: int
    workers: int
    seconds: float  # in which workers are killed
    every: float  # seconds, one or two of them
    pause: float  # seconds between two items of an outlet
    seed: int
    batch: int  # feeds that a worker visits in a round
    pages: int  # every so manieth outlet has its pages fetched, which stand on the next host
    patience: float  # seconds for all that was published to be read in the end
    hurried: bool = False  # whether the workers' clocks run fast


@dataclass
class Workers:
    """Those that run, by name."""

    config: Path
    archive: Path
    batch: int
    hurried: bool
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    begun: int = 0
    opened: float = field(default_factory=time.time)

    def start(self) -> None:
        self.begun += 1
        name = f"worker {self.begun}"
        fast = [f"since={self.opened}"] if self.hurried else []
        given = (str(self.config), str(self.archive), name, "0", str(self.batch), *fast)
        command = [sys.executable, "-m", "tests.faults.one_worker", *given]
        self.running[name] = subprocess.Popen(command, cwd=ROOT)

    def kill(self, name: str) -> None:
        worker = self.running.pop(name)
        worker.kill()
        worker.wait()

    def tend(self) -> None:
        """Start others for those that ended by themselves, as a service manager does: where the server is away, a
        worker that is just being started ends.
        """
        for name in [name for name, worker in self.running.items() if worker.poll() is not None]:
            del self.running[name]
            self.start()

    def stop(self) -> list[int]:
        """The codes with which they end when they are told to."""
        for worker in self.running.values():
            worker.terminate()
        return [worker.wait(60) for worker in self.running.values()]


def _configured(folder: Path, crowd: Crowd, url: str, mail: int, pages: int) -> Path:
    folder.mkdir()
    (folder / "concepts").mkdir()
    shutil.copytree(ROOT / "config" / "templates", folder / "templates")
    (folder / "topics.toml").write_text(TOPICS, "utf-8")
    (folder / "feeds.toml").write_text(crowd.config(pages), "utf-8")
    (folder / "subscriptions.toml").write_text(told_by_mail(mail, "* * * * *"), "utf-8")
    (folder / "monitor.toml").write_text(
        f'[archive]\nurl = "{url}"\n[poll]\ncanaries = []\ninterval_minutes = 1\ninterval_min_minutes = 1\n'
        f'[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\nper_host = {PER_HOST}\n'
        "[extract]\nworkers = 0\n[digest]\nmax_age_days = 30\n",
        "utf-8",
    )
    return folder


@contextmanager
def _at_work(workers: Workers, number: int) -> Iterator[None]:
    try:
        for _ in range(number):
            workers.start()
        yield
    finally:
        for name in list(workers.running):
            workers.kill(name)


def _trouble(plan: Plan, workers: Workers, server: Server) -> int:
    """Kill and start, restart the server in the middle; how many were killed."""
    dice = random.Random(plan.seed)
    began = time.monotonic()
    killed, restarted = 0, False
    while (gone := time.monotonic() - began) < plan.seconds:
        time.sleep(plan.every)
        if gone > plan.seconds / 2 and not restarted:
            server.stop()
            time.sleep(1)
            server.start()
            restarted = True
        workers.tend()
        for name in dice.sample(sorted(workers.running), dice.choice((1, 2)) if plan.workers > 2 else 1):
            workers.kill(name)
            killed += 1
            workers.start()
    assert restarted
    return killed


def _links(url: str) -> Counter[str]:
    with psycopg.connect(url) as connection:
        return Counter(row[0] for row in connection.execute("SELECT url FROM articles"))


def _settled(url: str, crowd: Crowd, patience: float) -> None:
    """Wait until everything is read, told and sent."""
    published = crowd.published()
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with psycopg.connect(url) as connection:
            ((waiting,),) = connection.execute("SELECT count(*) FROM messages WHERE state = 'waiting'").fetchall()
            ((untold,),) = connection.execute(
                "SELECT count(*) FROM reports WHERE NOT EXISTS (SELECT FROM told WHERE told.story = reports.story)"
            ).fetchall()
        if not (waiting or untold) and _links(url).keys() >= published:
            return
        time.sleep(1)
    missing = published - _links(url).keys()
    raise AssertionError(f"{len(missing)} not read, {untold} not told, {waiting} not sent: {sorted(missing)[:3]}")


def _play(plan: Plan, tmp_path: Path) -> str:
    """What was seen, in a line."""
    crowd = Crowd(plan.feeds, plan.hosts, plan.seed, plan.pause)
    with running(max_connections="120", shared_buffers="128MB") as server, mail_server() as mailbox, crowd:
        url = server.database("archive")
        open_store(url).close()
        config = _configured(tmp_path / "config", crowd, url, mailbox.port, plan.pages)
        workers = Workers(config, tmp_path / "archive", plan.batch, plan.hurried)
        with _at_work(workers, plan.workers):
            killed = _trouble(plan, workers, server)
            crowd.end()
            workers.tend()
            _settled(url, crowd, plan.patience)
            assert workers.stop() == [0] * plan.workers
        _check(url, crowd, mailbox, least=max(1, int(plan.seconds / 60)))
        return f"{killed} killed, {len(crowd.published())} items, {len(mailbox.mails)} mails, {crowd.asked} requests"


def _check(url: str, crowd: Crowd, mailbox: MailServer, least: int) -> None:
    published, links = crowd.published(), _links(url)
    assert links.keys() == published
    assert set(links.values()) == {1}
    with psycopg.connect(url) as connection:

        def said(statement: str) -> list[tuple[object, ...]]:
            return list(connection.execute(statement).fetchall())

        assert said("SELECT sum(new), (SELECT count(*) FROM items) FROM visits") == [(len(published),) * 2]
        assert said("SELECT count(*) FROM revisions") == [(0,)]
        assert said("SELECT count(*) FROM reports") == [(crowd.matching(),)]
        # Every window begins where the one before it ended, and no story is in two of them.
        windows = said("SELECT window_start, window_end FROM digests ORDER BY window_end")
        assert all(one[1] == other[0] for one, other in pairwise(windows))
        assert said("SELECT story FROM told GROUP BY story, subscription HAVING count(*) > 1") == []
        sent = said("SELECT message_id FROM messages WHERE state = 'delivered'")
    ids = Counter(str(mail.parsed()["Message-ID"]) for mail in mailbox.mails)
    assert ids.keys() == {str(row[0]) for row in sent}
    assert set(ids.values()) == {1}
    assert len(ids) >= least
    crowded = {host: number for host, number in crowd.most.items() if number > PER_HOST}
    assert not crowded


def test_two_workers_of_a_few_feeds(tmp_path: Path) -> None:
    few = Plan(60, hosts=24, workers=2, seconds=12, every=5, pause=8, seed=3, batch=8, pages=1, patience=240)
    _play(replace(few, hurried=True), tmp_path)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_four_workers_of_five_thousand_feeds(tmp_path: Path) -> None:
    many = Plan(
        5_000, hosts=500, workers=4, seconds=300, every=20, pause=120, seed=8, batch=500, pages=15, patience=1800
    )
    print(_play(many, tmp_path))
