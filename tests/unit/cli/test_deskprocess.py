"""The desk of `monitor run`, in its own process: opened, told, started again, taken along."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest

from monitor.cli.common import Exit, Paths
from monitor.cli.deskprocess import serve
from monitor.workers import GIVES_WAY
from tests.mailserver import free_port
from tests.unit.cli.calling import Call, Town
from tests.unit.web.visiting import Visitor


@contextmanager
def running(town: Town) -> Iterator[subprocess.Popen[str]]:
    """`monitor run`, its log in a file beside the archive."""
    with (town.archive.parent / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "monitor", *town.options, "run"], stderr=log, text=True)
        try:
            until(lambda: "daemon started" in said(town), what=lambda: said(town))
            yield process
        finally:
            process.kill()
            process.wait()


def said(town: Town) -> str:
    return (town.archive.parent / "log").read_text("utf-8")


def until(true: Callable[[], bool], seconds: float = 60, what: Callable[[], str] = str) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what()
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        return Visitor(f"http://127.0.0.1:{port}").get("/health/live").status == 200
    except OSError:
        return False


def child_of(process: subprocess.Popen[str]) -> int:
    """The process in which the desk is: the one child with a pipe for its work."""
    found = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _parent(entry) == process.pid and b"spawn_main" in _command(entry)
    ]
    assert len(found) == 1
    return found[0]


def _parent(entry: Path) -> int:
    try:
        return int(re.search(r"^PPid:\s*(\d+)", (entry / "status").read_text(), re.M)[1])  # type: ignore[index]
    except OSError:
        return 0


def _command(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def desked(copied: Town) -> tuple[Town, int]:
    port = free_port()
    return copied.with_settings(f'[web]\nenabled = true\nlisten = "127.0.0.1:{port}"\n'), port


def test_a_page_that_edits_the_files_tells_the_daemon_and_the_daemon_tells_the_desk(desked: tuple[Town, int]) -> None:
    town, port = desked
    visitor = Visitor(f"http://127.0.0.1:{port}")
    with running(town) as process:
        new = {"url": "http://127.0.0.1:1/feed", "title": "Quay Letter", "name": "quay-letter"}
        assert visitor.post("/feeds/add", new).status == 303
        until(lambda: "configuration read again" in said(town))
        assert f"feeds={8 + 1}" in said(town).partition("configuration read again")[2]
        file = town.config / "feeds.toml"
        file.write_text(file.read_text("utf-8").replace("Quay Letter", "Harbour Letter"), "utf-8")
        process.send_signal(signal.SIGHUP)
        until(lambda: "Harbour Letter" in visitor.get("/feeds").text)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == Exit.OK
    assert not answers(port)
    assert "Traceback" not in said(town)


def test_a_desk_that_dies_is_started_again_and_one_without_its_daemon_ends(desked: tuple[Town, int]) -> None:
    town, port = desked
    with running(town) as process:
        first = child_of(process)
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == os.getpriority(os.PRIO_PROCESS, first) + GIVES_WAY
        os.kill(first, signal.SIGKILL)
        until(lambda: not answers(port))
        until(lambda: answers(port))
        assert os.getpriority(os.PRIO_PROCESS, second := child_of(process)) == os.getpriority(os.PRIO_PROCESS, 0)
        assert second != first
        assert "the desk ended and is started again" in said(town)
        process.kill()
        process.wait()
        until(lambda: not answers(port))


def test_its_metrics_tell_what_the_daemon_spent_on_pages(desked: tuple[Town, int]) -> None:
    town, port = desked
    for name in ("monitor.db", "monitor.db-wal", "monitor.db-shm"):
        (town.archive / name).unlink(missing_ok=True)  # so that there are pages to be read
    visitor = Visitor(f"http://127.0.0.1:{port}")
    with running(town):
        until(lambda: "monitor_extraction_seconds_count 0.0" not in visitor.get("/metrics").text)


def test_a_place_that_is_taken_ends_the_daemon_at_its_start(copied: Town, call: Call) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        town = copied.with_settings(f'[web]\nenabled = true\nlisten = "{place}"\n')
        ended = call(*town.options, "run")
    assert ended.code == Exit.NOT_WELL
    assert f"the desk cannot listen on {place}" in ended.err


def test_a_desk_that_stands_open_is_refused_before_anything_is_started(copied: Town, call: Call) -> None:
    town = copied.with_settings('[web]\nenabled = true\nlisten = "0.0.0.0:8180"\n')
    ended = call(*town.options, "run")
    assert ended.code == Exit.USAGE
    assert "can be reached by others" in ended.err


def test_a_desk_that_cannot_start_and_finds_nobody_to_tell_ends_quietly(tmp_path: Path) -> None:
    spawned = get_context("spawn")
    theirs, ours = spawned.Pipe()
    process = spawned.Process(target=serve, args=(Paths(tmp_path / "none", tmp_path / "archive"), ours))
    theirs.close()
    process.start()
    process.join(60)
    assert process.exitcode == 0
