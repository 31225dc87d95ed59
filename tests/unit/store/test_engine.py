"""SQLite as it is set up, and what its errors become."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from monitor.errors import StoreError
from monitor.store.engine import WRITING, build_engine, parse_url, path_of, sqlite_version, translated


@pytest.mark.parametrize(
    "url", ["", "monitor.db", "mysql://localhost/monitor", "postgresql://localhost", "sqlite:monitor.db"]
)
def test_an_url_that_is_no_archive_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match=r"write sqlite:////absolute/path/monitor\.db"):
        parse_url(url)


def test_a_password_that_is_not_escaped_is_told_and_not_shown() -> None:
    with pytest.raises(StoreError, match="an @ too many: in user and password write %40 for @") as refused:
        parse_url("postgresql://monitor:p@sSecretTail@127.0.0.1:5499/news")
    assert "Secret" not in str(refused.value)
    assert parse_url("postgresql://monitor:p%40s@127.0.0.1/news").password == "p@s"


def test_the_path_of_an_url() -> None:
    assert path_of(parse_url("sqlite://")) is None
    assert path_of(parse_url("sqlite:///:memory:")) is None
    assert path_of(parse_url("sqlite:////srv/monitor.db")) == Path("/srv/monitor.db")
    assert path_of(parse_url("sqlite:///file:/srv/monitor.db?mode=ro&uri=true")) == Path("/srv/monitor.db")


def test_commits_are_synced_and_references_are_checked(tmp_path: Path) -> None:
    engine = build_engine(parse_url(f"sqlite:///{tmp_path}/monitor.db"))
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 60_000
    engine.dispose()


def test_only_a_writing_connection_can_write() -> None:
    engine = build_engine(parse_url("sqlite://"))
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        connection.execute(text("CREATE TABLE t (a INTEGER PRIMARY KEY)"))
    with (
        pytest.raises(StoreError, match="in memory: it may not be written to"),
        translated("in memory"),
        engine.connect() as connection,
        connection.begin(),
    ):
        connection.execute(text("INSERT INTO t VALUES (1)"))
    engine.dispose()


def test_an_archive_that_was_moved_away_is_explained() -> None:
    """SQLite makes an empty one in its place."""
    engine = build_engine(parse_url("sqlite://"))
    with pytest.raises(StoreError, match="put the file back"), translated("in memory"), engine.connect() as connection:
        connection.execute(text("SELECT * FROM articles"))
    engine.dispose()


def test_a_mistake_of_the_program_is_not_dressed_up() -> None:
    engine = build_engine(parse_url("sqlite://"))
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        connection.execute(text("CREATE TABLE t (a INTEGER PRIMARY KEY)"))
        with pytest.raises(IntegrityError), translated("in memory"):
            connection.execute(text("INSERT INTO t VALUES (1), (1)"))
    engine.dispose()


def test_sqlite_is_new_enough_for_the_write_ahead_log() -> None:
    assert tuple(int(part) for part in sqlite_version().split(".")) >= (3, 35, 0)
