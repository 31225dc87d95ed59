"""Where in a TOML text a table or key stands. Only for messages: the reading is done by `tomllib`, which has no lines.

Expects a text that `tomllib` has accepted; then statements are easily told apart without understanding values.
"""

import re
from collections import Counter

_PIECE = re.compile(
    r'''
    """(?:\\.|[^\\])*?"{3,5}   # texts in TOML's four forms
    | \'{3}.*?\'{3,5}
    | "(?:\\.|[^"\\])*"
    | \'[^\']*\'
    | \#[^\n]*                # a comment
    | .                        # any other character, a line end too
    ''',
    re.DOTALL | re.VERBOSE,
)
_KEY = re.compile(r"""\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.?)""")
_SHOWN_NAME = re.compile(r" '[^']*'")


def line_of(text: str, where: str) -> int | None:
    """The line (from 1) of a table path such as "feed[3] 'bbc' · url" or "fetch.robots"; of the nearest table
    around it when the key itself does not stand there; None when that does not either."""
    lines = _lines(text)
    path = _SHOWN_NAME.sub("", where).replace(" · ", ".")
    while path:
        if path in lines:
            return lines[path]
        path = path[: path.rindex("[")] if "." in path and path.endswith("]") else path.rpartition(".")[0]
    return None


def _lines(text: str) -> dict[str, int]:
    """Path → line of every table and key; the third table of an array `[[feed]]` is "feed[3]"."""
    lines: dict[str, int] = {}
    counts: Counter[str] = Counter()
    table = ""
    for line, statement in _statements(text):
        if statement.startswith("[["):
            name = _path(statement[2:])
            counts[name] += 1
            table = f"{name}[{counts[name]}]"
            lines.setdefault(name, line)
            lines[table] = line
        elif statement.startswith("["):
            table = _path(statement[1:])
            lines.setdefault(table, line)
        else:
            key = _path(statement)
            lines.setdefault(f"{table}.{key}" if table else key, line)
    return lines


def _statements(text: str) -> list[tuple[int, str]]:
    """(line, text) of each statement, comments left out; a value over several lines belongs to its statement."""
    statements: list[tuple[int, str]] = []
    current, start, line, depth = "", 1, 1, 0
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece == "\n" and depth == 0:
            if current.strip():
                statements.append((start, current.strip()))
            current = ""
        elif not piece.startswith("#"):
            if not current.strip():
                start = line
            current += piece
            depth += (piece in "[{") - (piece in "]}")
        line += piece.count("\n")
    if current.strip():
        statements.append((start, current.strip()))
    return statements


def _path(text: str) -> str:
    parts = []
    position = 0
    while match := _KEY.match(text, position):
        parts.append(next(part for part in match.groups()[:3] if part is not None))
        position = match.end()
        if not match.group(4):
            break
    return ".".join(parts)
