"""What all commands share: where the folders are, exit codes, plain or rich output, JSON."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from monitor.errors import ConfigError, MonitorError, StoreError

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.app import App
    from monitor.settings import Settings

CONFIG_VARIABLE = "MONITOR_CONFIG"
_PACKAGE = Path(__file__).resolve().parent.parent


class Exit(IntEnum):
    """Exit codes; documented in README.md."""

    OK = 0
    NOT_WELL = 1
    USAGE = 2
    ARCHIVE = 3
    INTERRUPTED = 130

    @staticmethod
    def table() -> str:
        """One line for the help page."""
        return "0 all well · 1 something is not well · 2 wrong configuration or usage · 3 archive locked or unusable."


def shipped_config() -> Path:
    """The configuration that comes with the program: inside an installed package, or beside it in a checkout."""
    inside = _PACKAGE / "shipped"
    return inside if inside.is_dir() else _PACKAGE.parent / "config"


@dataclass(frozen=True, slots=True)
class Paths:
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


def read_settings(paths: Paths) -> "Settings":
    """The settings of this run. Raises ConfigError with every mistake."""
    from monitor.settings import load_settings

    return load_settings(paths.config, os.environ, archive=paths.archive)


@contextmanager
def opened(paths: Paths, *, workers: int | None = None) -> "Iterator[App]":
    """The app on this run's configuration and archive, closed at the end."""
    from monitor import logs
    from monitor.app import open_app

    settings = read_settings(paths)
    logs.configure(settings.log.form, settings.log.level)
    with open_app(settings, workers=workers) as app:
        yield app


def give_up(error: MonitorError) -> NoReturn:
    """Show a trouble to a person, and end with the code that fits it."""
    click.echo(f"monitor: {error}", err=True)
    if isinstance(error, ConfigError):
        sys.exit(Exit.USAGE)
    sys.exit(Exit.ARCHIVE if isinstance(error, StoreError) else Exit.NOT_WELL)


def console(*, stderr: bool = False) -> "Console":
    """A rich console: colours and widths on a terminal, plain lines elsewhere; NO_COLOR is respected."""
    from rich.console import Console

    out = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, soft_wrap=not out.isatty(), emoji=False, markup=False)


def echo_json(value: Any) -> None:
    """One JSON document on standard output, for scripts."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, in the largest fitting unit: "4 min ago"; "never" for None; "in 4 min" for the future."""
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    words = span(abs(seconds))
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def span(seconds: float) -> str:
    """A span of time in its largest fitting unit."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
