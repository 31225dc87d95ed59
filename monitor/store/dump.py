"""The archive's rows as lines of JSON, table by table, and back: how it moves to another machine or engine.

One object a row, keys being columns: numbers, texts, true, false, null; moments are whole microseconds since 1970 and
spans whole microseconds, as in the tables; bytes are {"base64": "…"}. Each table stands after those that it refers to.
Not among them: `leases`, for they hold the secrets shared with hubs (which are asked anew), `host_turns`, which are of
the moment, and the search index, which is built anew.
"""

import base64
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, TableClause, TypeDecorator, column, func, select, table, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine

from monitor.errors import StoreError
from monitor.store.archive import Store, open_store
from monitor.store.bulk import slices
from monitor.store.engine import build_engine, name_of, parse_url, set_up_file, translated, writing
from monitor.store.migrate import HEAD, upgrade
from monitor.store.schema import metadata

LEFT_OUT = frozenset({"leases", "host_turns"})
TABLES = tuple(one.name for one in metadata.sorted_tables if one.name not in LEFT_OUT)
_ROWS = 1000  # written at a time
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=lambda value: _bytes(value)).encode


class Dump(Struct, frozen=True):
    """An archive's rows as they stand at one moment; not to be kept beyond its `with`."""

    connection: Connection
    revision: str  # of the schema

    def lines(self, name: str) -> Iterator[bytes]:
        """The rows of a table in the order of its primary key, a line each."""
        for row in self.rows(name):
            yield _to_json(row).encode("utf-8") + b"\n"

    def rows(self, name: str, after: Sequence[Any] | None = None) -> Generator[Mapping[str, Any], None, None]:
        """The rows as they are stored, in the order of the primary key: all, or those behind the key `after`."""
        stored = as_stored(name)
        keys = keys_of(name)
        wanted = select(stored).order_by(*keys)
        if after is not None:
            wanted = wanted.where(tuple_(*keys) > tuple_(*after))
        with self.connection.execution_options(yield_per=_ROWS).execute(wanted) as found:
            for row in found.mappings():
                yield dict(row)

    def count(self, name: str) -> int:
        """The number of rows of a table."""
        return self.connection.scalar(select(func.count()).select_from(metadata.tables[name])) or 0


@contextmanager
def dumping(url: str) -> Iterator[Dump]:
    """The rows of the archive at `url`, brought to this version's schema if need be; others may write meanwhile.

    Raises StoreError when it cannot be read.
    """
    open_store(url).close()
    parsed = parse_url(url)
    engine = build_engine(parsed)
    try:
        with translated(name_of(parsed)), engine.connect() as connection, connection.begin():
            yield Dump(connection, HEAD)
    finally:
        engine.dispose()


def load(path: Path, revision: str, tables: Iterable[tuple[str, Iterator[bytes]]]) -> dict[str, int]:
    """Make a new archive at `path` of the lines of each table, which come from a schema of `revision`; rows by table.

    Raises StoreError when the lines are of a newer version or cannot be stored; what is at `path` is of no use then.
    """
    if not revision.isdecimal() or revision > HEAD:
        raise StoreError(
            f"it comes from a newer version of this program (schema {revision}, this version knows schema {HEAD}); "
            "install that version here first"
        )
    engine = build_engine(parse_url(f"sqlite:///{path}"))
    counts: dict[str, int] = {}
    try:
        with translated(str(path)):
            set_up_file(engine)
        with translated(str(path)), writing(engine) as connection:
            upgrade(connection, revision)
            for name, lines in tables:
                counts[name] = _fill(connection, name, lines)
    finally:
        engine.dispose()
    with closing(open_store(f"sqlite:///{path}")) as store:  # which brings it to the newest schema
        index_words(store)
    return counts


def _fill(connection: Connection, name: str, lines: Iterator[bytes]) -> int:
    count = 0
    for part in slices(lines, _ROWS):
        try:
            rows = [_row(json.loads(line)) for line in part]
        except (ValueError, TypeError, AttributeError) as error:
            raise StoreError(f"table {name}: a line after row {count} is no row: {error}; export again") from error
        into = table(name, *(column(key) for key in rows[0]))
        try:
            connection.execute(into.insert(), rows)
        except IntegrityError as error:
            raise StoreError(
                f"table {name}: its rows do not fit together with the others ({error.orig}); export again"
            ) from error
        count += len(rows)
    return count


def index_words(store: Store, portion: int = 200, told: Callable[[int], None] = lambda _number: None) -> None:
    """Bring the search index up to the articles, from where it stands; `told` hears the number of each portion's last.

    `portion`: articles in a transaction.
    """
    with store.read() as shelves:
        after = shelves.search.last()
    while True:
        with store.begin() as shelves:
            found = shelves.articles.remembered(None, after=after, limit=portion)
            shelves.search.add(*((one.number, one.article.title, one.article.text) for one in found))
        if not found:
            return
        after = found[-1].number
        told(after)


@cache
def as_stored(name: str) -> TableClause:
    """A table of the schema with its columns as the database has them."""
    return table(name, *(column(one.name, _plain(one.type)) for one in metadata.tables[name].columns))


def keys_of(name: str) -> list[ColumnElement[Any]]:
    """The columns of a table's primary key, as the database has them."""
    stored = as_stored(name)
    return [stored.c[one.name] for one in metadata.tables[name].primary_key.columns]


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """How a column stands in the database, without what Python makes of it."""
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _bytes(value: object) -> dict[str, str]:
    assert isinstance(value, bytes)
    return {"base64": base64.b64encode(value).decode("ascii")}


def _row(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: base64.b64decode(value["base64"], validate=True) if isinstance(value, dict) else value
        for name, value in values.items()
    }
