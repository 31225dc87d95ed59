"""Many rows at once: INSERT ... ON CONFLICT, whole tables read, lists too long for one statement, frequent questions.

Both databases know ON CONFLICT under the same words, but SQLAlchemy offers it for each by itself.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from msgspec import Struct
from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Dialect,
    Float,
    Insert,
    LargeBinary,
    Select,
    SelectBase,
    Table,
    Update,
    bindparam,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects import sqlite

from monitor.store import postgres
from monitor.store.columns import AtOnce, Json, to_json

T = TypeVar("T")
_POURED = 2_000  # rows in one statement on a server
Often = SelectBase | Update  # see `ask`
Making = Callable[[Sequence[Any]], Sequence[Any]]  # of the values of a column what is stored


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
    statement = _statement(connection.dialect.name, table, tuple(update))
    return connection.execute(statement, rows, execution_options={"preserve_rowcount": True}).rowcount


def fill(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], update: Sequence[str] | None = None
) -> None:
    """Insert many rows, which name the same columns in the same order; a taken key is an error, or with `update` as in
    `upsert`.

    The statement goes to the driver as it is, and its values a column at a time through what the column's type does. A
    server gets them as one value: see `_Pouring`.
    """
    if not rows:
        return
    names = tuple(rows[0])
    changes = None if update is None else tuple(update)
    columns = list(zip(*(row.values() for row in rows), strict=True))
    if connection.dialect.name != "sqlite":
        _pour(connection, _pouring(connection.dialect, table, names, changes), columns)
        return
    sql, order, makers = _compiled(connection.dialect, table, names, changes)
    ready = [make(columns[at]) for at, make in zip(order, makers, strict=True)]
    connection.exec_driver_sql(sql, list(zip(*ready, strict=True)))


class _Pouring(Struct, frozen=True):
    """How a server takes many rows: as JSON, by one statement, which takes them apart at less cost than a statement for
    each row has.
    """

    sql: str
    names: tuple[str, ...]
    makers: list[Making]
    keys: tuple[str, ...]  # what no two rows of one statement may have in common; () for whatever they have


def _pour(connection: Connection, how: _Pouring, columns: Sequence[Sequence[Any]]) -> None:
    ready = [make(values) for make, values in zip(how.makers, columns, strict=True)]
    rows = (dict(zip(how.names, values, strict=True)) for values in zip(*ready, strict=True))
    for part in slices(rows, _POURED):
        for distinct in _rounds(part, how.keys) if how.keys else (part,):
            connection.exec_driver_sql(how.sql, (to_json(distinct),))


def _rounds(rows: list[dict[str, Any]], keys: tuple[str, ...]) -> list[list[dict[str, Any]]]:
    """The rows in lists in none of which a key stands twice, each key's in their order."""
    key = itemgetter(*keys)
    if len(set(map(key, rows))) == len(rows):
        return [rows]
    rounds: list[list[dict[str, Any]]] = []
    times: Counter[Any] = Counter()
    for row in rows:
        at = times[key(row)]
        times[key(row)] += 1
        if at == len(rounds):
            rounds.append([])
        rounds[at].append(row)
    return rounds


@lru_cache(maxsize=64)
def _pouring(
    dialect: Dialect, table: Table, names: tuple[str, ...], update: tuple[str, ...] | None, adding: str = ""
) -> _Pouring:
    """`adding`: the column to which is added where the key is taken."""
    statement: Any = insert(table) if update is None else _statement(dialect.name, table, update)
    if adding:
        statement = _added(dialect.name, table, adding)
    say = dialect.identifier_preparer
    given = f"json_populate_recordset(CAST(NULL AS {say.format_table(table)}), CAST(:given AS json))"
    columns: list[Any] = [literal_column(say.quote(name)) for name in names]
    rows = select(*columns).select_from(text(given))
    sql = str(statement.from_select(list(names), rows, include_defaults=False).compile(dialect=dialect))
    changing = update or adding
    keys = tuple(column.name for column in table.primary_key) if changing else ()
    return _Pouring(sql, names, [_as_json(table.c[name], dialect) for name in names], keys)


def _as_json(column: Column[Any], dialect: Dialect) -> Making:
    """`_making` for a row of JSON, which knows no bytes."""
    if isinstance(column.type, LargeBinary):
        return lambda values: [None if value is None else f"\\x{value.hex()}" for value in values]
    return _making(column, dialect)


