"""PostgreSQL as it is set up through psycopg 3, and its errors in words a person can act on.

The rules are those of the file (see `engine`): one writer at a time, here by an advisory lock that its transaction
holds; readers see one moment and cannot write; a commit is on the disk when it returns, which is the server's default.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.util import find_spec
from itertools import count
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

from monitor.errors import StoreError

OLDEST = 15  # the oldest major version that is taken care of by its makers
WAIT_SECONDS = 60
_SPACE = "7061"  # first half of the advisory locks' keys; the second is the schema, for a database may have several
_WRITER, _CLAIMANT, _DAEMON, _QUEUE = "writer", "claimant", "daemon", "queue"
# What is due is read in the order of its index, whatever the planner thinks of a table that changes all the time.
_ALONG_THE_INDEX = "".join(
    f"SET LOCAL enable_{way} = off; " for way in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin")
)
# The server's limits of time are for programs that forget what they began; our longest step is long (as pg_dump's).
# What the address itself asks for stays.
_UNHURRIED = (
    f"SET lock_timeout = '{WAIT_SECONDS}s'; SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN "
    "('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout') "
    "AND setting <> '0' AND source <> 'client'"
)
_PREPARED = 300  # statements that a connection keeps prepared
_BIGINT, _BINARY = 20, 1  # as PostgreSQL numbers types and formats
_PLACE = re.compile("%s|%%")
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

# By SQLSTATE, the longest beginning first (postgresql.org/docs/current/errcodes-appendix.html).
_ADVICE = {
    "28": "the server does not let this user in: check user and password in archive.url, and the server's pg_hba.conf",
    "3D000": "the server has no such database: create it, for example by createdb --encoding=UTF8 --template=template0",
    "25P": "a time limit of the server ended the transaction: take it out of archive.url; the last step was undone",
    "25006": "it may not be written to: it is a standby or set to read only; name the primary server",
    "42501": "this user has too few rights: make it the owner of the database",
    "53100": "the server's disk is full: make room; nothing was lost, the last step was undone",
    "53300": "the server has no connection left: raise max_connections, or end programs that use it",
    "53": "the server has not enough memory or other means: look at its log",
    "55P03": f"another program kept it locked for {WAIT_SECONDS} s: end that program, then try again",
    "57P": "the server is shutting down or starting up: try again when it runs; the last step was undone",
    "57014": "the statement was cancelled on the server; the last step was undone, try again (a statement_timeout in "
    "archive.url does that, too)",
    "58": "the server's disk reported an error: look at its log and at the free space",
    "XX001": "a table is damaged: stop the daemon and restore a backup",
    "XX002": "an index is damaged: stop the daemon and let the server REINDEX the database",
}
_BEYOND_LIMITS, _DAMAGE = "54", ("58", "XX")
# What a refused connection says; libpq hands no SQLSTATE on.
_REFUSED = {
    "password authentication failed|no password supplied|no pg_hba.conf entry|authentication failed|role .* does not": (
        _ADVICE["28"]
    ),
    "database .* does not exist": _ADVICE["3D000"],
    "too many clients|remaining connection slots": _ADVICE["53300"],
    "starting up|shutting down": _ADVICE["57P"],
}
_WRONG_OPTION = re.compile("invalid connection option|invalid \\w+ value")
_AWAY = "the server does not answer: start it, and check host and port in archive.url"
_LOST = "the connection to the server broke off: the last step was undone, the next one connects again"


def build_engine(url: URL) -> Engine:
    """An engine whose connections are set up as the module says. StoreError where psycopg is not installed."""
    if find_spec("psycopg") is None:
        raise StoreError(
            f"the archive {shown(url)}: PostgreSQL needs one more package: pip install 'news-monitor[postgres]'"
        )
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        paramstyle="format",  # places by number, as SQLite's driver has them: see `bulk`
        pool_pre_ping=True,  # a restarted server costs a new connection and no error
        connect_args={"connect_timeout": 10, "application_name": "news-monitor", "client_encoding": "utf8"},
    )
    event.listen(engine, "connect", _set_up)
    return engine


def _set_up(connection: Any, _record: Any) -> None:
    connection.autocommit = True  # the driver opens no transactions of its own
    connection.execute(_UNHURRIED)
    # By its size a number would be one of three types, and a statement another for each, of which none stays prepared.
    connection.adapters.register_dumper(int, connection.adapters.get_dumper_by_oid(_BIGINT, _BINARY))
    connection.prepared_max = _PREPARED


def begin(connection: Connection, *, writing: bool, claiming: bool = False) -> None:
    """Open a transaction: in turn with other writers, or with others that claim; or reading at one moment."""
    if not writing:
        connection.exec_driver_sql(_BEGIN_READING)
        return
    lock = f"SELECT pg_advisory_xact_lock({_key(_CLAIMANT if claiming else _WRITER)})"
    connection.exec_driver_sql(f"BEGIN; {_ALONG_THE_INDEX if claiming else ''}{lock}")


def numbered(sql: str) -> str:
    """The statement with its places as the server has them ($1, $2, …), for `fetched`."""
    number = count(1)
    return _PLACE.sub(lambda found: "%" if found[0] == "%%" else f"${next(number)}", sql)


def fetched(connection: Connection, sql: str, given: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """The rows of a statement by `numbered`, from the driver itself, which need not look for its places.

    Raises DBAPIError as SQLAlchemy would.
    """
    dbapi: Any = connection.dialect.loaded_dbapi
    raw: Any = connection.connection.dbapi_connection
    try:
        with dbapi.RawCursor(raw) as cursor:
            cursor.execute(sql, given, binary=True)
            return list(cursor.fetchall()) if cursor.description else []
    except dbapi.Error as error:
        if raw.closed:
            connection.exec_driver_sql("SELECT 1")  # tells SQLAlchemy that it is lost, and raises that
        raise DBAPIError.instance(sql, given, error, dbapi.Error) from error


def want_fit(engine: Engine, name: str) -> None:
    """Raises StoreError for a server too old, or a database that cannot hold every script or has no place for us."""
    with engine.connect() as connection, connection.begin():
        version, encoding, schema = connection.exec_driver_sql(
            "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), current_schema()"
        ).one()
    if version < OLDEST * 10_000:
        raise StoreError(f"the archive {name}: the server is PostgreSQL {version // 10_000}; {OLDEST} is the oldest")
    if encoding != "UTF8":
        raise StoreError(
            f"the archive {name}: the database is encoded in {encoding} and cannot hold every script; create one by "
            "createdb --encoding=UTF8 --template=template0"
        )
    if schema is None:
        raise StoreError(
            f"the archive {name}: its search_path names no schema that exists and is open to this user: CREATE SCHEMA "
            "makes one, or correct the path in archive.url"
        )


def order_by_bytes(connection: Connection) -> None:
    """Let every column of text compare as SQLite does, by its bytes, whatever the database's own language."""
    columns = connection.exec_driver_sql(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
        " AND table_name <> 'alembic_version' ORDER BY table_name, column_name"
    ).all()
    changes: dict[str, list[str]] = {}
    for table, column in columns:
        changes.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE text COLLATE "C"')
    for table, parts in changes.items():
        connection.exec_driver_sql(f'ALTER TABLE "{table}" {", ".join(parts)}')


