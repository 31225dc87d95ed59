"""Many rows at once: INSERT ... ON CONFLICT, and lists too long for one statement.

Both databases know ON CONFLICT under the same words, but SQLAlchemy offers it for each by itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

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


@cache
def _statement(dialect: str, table: Table, update: tuple[str, ...]) -> Insert:
    keys = [column.name for column in table.primary_key]
    build = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = build(table)
    if not update:
        return statement.on_conflict_do_nothing(index_elements=keys)
    changes = {name: statement.excluded[name] for name in update}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)
