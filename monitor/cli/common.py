"""What all commands share: exit codes, where the folders are, the settings and the archive of this run."""

import os
import signal
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from msgspec import Struct

from monitor.errors import ConfigError, MonitorError, StoreError, TemplateError, nearest

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.model import Subscription
    from monitor.settings import Settings
    from monitor.store import Store

CONFIG_VARIABLE = "MONITOR_CONFIG"
DAYS = click.IntRange(1, 36_500)  # back from now; the calendar has a beginning
_PACKAGE = Path(__file__).resolve().parent.parent


class Exit(IntEnum):
    """Exit codes; documented in docs/commands.md."""

    OK = 0
    NOT_WELL = 1
    USAGE = 2
    ARCHIVE = 3
    INTERRUPTED = 130

    @staticmethod
    def table() -> str:
        """One line for the help page."""
        return (
            "0 all well · 1 something is not well · 2 wrong configuration or usage · "
            "3 archive locked or unusable · 130 interrupted."
        )


class MisuseError(MonitorError):
    """A command was asked for what cannot be; its text says what to ask for instead."""


def unknown(what: str, name: str, known: Sequence[str]) -> MisuseError:
    """What to raise where there is no `what` of that name: it tells the nearest, or all that are known."""
    return MisuseError(f"there is no {what} '{name}'; {nearest(name, known) or 'known: ' + ', '.join(known)}")


def unknown_feed(name: str, known: Sequence[str]) -> MisuseError:
    """The same of a feed, of which there may be hundreds."""
    hint = nearest(name, known) or "`monitor feeds` lists them"
    return MisuseError(f"there is no feed '{name}' in feeds.toml; {hint}")


def give_up(error: MonitorError) -> NoReturn:
    """Show a trouble to a person, and end with the code that fits it."""
    click.echo(f"monitor: {error}", err=True)
    if isinstance(error, (ConfigError, MisuseError, TemplateError)):
        sys.exit(Exit.USAGE)
    sys.exit(Exit.ARCHIVE if isinstance(error, StoreError) else Exit.NOT_WELL)


def shipped_config() -> Path:
    """The configuration that comes with the program: inside an installed package, or beside it in a checkout."""
    inside = _PACKAGE / "shipped"
    return inside if inside.is_dir() else _PACKAGE.parent / "config"


class Paths(Struct, frozen=True):
    """The two folders of this run. `archive` is None where monitor.toml decides."""

    config: Path
    archive: Path | None

    @classmethod
    def find(cls, config: str | None, archive: str | None) -> "Paths":
        """From options or environment; else ./config; else the shipped configuration with ./archive."""
        if config:
            return cls(Path(config), Path(archive) if archive else None)
        if Path("config/monitor.toml").is_file():
            return cls(Path("config"), Path(archive) if archive else None)
        return cls(shipped_config(), Path(archive or "archive"))


def read_settings(paths: Paths, *, recall: bool = False, feedless: bool = False) -> "Settings":
    """The settings of this run; for `recall` and `feedless` see `load_settings`. Raises ConfigError: every mistake."""
    from monitor.settings import load_settings

    return load_settings(paths.config, os.environ, archive=paths.archive, recall=recall, feedless=feedless)


def has_archive(settings: "Settings") -> bool:
    """Whether anything was remembered yet. Raises StoreError when the archive's server cannot be asked."""
    from monitor.store import exists

    return exists(settings.archive.url)


def place_of(settings: "Settings") -> str:
    """Where the archive is: its folder, or the address of its server, without a password."""
    from monitor.store import file_of, named

    url = settings.archive.url
    return named(url) if file_of(url) is None else str(settings.archive.folder)


def want_archive(settings: "Settings") -> str:
    """The address of the archive. Raises StoreError where there is none yet."""
    if not has_archive(settings):
        raise StoreError(f"there is no archive in {place_of(settings)} yet; `monitor once` or `monitor run` makes one")
    return settings.archive.url


def want_file(settings: "Settings", instead: str) -> Path:
    """The file of the archive's database. Raises StoreError where there is none yet, or with what to do `instead`."""
    from monitor.store import file_of

    url = want_archive(settings)
    path = file_of(url)
    if path is None:
        raise StoreError(f"the archive is {place_of(settings)}, on a server: {instead}")
    return path


class Group(click.Group):
    """Commands of one subject; a wrong one is told the nearest, or `others`, or all."""

    others = ""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        names = self.list_commands(ctx)
        if args and args[0] not in names and not args[0].startswith("-"):
            hint = nearest(args[0], names) or self.others or f"known: {', '.join(names)}"
            raise click.UsageError(f"there is no command '{args[0]}'; {hint}", ctx)
        return super().resolve_command(ctx, args)


def hold_reloads() -> None:
    """Let a SIGHUP wait until the daemon or worker that is being started listens, instead of ending it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})


@contextmanager
def left_to_owner(*folders: Path) -> Iterator[None]:
    """What root makes within the block in a folder of another user becomes that user's: the daemon, which goes on with
    the day's evidence and removes old backups, could not otherwise. A file with other names elsewhere stays root's.
    """
    try:
        yield
    finally:
        for folder in folders if os.geteuid() == 0 else ():
            with suppress(OSError):
                if (owner := folder.stat()).st_uid != 0:
                    _give_away(folder, owner.st_uid, owner.st_gid)


def _give_away(folder: Path, user: int, group: int) -> None:
    for _, folders, files, within in os.fwalk(folder):
        for name in (*folders, *files):
            with suppress(OSError):
                handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=within)
                try:
                    found = os.fstat(handle)
                    alone = stat.S_ISDIR(found.st_mode) or (stat.S_ISREG(found.st_mode) and found.st_nlink == 1)
                    if found.st_uid == 0 and alone:
                        os.fchown(handle, user, group)
                finally:
                    os.close(handle)


@contextmanager
def opened(
    paths: Paths, *, workers: int | None = None, log_level: str = "", existing: bool = False, holder: str = ""
) -> "Iterator[App]":
    """The app on this run's configuration and archive, closed at the end.

    `workers` and `log_level` instead of the settings'; `existing`: StoreError where there is no archive yet.
    `holder`: see `app.open_app`.
    """
    from monitor import logs
    from monitor.app import open_app

    settings = read_settings(paths, recall=True)
    logs.configure(settings.log.form, log_level or settings.log.level)
    if existing:
        want_archive(settings)
    with left_to_owner(settings.archive.folder), open_app(settings, workers=workers, holder=holder) as app:
        yield app


@contextmanager
def reading(settings: "Settings") -> "Iterator[Store]":
    """The archive, to be asked only. Raises StoreError where there is none yet: asking must not make one."""
    from monitor.store import open_to_read

    want_archive(settings)
    store = open_to_read(settings.archive.url)
    try:
        yield store
    finally:
        store.close()


def choose(subscriptions: "tuple[Subscription, ...]", name: str | None) -> "Subscription":
    """The subscription called `name`, the first for None. Raises MisuseError when there is none of that name."""
    names = [subscription.name for subscription in subscriptions]
    if name is None:
        return subscriptions[0]
    if name not in names:
        raise unknown("subscription", name, names)
    return subscriptions[names.index(name)]
