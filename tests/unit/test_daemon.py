"""The daemon as a process: it starts, ticks, reads its configuration again, stops in order, refuses a second one."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from apscheduler.executors.base import run_job

from monitor.app import open_app
from monitor.cli.common import hold_reloads
from monitor.daemon import STUCK_AFTER, Daemon
from monitor.model import Message, Verdict
from monitor.newsroom import Newsroom
from monitor.settings import Settings, load_settings
from monitor.store import open_store
from monitor.systemd import Manager
from tests.builders import a_message, an_article
from tests.fakes import NOON

ROOT = Path(__file__).resolve().parents[2]
TOPICS = """
[topics.drones]
title = "Drones"
bias = -2
clauses = [{ name = "drones", query = "drone OR drones", weight = 6 }]
"""
SUBSCRIPTION = """
[channel.folder]
kind = "file"
[[subscription]]
name = "daily"
topics = ["drones"]
channel = "folder"
schedule = "0 8 * * *"
zone = "Europe/Kyiv"
"""


class Running:
    """A daemon in a process of its own; its log lines are kept in a file."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log.txt"
        self._file = self.log.open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "--config", str(folder / "config"), "run"],
            stdout=self._file,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
        )

    def logged(self, words: str, seconds: float = 30) -> bool:
        """Whether the words appear in the log in time."""
        return waited(lambda: words in self.log.read_text(), seconds)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=15)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=10)
        self._file.close()


def waited(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def _monitor(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Another command on the same configuration, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "monitor", "--config", str(folder / "config"), command],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        check=False,
    )


def _configure(folder: Path, feeds: str) -> None:
    config = folder / "config"
    config.mkdir(exist_ok=True)
    (config / "monitor.toml").write_text(
        '[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\n[poll]\ncanaries = []\n'
        "[extract]\nworkers = 1\n"
    )
    (config / "topics.toml").write_text(TOPICS)
    (config / "subscriptions.toml").write_text(SUBSCRIPTION)
    (config / "feeds.toml").write_text(feeds)


@pytest.fixture(scope="module")
def newsroom() -> Iterator[str]:
    with Newsroom.open(opened_at=NOON) as opened:
        yield "".join(
            f'[[feed]]\nname = "{feed.name}"\nurl = "{feed.url}"\nkind = "{feed.kind}"\n' for feed in opened.feeds
        )


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    daemon = Running(folder)
    try:
        yield daemon
    finally:
        daemon.close()


def test_it_polls_tells_reloads_and_stops_in_order(tmp_path: Path, newsroom: str) -> None:
    _configure(tmp_path, newsroom)
    with running(tmp_path) as daemon:
        assert daemon.logged("feed read")
        second = _monitor(tmp_path, "run")
        assert second.returncode == 3
        assert str(daemon.process.pid) in second.stderr
        (tmp_path / "config" / "feeds.toml").write_text("[[feed]]\nnome = 'x'\n")
        daemon.process.send_signal(signal.SIGHUP)
        assert daemon.logged("the last good one stays")
        assert "did you mean 'name'" in daemon.log.read_text()
        (tmp_path / "config" / "feeds.toml").write_text(newsroom)
        with (tmp_path / "config" / "monitor.toml").open("a", encoding="utf-8") as file:
            file.write('\n[websub]\ncallback = "https://desk.example/hubs"\n')
        daemon.process.send_signal(signal.SIGHUP)
        assert daemon.logged("configuration read again")
        assert "[websub] has changed" in daemon.log.read_text()
        started = time.monotonic()
        assert daemon.stop() == 0
        assert time.monotonic() - started < 10
    assert "stopped" in daemon.log.read_text()
    assert _beats(tmp_path)["poll"]


def test_languages_without_word_forms_are_named_once(tmp_path: Path, newsroom: str) -> None:
    _configure(tmp_path, newsroom.replace("[[feed]]", '[[feed]]\nlanguage = "vi"', 1))
    (tmp_path / "config" / "concepts").mkdir()
    (tmp_path / "config" / "concepts" / "ja.toml").write_text('drone = "ドローン"', "utf-8")
    told = "no word forms are known: words match as written"
    with running(tmp_path) as daemon:
        assert daemon.logged(told)
        daemon.process.send_signal(signal.SIGHUP)
        assert daemon.logged("configuration read again")
        assert daemon.stop() == 0
    (line,) = [line for line in daemon.log.read_text().splitlines() if told in line]
    assert "ja, vi" in line


def test_a_topic_that_was_renamed_is_named_once(tmp_path: Path, newsroom: str) -> None:
    _configure(tmp_path, newsroom)
    (tmp_path / "archive").mkdir()
    store = open_store(f"sqlite:///{tmp_path / 'archive' / 'monitor.db'}")
    with store.begin() as shelves:
        verdicts = [Verdict(name, 0.9, 0.5) for name in ("drones", "uavs")]
        shelves.articles.add(an_article(found_at=datetime.now(UTC)), "hash", verdicts)
    store.close()
    told = "a topic that matched of late is no longer configured"
    with running(tmp_path) as daemon:
        assert daemon.logged(told)
        daemon.process.send_signal(signal.SIGHUP)
        assert daemon.logged("configuration read again")
        assert daemon.stop() == 0
    (line,) = [line for line in daemon.log.read_text().splitlines() if told in line]
    assert "topic=uavs" in line


