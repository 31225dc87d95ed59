"""An archive copied from one database to another, file or server, either way: all rows of one moment, then the index.

    schema, marked as unfinished → each table in the order of its primary key, a portion a transaction → search index
    → counts and hashes of both compared → the mark taken away

Killed at any point, the same call goes on where it was: what stands there already tells how far it came. Until the end
nobody else opens the copy, for the mark stands where the number of the schema would be. Tables are compared by the
number of their rows and by BLAKE2b (RFC 7693) over the lines of `dump`, which are the same on either engine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from hashlib import blake2b
from itertools import zip_longest
from typing import Any

from msgspec import Struct
from sqlalchemy import URL, Connection, Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError

from monitor.errors import StoreError
from monitor.store import postgres
from monitor.store.archive import Store, exists, open_store
from monitor.store.bulk import slices
from monitor.store.dump import Dump, as_stored, index_words, keys_of
from monitor.store.engine import build_engine, is_file, name_of, parse_url, path_of, set_up_file, translated, writing
from monitor.store.lock import ArchiveLock
from monitor.store.migrate import HEAD, UNFINISHED, migrate
from monitor.store.schema import metadata

_ROWS, _TEXTS = 2_000, 200  # in a transaction: of a table, of the index
_TABLES = tuple(one.name for one in metadata.sorted_tables)
_MARK = f"{UNFINISHED} {HEAD}"
Progress = Callable[[str, int, int], None]  # which table, how many of its rows, of how many


class Compared(Struct, frozen=True):
    """A table on both sides."""

    rows: int
    sum: str  # BLAKE2b, hexadecimal


class Copied(Struct, frozen=True):
    """What was copied: by table what both sides have, and how many rows stood there from an earlier try."""

    tables: Mapping[str, Compared]
    before: int

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(one.rows for one in self.tables.values())


def copy(source: str, target: str, *, anew: bool = False, progress: Progress = lambda *_: None) -> Copied:
    """Copy the archive at `source` to the empty place at `target` (URLs), or go on with it; `anew`: from the start.

    Nobody may work on either meanwhile. Raises StoreError when somebody does, when `target` holds another archive, and
    when the copy is not what the source is.
    """
    here, there = parse_url(source), parse_url(target)
    _want_two_places(here, there)
    if not exists(source):
        raise StoreError(f"there is no archive {name_of(here)}")
    with _alone(here, there):
        open_store(source).close()  # which brings it to the schema of this version
        return _copy(here, there, anew, progress)


def _copy(here: URL, there: URL, anew: bool, progress: Progress) -> Copied:
    engines = build_engine(here), build_engine(there)
    try:
        with translated(name_of(there)):
            finished = _prepare(engines[1], there, anew)
        with translated(name_of(here)), engines[0].connect() as reading, reading.begin():
            dump = Dump(reading, HEAD)
            before = 0 if finished else _fill(dump, engines[1], name_of(there), progress)
            tables = _compare(dump, engines[1], name_of(there), finished, before, progress)
        if not finished:
            with _writing(engines[1], name_of(there)) as connection:
                _finish(connection)
    finally:
        for engine in engines:
            engine.dispose()
    return Copied(tables, before)


def _want_two_places(here: URL, there: URL) -> None:
    if here == there:
        raise StoreError(f"{name_of(here)}: an archive cannot be copied onto itself")
    for url in (here, there):
        if is_file(url) and path_of(url) is None:
            raise StoreError("an archive in memory cannot be copied; write sqlite:////absolute/path/monitor.db")
    path = path_of(there)
    if path is not None and not path.parent.is_dir():
        raise StoreError(f"the archive {path}: the folder {path.parent} does not exist; create it or name another")


@contextmanager
def _alone(here: URL, there: URL) -> Iterator[None]:
    """No daemon, and no other copy, works on either."""
    paths = [path_of(url) for url in (here, there)]
    with ExitStack() as stack:
        for folder in sorted({path.parent for path in paths if path is not None and path.parent.is_dir()}):
            stack.enter_context(ArchiveLock(folder))
        for url in (url for url in (here, there) if not is_file(url)):
            stack.enter_context(translated(name_of(url)))
            connection = stack.enter_context(postgres.alone(build_engine(url)))
            if not postgres.hold(connection):
                raise StoreError(f"a monitor daemon works on the archive {name_of(url)}: stop it first")
            stack.callback(postgres.let_go, connection)
        yield


@contextmanager
def _writing(engine: Engine, name: str) -> Iterator[Connection]:
    with translated(name), writing(engine) as connection:
        yield connection


def _prepare(engine: Engine, url: URL, anew: bool) -> bool:
    """Lay out the schema where there is none, and mark it; True where a finished archive is, which may be the copy."""
    name = name_of(url)
    if is_file(url):
        set_up_file(engine)
    else:
        postgres.want_fit(engine, name)
    mark = ""
    with engine.connect() as connection, connection.begin():
        if inspect(connection).has_table("alembic_version"):
            mark = str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")
    if mark not in ("", HEAD) and not mark.startswith(UNFINISHED):
        raise StoreError(
            f"{name} holds another archive already, of another version; nothing was changed. Name an empty database, or"
            " a new file"
        )
    if mark.startswith(UNFINISHED):
        if mark != _MARK and not anew:
            raise StoreError(f"the copy {name} was begun by another version of this program: begin again with --anew")
        if anew:
            with _writing(engine, name) as connection:
                _empty(connection)
                _set_mark(connection, _MARK)
        return False
    migrate(engine, name, path_of(url))
    with _writing(engine, name) as connection:
        if any(connection.execute(select(one).limit(1)).first() for one in metadata.sorted_tables):
            return True
        _set_mark(connection, _MARK)
    return False


def _set_mark(connection: Connection, mark: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :mark"), {"mark": mark})


def _empty(connection: Connection) -> None:
    for one in reversed(metadata.sorted_tables):
        connection.execute(one.delete())
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO article_words (article_words) VALUES ('delete-all')")
    else:
        connection.exec_driver_sql("DELETE FROM article_words")
        connection.exec_driver_sql("DELETE FROM article_words_seen")


def _fill(dump: Dump, engine: Engine, name: str, progress: Progress) -> int:
    """Every table, then the index of words; how many rows stood there already."""
    before = 0
    for table in _TABLES:
        whole, last = dump.count(table), [key.desc() for key in keys_of(table)]
        with translated(name), engine.connect() as connection, connection.begin():
            done = Dump(connection, HEAD).count(table)
            reached = connection.execute(select(*keys_of(table)).order_by(*last).limit(1)).first()
        before += done
        progress(table, done, whole)
        with closing(dump.rows(table, reached)) as missing:
            for rows in slices(missing, _ROWS):
                _put(engine, name, table, rows)
                done += len(rows)
                progress(table, done, whole)
    whole = dump.count("articles")
    store = Store(engine, name, in_memory=False)
    index_words(store, _TEXTS, lambda number: progress("search index", number, max(whole, number)))
    return before


def _put(engine: Engine, name: str, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a portion; a row that the other engine cannot hold is named."""
    into = as_stored(table).insert()
    try:
        with _writing(engine, name) as connection:
            connection.execute(into, rows)
    except DatabaseError as error:
        if len(rows) > 1:
            for row in rows:
                _put(engine, name, table, [row])
            return
        said = " ".join(str(error.orig).split()).rstrip(".")
        raise StoreError(
            f"{name} cannot hold a row of the source, in {table} that of {_key_of(table, rows[0])}: {said:.300}."
            " Correct or delete it in the source, then give the same command again"
        ) from error


