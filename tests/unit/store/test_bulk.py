"""Insert-or-change and slices."""

from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, select

from monitor.store.bulk import slices, upsert

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


def test_slices() -> None:
    assert list(slices(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(slices([])) == []
