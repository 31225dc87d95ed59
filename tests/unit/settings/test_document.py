"""One TOML file: its tables, and its mistakes with their lines."""

from pathlib import Path

import pytest

from monitor.errors import Problem
from monitor.settings.document import Document, read_document, read_text


def test_a_file_becomes_text_and_tables(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes('\ufeff[[x]]\r\ny = "я"\r\n'.encode())
    problems: list[Problem] = []
    document = read_document(tmp_path, "a.toml", problems)
    assert (document.text, document.table, problems) == ('[[x]]\ny = "я"\n', {"x": [{"y": "я"}]}, [])
    assert document.tables("x", problems) == [{"y": "я"}]
    assert document.tables("z", problems) == []
    assert problems == []


@pytest.mark.parametrize("table", [{"x": 1}, {"x": {"y": 1}}, {"x": [1]}])
def test_what_is_no_array_of_tables(table: dict[str, object]) -> None:
    problems: list[Problem] = []
    assert Document("a.toml", "", table).tables("x", problems) == []
    assert [str(problem) for problem in problems] == ["a.toml: x: must be tables of the form [[x]] — write [[x]]"]


def test_a_file_that_cannot_be_read_leaves_an_empty_document(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = \n")
    (tmp_path / "b.toml").write_bytes(b"# one\n# \xff\n")
    problems: list[Problem] = []
    assert read_document(tmp_path, "a.toml", problems) == Document("a.toml")
    assert read_text(tmp_path, "b.toml", problems) == ""
    assert read_text(tmp_path, "c.toml", problems) == ""
    assert [(problem.file, problem.where) for problem in problems] == [
        ("a.toml", "line 1, column 5"),
        ("b.toml", "line 2"),
        ("c.toml", ""),
    ]


def test_problems_come_in_the_files_order() -> None:
    document = Document("a.toml", "[one]\nx = 1\n[two]\ny = 2\n")
    problems = [Problem("a.toml", where, "wrong") for where in ("nowhere", "two.y", "line 9", "one.x")]
    assert [problem.where for problem in document.with_lines(problems)] == [
        "line 2, one.x",
        "line 4, two.y",
        "nowhere",
        "line 9",
    ]


def test_unknown_keys() -> None:
    problems: list[Problem] = []
    Document("a.toml", "", {"feed": [], "fed": 1}).check_keys(("feed",), problems)
    assert [str(problem) for problem in problems] == ["a.toml: fed: unknown key 'fed' — did you mean 'feed'?"]


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000, "a = " + "9" * 5_000])
def test_toml_beyond_any_measure_is_a_mistake_like_another(tmp_path: Path, text: str) -> None:
    (tmp_path / "feeds.toml").write_text(text)
    problems: list[Problem] = []
    read_document(tmp_path, "feeds.toml", problems)
    assert ["is not valid TOML" in problem.message for problem in problems] == [True]
