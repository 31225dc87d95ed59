"""The pages for people tell what there is: commands, options, kinds, exit codes, rooms, paths, links."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from monitor.channels import KINDS as CHANNELS
from monitor.cli import SECTIONS, cli
from monitor.cli.common import Exit
from monitor.sources import KINDS as SOURCES
from tests.house.test_floors import FLOORS
from tests.house.tree import PACKAGE, ROOT, expect_none, modules

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
RECIPES = ("source", "channel", "topic", "setting", "column", "command")
MOST_STEPS = 4
_PLACEHOLDER = re.compile(r"[A-Z<>*…{]|\.\.\.|NNNN")


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _code(text: str) -> Iterator[str]:
    """Every line of a fenced or indented block and every code span; in a table `|` is written with a backslash."""
    text = text.replace(r"\|", "|")
    for block in re.findall(r"^```[^\n]*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        yield from re.sub(r"\\\n\s*", " ", block).splitlines()
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"^ {4}(\S.*)$", prose, flags=re.MULTILINE)
    yield from (span.replace("\n", " ") for span in re.findall(r"`([^`]+)`", prose))


def _calls(text: str) -> Iterator[list[str]]:
    """The words after each `monitor` that is called in a text's code; brackets and alternatives undone."""
    for line in _code(text):
        for part in re.split(r"&&|\|\||;|\s\|\s|\s#\s", line):
            words = part.replace("[", " ").replace("]", " ").split()
            starts = [number for number, word in enumerate(words) if word.split("/")[-1] == "monitor"]
            if starts and all("=" in word or word in {"sudo", "-u", "$"} for word in words[: starts[0]]):
                yield words[starts[0] + 1 :]


def _walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _walk(inner, f"{path} {name}".strip())


COMMANDS = dict(_walk(cli, ""))
OPTIONS = {
    path: {name for parameter in command.params if isinstance(parameter, click.Option) for name in parameter.opts}
    for path, command in COMMANDS.items()
}


def _mistakes(words: list[str]) -> Iterator[str]:
    """What a shown call asks for that does not exist."""
    path, known = "", {*OPTIONS[""], "--help", "--version"}
    takes_value = {"--config", "--archive"}
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("--"):
            if word.split("=")[0] not in known:
                yield f"monitor {path}: no option {word}"
            skip = not path and word in takes_value
        elif isinstance(COMMANDS[path], click.Group) and not _PLACEHOLDER.search(word):
            names = [f"{path} {name}".strip() for name in word.split("|")]
            if any(name not in COMMANDS for name in names):
                yield f"monitor {path}: no command {word}"
                return
            path = names[0]
            known = known.union(*(OPTIONS[name] for name in names))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_call_shown_can_be_made(page: Path) -> None:
    expect_none(mistake for words in _calls(page.read_text("utf-8")) for mistake in _mistakes(words))


def test_every_command_and_option_is_documented() -> None:
    text = "".join((ROOT / "docs" / name).read_text("utf-8") for name in ("commands.md", "lab.md"))
    calls = list(_calls(text))
    shown: dict[str, set[str]] = {}
    for words in calls:
        for path in COMMANDS:
            steps = path.split()
            if len(words) >= len(steps) and all(
                step in word.split("|") for step, word in zip(steps, words, strict=False)
            ):
                shown.setdefault(path, set()).update(word for word in words if word.startswith("--"))
    expect_none(f"monitor {path} is missing" for path in COMMANDS if path not in shown)
    expect_none(
        f"monitor {path} {option} is missing"
        for path, options in OPTIONS.items()
        for option in sorted(options - {"--version"})
        if option.startswith("--") and option not in (shown[path] if path else text)
    )


def test_the_list_of_commands_says_what_each_command_says() -> None:
    """The frame's table names real commands, in the order of `monitor --help`."""
    listed = [name for section in SECTIONS.values() for name in section]
    assert listed == [path for path in COMMANDS if path and " " not in path]
    assert [COMMANDS[name].name for name in listed] == listed


def test_every_exit_code_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, flags=re.MULTILINE)} == set(Exit)


@pytest.mark.parametrize("kind", [*SOURCES, *CHANNELS])
def test_every_kind_is_documented(kind: str) -> None:
    """On a line that speaks of `kind`."""
    lines = [line for page in PAGES for line in page.read_text("utf-8").splitlines() if re.search(r"\bkind\b", line)]
    assert any(f'"{kind}"' in line for line in lines)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_make_target_shown_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    shown = {word for line in _code(page.read_text("utf-8")) for word in re.findall(r"^make ((?:[a-z]+ ?)+)", line)}
    expect_none(target for words in shown for target in words.split() if target not in targets)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) + re.findall(r'(?:src|href)="([^"#]+)', text)
    expect_none(link for link in links if "://" not in link and not (page.parent / link).exists())


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_path_named_exists(page: Path) -> None:
    """Paths in code spans that begin in a folder of the project; the archive's content exists only where it ran."""
    spans = [word for line in _code(page.read_text("utf-8")) for word in line.split()]
    expect_none(
        word
        for word in spans
        if re.match(r"(monitor|tests|config|docs|deploy|benchmarks)/[\w./-]*$", word)
        and not _PLACEHOLDER.search(word)
        and not (ROOT / word).exists()
    )


def test_the_architecture_is_one_page_that_names_every_room_on_its_floor() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert len(text.splitlines()) <= 120
    rows = {int(row[0]): row for row in re.findall(r"^\| (\d) .*$", text, flags=re.MULTILINE)}
    assert rows.keys() == FLOORS.keys()
    lines = {int(line[2]): line for line in text.splitlines() if re.match(r"\| \d ", line)}
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    expect_none(
        f"floor {floor} does not name {room}"
        for floor, rooms in FLOORS.items()
        for room in sorted(rooms & there - {"__main__"})
        if not re.search(rf"`{room}/?`", lines[floor])
    )


def test_the_architecture_has_a_line_for_every_file_of_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    expect_none(
        module.file
        for module in modules()
        if not module.path.name.startswith("__")
        and "migrations" not in module.path.parts
        and not re.search(rf"\b{module.path.stem}\b", text)
    )


def test_recipes_are_short() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    sections = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    steps = {section.splitlines()[0]: re.findall(r"^(\d+)\. ", section, flags=re.MULTILINE) for section in sections}
    expect_none(name for name in RECIPES if not any(name in title.lower() for title in steps))
    expect_none(f"{title}: {len(each)} steps" for title, each in steps.items() if not 1 <= len(each) <= MOST_STEPS)


def test_decisions_are_numbered_dated_and_half_a_page() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    for page in DECISIONS:
        text = page.read_text("utf-8")
        assert re.match(rf"# {int(page.name[:4])}\. \S.*\n\n\d{{4}}-\d\d-\d\d\n", text), page.name
        assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == ["Context", "Decision", "Consequences"], page.name
        assert len(text.splitlines()) <= 45, page.name