def test_without_a_network_it_says_so_keeps_running_and_stops(tmp_path: Path) -> None:
    feeds = "".join(
        f'[[feed]]\nname = "f{n}"\nurl = "http://127.0.0.{n + 2}:9/feed"\n' for n in range(4)
    )  # port 9 is closed: nothing answers anywhere
    _configure(tmp_path, feeds)
    with running(tmp_path) as daemon:
        assert daemon.logged("own network down")
        assert "nothing can be reached" in daemon.log.read_text()
        assert daemon.process.poll() is None
        health = _monitor(tmp_path, "health")
        assert health.returncode == 1
        assert daemon.stop() == 0
    assert _beats(tmp_path)["poll"] is False


def test_a_wrong_configuration_refuses_to_start(tmp_path: Path) -> None:
    _configure(tmp_path, "[[feed]]\nnome = 'x'\n")
    with running(tmp_path) as daemon:
        assert daemon.process.wait(timeout=30) == 2
    assert not (tmp_path / "archive").exists()


def _beats(folder: Path) -> dict[str, bool]:
    store = open_store(f"sqlite:///{folder / 'archive' / 'monitor.db'}")
    try:
        with store.read() as shelves:
            return {name: beat.succeeded_at is not None for name, beat in shelves.pulse.beats().items()}
    finally:
        store.close()


