"""What tests of the command line hold: what a call said, and a town with its newsroom, configuration and archive."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.newsroom import Newsroom


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
