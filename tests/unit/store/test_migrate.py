"""The schema: from nothing, once only, and never from the future."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, event, text

from monitor.errors import StoreError
from monitor.model import Verdict
from monitor.store import Fate, open_store, snapshot
from monitor.store import migrate as migrating
from monitor.store.engine import DRIVER, WRITING, build_engine, parse_url, set_up_file, translated
from monitor.store.schema import metadata
from monitor.store.snapshot import examine
from tests.builders import NOW
from tests.postgres import Server

FILLED = {"told_articles"}  # tables that a step fills from others


def _only_ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith("article_words"))


def test_the_steps_lead_to_the_schema(file_url: str) -> None:
    open_store(file_url).close()
    engine = build_engine(parse_url(file_url))
    with engine.connect() as connection:
        options = {"include_name": _only_ours, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


def test_the_newest_step_is_the_one_the_program_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == migrating.HEAD


def test_opening_again_changes_nothing(file_url: str, tmp_path: Path) -> None:
    open_store(file_url).close()
    before = _dump(tmp_path)
    open_store(file_url).close()
    assert _dump(tmp_path) == before


def test_a_newer_archive_is_refused_untouched(file_url: str, tmp_path: Path) -> None:
    open_store(file_url).close()
    _execute(tmp_path, "UPDATE alembic_version SET version_num = '9999'")
    before = _dump(tmp_path)
    with pytest.raises(StoreError, match=r"a newer version of this program wrote it \(schema 9999.*install"):
        open_store(file_url)
    assert _dump(tmp_path) == before


def test_another_programs_database_is_refused_untouched(file_url: str, tmp_path: Path) -> None:
    _execute(tmp_path, "CREATE TABLE songs (title TEXT)")
    with pytest.raises(StoreError, match="database of another program; name another file"):
        open_store(file_url)
    assert "songs" in _dump(tmp_path)
    assert "alembic" not in _dump(tmp_path)


def test_a_step_that_fails_leaves_nothing_behind(file_url: str, tmp_path: Path) -> None:
    engine = build_engine(parse_url(file_url))
    # The first tables can be created, then one of a name that is taken already.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrating, "_revision", lambda _connection, _name: "")
        _execute(tmp_path, "CREATE TABLE messages (key TEXT)")
        with pytest.raises(Exception, match="already exists"):
            migrating.migrate(engine, "test")
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    engine.dispose()
    assert names == ["messages"]


def test_an_archive_of_the_first_version_is_brought_up_to_date(file_url: str, tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    engine = build_engine(parse_url(file_url))
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    _execute(tmp_path, "INSERT INTO beats VALUES ('poll', 1, NULL, 60000000, '')")
    store = open_store(file_url)
    with store.begin() as shelves:
        assert shelves.marks.all() == []
        assert shelves.pulse.beats().keys() == {"poll"}
    store.close()


def test_articles_of_before_keep_the_verdicts_they_have_in_rows(file_url: str, tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    engine = build_engine(parse_url(file_url))
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
    engine.dispose()
    _execute(
        tmp_path,
        "INSERT INTO articles (number, id, feed, url, url_key, title, text, language, how, found_at, authors, problem,"
        " content_hash, entry, forgotten) VALUES (1, 'a', 'f', '', '', 'Title', 'Text', 'en', 'title only', 1, '[]',"
        ' \'\', \'c\', \'{"feed":"f","title":"Title"}\', 0)',
    )
    _execute(tmp_path, "INSERT INTO verdicts VALUES ('a', 'one', 0.25, 0.5, 0, 1, '', 'r', '[]')")
    _execute(tmp_path, "INSERT INTO verdicts VALUES ('a', 'two', 0.75, 0.5, 1, 1, 'Text', 'r', '[]')")
    store = open_store(file_url)
    with store.begin() as shelves:
        (one,) = shelves.articles.remembered(None)
        assert [(verdict.topic, verdict.score) for verdict in one.verdicts] == [("two", 0.75), ("one", 0.25)]
        quiet = [Verdict("one", 0.1, 0.5, rule="s"), Verdict("two", 0.1, 0.5, rule="s")]
        shelves.articles.rejudge("a", quiet, NOW, Fate.NOT_MATCHED, "", quiet)
        assert [verdict.rule for verdict in shelves.articles.remembered(None)[0].verdicts] == ["s", "s"]
    store.close()


RELEASED = [f"{number:04}" for number in range(1, int(migrating.HEAD))]


def _of_revision(url: str, revision: str) -> dict[str, int]:
    """Make an archive of a released schema with one row in every table; the number of rows of each."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    engine = build_engine(parse_url(url))
    if engine.dialect.name == "sqlite":
        set_up_file(engine)
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        tables = MetaData()
        tables.reflect(connection, only=lambda name, _: not name.startswith("article_words"))
        rows = {}
        for table in tables.sorted_tables:
            if not table.name.startswith("alembic"):
                connection.execute(table.insert(), {column.name: _sample(column) for column in table.columns})
            rows[table.name] = 1
    engine.dispose()
    return rows