def amend(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Set the columns `names` of many rows. Each of `rows`: the new values in that order, then the primary key."""
    sql, order, makers = _amendment(connection.dialect, table, tuple(names))
    columns = list(zip(*rows, strict=True))
    ready = [make(columns[at]) for at, make in zip(order, makers, strict=True)]
    connection.exec_driver_sql(sql, list(zip(*ready, strict=True)))


@lru_cache(maxsize=64)
def _amendment(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[str, list[int], list[Making]]:
    (key,) = table.primary_key
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    compiled = update(table).where(key == bindparam("old_key")).values(values).compile(dialect=dialect)
    placed = [names.index(one[4:]) if one != "old_key" else len(names) for one in compiled.positiontup or ()]
    columns = [table.c[names[at]] if at < len(names) else key for at in placed]
    return str(compiled), placed, [_making(column, dialect) for column in columns]


def read_all(
    connection: Connection, table: Table, names: Sequence[str], keys: Collection[str] | None = None
) -> list[tuple[Any, ...]]:
    """The columns `names` of all rows in the order of the first of them, or of the rows where that is in `keys`.

    A value that many rows share is made of what is stored only once; so it must be one that cannot change.
    """
    sql, makers = _selection(connection.dialect, table, tuple(names))
    rows = connection.exec_driver_sql(sql).all()
    columns: list[Sequence[Any]] = list(zip(*(row for row in rows if keys is None or row[0] in keys), strict=True))
    for at, make in enumerate(makers if columns else ()):
        if make is not None:
            made = {stored: make(stored) for stored in set(columns[at])}
            columns[at] = [made[stored] for stored in columns[at]]
    return list(zip(*columns, strict=True))


@lru_cache(maxsize=16)
def _selection(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[str, list[Callable[[Any], Any] | None]]:
    columns: list[Column[Any]] = [table.c[name] for name in names]
    sql = str(select(*columns).order_by(columns[0]).compile(dialect=dialect))
    return sql, [_reader(column, dialect) for column in columns]


@lru_cache(maxsize=64)  # a dialect is one archive's, and goes with it
def _compiled(
    dialect: Dialect, table: Table, names: tuple[str, ...], update: tuple[str, ...] | None
) -> tuple[str, list[int], list[Making]]:
    """The statement, and of each of its places: which of `names` stands there, and what makes its values storable."""
    statement = insert(table) if update is None else _statement(dialect.name, table, update)
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    placed = list(compiled.positiontup or ())
    makers = [_making(table.c[name], dialect) for name in placed]
    return str(compiled), [names.index(name) for name in placed], makers


def _making(column: Column[Any], dialect: Dialect) -> Making:
    """What makes many values of a column storable at once."""
    if isinstance(column.type, AtOnce):
        return column.type.store_all
    make = column.type.dialect_impl(dialect).bind_processor(dialect)
    return (lambda values: list(map(make, values))) if make else (lambda values: values)


def _reader(column: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of what the driver reads; drivers read floats as such."""
    kind = column.type.dialect_impl(dialect)
    return None if isinstance(kind, Float) else kind.result_processor(dialect, None)


def add_up(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], column: str) -> None:
    """Insert rows of plain values in the order of the table's columns; where the key is taken, add to `column`."""
    if rows and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_adding(connection.dialect, table, column), list(rows))
    elif rows:
        names = tuple(one.name for one in table.c)
        how = _pouring(connection.dialect, table, names, None, column)
        _pour(connection, how, list(zip(*rows, strict=True)))


@lru_cache(maxsize=8)
def _adding(dialect: Dialect, table: Table, column: str) -> str:
    adding = _added(dialect.name, table, column)
    return str(adding.compile(dialect=dialect, column_keys=[one.name for one in table.c]))


def _added(dialect: str, table: Table, column: str) -> Insert:
    statement = sqlite.insert(table) if dialect == "sqlite" else _of_postgresql(table)
    more = {column: table.c[column] + statement.excluded[column]}
    return statement.on_conflict_do_update(index_elements=[one.name for one in table.primary_key], set_=more)


