"""Places in TOML texts, of every form TOML allows."""

import pytest

from monitor.settings.lines import line_of

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
name = "three"'''


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
    ],
)
def test_line_of_a_table_path(where: str, line: int) -> None:
    assert line_of(TEXT, where) == line


@pytest.mark.parametrize("where", ["", "nothing", "feed[4] 'x' · url"])
def test_what_does_not_stand_there_has_no_line(where: str) -> None:
    assert line_of(TEXT, where) is None
