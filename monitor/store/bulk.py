"""Many rows at once: INSERT ... ON CONFLICT, and lists too long for one statement.

Both databases know ON CONFLICT under the same words, but SQLAlchemy offers it for each by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Insert, Table, insert
from sqlalchemy.dialects import sqlite

T = TypeVar("T")


def slices(values: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """The values in lists of at most `size`, so that no statement outgrows a database's limits."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def upsert(
    connection: Connection,
    table: Table,
    rows: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    update: Sequence[str] = (),
) -> int:
    """Insert; where the primary key is taken, set the columns `update` instead, or leave the row alone.

    The number of rows inserted or changed.
    """
    if not rows:
        return 0
    return connection.execute(_statement(connection.dialect.name, table, tuple(update)), rows).rowcount


def fill(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], update: Sequence[str] | None = None
) -> None:
    """Insert many rows, which name the same columns in the same order; a taken key is an error, or with `update` as in
    `upsert`.

    The statement goes to the driver as it is, and its values a column at a time through what the column's type does.
    """
    if not rows:
        return
    names = tuple(rows[0])
    changes = None if update is None else tuple(update)
    sql, order, makers = _compiled(connection.dialect, table, names, changes)
    columns = list(zip(*(row.values() for row in rows), strict=True))
    ready = [list(map(make, columns[at])) if make else columns[at] for at, make in zip(order, makers, strict=True)]
    connection.exec_driver_sql(sql, list(zip(*ready, strict=True)))


@lru_cache(maxsize=64)  # a dialect is one archive's, and goes with it
def _compiled(
    dialect: Dialect, table: Table, names: tuple[str, ...], update: tuple[str, ...] | None
) -> tuple[str, list[int], list[Callable[[Any], Any] | None]]:
    """The statement, and of each of its places: which of `names` stands there, and what makes its values storable."""
    statement = insert(table) if update is None else _statement(dialect.name, table, update)
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    placed = list(compiled.positiontup or ())
    makers: list[Callable[[Any], Any] | None] = [
        table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in placed
    ]
    return str(compiled), [names.index(name) for name in placed], makers


@cache
def _statement(dialect: str, table: Table, update: tuple[str, ...]) -> Insert:
    keys = [column.name for column in table.primary_key]
    statement = sqlite.insert(table) if dialect == "sqlite" else _of_postgresql(table)
    if not update:
        return statement.on_conflict_do_nothing(index_elements=keys)
    changes = {name: statement.excluded[name] for name in update}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def _of_postgresql(table: Table) -> Any:
    from sqlalchemy.dialects import postgresql  # with all of its drivers: what no archive of SQLite should wait for

    return postgresql.insert(table)
