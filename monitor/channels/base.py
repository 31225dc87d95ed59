"""What a channel owes.

A channel takes one rendered `Message` and brings it to people, or says in a `DeliveryError` why it could not. It keeps
no state of its own: what already got through is told to it, so that a second attempt repeats nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self, TypeVar

from msgspec import Struct

from monitor.errors import ConfigError
from monitor.links import short_hash
from monitor.model import Message, Receipt
from monitor.options import Options, read_options


class Channel(Protocol):
    """One configured way outward."""

    kind: ClassVar[str]

    @property
    def name(self) -> str:
        """The name it has in the configuration."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Whom its parts are for, part n the n-th, where each can fail for itself (recipients); otherwise ()."""

    @property
    def settings_mark(self) -> str:
        """A short mark of its settings, another one when they change."""

    @classmethod
    def from_options(cls, options: Mapping[str, Any], *, name: str, file: str, where: str, folder: Path) -> Self:
        """A channel from its table of the configuration, without `kind` and with secrets already read.

        `folder` is what relative paths start from (the archive's). Touches neither network nor disk. Raises
        ConfigError with every mistake, each placed by `file` and `where`.
        """

    def send(self, message: Message, now: datetime, skip_parts: int = 0) -> Receipt:
        """Deliver `message`, leaving out each part n whose bit n is set in `skip_parts`.

        Raises DeliveryError: `permanent` when trying again cannot help, `retry_after` when the other side asked for
        patience, `sent_parts` with every part that needs no repeating, the skipped ones included, `off` when it is
        a target, and not this message, that is refused for good.
        """

    def check(self) -> str:
        """Whether a message would probably get through now: "" or what is wrong. Sends nothing to anybody."""


class Undivided(Struct, frozen=True):
    """A channel that gets a message through as a whole or not: none of its targets fails for itself."""

    @property
    def targets(self) -> tuple[str, ...]:
        """See `Channel`."""
        return ()


M = TypeVar("M", bound=Options)


def checked(model: type[M], options: Mapping[str, Any], *, file: str, where: str) -> M:
    """The options as a `model`. Raises ConfigError with every mistake."""
    read, problems = read_options(model, options, file=file, where=where)
    if read is None:
        raise ConfigError(problems)
    return read


def patience(stated: str) -> timedelta | None:
    """A Retry-After in seconds, at most a day; None for anything else."""
    return timedelta(seconds=min(int(stated[:9]), 86_400)) if stated.isascii() and stated.isdigit() else None


def mark_of(options: Options) -> str:
    """A mark of these settings. Of 32 bits, so that no secret among them can be told from it."""
    return short_hash(options.model_dump_json())[:8]


MOST_PARTS = 60  # so that the bits fit any database's integer
