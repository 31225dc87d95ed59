"""What matched, as tables: the same rows in each form, safe for spreadsheets, whole or not at all."""

import csv
import fcntl
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import matches
from monitor.cli.common import Exit
from tests.unit.cli.calling import Call, Town


def _rows(town: Town, call: Call, *options: str) -> list[dict[str, Any]]:
    said = call(*town.options, "export", "matches", *options)
    assert said.code == Exit.OK
    return [json.loads(line) for line in said.out.splitlines()]


def test_json_lines_hold_every_match(town: Town, call: Call) -> None:
    rows = _rows(town, call)
    assert len(rows) >= 10
    assert tuple(rows[0]) == matches._COLUMNS
    assert all(row["score"] >= row["threshold"] for row in rows)
    assert all(row["story"] and row["told_at"] and row["evidence"] and row["text"] for row in rows)
    assert len({(row["article"], row["topic"]) for row in rows}) == len(rows)


def test_narrowed_by_topic_and_day(town: Town, call: Call) -> None:
    rows = _rows(town, call)
    one = _rows(town, call, "--topic", "drone-coalition")
    assert one == [row for row in rows if row["topic"] == "drone-coalition"]
    day = rows[0]["matched_at"][:10]
    assert _rows(town, call, "--since", day) == rows
    assert [row["matched_at"][:10] for row in _rows(town, call, "--until", day)].count(day) > 0
    assert _rows(town, call, "--until", "9999-12-31") == rows
    assert _rows(town, call, "--until", "2020-01-01") == []


def test_csv_says_the_same(town: Town, call: Call, tmp_path: Path) -> None:
    said = call(*town.options, "export", "matches", "--format", "csv", "-o", tmp_path / "m.csv")
    assert said.err.startswith(f"{len(_rows(town, call))} matches in ")
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert [(row["article"], row["title"], float(row["score"])) for row in read] == [
        (row["article"], row["title"], row["score"]) for row in _rows(town, call)
    ]
    assert [one.name for one in tmp_path.iterdir()] == ["m.csv"]


def test_parquet_says_the_same_with_types(town: Town, call: Call, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert call(*town.options, "export", "matches", "--format", "parquet", "-o", tmp_path / "m.parquet").code == Exit.OK
    table = parquet.read_table(tmp_path / "m.parquet")
    assert tuple(table.column_names) == matches._COLUMNS
    assert str(table.schema.field("matched_at").type) == "timestamp[us, tz=UTC]"
    assert str(table.schema.field("evidence").type).startswith("list<")
    read = [{name: matches._plain(value) for name, value in row.items()} for row in table.to_pylist()]
    assert read == _rows(town, call)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_compute_stays_a_text(text: str) -> None:
    assert matches._cell(text) == f"'{text}"
    assert matches._cell((text, "b")) == f"'{text}; b"
    assert matches._cell(-1.5) == -1.5
    assert matches._cell("a = b") == "a = b"


def test_without_pyarrow_it_says_how_to_get_it(
    town: Town, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "pyarrow.parquet", raising=False)
    said = call(*town.options, "export", "matches", "--format", "parquet", "-o", tmp_path / "m")
    assert said.code == Exit.USAGE
    assert "pip install 'news-monitor[parquet]'" in said.err
    assert list(tmp_path.iterdir()) == []


def test_mistakes_are_told(town: Town, call: Call, tmp_path: Path) -> None:
    said = call(*town.options, "export", "matches", "--topic", "drone-coalitoin")
    assert (said.code, "did you mean 'drone-coalition'?" in said.err) == (Exit.USAGE, True)
    assert call(*town.options, "export", "matches", "--format", "parquet").code == Exit.USAGE
    said = call(*town.options, "export", "matches", "-o", tmp_path / "none" / "m.jsonl")
    assert said.code == Exit.NOT_WELL
    assert "none" in said.err
    said = call(*town.options, "export", "matches", "--since", "2026-03-05", "--until", "2026-03-01")
    assert (said.code, "no moment lies between --since and --until" in said.err) == (Exit.USAGE, True)
    said = call(*town.options, "export", "matches", "--since", "soon")
    assert (said.code, "'soon' is no day; write one such as 2026-03-02" in said.err) == (Exit.USAGE, True)


def test_a_file_that_cannot_be_finished_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), matches._sink(tmp_path / "m"):
        raise OSError(28, "full")
    assert list(tmp_path.iterdir()) == []


def test_rows_go_out_as_they_come(tmp_path: Path) -> None:
    assert matches._as_csv([], io.BytesIO()) == 0
    assert matches._as_lines([], io.BytesIO()) == 0


def test_a_pipe_or_a_device_is_written_to_and_stays_what_it_is(town: Town, call: Call, tmp_path: Path) -> None:
    """As root, a file put in the place of /dev/null breaks the machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(reading, fcntl.F_SETPIPE_SZ, 1 << 20)
    try:
        assert call(*town.options, "export", "matches", "--format", "csv", "-o", pipe).code == Exit.OK
        assert os.read(reading, 1 << 20).startswith(b"article,topic,")
        assert pipe.is_fifo()
    finally:
        os.close(reading)
