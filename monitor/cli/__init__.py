"""The command line. Each command is loaded when it is called, so that `monitor --help` answers at once."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EPIPE
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from monitor import __version__
from monitor.cli.common import CONFIG_VARIABLE, Exit, Group, Paths, give_up
from monitor.errors import MonitorError

# section -> command -> (module:object, what it does)
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Running": {
        "run": ("monitor.cli.run:run", "Start the daemon; Ctrl-C or SIGTERM stops it."),
        "once": ("monitor.cli.run:once", "One full round: poll, ingest, due digests, deliver."),
        "worker": ("monitor.cli.worker:worker", "One of several workers on an archive on a server."),
        "web": ("monitor.cli.web:web", "The desk: stories, topics, feeds and search in the browser."),
        "demo": ("monitor.cli.demo:demo", "See the whole product offline in under a minute."),
        "health": ("monitor.cli.run:health", "Is the daemon doing its work? For machines and people."),
    },
    "Setting up": {
        "check": ("monitor.cli.check:check", "Check the configuration and say every mistake at once."),
        "feeds": ("monitor.cli.feeds:feeds", "The feeds with their state; `feeds test URL` tries an address."),
        "topics": ("monitor.cli.topics:topics", "The topics; `topics test` judges a text and says why."),
        "channels": ("monitor.cli.channels:channels", "The ways outward; `channels test NAME` sends a sample."),
        "doctor": ("monitor.cli.doctor:doctor", "Look at everything it stands on, and say what to do."),
        "version": ("monitor.cli.check:version", "Version of the program and of what it stands on."),
    },
    "Reading": {
        "digest": ("monitor.cli.digest:digest", "Preview the next digest, or send one now."),
        "search": ("monitor.cli.search:search", "Search the archive."),
        "show": ("monitor.cli.show:show", "An article with its text and all that is known of it."),
        "diff": ("monitor.cli.edits:diff", "How an article was edited, word by word."),
        "why": ("monitor.cli.archive:why", "What became of an address at each stage, and why."),
        "evidence": ("monitor.cli.evidence:evidence", "Check what proves the matches, or pack it for others."),
        "story": ("monitor.cli.story:story", "A story's timeline; `story merge` and `story split` by hand."),
        "backfill": ("monitor.cli.backfill:backfill", "Fill the archive with what was published before."),
        "mark": ("monitor.cli.marks:mark", "Say whether an article belongs to a topic."),
        "rejudge": ("monitor.cli.marks:rejudge", "Apply edited topics to what is remembered."),
    },
    "Keeping": {
        "backup": ("monitor.cli.backup:backup", "A copy of everything, made while the daemon runs."),
        "tidy": ("monitor.cli.tidy:tidy", "Forget at once what retention allows, or say what that is."),
        "export": ("monitor.cli.moving:export", "The whole state, to move house; or the matches, as tables."),
        "store": ("monitor.cli.store:store", "`store copy` moves the archive between a file and a server."),
        "import": ("monitor.cli.moving:import_", "Set up here what was exported on another machine."),
    },
    "For experts": {
        "lab": ("monitor.cli.lab:lab", "Each stage alone, JSON Lines in and out."),
    },
}
_COMMANDS = {name: entry for section in SECTIONS.values() for name, entry in section.items()}


# Python's own 700 makes a tenth of a start, and of a round, a search for rings that are not there.
_COLLECT = (20_000, 20, 20)


class LazyGroup(Group):
    """A group that imports a command's module only when that command is called."""

    others = "`monitor --help` lists them"

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name, summary) for name, (_, summary) in commands.items()])

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _readers_may_leave():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _readers_may_leave():
            try:
                return super().invoke(ctx)
            except click.NoSuchOption as error:
                if error.option_name not in ("--config", "--archive"):
                    raise
                what = f"{error.option_name} stands before the command: monitor {error.option_name} DIR …"
                raise click.UsageError(what, error.ctx) from None


@contextmanager
def _readers_may_leave() -> Iterator[None]:
    """A reader that closes the pipe has what it wanted; click would leave with code 1."""
    try:
        yield
    except OSError as error:
        if error.errno != EPIPE:
            raise
        _drop_output()
        raise click.exceptions.Exit(Exit.OK) from None


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"Exit codes: {Exit.table()}",
)
@click.option(
    "--config",
    type=str,
    envvar=CONFIG_VARIABLE,
    metavar="DIR",
    help="Folder with monitor.toml, feeds.toml, topics.toml …  [default: ./config, else the shipped one]",
)
@click.option(
    "--archive",
    type=str,
    envvar="MONITOR_ARCHIVE",
    metavar="DIR",
    help="Folder for everything remembered.  [default: as monitor.toml says]",
)
@click.version_option(__version__, prog_name="monitor")
@click.pass_context
def cli(context: click.Context, config: str | None, archive: str | None) -> None:
    """Follow topics in the news: feeds in, one explained digest out.

    New here? `monitor demo` shows everything offline. Then edit the text files in config/ and start `monitor run`.
    """
    from monitor import logs

    logs.configure(level="warning")  # to standard error; commands that read the settings may say otherwise
    context.obj = Paths.find(config, archive)


def main(arguments: Sequence[str] | None = None) -> None:
    """The `monitor` command: every trouble becomes a clear message and a documented exit code."""
    gc.set_threshold(*_COLLECT)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a headline must not fail on a terminal's charset
    try:
        code = cli.main(args=arguments, prog_name="monitor", standalone_mode=False)
        sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(Exit.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(Exit.USAGE)
    except MonitorError as error:
        give_up(error)
    except BrokenPipeError:
        _drop_output()
        sys.exit(Exit.OK)
    except OSError as error:
        _drop_output()
        what = f"{error.filename}: " if error.filename else ""
        give_up(MonitorError(f"{what}{error.strerror or error}; see to it and try again"))
    sys.exit(code if isinstance(code, int) else Exit.OK)


def _drop_output() -> None:
    """What is still buffered has nowhere to go; without this, Python would complain at its end."""
    with suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
