"""What deploy/compose.yaml starts, started: each command and each check of health, by its words.

There is no engine for containers here, so the processes run on this machine: with the environment of the file and no
other, a server with the user and database that the image makes, and the signal that stops a container. As the file
system of a container is read-only, nothing may be written but to the archive and to /tmp.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.site import free_port
from monitor.cli.common import Exit
from monitor.newsroom import Newsroom
from monitor.web.access import password_hash
from tests.configfolder import followed
from tests.postgres import Server, running

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
PASSWORD = "several words in a row"
GRACE = 15.0  # seconds, `stop_grace_period`


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    """A server with the user and the database of the file, that asks for the password."""
    with running() as server:
        given = SERVICES["database"]["environment"]
        server.say(f"CREATE ROLE {given['POSTGRES_USER']} LOGIN SUPERUSER PASSWORD 'secret'")
        server.say(f"CREATE DATABASE {given['POSTGRES_DB']} OWNER {given['POSTGRES_USER']} TEMPLATE template0")
        yield server


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """Something to read."""
    with Newsroom.open(opened_at=datetime(2026, 3, 2, 12, 0, tzinfo=UTC)) as opened:
        yield opened


class Box:
    """A place as a container has it: configuration and archive, and nothing else to write to."""

    def __init__(self, folder: Path, server: Server, newsroom: Newsroom, port: int) -> None:
        self.folder, self.port = folder, port
        shutil.copytree(ROOT / "config", folder / "config")
        (folder / "archive").mkdir()
        (folder / "config" / "feeds.toml").write_text(followed(newsroom), "utf-8")
        (folder / "config" / "monitor.toml").write_text(
            '[archive]\nurl = "env:MONITOR_DATABASE"\n[web]\n'
            f'listen = "127.0.0.1:{port}"\npassword = "{password_hash(PASSWORD)}"\n'
            '[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\n[poll]\ncanaries = []\n',
            "utf-8",
        )
        template: str = SERVICES["worker"]["environment"]["MONITOR_DATABASE"]
        head, _, tail = template.partition("${MONITOR_DB_PASSWORD:?set the password of the database}")
        url = f"{head}secret{tail}".replace("@database/", "@/") + f"?host={server.folder}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": "/proc/nowhere",  # where nobody can write, as in a container
            "MONITOR_DATABASE": url,
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(ROOT),
        }
        self._before = self._files()

    def _files(self) -> dict[str, float]:
        """Everything but the archive, with the time of its last change."""
        return {
            str(path): path.stat().st_mtime
            for path in sorted(self.folder.rglob("*"))
            if self.folder / "archive" not in (path, *path.parents)
        }

    def untouched(self) -> bool:
        """Whether nothing was written but to the archive."""
        return self._files() == self._before

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """The image's entry point with this command, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "monitor", *command],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip

    @contextmanager
    def started(self, service: str) -> Iterator["subprocess.Popen[bytes]"]:
        """The service; it is told to stop at the end, and must do so in time."""
        command = [sys.executable, "-m", "monitor", *SERVICES[service]["command"]]
        with subprocess.Popen(command, cwd=self.folder, env=self.environment) as process:
            try:
                yield process
                began = time.monotonic()
                process.send_signal(signal.SIGTERM)
                assert process.wait(GRACE) == Exit.OK
                assert time.monotonic() - began < GRACE
            finally:
                process.kill()


def _wait(until: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.5)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory, database: Server, newsroom: Newsroom) -> Box:
    """One for all, as the volumes are."""
    return Box(tmp_path_factory.mktemp("box"), database, newsroom, free_port())


def test_the_database_is_healthy_when_it_answers(database: Server, tmp_path: Path) -> None:
    _, program, *arguments = SERVICES["database"]["healthcheck"]["test"]

    def asked(folder: Path) -> int:
        command = [database._programs / program, *arguments, f"--host={folder}"]
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode

    assert asked(database.folder) == 0
    assert asked(tmp_path) != 0


@pytest.mark.timeout(400)  # it waits for a whole round, by the clock
def test_workers_read_and_are_healthy_and_stop_in_time(box: Box) -> None:
    assert box.run("check").returncode == Exit.OK
    with box.started("worker"), box.started("worker"):
        _wait(lambda: box.run("search", "air").returncode == Exit.OK, 150)
        _wait(lambda: box.run("health").returncode == Exit.OK, 100)
    assert box.untouched()


def test_the_desk_answers_and_asks_for_the_password(box: Box) -> None:
    def answers(path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{box.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    with box.started("desk"):
        _wait(lambda: answers("/health/live") == 200, 60)
        with urllib.request.urlopen(f"http://127.0.0.1:{box.port}/", timeout=5) as page:
            assert b'type="password"' in page.read()
        assert answers("/api/v1/stories") in (401, 403)
    assert box.untouched()


def test_a_password_that_is_missing_or_wrong_is_told(box: Box) -> None:
    given = box.environment.pop("MONITOR_DATABASE")
    try:
        told = box.run("worker")
        assert told.returncode == Exit.USAGE
        assert "MONITOR_DATABASE" in told.stderr
    finally:
        box.environment["MONITOR_DATABASE"] = given


def test_secrets_may_stand_in_a_file(box: Box) -> None:
    secret = box.folder / "database-url"
    secret.write_text(box.environment["MONITOR_DATABASE"], "utf-8")
    secret.chmod(0o644)
    main = box.folder / "config" / "monitor.toml"
    text = main.read_text("utf-8")
    main.write_text(text.replace("env:MONITOR_DATABASE", f"file:{secret}"), "utf-8")
    try:
        assert box.run("search", "air").returncode == Exit.OK
    finally:
        main.write_text(text, "utf-8")
