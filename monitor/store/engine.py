"""The connection to the database: how SQLite is set up, and its errors in words a person can act on.

Every transaction is opened by us: `BEGIN IMMEDIATE` for writing, so that a writer waits at its start and never fails in
its middle; a plain `BEGIN` for reading, which sees one consistent state and cannot write. Each commit is synced to the
disk (`synchronous=FULL`): a digest that was told must not be forgotten by a power cut.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from monitor.errors import StoreError

WRITING = "monitor_writing"  # execution option of a connection: its next transaction may write
_BUSY_SECONDS = 60

_ADVICE = {
    "SQLITE_FULL": "the disk is full: make room; nothing was lost, the last step was undone",
    "SQLITE_READONLY": "it may not be written to: check the owner and the mode of the file and of its folder",
    "SQLITE_CANTOPEN": "it cannot be opened: check that its folder exists and may be written to by this user",
    "SQLITE_NOTADB": "it is not an SQLite database: name another file, or move this one away",
    "SQLITE_CORRUPT": "it is damaged: stop the daemon and put back a backup",
    "SQLITE_BUSY": f"another program kept it locked for {_BUSY_SECONDS} s: end that program, then try again",
    "SQLITE_IOERR": "the disk reported an error: look at the system's log and at the free space",
    "SQLITE_PERM": "this user may not use it: check the owner and the mode of the file",
}


def _driver() -> ModuleType:
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:  # only packaged for Linux; the standard library's will do elsewhere
        return sqlite3


DRIVER = _driver()


def sqlite_version() -> str:
    """The version of SQLite in use, as "3.53.4"."""
    return str(DRIVER.sqlite_version)


def parse_url(url: str) -> URL:
    """The URL of an archive; StoreError when it is none that this program can open."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"{url!r} is no archive: write sqlite:////absolute/path/monitor.db") from error
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(
            f"{url!r}: this version keeps its archive in SQLite; write sqlite:////absolute/path/monitor.db"
        )
    return parsed


def path_of(url: URL) -> Path | None:
    """The database's file; None for an archive in memory."""
    return None if url.database in (None, "", ":memory:") else Path(str(url.database).removeprefix("file:"))


def build_engine(url: URL) -> Engine:
    """An engine whose connections are set up as the module says; no connection is made yet."""
    options: dict[str, Any] = {"connect_args": {"timeout": _BUSY_SECONDS}}
    if path_of(url) is None:
        options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    engine = create_engine(url, module=DRIVER, **options)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver opens no transactions of its own
    for setting in ("foreign_keys=ON", "synchronous=FULL", "journal_size_limit=67108864", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def use_write_ahead_log(engine: Engine) -> None:
    """Readers and the writer do not wait for each other from now on; stays set in the file."""
    statement = "PRAGMA journal_mode=WAL"
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection  # for it must stand outside any transaction
        try:
            raw.execute(statement)
        except DRIVER.Error as error:
            raise DatabaseError(statement, None, error) from error


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn what can go wrong with files and disks into a StoreError; mistakes of the program stay what they are."""
    try:
        yield
    except DatabaseError as error:
        if type(error) not in (DatabaseError, OperationalError):
            raise
        raise StoreError(f"the archive {name}: {advice(error.orig)}") from error


def advice(error: BaseException | None) -> str:
    """What is wrong, and what a person can do about an error of the database's driver."""
    code = str(getattr(error, "sqlite_errorname", ""))
    for beginning, words in _ADVICE.items():
        if code.startswith(beginning):
            return words
    return f"the database says: {error}"


@contextmanager
def explained(place: Path) -> Iterator[None]:
    """What goes wrong with files at `place` within the block becomes a StoreError that says where and what to do."""
    try:
        yield
    except OSError as error:
        where = error.filename or place
        raise StoreError(
            f"{where}: {error.strerror or error}; make room, or see to its rights, and try again"
        ) from error
