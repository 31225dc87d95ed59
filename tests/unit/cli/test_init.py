"""The frame of all commands: light to load, clear about misuse, quiet when a reader leaves."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from monitor.cli import SECTIONS, cli
from monitor.cli.common import Exit
from tests.configfolder import a_config
from tests.unit.cli.calling import ROOT, Call

HEAVY = (
    "aiohttp alembic apscheduler feedparser jinja2 lark lxml "
    "pebble pydantic py3langid rich sqlalchemy structlog trafilatura"
)


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            inner = command.get_command(click.Context(command), name)
            assert inner is not None
            yield from commands(inner, (*path, name))


COMMANDS = dict(commands(cli))


def test_help_loads_no_heavy_library() -> None:
    script = (
        "import sys\nfrom monitor.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        f"loaded = set('{HEAVY}'.split()) & set(sys.modules)\nassert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Follow topics in the news" in done.stdout


def test_help_lists_every_command_with_what_it_does(call: Call) -> None:
    said = call("--help")
    assert said.code == Exit.OK
    for section, listed in SECTIONS.items():
        assert f"{section}:" in said.out
        for name, (_, summary) in listed.items():
            assert re.search(rf"^  {name} +{re.escape(summary)}$", said.out, flags=re.MULTILINE), name


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_help_reads_well(call: Call, path: tuple[str, ...]) -> None:
    said = call(*path, "-h")
    assert said.code == Exit.OK
    assert max(map(len, said.out.splitlines())) <= 100
    assert not re.search(r"\w\.\.\.$", said.out.partition("\n")[2], flags=re.MULTILINE), "a summary is cut off"


def test_help_and_the_page_of_commands_agree() -> None:
    """Each command stands there with each of its options; tests/house finds what stands there in excess."""
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    for path, command in COMMANDS.items():
        if path and path[0] != "lab":
            entry = re.search(rf"`monitor {' '.join(path)}[ `].*?(?=^- `|^#|\Z)", text, flags=re.MULTILINE | re.DOTALL)
            assert entry, path
            for option in command.params:
                if isinstance(option, click.Option):
                    assert f"{option.opts[0]}" in entry[0], (path, option.name)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["serach", "x"], "there is no command 'serach'; did you mean 'search'?"),
        (["xyzzy"], "there is no command 'xyzzy'; `monitor --help` lists them"),
        (["feeds", "tset"], "there is no command 'tset'; did you mean 'test'?"),
        (["search", "x", "--archive", "a"], "--archive stands before the command: monitor --archive DIR"),
        (["feeds", "test", "x", "--config", "c"], "--config stands before the command"),
        (["search"], "Missing argument 'QUERY...'"),
        (["search", "x", "--limit", "many"], "'many' is not a valid integer"),
        (["digest", "preview", "--format", "pdf"], "'pdf' is not one of"),
    ],
)
def test_misuse_is_told_with_the_way_out(call: Call, arguments: list[str], words: str) -> None:
    said = call(*arguments)
    assert (said.code, said.out) == (Exit.USAGE, "")
    assert words in said.err


def test_the_folders_may_come_from_the_environment(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_CONFIG", str(a_config(tmp_path / "config")))
    monkeypatch.setenv("MONITOR_ARCHIVE", str(tmp_path / "kept"))
    assert str(tmp_path / "kept") in call("check").out


@pytest.mark.parametrize("arguments", ["--help", "topics", "topics --json"])
def test_a_reader_that_leaves_is_no_trouble(tmp_path: Path, arguments: str) -> None:
    command = [sys.executable, "-m", "monitor", "--config", str(a_config(tmp_path)), *arguments.split()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == Exit.OK


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", ["topics", "topics --json"])
def test_a_full_disk_is_told_without_a_traceback(tmp_path: Path, arguments: str) -> None:
    command = [sys.executable, "-m", "monitor", "--config", str(a_config(tmp_path)), *arguments.split()]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=30, check=False)
    assert done.returncode == Exit.NOT_WELL
    assert done.stderr == "monitor: No space left on device; see to it and try again\n"


def test_ctrl_c_ends_quietly(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("monitor.cli.check.read_settings", interrupted)
    said = call("check")
    assert (said.code, said.out, said.err.strip()) == (Exit.INTERRUPTED, "", "")


def test_a_headline_that_a_terminal_cannot_show_does_no_harm(tmp_path: Path) -> None:
    """On a terminal of another charset unknown letters become escapes."""
    topics = (a_config(tmp_path) / "topics.toml").read_text("utf-8").replace("Air defence", "Протиповітряна")
    (tmp_path / "topics.toml").write_text(topics, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "--config", str(tmp_path), "topics"],
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\u041f\u0440" in done.stdout
