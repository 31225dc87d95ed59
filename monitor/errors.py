"""The exceptions that cross rooms; each knows what a person can do about it.

    MonitorError
    ├── ConfigError      the configuration has mistakes: all of them, each with its place
    ├── StoreError       the archive cannot be opened, read or written
    │   └── LockedError  another daemon runs on this archive
    ├── NetworkError     nothing at all can be reached
    ├── TemplateError    a digest template is wrong
    └── DeliveryError    a channel could not deliver: for now, or for good

What is expected in a day's work (a dead feed, a broken page) is no exception but a value; see `model`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches

from msgspec import Struct


class MonitorError(Exception):
    """Base of all; its text is made to be shown to a person as it is."""


class Problem(Struct, frozen=True):
    """One mistake in the configuration.

    `file` as given; `where` a line ("line 12") or a table path ("feed[3] 'bbc' · url"); `message` says what was found
    and what is allowed; `hint` names the nearest valid word or the next step.
    """

    file: str
    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}: {self.where}" if self.where else self.file
        return f"{place}: {self.message}" + (f" — {self.hint}" if self.hint else "")


class ConfigError(MonitorError):
    """Raised once with every mistake that was found; `subject` is what they were found in."""

    def __init__(self, problems: Iterable[Problem], subject: str = "The configuration") -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        count = len(self.problems)
        heading = f"{subject} has {count} mistake{'s' if count != 1 else ''}:"
        super().__init__("\n".join([heading, *(f"  {problem}" for problem in self.problems)]))


class StoreError(MonitorError):
    """The archive cannot be opened, read or written; nothing was half-written."""


class LockedError(StoreError):
    """Another daemon holds this archive."""


class NetworkError(MonitorError):
    """Nothing can be reached, and it is our own network that is down; what is done now would be done blind."""


class TemplateError(MonitorError):
    """A digest template does not exist, does not parse or asks for what is not there."""


class DeliveryError(MonitorError):
    """A channel could not deliver.

    `permanent`: trying again cannot help (a wrong password, an address that does not exist);
    `retry_after`: the other side asked for this much patience;
    `sent_parts`: the parts (recipients, payloads) that did get through, in this attempt or before, as bits: bit n set
    means part n needs no repeating. To be handed to the next attempt as it is;
    `off`: targets that take nothing until a person has mended something, with the other side's words: one of the
    channel's `targets`, or "" for the channel as a whole. It is they that are at fault and not the message;
    `memo`: what the channel must know when it sends the rest; the next attempt finds it in `Message.memo`;
    `perhaps`: all was handed over and no answer came, so that it may have arrived: every further try may be a repeat.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        sent_parts: int = 0,
        off: Mapping[str, str] | None = None,
        memo: str = "",
        perhaps: bool = False,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.sent_parts = sent_parts
        self.off = dict(off or {})
        self.memo = memo
        self.perhaps = perhaps


def nearest(word: str, allowed: Sequence[str]) -> str:
    """A hint naming the allowed word most like `word`, or "" when none is near."""
    close = get_close_matches(word.casefold(), [name.casefold() for name in allowed], n=1, cutoff=0.6)
    if not close:
        return ""
    original = next(name for name in allowed if name.casefold() == close[0])
    return f"did you mean '{original}'?"