def check(connection: Connection, tables: list[str]) -> str:
    """Read every value of the tables and of the index of words; "" when the server could, else what is damaged.

    A mere count would read an index, and never what stands beside a table because it is long.
    """
    values = dict.fromkeys(tables, "CAST(entire AS text)") | {"article_words": "length(words)"}
    for table, value in values.items():
        try:
            connection.exec_driver_sql(f'SELECT count({value}) FROM "{table}" AS entire').scalar_one()
        except DBAPIError as error:
            if not str(getattr(error.orig, "sqlstate", "")).startswith(_DAMAGE):
                raise
            return f"{table}: {' '.join(str(error.orig).split())}"
    return ""


def go_on_counting(connection: Connection, tables: list[str]) -> None:
    """Let the numbers that the server gives begin behind those that are there."""
    for table in tables:
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'number'), max(number)) FROM \"{table}\""
        )


def advice(error: DBAPIError) -> str | None:
    """What is wrong, and what a person can do about it; None for what is a mistake of this program."""
    state = getattr(error.orig, "sqlstate", None) or ""
    words = str(error.orig).strip()
    if state.startswith(_BEYOND_LIMITS):  # by what is written, and so nobody's trouble but that reading's
        return None
    for beginning in sorted(_ADVICE, key=len, reverse=True):
        if state.startswith(beginning):
            return _ADVICE[beginning]
    if _WRONG_OPTION.search(words):
        return f"correct what stands behind the ? in archive.url: {words.splitlines()[-1].strip()}"
    if not isinstance(error, OperationalError):
        return None
    if state:
        return f"the server says: {words}"
    for pattern, meaning in _REFUSED.items():
        if re.search(pattern, words):
            return meaning
    return _LOST if error.connection_invalidated else f"{_AWAY} ({words.splitlines()[-1].strip()})" if words else _AWAY