def places(column: Column[Any], name: str, count: int) -> list[BindParameter[Any]]:
    """So many places for values of a column in a statement for `ask`: name0, name1, …"""
    return [bindparam(f"{name}{number}", type_=column.type) for number in range(count)]


def ask(connection: Connection, statement: Often, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a SELECT (of an UPDATE none) that is asked often, so that its object lives as long as the program.

    It goes to the driver as it is, its values and its columns through what their types do: a tenth of the cost.
    """
    dialect = connection.dialect
    sql, order, columns = _question(dialect, statement)
    given = tuple(
        [make(values.get(name, stated)) if make else values.get(name, stated) for name, stated, make in order]
    )
    rows = _fetched(connection, sql, given)
    return _made(rows, columns) if rows and columns else rows


def _made(rows: list[tuple[Any, ...]], readers: list[tuple[int, Callable[[Any], Any], bool]]) -> list[tuple[Any, ...]]:
    """The rows with their values made of what is stored; one that many share, and that cannot change, once."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    shared: dict[Callable[[Any], Any], dict[Any, Any]] = defaultdict(dict)
    for at, read, lasting in readers:
        stored = columns[at]
        if lasting and len(stored) > 1:
            made = shared[read]  # a row's moments are often one
            made.update({one: read(one) for one in set(stored).difference(made)})
            columns[at] = [made[one] for one in stored]
        else:
            columns[at] = [read(one) for one in stored]
    return list(zip(*columns, strict=True))


def existing(connection: Connection, column: Column[Any], values: Iterable[Any], *more: Column[Any]) -> list[Any]:
    """Of the rows where `column` is one of `values`: these values, or tuples of them and of what `more` holds."""
    found: list[Any] = []
    for part in slices(dict.fromkeys(values)):
        count = next(size for size in _SIZES if len(part) <= size)
        part += part[-1:] * (count - len(part))
        rows = ask(connection, _listed(column, more, count), {f"one{at}": value for at, value in enumerate(part)})
        found += rows if more else [row[0] for row in rows]
    return found


def _fetched(connection: Connection, sql: str, given: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """From the driver itself: SQLAlchemy's way there costs more than most answers."""
    if connection.dialect.name != "sqlite":
        return postgres.fetched(connection, sql, given)
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
    except connection.dialect.loaded_dbapi.Error:
        return [tuple(row) for row in connection.exec_driver_sql(sql, given)]  # raises it as everybody expects it
    finally:
        cursor.close()


def listed(
    statement: Select[Any] | Update, column: Column[Any], values: Sequence[Any], **given: Any
) -> tuple[Often, dict[str, Any]]:
    """What to hand to `ask` so that only those rows are read (or changed) where `column` is one of `values`, 1 to 500.

    `given`: the values that the statement itself asks for.
    """
    count = next(size for size in _SIZES if len(values) <= size)
    return _among(statement, column, count), given | {
        f"one{at}": value for at, value in enumerate([*values, *[values[-1]] * (count - len(values))])
    }


@lru_cache(maxsize=64)
def _among(statement: Select[Any] | Update, column: Column[Any], count: int) -> Often:
    return statement.where(column.in_(places(column, "one", count)))


_SIZES = (5, 50, 500)  # a statement for each of these lengths of a list; what is missing repeats the last value


@cache
def _listed(column: Column[Any], more: tuple[Column[Any], ...], count: int) -> SelectBase:
    return select(column, *more).where(column.in_(places(column, "one", count)))


@lru_cache(maxsize=128)
def _question(
    dialect: Dialect, statement: Often
) -> tuple[str, list[tuple[str, Any, Callable[[Any], Any] | None]], list[tuple[int, Callable[[Any], Any], bool]]]:
    """The statement; of each place its name, the value it states itself and what makes one storable; the readers, and
    whether what they make cannot change.
    """
    compiled = statement.compile(dialect=dialect)
    order: list[tuple[str, Any, Callable[[Any], Any] | None]] = [
        (name, compiled.binds[name].value, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in compiled.positiontup or ()
    ]
    readers = [
        (at, read, not isinstance(column.type, Json))
        for at, column in enumerate(statement.selected_columns if isinstance(statement, SelectBase) else ())
        if (read := _reader(column, dialect))
    ]
    sql = str(compiled)
    return sql if dialect.name == "sqlite" else postgres.numbered(sql), order, readers


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
