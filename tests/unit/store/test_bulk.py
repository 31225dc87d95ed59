"""Insert-or-change, whole tables, questions that are asked often, and slices."""

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    select,
)
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from monitor.store.bulk import add_up, amend, ask, existing, fill, places, read_all, slices, upsert
from monitor.store.columns import Json, Moment, Words
from monitor.store.engine import build_engine, parse_url, writing
from tests.builders import NOW

TABLE = Table("t", MetaData(), Column("key", Text, primary_key=True), Column("a", Integer), Column("b", Integer))


def test_upsert_changes_only_what_it_is_told_to() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        TABLE.metadata.create_all(connection)
        assert upsert(connection, TABLE, {"key": "k", "a": 1, "b": 1}) == 1
        assert upsert(connection, TABLE, {"key": "k", "a": 2, "b": 2}) == 0
        assert upsert(connection, TABLE, {"key": "k", "a": 3, "b": 3}, ("b",)) == 1
        assert upsert(connection, TABLE, []) == 0
        upsert(connection, TABLE, [{"key": "k", "a": 4, "b": 4}, {"key": "l", "a": 5, "b": 5}], ("b",))
        assert connection.execute(select(TABLE).order_by(TABLE.c.key)).all() == [("k", 1, 4), ("l", 5, 5)]
    engine.dispose()


def test_what_breaks_while_rows_come_is_raised_as_everybody_expects_it() -> None:
    engine = build_engine(parse_url("sqlite://"))
    with writing(engine) as connection:
        TABLE.metadata.create_all(connection)
        upsert(connection, TABLE, [{"key": key, "a": 1, "b": 1} for key in "klm"])
        connection.exec_driver_sql("UPDATE t SET key = CAST(x'ff' AS TEXT) WHERE key = 'm'")
        with pytest.raises(OperationalError, match="Could not decode"):
            ask(connection, select(TABLE.c.key), {})
    engine.dispose()


def test_fill_makes_values_storable_as_any_statement_does() -> None:
    table = Table(
        "u",
        MetaData(),
        Column("key", Words, primary_key=True),
        Column("at", Moment),
        Column("more", Json),
        Column("not_given", Integer, default=None),
    )
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.metadata.create_all(connection)
        fill(connection, table, [])
        fill(connection, table, [{"more": [1, "ї"], "key": "a\x00", "at": NOW}, {"more": {}, "key": "b", "at": None}])
        assert connection.execute(select(table).order_by(table.c.key)).all() == [
            ("a\ufffd", NOW, [1, "ї"], None),
            ("b", None, {}, None),
        ]
        fill(connection, table, [{"key": "b", "at": NOW, "more": [2]}, {"key": "c", "at": NOW, "more": []}], ("at",))
        assert connection.execute(select(table.c.key, table.c.at, table.c.more).where(table.c.key >= "b")).all() == [
            ("b", NOW, {}),
            ("c", NOW, []),
        ]
        with pytest.raises(IntegrityError):
            fill(connection, table, [{"key": "c", "at": NOW, "more": []}])
    engine.dispose()


def test_ask_answers_as_any_statement_does() -> None:
    table = Table("v", MetaData(), Column("key", Words, primary_key=True), Column("at", Moment), Column("more", Json))
    asked = (
        select(table.c.at, table.c.key, table.c.more)
        .where(table.c.key.in_(places(table.c.key, "key", 3)), table.c.at >= bindparam("since"))
        .order_by(table.c.key)
        .limit(2)
    )
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.metadata.create_all(connection)
        fill(connection, table, [{"key": key, "at": NOW, "more": [key]} for key in ("a\x00", "b", "c", "d")])
        fill(connection, table, [{"key": key, "at": NOW, "more": ["same"]} for key in ("x1", "x2")])
        alike = ask(connection, asked, {"key0": "x1", "key1": "x2", "key2": "-", "since": NOW})
        assert alike == [(NOW, "x1", ["same"]), (NOW, "x2", ["same"])]
        assert alike[0][2] is not alike[1][2]  # who changes a list changes his own
        rows = ask(connection, asked, {"key0": "d", "key1": "a\x00", "key2": "c", "since": NOW})
        assert rows == [(NOW, "a\ufffd", ["a\x00"]), (NOW, "c", ["c"])]
        assert ask(connection, asked, {"key0": "x", "key1": "y", "key2": "z", "since": NOW}) == []
    engine.dispose()


