"""Places in TOML texts, of every form TOML allows."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.tomltext import line_of, not_toml, place_of

TEXT = '''\
# a comment with [brackets] and "quotes"
[archive]   # where
folder = "a # b"

[fetch]
allow = [
  "one", # ]
  "two",
]
robots = true
text = """
robots = false
[[feed]]
"""
other = \'\'\'it's [\'\'\'
after.dots = 1

[[feed]]
name = "one"
"quoted key" = 1

[[feed]]
name = "two"
headers = { a = "b", c = "]" }
url = "x"

[channel.mail]
kind = "email"
[channel.'chat room']
kind = "slack"
[[ feed ]]
name = "three"
[feed.select]
texts = [["a", "b"], [
  { deep = 1 }, # }
]]
[[rooms.hall.doors]]
wide = true
[[rooms.hall.doors]]
wide = 2'''


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("archive", 2),
        ("archive.folder", 3),
        ("fetch.allow", 6),
        ("fetch.allow.1", 6),
        ("fetch.robots", 10),
        ("fetch.text", 11),
        ("fetch.other", 15),
        ("fetch.after.dots", 16),
        ("feed[1] 'one'", 18),
        ("feed[1] 'one' · name", 19),
        ("feed[1] · quoted key", 20),
        ("feed[2] 'two' · headers.c", 24),
        ("feed[2] 'two' · url", 25),
        ("feed[2] 'two' · missing", 22),
        ("channel.mail · kind", 28),
        ("channel.chat room · kind", 30),
        ("feed[3] 'three' · name", 32),
        ("feed[3] · select", 33),
        ("feed[3] · select.texts[2][1].deep", 35),
        ("feed[3] · select.texts[7]", 34),
        ("channel", 27),
        ("rooms", 37),
        ("rooms.hall.doors[2] · wide", 40),
    ],
)
def test_line_of_a_table_path(where: str, line: int) -> None:
    assert line_of(TEXT, where) == line


@pytest.mark.parametrize("where", ["", "nothing", "feed[4] 'x' · url"])
def test_what_does_not_stand_there_has_no_line(where: str) -> None:
    assert line_of(TEXT, where) is None


@pytest.mark.parametrize(
    ("written", "offset", "place"),
    [
        ("'abc'", 0, "line 1, column 6"),
        ("'abc'", 2, "line 1, column 8"),
        ("'abc'", 99, "line 1, column 9"),
        ('"a\\"\\u00e9\\U0001F600b"', 4, "line 1, column 25"),
        ("'''\na\nbc'''", 3, "line 3, column 2"),
        ('"""\na \\\n   b"""', 2, "line 3, column 4"),
        ('""', 0, "line 1, column 6"),
        ("12", 5, "line 1, column 5"),
    ],
)
def test_place_of_a_character_as_it_is_written(written: str, offset: int, place: str) -> None:
    assert place_of(f"a = {written}", "a", offset) == place


def test_place_of_a_key_and_of_nothing() -> None:
    assert place_of("x = 1\n  b = 'c'", "b", key=True) == "line 2, column 3"
    assert place_of("x = 1", "b") == ""


def test_every_value_of_the_shipped_files_is_placed_where_it_is_read() -> None:
    checked = 0
    for file in (Path(__file__).parents[2] / "config").rglob("*.toml"):
        text = file.read_text("utf-8")
        lines = text.split("\n")
        for path, value in _strings(tomllib.loads(text), ""):
            for offset in {0, len(value) // 2, len(value) - 1} if value else ():
                _, row, _, column = place_of(text, path, offset).replace(",", "").split()
                assert (lines[int(row) - 1] + "\n")[int(column) - 1] == value[offset], (file.name, path, offset)
                checked += 1
    assert checked > 1_000


def _strings(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _strings(inner, f"{path}[{number}]")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "a = [\n  { query = '\"coup d'État\"' },\n]\n",
            (
                "line 2, column 22: is not valid TOML: Unclosed inline table"
                " — a ' ends the text that began with one; put three of them, ''', around a text that holds one"
            ),
        ),
        ("a = b\n", "line 1, column 5: is not valid TOML: Invalid value — texts stand in quotes, lists in [ ]"),
        (
            "a = “x”\n",
            (
                "line 1, column 5: is not valid TOML: Invalid value"
                ' — typographic quotes, as word processors make them, are none here; write the plain "'
            ),
        ),
        (
            "a\u00a0= 1\n",
            (
                "line 1, column 2: is not valid TOML: Expected '=' after a key in a key/value pair"
                " — an invisible character stands there (U+00A0); remove it, or write a plain space"
            ),
        ),
        (
            "a = True\n",
            "line 1, column 5: is not valid TOML: Invalid value — true and false are written in small letters",
        ),
        (
            "a = 0,5\n",
            (
                "line 1, column 6: is not valid TOML: Expected newline or end of document after a statement"
                " — decimals stand behind a point: 0.5, and not 0,5"
            ),
        ),
        (
            "[a]\n[a]\n",
            (
                "line 2, column 3: is not valid TOML: Cannot declare a twice"
                " — it stands in the file already; remove or rename one of the two"
            ),
        ),
        ('a = """\n', "at its end: is not valid TOML: Unterminated string — texts stand in quotes, lists in [ ]"),
        (
            "[a.b]\n[a.b]\n",
            (
                "line 2, column 5: is not valid TOML: Cannot declare a.b twice"
                " — it stands in the file already; remove or rename one of the two"
            ),
        ),
        (
            "a = 1\na = 2\n",
            (
                "line 2, column 6: is not valid TOML: Cannot overwrite a value"
                " — it stands in the file already; remove or rename one of the two"
            ),
        ),
    ],
)
def test_what_is_no_toml_is_told_with_its_place_and_what_to_do(text: str, told: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert str(not_toml("a.toml", text, caught.value)) == f"a.toml: {told}"
