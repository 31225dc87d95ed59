"""Rows as lines and back: exactly what they were, whatever they hold, from this schema or an older one."""

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model import Verdict
from monitor.store import open_store
from monitor.store.dump import LEFT_OUT, TABLES, dumping, load
from monitor.store.engine import DRIVER
from monitor.store.migrate import HEAD
from monitor.store.schema import metadata
from tests.builders import an_article
from tests.unit.store.searched import holding

ODD = 'Zitat „so“ – "quoted", \\ back\nline 😀 \u2028 end'


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """An archive with an odd row in every table, written past the shelves, and an article written by them."""
    path = tmp_path / "monitor.db"
    store = open_store(f"sqlite:///{path}")
    with store.begin() as shelves:
        shelves.articles.add(an_article(title=ODD), "hash", [Verdict("one", 0.3, 0.5)], [Verdict("one", 0.1, 0.5)])
    store.close()
    connection = DRIVER.connect(path)
    for table in metadata.sorted_tables:
        if table.name in ("articles", "verdicts", "silences"):
            continue
        plain = [_plain(one) for one in table.columns]
        marks = ", ".join("?" * len(plain))
        names = ", ".join(f'"{one.name}"' for one in table.columns)
        connection.execute(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", plain)
    connection.commit()
    connection.close()
    return path


def _plain(column: Any) -> Any:
    for key in column.foreign_keys:
        return {"articles.id": an_article(title=ODD).id, "articles.number": 1, "digests.key": ODD}[key.target_fullname]
    kind = getattr(column.type, "impl_instance", column.type).python_type
    return {int: 2**40, float: 0.1 + 0.2, bool: 1, bytes: b"\x00\xff\n"}.get(kind, ODD)


def _all_rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    connection = DRIVER.connect(path)
    rows = {
        name: sorted(
            connection.execute(f'SELECT {", ".join(c.name for c in metadata.tables[name].columns)} FROM "{name}"')
        )
        for name in TABLES
    }
    connection.close()
    return rows


def _lines(path: Path) -> dict[str, list[bytes]]:
    with dumping(f"sqlite:///{path}") as dump:
        assert dump.revision == HEAD
        lines = {name: list(dump.lines(name)) for name in TABLES}
        assert {name: dump.count(name) for name in TABLES} == {name: len(one) for name, one in lines.items()}
    return lines


def test_every_row_of_every_table_comes_back_as_it_was(full: Path, tmp_path: Path) -> None:
    lines = _lines(full)
    assert all(lines[name] for name in TABLES)
    counts = load(tmp_path / "new.db", HEAD, ((name, iter(one)) for name, one in lines.items()))
    assert counts == {name: len(one) for name, one in lines.items()}
    assert _all_rows(tmp_path / "new.db") == _all_rows(full)
    assert _lines(tmp_path / "new.db") == lines


def test_a_line_is_plain_json_for_any_engine(full: Path) -> None:
    (row,) = map(json.loads, _lines(full)["visits"])
    assert row == {
        "number": 2**40,
        "feed": ODD,
        "at": 2**40,
        "outcome": ODD,
        "entries": 2**40,
        "new": 2**40,
        "problem": ODD,
    }
    assert json.loads(_lines(full)["reports"][0])["signature"] == {"base64": "AP8K"}


def test_what_was_moved_is_found_by_searching(full: Path, tmp_path: Path) -> None:
    load(tmp_path / "new.db", HEAD, ((name, iter(one)) for name, one in _lines(full).items()))
    store = open_store(f"sqlite:///{tmp_path / 'new.db'}")
    with store.read() as shelves:
        assert [hit.article.title for hit in holding(shelves, "zitat launchers")] == [ODD]
    assert store.check() == ""
    store.close()


def test_secrets_shared_with_hubs_stay_here(full: Path) -> None:
    assert _lines(full).keys() == metadata.tables.keys() - LEFT_OUT
    assert "leases" in LEFT_OUT


def test_tables_stand_after_those_they_refer_to() -> None:
    for name in TABLES:
        for key in metadata.tables[name].foreign_keys:
            assert TABLES.index(key.column.table.name) < TABLES.index(name)


def test_lines_of_an_older_schema_are_brought_on(tmp_path: Path) -> None:
    """As the first version would have exported them: without the columns and tables that came later."""
    beat = {"ticker": "poll", "started_at": 1, "succeeded_at": None, "every": 60_000_000, "problem": ""}
    load(tmp_path / "new.db", "0001", [("beats", iter([json.dumps(beat).encode()]))])
    store = open_store(f"sqlite:///{tmp_path / 'new.db'}")
    with store.read() as shelves:
        assert shelves.pulse.beats().keys() == {"poll"}
        assert shelves.marks.all() == []
    store.close()


def test_lines_of_a_newer_schema_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"newer version of this program \(schema 9999"):
        load(tmp_path / "new.db", "9999", [])
    assert not (tmp_path / "new.db").exists()


def test_rows_that_refer_to_nothing_are_refused(full: Path, tmp_path: Path) -> None:
    lines = _lines(full) | {"articles": []}
    with pytest.raises(StoreError, match=r"table [a-z]+: its rows do not fit together with the others"):
        load(tmp_path / "new.db", HEAD, ((name, iter(one)) for name, one in lines.items()))


@pytest.mark.parametrize("line", [b"{half\n", b"[]\n", b'{"ticker": {"base64": "?"}}\n'])
def test_a_line_that_is_no_row_is_refused(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(StoreError, match="table beats: a line after row 0 is no row"):
        load(tmp_path / "new.db", HEAD, [("beats", iter([line]))])
