"""A new archive is laid out as the steps would leave it."""

import os
from typing import Any

import pytest
from sqlalchemy import Connection

from monitor.store import fresh
from monitor.store.engine import DRIVER, WRITING, build_engine, parse_url
from monitor.store.migrate import HEAD, migrate, upgrade

_OLD = DRIVER.sqlite_version_info < (3, 43, 0)
pytestmark = pytest.mark.skipif(_OLD, reason="this SQLite takes the steps, and is made by them otherwise")


def _schema(connection: Connection) -> list[Any]:
    rows = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
    return [tuple(row) for row in rows]


def _by_steps() -> tuple[list[Any], str]:
    engine = build_engine(parse_url("sqlite://"))
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        upgrade(connection, HEAD)
        found = _schema(connection), fresh.written(connection, HEAD)
    engine.dispose()
    return found


def test_the_file_is_what_the_steps_leave() -> None:
    schema, text = _by_steps()
    if os.environ.get("FRESH") == "write":
        fresh.FILE.write_text(text, "utf-8")
    assert fresh.FILE.read_text("utf-8") == text, "a new step? FRESH=write pytest tests/unit/store/test_fresh.py"
    engine = build_engine(parse_url("sqlite://"))
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        assert fresh.lay_out(connection, HEAD)
        assert _schema(connection) == schema
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == [HEAD]
    engine.dispose()


def test_where_the_file_is_of_another_revision_the_steps_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    schema, _ = _by_steps()
    monkeypatch.setattr(fresh, "_HEADING", "-- Another heading ")
    engine = build_engine(parse_url("sqlite://"))
    migrate(engine, "test")
    with engine.connect() as connection:
        assert _schema(connection) == schema
    engine.dispose()