def _key_of(table: str, row: Mapping[str, Any]) -> str:
    return ", ".join(f"{key.name} {row[key.name]!r:.100}" for key in metadata.tables[table].primary_key)


def _compare(
    dump: Dump, engine: Engine, name: str, finished: bool, before: int, progress: Progress
) -> dict[str, Compared]:
    tables: dict[str, Compared] = {}
    with translated(name), engine.connect() as connection, connection.begin():
        copied = Dump(connection, HEAD)
        for number, table in enumerate(_TABLES, start=1):
            theirs, ours = _summed(dump, table), _summed(copied, table)
            progress("compared", number, len(_TABLES))
            if theirs != ours and finished:
                raise StoreError(
                    f"{name} holds another archive already ({table}: {ours.rows:,} rows, not {theirs.rows:,}"
                    " of these); nothing was changed. Name an empty database, or a new file"
                )
            if theirs != ours:
                raise StoreError(
                    f"{name}: {table} has {ours.rows:,} rows that are not the {theirs.rows:,} of the source,"
                    f" {_unlike(dump, copied, table, before)}"
                )
            tables[table] = theirs
    return tables


def _unlike(dump: Dump, copied: Dump, table: str, before: int) -> str:
    """Which row is not as in the source, why, and what to do."""
    with closing(dump.rows(table)) as ours, closing(copied.rows(table)) as theirs:
        one, other = next((pair for pair in zip_longest(ours, theirs) if pair[0] != pair[1]), (None, None))
    key = f"first in that of {_key_of(table, one or other or {})}" if one or other else ""
    if before or not one or not other:
        return f"which has changed since the copy was begun ({key}); begin again with --anew"
    values = ", ".join(name for name in one if one[name] != other[name])
    return (
        f"{key}: its {values} is of a kind that only the source keeps; correct it there, then begin again with --anew"
    )


def _summed(dump: Dump, name: str) -> Compared:
    rows, digest = 0, blake2b(digest_size=16)
    for line in dump.lines(name):
        digest.update(line)
        rows += 1
    return Compared(rows, digest.hexdigest())


def _finish(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        postgres.go_on_counting(connection, [name for name in _TABLES if "number" in metadata.tables[name].c])
    _set_mark(connection, HEAD)
