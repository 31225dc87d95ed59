"""What tests of the command line hold: what a call said, and a town with its newsroom, configuration and archive."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.cli.common import Exit
from monitor.newsroom import Newsroom
from tests.configfolder import SUBSCRIPTIONS, followed

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "config"
ON_LOOPBACK = """\
[poll]
canaries = []
[fetch]
allow_private = ["127.0.0.0/8"]
host_gap_seconds = 0.0
[extract]
workers = 0
"""


@dataclass(frozen=True, slots=True)
class Town:
    """A running newsroom, a configuration that follows it, and the archive of its first round."""

    newsroom: Newsroom
    config: Path
    archive: Path

    @property
    def options(self) -> tuple[str, ...]:
        """What stands before the command."""
        return ("--config", str(self.config), "--archive", str(self.archive))

    def with_settings(self, more: str) -> "Town":
        """The same with a configuration of its own, beside the archive, that says more."""
        folder = self.archive.with_name(f"{self.archive.name}-config")
        shutil.copytree(self.config, folder)
        with (folder / "monitor.toml").open("a") as file:
            file.write(more)
        return Town(self.newsroom, folder, self.archive)

    def address(self, slug: str) -> str:
        """The address of one of the sample articles."""
        return next(url for url in self.newsroom.truth if slug in url)


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]


def ends_with(*arguments: str) -> int:
    """The exit code of a call."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return int(ended.value.code)


def filled(newsroom: Newsroom, folder: Path, more: str = "") -> Town:
    """A configuration that follows the newsroom, with `more` in monitor.toml, and its archive after a round."""
    shutil.copytree(SHIPPED, folder / "config")
    (folder / "config" / "monitor.toml").write_text(ON_LOOPBACK + more, "utf-8")
    (folder / "config" / "subscriptions.toml").write_text(SUBSCRIPTIONS + 'topics = ["*"]\n', "utf-8")
    (folder / "config" / "feeds.toml").write_text(followed(newsroom), "utf-8")
    town = Town(newsroom, folder / "config", folder / "archive")
    assert ends_with(*town.options, "once") == Exit.OK
    return town
