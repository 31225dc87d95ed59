"""The connection to the database: how SQLite is set up, and its errors in words a person can act on.

The other engine is set up in `postgres`; which one it is, an archive's address says.

Every transaction is opened by us: `BEGIN IMMEDIATE` for writing, so that a writer waits at its start and never fails in
its middle; a plain `BEGIN` for reading, which sees one consistent state and cannot write. Each commit is synced to the
disk (`synchronous=FULL`): a digest that was told must not be forgotten by a power cut.
"""

import re
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
from monitor.store import postgres

SHRINKING = "auto_vacuum=INCREMENTAL"  # set before the first table, or by a VACUUM (sqlite.org/pragma.html)
WRITING = "monitor_writing"  # execution option of a connection: its next transaction may write...
CLAIMING = "claiming"  # ...in turn with others that have this value there
_BUSY_SECONDS = 60
_UNREADABLE = "Could not decode"  # how the driver begins where damaged bytes are a text, or stand in SQLite's own words
_PASSWORD = re.compile(r":[^:@/]*@")
_WRITE = "write sqlite:////absolute/path/monitor.db or postgresql://user:password@host/database"
_ESCAPES = "%40 for @, %3A for :, %2F for /, %3F for ?, %23 for # and %25 for %"

_ADVICE = {
    "SQLITE_FULL": "the disk is full: make room; nothing was lost, the last step was undone",
    "SQLITE_READONLY": "it may not be written to: check the owner and the mode of the file and of its folder",
    "SQLITE_CANTOPEN": "it cannot be opened: check that its folder exists and may be written to by this user",
    "SQLITE_NOTADB": "it is not an SQLite database, or damaged: name another file, or put back a backup",
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
    shown = _PASSWORD.sub(":***@", url)
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StoreError(f"{shown!r} is no archive: {_WRITE}") from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(f"{shown!r}: an archive is kept in SQLite or in PostgreSQL; {_WRITE}")
    if "@" in (parsed.host or ""):
        raise StoreError(f"the archive's address has an @ too many: in user and password write {_ESCAPES}")
    if parsed.get_backend_name() == "postgresql" and not parsed.database:
        raise StoreError(f"{shown!r} names no database; {_WRITE}")
    return parsed


def is_file(url: URL) -> bool:
    """Whether the archive is SQLite's: a file, or in memory."""
    return url.get_backend_name() == "sqlite"


def path_of(url: URL) -> Path | None:
    """The database's file; None for an archive in memory or on a server."""
    if not is_file(url) or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database).removeprefix("file:"))


def name_of(url: URL) -> str:
    """What an archive is called in messages; never with a password."""
    return str(path_of(url) or "in memory") if is_file(url) else postgres.shown(url)


def file_of(url: str) -> Path | None:
    """`path_of` for an address as the settings have it. Raises StoreError."""
    return path_of(parse_url(url))


def named(url: str) -> str:
    """`name_of` for an address as the settings have it. Raises StoreError."""
    return name_of(parse_url(url))


def build_engine(url: URL) -> Engine:
    """An engine whose connections are set up as the module says; no connection is made yet.

    StoreError when the driver it needs is not installed.
    """
    if not is_file(url):
        engine = postgres.build_engine(url)
        event.listen(engine, "begin", _begin)
        return engine
    options: dict[str, Any] = {"connect_args": {"timeout": _BUSY_SECONDS}}
    if path_of(url) is None:
        options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    engine = create_engine(url, module=DRIVER, **options)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver opens no transactions of its own
    try:
        for setting in ("foreign_keys=ON", "synchronous=FULL", "journal_size_limit=67108864", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {setting}")
    except UnicodeDecodeError as error:
        raise DRIVER.DatabaseError(_UNREADABLE) from error


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    if connection.dialect.name != "sqlite":
        postgres.begin(connection, writing=bool(writing), claiming=writing == CLAIMING)
        return
    # Bare, for there are tens of thousands a day: a statement of SQLAlchemy's costs ten times what SQLite does for it.
    only = f"PRAGMA query_only={'OFF' if writing else 'ON'}"
    say_bare(connection, only, "BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def writing(engine: Engine, turn: bool | str = True) -> Iterator[Connection]:
    """One writing transaction on a connection of its own: committed when the block ends, undone when it raises.

    `turn`: CLAIMING for one that takes its turn with others of that kind.
    """
    with engine.connect().execution_options(**{WRITING: turn}) as connection, connection.begin():
        yield connection


def set_up_file(engine: Engine) -> None:
    """Readers and the writer do not wait for each other from now on, and a new file can shrink in steps; both stay set
    in the file.
    """
    with engine.connect() as connection:
        if not say_bare(connection, "PRAGMA page_count")[0][0]:
            say_bare(connection, f"PRAGMA {SHRINKING}")
        say_bare(connection, "PRAGMA journal_mode=WAL")


def say_bare(connection: Connection, *statements: str) -> list[Any]:
    """Say to SQLite what cannot be said, or not whole, within a transaction of SQLAlchemy's; the last answer's rows.

    Raises DatabaseError.
    """
    raw: Any = connection.connection.dbapi_connection
    rows: list[Any] = []
    for statement in statements:
        try:
            rows = raw.execute(statement).fetchall()  # some do the rest of their work while they are read
        except (DRIVER.Error, UnicodeDecodeError) as error:
            raise DatabaseError(statement, None, error) from error
    return rows


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn what can go wrong with files and disks into a StoreError; mistakes of the program stay what they are."""
    try:
        yield
    except DatabaseError as error:
        words = postgres.advice(error) if hasattr(error.orig, "sqlstate") else _advice_on_file(error)
        if words is None:
            raise
        raise StoreError(f"the archive {name}: {words}") from error


def _advice_on_file(error: DatabaseError) -> str | None:
    return advice(error.orig) if type(error) in (DatabaseError, OperationalError) else None


def advice(error: BaseException | None) -> str:
    """What is wrong, and what a person can do about an error of SQLite's driver."""
    if isinstance(error, UnicodeDecodeError) or str(error).startswith(_UNREADABLE):
        return _ADVICE["SQLITE_CORRUPT"]
    code = str(getattr(error, "sqlite_errorname", ""))
    for beginning, words in _ADVICE.items():
        if code.startswith(beginning):
            return words
    if str(error).startswith("no such table"):
        return "it holds nothing: if its file was moved away, stop the program, put the file back and start it again"
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
