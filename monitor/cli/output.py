"""What commands say: lines that fit the terminal and stay whole elsewhere, JSON for scripts, times in words.

Colours on a terminal only; NO_COLOR is respected.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import click
from msgspec import Struct

from monitor.values import as_dict

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_NARROWEST = 20  # columns; below it wrapping is no help
_SIZES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))  # as parts of them are rounded: 999,900 bytes are 1.0 MB


def console(*, stderr: bool = False) -> "Console":
    """A rich console that takes every text as it is. Loading rich takes a tenth of a second: not for JSON alone."""
    from rich.console import Console

    class OurConsole(Console):
        def on_broken_pipe(self) -> NoReturn:
            raise BrokenPipeError  # the command line ends all alike; rich would leave with a code of its own

    return OurConsole(stderr=stderr, highlight=False, soft_wrap=True, emoji=False, markup=False)


def say(text: "str | Text" = "", *, after: str = "", style: str = "", marks: Iterable[tuple[int, int]] = ()) -> None:
    """Print a line that begins with `after`. On a terminal what is too wide goes on below, under the start of `text`.

    Elsewhere the line stays whole. `style` is of the whole line, `marks` are (start, end) of found words in `text`.
    """
    from rich.cells import cell_len
    from rich.text import Text

    shown = text.copy() if isinstance(text, Text) else Text(text, style=style)
    for start, end in marks:
        shown.stylize("bold yellow", start, end)
    out = console()
    room = width() - cell_len(after)
    lines = shown.divide(_breaks(shown.plain, room)) if room >= _NARROWEST else [shown]
    for number, line in enumerate(lines):
        line.rstrip()
        out.print(Text(after if number == 0 else " " * cell_len(after), style=style) + line)


def _breaks(text: str, room: int) -> list[int]:
    """Where to break `text` into lines of `room` columns; only between words, so that an address stays whole."""
    from rich.cells import cell_len

    breaks: list[int] = []
    start = 0
    for word in re.finditer(r"\S+", text):
        if text[start : word.start()].strip() and cell_len(text[start : word.end()]) > room:
            start = word.start()
            breaks.append(start)
    return breaks


def width() -> int:
    """Columns to keep within; plenty where nobody's eyes measure them."""
    out = console()
    return out.width if out.is_terminal else 1_000_000


def echo_json(value: Any) -> None:
    """One JSON document on standard output, for scripts."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: object) -> object:
    if isinstance(value, Struct):
        return as_dict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its word: "1 story", "17 stories"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def minute(moment: datetime) -> str:
    """A moment to the minute, with its zone."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def sized(number: int) -> str:
    """A number of bytes as people say it: "0 bytes", "12 kB", "3.4 MB", "2.1 GB" (powers of ten)."""
    if number < 1_000:
        return counted(number, "byte")
    unit, size = next((unit, size) for unit, size in _SIZES if number >= 0.9995 * size)
    return f"{number / size:,.0f} {unit}" if unit == "kB" else f"{number / size:,.1f} {unit}"


@contextmanager
def bars() -> "Iterator[Callable[[str, int, int], None]]":
    """How far things are (what, done, of how many) as bars on a terminal, gone at the end; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as drawn:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = drawn.add_task(what, total=total)
            drawn.update(tasks[what], completed=done)

        yield show
