"""One TOML file of the configuration: read as text and tables, its mistakes shown with their lines."""

import tomllib
from collections.abc import Iterable, Sequence
from math import inf
from operator import itemgetter
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.errors import Problem, nearest
from monitor.tomltext import AT_ITS_END, line_of, not_toml


class Document(Struct, frozen=True):
    """A file that was read; empty when it could not be, so that the other files are still checked."""

    file: str
    text: str = ""
    table: dict[str, Any] = field(default_factory=dict)
    was_read: bool = False  # and may hold nothing all the same

    def tables(self, name: str, problems: list[Problem]) -> list[dict[str, Any]]:
        """The tables of the array [[name]]; what has another form is added to `problems` and left out."""
        found = self.table.get(name, [])
        if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
            problems.append(Problem(self.file, name, f"must be tables of the form [[{name}]]", f"write [[{name}]]"))
            return []
        return found

    def check_keys(self, allowed: Sequence[str], problems: list[Problem]) -> None:
        """Add a problem for every top-level key that is not allowed."""
        problems += self.with_lines(
            Problem(self.file, key, f"unknown key '{key}'", nearest(key, allowed) or f"allowed: {', '.join(allowed)}")
            for key in self.table
            if key not in allowed
        )

    def with_lines(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems, each with its line in front of its place where it is written literally; in the file's order."""
        placed: list[tuple[float, Problem]] = []
        for problem in problems:
            placed_already = problem.where.startswith(("line ", AT_ITS_END))  # as where it is no TOML
            line = None if placed_already else line_of(self.text, problem.where)
            shown = replace(problem, where=f"line {line}, {problem.where}") if line else problem
            placed.append((line or inf, shown))
        return [problem for _, problem in sorted(placed, key=itemgetter(0))]


def read_document(folder: Path, file: str, problems: list[Problem]) -> Document:
    """The file as a Document; an empty one after adding to `problems` why it cannot be read."""
    before = len(problems)
    text = read_text(folder, file, problems)
    return parse_document(file, text, problems, was_read=len(problems) == before)


def parse_document(file: str, text: str, problems: list[Problem], *, was_read: bool = True) -> Document:
    """A text as a Document; an empty one after adding to `problems` why it is no TOML."""
    try:
        return Document(file, text, tomllib.loads(text), was_read=was_read)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and what is said of endless numbers
        problems.append(not_toml(file, text, error))
        return Document(file)


def read_text(folder: Path, file: str, problems: list[Problem]) -> str:
    """The file's text without a byte order mark; "" after adding to `problems` why it cannot be read."""
    try:
        return (folder / file).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        problems.append(Problem(file, "", f"there is no such file in {folder}", "copy the shipped one"))
    except OSError as error:
        problems.append(Problem(file, "", f"cannot be read: {error.strerror}", "correct its rights"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.append(Problem(file, f"line {line}", "is not UTF-8 text", "save it as UTF-8"))
    return ""