def test_a_stop_in_the_middle_of_slow_visits_is_quick(tmp_path: Path) -> None:
    """A server that accepts and never answers must not hold the daemon."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        _configure(tmp_path, f'[[feed]]\nname = "slow"\nurl = "http://127.0.0.1:{port}/feed"\n')
        with running(tmp_path) as daemon:
            connection, _ = server.accept()
            with connection:
                started = time.monotonic()
                assert daemon.stop() == 0
                assert time.monotonic() - started < 10
    assert os.path.exists(tmp_path / "archive" / "monitor.db")


def test_a_round_longer_than_its_tick_is_no_warning(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        _configure(tmp_path, f'[[feed]]\nname = "slow"\nurl = "http://127.0.0.1:{server.getsockname()[1]}/feed"\n')
        settings = tmp_path / "config" / "monitor.toml"
        settings.write_text(settings.read_text().replace("[poll]\n", "[poll]\ntick_seconds = 5\n"))
        with running(tmp_path) as daemon:
            connection, _ = server.accept()
            with connection:
                time.sleep(6)
                assert daemon.stop() == 0
    assert "warning" not in daemon.log.read_text().replace("no word forms", "")


def test_a_mail_server_that_never_answers_holds_up_neither_other_channels_nor_the_end(
    tmp_path: Path, newsroom: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        _configure(tmp_path, newsroom)
        mail = f'host = "127.0.0.1"\nport = {server.getsockname()[1]}\nsecurity = "none"\n'
        addresses = 'from = "monitor@example.org"\nto = ["desk@example.org"]\n'
        told = SUBSCRIPTION.replace('kind = "file"', f'kind = "email"\n{mail}{addresses}')
        (tmp_path / "config" / "subscriptions.toml").write_text(told + '\n[channel.last]\nkind = "file"\n')
        arguments = ["--config", str(tmp_path / "config"), "digest", "send", "--now"]
        sending = subprocess.Popen([sys.executable, "-m", "monitor", *arguments], cwd=ROOT)
        connection, _ = server.accept()
        connection.close()  # the first try fails; the message waits in the outbox
        sending.wait(timeout=30)
        _try_at_once(tmp_path, a_message(channel="last", created_at=datetime.now(UTC)))
        with running(tmp_path) as daemon:
            connection, _ = server.accept()
            with connection:
                assert daemon.logged("channel=last")
                started = time.monotonic()
                assert daemon.stop() == 0
                assert time.monotonic() - started < 20  # on a busy machine; the mail server may take 30


def test_a_bug_in_reading_the_configuration_again_does_not_end_it(own_signals: None, tmp_path: Path) -> None:
    _configure(tmp_path, '[[feed]]\nname = "gone"\nurl = "http://127.0.0.1:9/feed"\n')
    asked = []

    def read() -> Settings:
        asked.append("reading")
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        raise ZeroDivisionError("a bug of ours")

    with open_app(load_settings(tmp_path / "config", {}), workers=0) as app:
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGHUP)).start()
        Daemon(app, read, lambda: None).run()
    assert asked == ["reading"]


def test_a_reload_asked_for_during_the_start_is_done_when_it_has_started(own_signals: None, tmp_path: Path) -> None:
    _configure(tmp_path, '[[feed]]\nname = "gone"\nurl = "http://127.0.0.1:9/feed"\n')
    settings = load_settings(tmp_path / "config", {})
    asked = []

    def read() -> Settings:
        asked.append("reading")
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        return settings

    hold_reloads()
    signal.pthread_kill(threading.get_ident(), signal.SIGHUP)  # those who run tests have other threads
    with open_app(settings, workers=0) as app:
        Daemon(app, read, lambda: None).run()
    assert asked == ["reading"]


def _try_at_once(folder: Path, another: Message) -> None:
    store = open_store(f"sqlite:///{folder / 'archive' / 'monitor.db'}")
    with store.begin() as shelves:
        (waiting,) = shelves.outbox.waiting(None, 1)
        shelves.outbox.postpone(waiting.message.key, datetime.now(UTC), "")
        shelves.outbox.put_notice(another)
    store.close()


def test_the_service_manager_hears_that_it_is_ready_lives_and_stops(
    tmp_path: Path, newsroom: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _configure(tmp_path, newsroom)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "3000000")
        daemon = Running(tmp_path)
        try:
            assert ear.recv(1000).startswith(b"READY=1\nSTATUS=following ")
            assert ear.recv(1000) == b"WATCHDOG=1"
            assert daemon.stop() == 0
            heard = [ear.recv(1000)]
            while heard[-1] == b"WATCHDOG=1":
                heard.append(ear.recv(1000))
            assert heard[-1] == b"STOPPING=1"
        finally:
            daemon.close()


def test_no_digest_is_composed_before_the_first_round() -> None:
    done: list[str] = []
    settings = SimpleNamespace(poll=SimpleNamespace(every=timedelta(seconds=60)))
    jobs = {name: (lambda name=name: done.append(name)) for name in ("poll", "digest", "deliver", "refetch", "tidy")}
    app: Any = SimpleNamespace(settings=settings, back_up=lambda: None, **jobs)
    tickers = {one.name: one for one in Daemon(app, lambda: app.settings, keep=lambda: None).tickers()}
    assert set(tickers) == {"poll", "digest", "deliver", "refetch", "backup", "tidy"}
    assert tickers["poll"].every == timedelta(seconds=60)
    for name in ("digest", "poll", "digest"):
        tickers[name].job()
    assert done == ["poll", "digest"]


def test_tickers_go_on_when_the_clock_is_put_back_or_forward() -> None:
    settings = SimpleNamespace(poll=SimpleNamespace(every=timedelta(seconds=60)))
    jobs = dict.fromkeys(("poll", "digest", "deliver", "refetch", "tidy", "back_up"), lambda: None)
    app: Any = SimpleNamespace(settings=settings, **jobs)
    daemon = Daemon(app, lambda: app.settings, keep=lambda: None)
    daemon._add_tickers()
    daemon._scheduler.start(paused=True)
    try:
        for job in daemon._scheduler.get_jobs():  # a clock of 1970 that was set right
            missed = job._get_run_times(job.next_run_time + timedelta(days=20_000))
            assert len(missed) == 2
        due = {job.id: job.next_run_time for job in daemon._scheduler.get_jobs()}
        daemon._keep_ticking()
        assert {job.id: job.next_run_time for job in daemon._scheduler.get_jobs()} == due
        for job in daemon._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC) + timedelta(days=365))
        daemon._keep_ticking()
        for job in daemon._scheduler.get_jobs():
            assert job.next_run_time - datetime.now(UTC) <= job.trigger.interval
    finally:
        daemon._scheduler.shutdown(wait=False)


def test_the_service_manager_hears_nothing_while_a_job_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    daemon = object.__new__(Daemon)
    daemon._manager = Manager({})
    daemon._manager.patience = 3.0
    monkeypatch.setattr(Manager, "tell", lambda _self, *words: told.extend(words))
    daemon._told_at, daemon._ended_at = time.monotonic() - 2, time.monotonic()
    daemon._show_life()
    assert told == ["WATCHDOG=1"]
    daemon._show_life()  # so soon again there is nothing to say
    daemon._told_at, daemon._ended_at = time.monotonic() - 2, time.monotonic() - STUCK_AFTER - 1
    daemon._show_life()
    assert told == ["WATCHDOG=1"]
    daemon._noting_the_end(lambda: None)()
    daemon._told_at -= 2
    daemon._show_life()
    assert told == ["WATCHDOG=1", "WATCHDOG=1"]


def _ticking(ticks: list[str]) -> Daemon:
    settings = SimpleNamespace(poll=SimpleNamespace(every=timedelta(seconds=60)))
    names = ("poll", "digest", "deliver", "refetch", "tidy", "back_up")
    jobs: dict[str, Any] = {name: (lambda name=name, **_: ticks.append(name)) for name in names}
    app: Any = SimpleNamespace(settings=settings, **jobs)
    daemon = Daemon(app, lambda: app.settings, keep=lambda: None)
    daemon._add_tickers()
    return daemon


def test_a_tick_slept_through_is_made_up_for_however_long_the_sleep_was() -> None:
    ticks: list[str] = []
    for job in _ticking(ticks)._scheduler.get_jobs():
        run_job(job, "default", [datetime.now(UTC) - timedelta(hours=9)], "test")
    assert sorted(ticks) == ["back_up", "deliver", "digest", "poll", "refetch", "tidy"]