def test_add_up_begins_counts_and_goes_on_with_them() -> None:
    table = Table("w", MetaData(), Column("key", Integer, primary_key=True), Column("count", Integer))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.metadata.create_all(connection)
        add_up(connection, table, [(1, 1), (2, 5), (1, 1)], "count")
        add_up(connection, table, [], "count")
        assert connection.execute(select(table).order_by(table.c.key)).all() == [(1, 2), (2, 5)]
    engine.dispose()


def test_slices() -> None:
    assert list(slices(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(slices([])) == []


def test_what_is_amended_is_read_as_it_was_given_and_the_rest_stays() -> None:
    table = Table("v", MetaData(), Column("key", Words, primary_key=True), Column("at", Moment), Column("said", Words))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.metadata.create_all(connection)
        assert read_all(connection, table, ("key", "at")) == []
        fill(connection, table, [{"key": key, "at": NOW, "said": "before"} for key in ("b", "a", "c")])
        amend(connection, table, ("said", "at"), [("after\x00", None, "a"), ("later", NOW, "c")])
        amend(connection, table, ("at",), [(None, "c")])
        everything = read_all(connection, table, ("key", "said", "at"))
        assert everything == [("a", "after\ufffd", None), ("b", "before", NOW), ("c", "later", None)]
        assert read_all(connection, table, ("key", "at"), {"c", "b", "x"}) == [("b", NOW), ("c", None)]
    engine.dispose()


def test_of_many_values_those_that_exist() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        TABLE.metadata.create_all(connection)
        fill(connection, TABLE, [{"key": str(number), "a": number, "b": 0} for number in range(700)])
        key, a = TABLE.c.key, TABLE.c.a
        assert existing(connection, key, []) == []
        for count in (1, 5, 6, 50, 51, 501):
            wanted = [str(number) for number in range(690, 690 + count)]
            assert sorted(existing(connection, key, [*wanted, wanted[0]])) == wanted[:10]
            assert dict(existing(connection, key, wanted, a)) == {one: int(one) for one in wanted[:10]}
    engine.dispose()


def test_what_goes_wrong_with_a_question_is_raised_as_of_any_statement() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection, pytest.raises(OperationalError, match="no such table"):
        ask(connection, select(TABLE.c.a).where(TABLE.c.key == bindparam("key")), {"key": "k"})
    engine.dispose()


def test_a_server_is_given_many_rows_at_once(server_url: str) -> None:
    table = Table(
        "poured",
        MetaData(),
        Column("key", Text, primary_key=True),
        Column("new", Float),
        Column("at", Moment),
        Column("raw", LargeBinary),
        Column("yes", Boolean),
    )
    counted = Table("counted", MetaData(), Column("key", Integer, primary_key=True), Column("count", Float))
    engine = build_engine(parse_url(server_url))
    with writing(engine) as connection:
        table.metadata.create_all(connection)
        rows = [("ї", 0.1, NOW, b"\x00\xff", True), ('"\\%s', None, None, None, False)]
        given = [dict(zip(("key", "new", "at", "raw", "yes"), row, strict=True)) for row in rows]
        fill(connection, table, given)
        assert connection.execute(select(table).order_by(table.c.key.desc())).all() == rows
        twice = [given[0] | {"new": number, "raw": b""} for number in (1.0, 2.0, 3.0)]
        fill(connection, table, [*twice, given[1] | {"new": 4.0}], ("new",))
        fill(connection, table, twice, ())
        changed = select(table.c.new, table.c.raw).order_by(table.c.key.desc())
        assert ask(connection, changed, {}) == [(3.0, b"\x00\xff"), (4.0, None)]
        counted.metadata.create_all(connection)
        add_up(connection, counted, [(1, 1.0), (2, 1.0), (1, 2.0)], "count")
        add_up(connection, counted, [(2, 1e-9)], "count")
        assert ask(connection, select(counted).order_by(counted.c.key), {}) == [(1, 3.0), (2, 1.000000001)]
    with pytest.raises(IntegrityError), writing(engine) as connection:
        fill(connection, table, given[:1])
    with writing(engine) as connection:
        table.drop(connection)
        counted.drop(connection)
    with pytest.raises(ProgrammingError, match="counted"), writing(engine) as connection:
        ask(connection, select(counted), {})
    engine.dispose()