def _sample(column: Column[Any]) -> Any:
    kind = column.type.python_type
    return {int: 1, float: 1.0, bool: True, bytes: b"1"}.get(kind, "[]")


@pytest.mark.parametrize("revision", RELEASED)
def test_from_every_released_schema_every_row_comes_along_and_a_copy_is_kept(
    file_url: str, tmp_path: Path, revision: str
) -> None:
    rows = _of_revision(file_url, revision)
    open_store(file_url).close()
    facts = examine(tmp_path / "monitor.db")
    assert facts.revision == migrating.HEAD
    assert {name: facts.rows.get(name) for name in rows} == rows | {
        name: facts.rows[name] for name in FILLED & rows.keys()
    }
    kept = examine(tmp_path / f"monitor-before-schema-{migrating.HEAD}.db")
    assert (kept.revision, {name: kept.rows[name] for name in rows}) == (revision, rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"monitor-before-schema-{migrating.HEAD}.db",
        "monitor.db",
    ]


@pytest.mark.parametrize("revision", [RELEASED[0], RELEASED[8], RELEASED[15], RELEASED[-1]])
def test_on_a_server_too_every_row_comes_along_and_the_steps_lead_to_the_schema(
    postgres: Server, revision: str
) -> None:
    url = postgres.database(f"of_revision_{revision}")
    rows = _of_revision(url, revision)
    open_store(url).close()
    engine = build_engine(parse_url(url))
    with engine.connect() as connection, connection.begin():
        options = {"include_name": _only_ours, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        for name in rows.keys() - FILLED:
            assert connection.scalar(text(f"SELECT count(*) FROM {name}")) == 1, name
    engine.dispose()


def test_a_new_archive_has_no_copy_of_before(file_url: str, tmp_path: Path) -> None:
    open_store(file_url).close()
    assert [path.name for path in tmp_path.glob("*before*")] == []


def test_only_the_copies_of_the_last_upgrades_stay(file_url: str, tmp_path: Path) -> None:
    for old in ("0002", "0004", "0006"):
        (tmp_path / f"monitor-before-schema-{old}.db").write_text("old")
    _of_revision(file_url, "0009")
    open_store(file_url).close()
    assert sorted(path.name for path in tmp_path.glob("*before*")) == [
        "monitor-before-schema-0006.db",
        f"monitor-before-schema-{migrating.HEAD}.db",
    ]


def test_without_room_for_the_copy_nothing_is_touched(
    file_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _of_revision(file_url, "0003")
    before = _dump(tmp_path)
    monkeypatch.setattr(snapshot, "_ROOM", 1 << 60)
    with pytest.raises(StoreError, match=r"no copy of the archive .* it was not touched: no room"):
        open_store(file_url)
    assert _dump(tmp_path) == before
    assert list(tmp_path.glob("*before*")) == []


def test_a_disk_that_is_full_in_the_midst_undoes_every_step(file_url: str, tmp_path: Path) -> None:
    _of_revision(file_url, "0001")
    before = _dump(tmp_path)
    engine = build_engine(parse_url(file_url))

    def no_more(connection: Any, _record: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 3}")

    event.listen(engine, "connect", no_more)
    with pytest.raises(StoreError, match="the disk is full: make room"), translated("test"):
        migrating.migrate(engine, "test", tmp_path / "monitor.db")
    engine.dispose()
    assert _dump(tmp_path) == before
    open_store(file_url).close()
    assert migrating.HEAD in _dump(tmp_path)


def _execute(folder: Path, statement: str) -> None:
    connection = DRIVER.connect(folder / "monitor.db")
    connection.execute(statement)
    connection.commit()
    connection.close()


def _dump(folder: Path) -> str:
    connection = DRIVER.connect(folder / "monitor.db")
    rows = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    version = connection.execute("SELECT * FROM alembic_version").fetchall() if "alembic_version" in str(rows) else []
    connection.close()
    return f"{rows} {version}"
