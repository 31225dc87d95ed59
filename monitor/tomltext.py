"""Where in a TOML text each table, key and value stands. Only for messages: the reading is done by `tomllib`, which
has no places. And what it says of a text that is no TOML, in words for people.

All but that expects a text that `tomllib` has accepted; then it needs no more than to tell brackets, keys and strings
apart. A place is named by a path such as "feed[3] 'bbc' · url", "fetch.robots" or "topics.x.clauses[2].query"; items of
lists are counted from 1.
"""

import re
from collections import Counter
from functools import lru_cache
from unicodedata import category

from msgspec import Struct

from monitor.errors import Problem

AT_ITS_END = "at its end"

_USUAL = "texts stand in quotes, lists in [ ]"
_CURLY = tuple("“”„‟«»‘’‚‹›″")
_TRUTH = re.compile(r"(true|false)\b", re.IGNORECASE)
_COMMA = re.compile(r"=\s*[-+]?\d+,\d")
_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")
_KEYS = re.compile(r"\(('[^()]*'),?\)")  # a tuple as Python shows it
_SPACE = re.compile(r"(?:[ \t]|\n|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*(?:"((?:\\.|[^"\\\n])*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*(\.?)""")
_STRING = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5} | \'{3}.*?\'{3,5} | "(?:\\.|[^"\\\n])*" | \'[^\'\n]*\'''',
    re.DOTALL | re.VERBOSE,
)
_PLAIN = re.compile(r"[^,\]}\n#]*")
_SHOWN_NAME = re.compile(r" '[^']*'")
_ESCAPE = re.compile(r"\\(?:[ \t]*\n[ \t\n]*|u.{4}|U.{8}|x..|.)", re.DOTALL)


class _Spot(Struct, frozen=True):
    """Offsets of a key or header and of its value; for a string, where it begins and ends with its quotes."""

    key: int
    value: int
    end: int


def not_toml(file: str, text: str, error: Exception) -> Problem:
    """What `tomllib` refused, where, and what to do about it."""
    message = str(error)
    at = _AT_LINE.search(message)
    where = f"line {at[1]}, column {at[2]}" if at else AT_ITS_END
    shown = _AT_LINE.sub("", message).removesuffix(" (at end of document)")
    shown = _KEYS.sub(lambda keys: ".".join(key.strip(" '") for key in keys[1].split(",") if key), shown)
    if "twice" in shown or "overwrite" in shown:
        hint = "it stands in the file already; remove or rename one of the two"
    else:
        hint = _hint(text.split("\n")[int(at[1]) - 1], int(at[2]) - 1) if at else _USUAL
    return Problem(file, where, f"is not valid TOML: {shown}", hint)


def _hint(line: str, at: int) -> str:
    """What to do about a line that is no TOML from its character `at`."""
    here = line[at : at + 1]
    if here in _CURLY or (line.count('"') % 2 and any(quote in line for quote in _CURLY)):
        return 'typographic quotes, as word processors make them, are none here; write the plain "'
    if here not in ("", " ", "\t") and category(here) in ("Zs", "Cf"):
        return f"an invisible character stands there (U+{ord(here):04X}); remove it, or write a plain space"
    if _TRUTH.match(line, at):
        return "true and false are written in small letters"
    if _COMMA.search(line):
        return "decimals stand behind a point: 0.5, and not 0,5"
    if line.replace("'''", "").count("'") % 2:
        return "a ' ends the text that began with one; put three of them, ''', around a text that holds one"
    return _USUAL


def line_of(text: str, where: str) -> int | None:
    """The line (from 1) of a path; of the nearest table around it when the key itself does not stand there; None when
    that does not either, and at once where no path is given: the text may be no TOML then."""
    path = _path_of(where)
    spots = _spots(text) if path else {}
    while path:
        if path in spots:
            return text.count("\n", 0, spots[path].key) + 1
        path = path[: path.rindex("[")] if "." in path and path.endswith("]") else path.rpartition(".")[0]
    return None


def place_of(text: str, where: str, offset: int = 0, *, key: bool = False) -> str:
    """ "line 3, column 7" of the value at a path, or of its key; of a string: of its character `offset`, from 0, as
    read. "" when nothing stands there.
    """
    spot = _spots(text).get(_path_of(where))
    if spot is None:
        return ""
    at = spot.key if key else _written_at(text, spot, offset)
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def _path_of(where: str) -> str:
    return _SHOWN_NAME.sub("", where).replace(" · ", ".")


def _written_at(text: str, spot: _Spot, offset: int) -> int:
    """Where the character `offset` of a string as read is written."""
    if text[spot.value : spot.value + 1] not in ("'", '"'):
        return spot.value
    quote = text[spot.value]
    size = 3 if text.startswith(3 * quote, spot.value) and spot.end - spot.value >= 6 else 1
    at, end = spot.value + size, spot.end - size
    if size == 3 and text.startswith("\n", at):
        at += 1
    if quote == "'":
        return min(at + offset, end)
    while offset > 0 and at < end:
        escape = _ESCAPE.match(text, at)
        if escape is None:
            at, offset = at + 1, offset - 1
        else:  # a line that goes on behind its end is no character
            at, offset = escape.end(), offset - (not escape[0][1:].isspace())
    while (escape := _ESCAPE.match(text, at)) and escape[0][1:].isspace():
        at = escape.end()
    return min(at, end)


@lru_cache(maxsize=4)  # a file is asked about each of its mistakes
def _spots(text: str) -> dict[str, _Spot]:
    """Path → where, of every table, key and item; the third table of an array `[[feed]]` is "feed[3]"."""
    spots: dict[str, _Spot] = {}
    counts: Counter[str] = Counter()
    table, at = "", _behind_space(text, 0)
    while at < len(text):
        if text[at] == "[":
            many = text.startswith("[[", at)
            keys, end = _keys(text, at + 1 + many)
            path = _in_arrays(keys, counts, itself=not many)
            if many:
                spots.setdefault(path, _Spot(at, at, end))
                counts[path] += 1
                path = f"{path}[{counts[path]}]"
            table = path
            _note(spots, path, _Spot(at, at, end))
            end = text.find("\n", end) % (len(text) + 1)  # the text's end where it is the last line
        else:
            end = _pair(text, at, table, spots)
        at = _behind_space(text, end)
    return spots


def _note(spots: dict[str, _Spot], path: str, spot: _Spot) -> None:
    """The path, and each table around it that has no header of its own so far."""
    spots.setdefault(path, spot)
    for dot in re.finditer(r"\.", path):
        spots.setdefault(path[: dot.start()], spot)


def _in_arrays(keys: list[str], counts: Counter[str], *, itself: bool) -> str:
    """The path of a header: what stands within an array of tables belongs to the last of them."""
    path = ""
    for number, key in enumerate(keys, 1):
        path = f"{path}.{key}" if path else key
        if counts[path] and (itself or number < len(keys)):
            path = f"{path}[{counts[path]}]"
    return path


def _keys(text: str, at: int) -> tuple[list[str], int]:
    keys = []
    while match := _KEY.match(text, at):
        keys.append(next(part for part in match.groups()[:3] if part is not None))
        at = match.end()
        if not match[4]:
            break
    return keys, at


def _pair(text: str, at: int, table: str, spots: dict[str, _Spot]) -> int:
    """Notes `key = value` and all that is in the value; gives where it ends."""
    keys, end = _keys(text, at)
    path = ".".join([table, *keys] if table else keys)
    return _value(text, _behind_space(text, text.index("=", end) + 1), path, spots, at)


def _value(text: str, at: int, path: str, spots: dict[str, _Spot], key: int) -> int:
    if string := _STRING.match(text, at):
        end = string.end()
    elif text[at] in "[{":
        end = _inside(text, at, path, spots)
    else:
        plain = _PLAIN.match(text, at)
        end = plain.end() if plain else at
    _note(spots, path, _Spot(key, at, end))
    return end


def _inside(text: str, at: int, path: str, spots: dict[str, _Spot]) -> int:
    """Notes the items of a list or the pairs of a table in braces; gives where it ends."""
    a_list = text[at] == "["
    number, at = 0, _behind_space(text, at + 1)
    while text[at] not in "]}":
        number += 1
        at = _value(text, at, f"{path}[{number}]", spots, at) if a_list else _pair(text, at, path, spots)
        at = _behind_space(text, at)
        if text[at] == ",":
            at = _behind_space(text, at + 1)
    return at + 1


def _behind_space(text: str, at: int) -> int:
    """Where the next thing begins that is neither space nor comment."""
    found = _SPACE.match(text, at)
    return found.end() if found else at
