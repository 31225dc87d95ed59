"""Lines that fit a terminal and stay whole elsewhere, JSON of our own types, times and evidence in words."""

import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from monitor.cli.output import counted, echo_json, say, sized, width
from monitor.model import Beat

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LONG = "a headline of very many words that goes on and on and never seems to find its natural end at all"


class Terminal(io.StringIO):
    """A terminal as programs see it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Terminal]:
    def of_width(columns: int) -> Terminal:
        screen = Terminal()
        monkeypatch.setattr(sys, "stdout", screen)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("NO_COLOR", "1")
        return screen

    return of_width


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_wide_lines_go_on_below_where_the_text_began(terminal: Callable[[int], Terminal], columns: int) -> None:
    screen = terminal(columns)
    say(LONG, after="  feed  ")
    lines = screen.getvalue().splitlines()
    assert all(cell_len(line) <= columns for line in lines)
    assert [line[:8] for line in lines] == ["  feed  ", *[" " * 8] * (len(lines) - 1)]
    assert " ".join(line[8:] for line in lines) == LONG


def test_an_address_is_never_broken(terminal: Callable[[int], Terminal]) -> None:
    screen = terminal(40)
    address = "https://courier.example/" + "a-long-slug-" * 10
    say(f"see {address} now", after="    ")
    assert screen.getvalue().splitlines() == ["    see", f"    {address}", "    now"]


def test_in_a_pipe_a_line_stays_one_line_without_codes(capsys: pytest.CaptureFixture[str]) -> None:
    say(LONG, after="  feed  ", style="bold red", marks=[(2, 10)])
    assert capsys.readouterr().out == f"  feed  {LONG}\n"
    assert width() > 1000


def test_colours_on_a_terminal_only_where_wanted(
    terminal: Callable[[int], Terminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = terminal(80)
    say("found words here", marks=[(6, 11)])
    assert "\x1b[1mwords" in screen.getvalue()  # bold is no colour
    assert "33m" not in screen.getvalue()
    monkeypatch.delenv("NO_COLOR")
    say("found words here", marks=[(6, 11)])
    assert "\x1b[1;33mwords\x1b[0m" in screen.getvalue()


def test_markup_and_smileys_in_a_headline_are_only_text(capsys: pytest.CaptureFixture[str]) -> None:
    say("[bold]Ministry :smile: [/x] 42")
    assert capsys.readouterr().out == "[bold]Ministry :smile: [/x] 42\n"


def test_a_closed_pipe_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(BrokenPipeError):
        say("anything")


def test_json_of_own_types(capsys: pytest.CaptureFixture[str]) -> None:
    beat = Beat("poll", NOW, None, timedelta(minutes=1))
    echo_json({"beat": beat, "names": frozenset("ba"), "text": "дрони"})
    text = capsys.readouterr().out
    assert "дрони" in text
    told = json.loads(text)
    assert told["beat"] == {
        "ticker": "poll",
        "started_at": "2026-03-02T08:00:00+00:00",
        "succeeded_at": None,
        "every": 60.0,
        "problem": "",
    }
    assert told["names"] == ["a", "b"]


def test_counted_words() -> None:
    assert [counted(1, "story", "stories"), counted(17, "story", "stories"), counted(1200, "feed")] == [
        "1 story",
        "17 stories",
        "1,200 feeds",
    ]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (4_096, "4 kB"),
        (999_900, "1.0 MB"),
        (3_440_000, "3.4 MB"),
        (2_100_000_000, "2.1 GB"),
    ],
)
def test_sizes_are_never_rounded_to_nothing(number: int, said: str) -> None:
    assert sized(number) == said