def shown(url: URL) -> str:
    """The address without its password."""
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


@contextmanager
def alone(engine: Engine) -> Iterator[Any]:
    """A connection of the driver in no transaction; it and the engine are closed at the end."""
    try:
        with engine.connect() as connection:
            try:
                yield connection.connection.dbapi_connection
            finally:
                connection.invalidate()  # nothing to undo, and where it broke off the pool would log that it cannot
    except engine.dialect.loaded_dbapi.Error as error:
        raise OperationalError(None, None, error) from error
    finally:
        engine.dispose()


def hold(connection: Any, *, shared: bool = False) -> bool:
    """Take the daemon's lock for as long as a connection of `alone` lasts, `shared` with others that do so (workers);
    False when another has it.
    """
    kind = "_shared" if shared else ""
    return bool(connection.execute(f"SELECT pg_try_advisory_lock{kind}({_key(_DAEMON)})").fetchone()[0])


def let_go(connection: Any) -> None:
    """Give the daemon's lock back now: the server sees a closed connection a moment later than its holder."""
    with suppress(connection.Error):
        connection.execute("SELECT pg_advisory_unlock_all()")


def holders(connection: Any) -> int:
    """How many have the daemon's lock: one daemon, or any number of workers."""
    return int(connection.execute(f"SELECT count(*) FROM pg_locks WHERE {_holding()}").fetchone()[0])


def meet(connection: Any, mark: str) -> tuple[datetime, frozenset[str]]:
    """Show a mark to the others that have the daemon's lock; what time the server has, and their marks.

    Raises OperationalError where the connection of `alone` broke off.
    """
    try:
        connection.execute("SELECT set_config('application_name', %s, false)", (mark,))
        now, marks = connection.execute(
            "SELECT clock_timestamp(), array_agg(application_name) FROM pg_stat_activity JOIN pg_locks USING (pid)"
            f" WHERE {_holding()} AND pid <> pg_backend_pid()"
        ).fetchone()
    except connection.Error as error:
        raise OperationalError(None, None, error) from error
    return now, frozenset(marks or ())


def _holding() -> str:
    return (
        "locktype = 'advisory' AND granted AND objsubid = 2"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        f" AND classid = {_SPACE} AND objid::bigint = ({_half(_DAEMON)}::bigint & 4294967295)"
    )


def queue_room(connection: Any) -> tuple[str, str | None]:
    """The name of the workers' own schema, and the version of the library that laid it out; None when none has."""
    found = connection.execute(
        "SELECT room, obj_description(to_regnamespace(room), 'pg_namespace')"
        " FROM (SELECT current_schema() || '_queue') AS rooms (room)"
    )
    room, made_by = found.fetchone()
    return str(room), made_by


def lay_out_queue(connection: Any, room: str, name: str, version: str, layout: str) -> None:
    """Make the workers' schema anew, for this version of its library. StoreError while those of another are at work."""
    with connection.transaction():
        connection.execute(f"SELECT pg_advisory_xact_lock({_key(_QUEUE)})")
        _, made_by = queue_room(connection)
        if made_by == version:  # another worker was faster
            return
        if made_by is not None and holders(connection) > 1:
            raise StoreError(
                f"the archive {name}: workers with Procrastinate {made_by} are at work, this one has {version}; "
                "stop them first, then start all with one version"
            )
        connection.execute(f'DROP SCHEMA IF EXISTS "{room}" CASCADE')
        connection.execute(f'CREATE SCHEMA "{room}"')
        connection.execute(f"COMMENT ON SCHEMA \"{room}\" IS '{version}'")
        connection.execute(f'SET LOCAL search_path = "{room}"')
        connection.execute(layout)


def stands(connection: Any) -> bool:
    """Whether a connection of `alone` was not broken off."""
    try:
        connection.execute("SELECT 1")
    except connection.Error:
        return False
    return True


def _key(what: str) -> str:
    return f"{_SPACE}, {_half(what)}"


def _half(what: str) -> str:
    return f"hashtext('{what}:' || current_schema())"
