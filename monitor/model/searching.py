"""What is looked for in the archive, in terms that its full-text index knows: `Query → Ask → Hit`."""

from datetime import datetime
from typing import Literal

from msgspec import Struct


class Term(Struct, frozen=True):
    """Words in a row, folded; `prefix`: the last of them may go on."""

    words: tuple[str, ...]
    prefix: bool = False
    place: Literal["", "title", "text"] = ""  # "" = either


class AllOf(Struct, frozen=True):
    """Every part must occur, and none of `without`."""

    parts: "tuple[Ask, ...]"
    without: "tuple[Ask, ...]" = ()
    within: int = 0  # words, that the two parts stand from each other at most; an index may pass over it. 0 = anywhere


class AnyOf(Struct, frozen=True):
    """One part at least; none of no parts."""

    parts: "tuple[Ask, ...]"


Ask = Term | AllOf | AnyOf


class Narrowed(Struct, frozen=True):
    """Which articles come into question; None = all."""

    topic: str | None = None
    story: str | None = None
    outlet: str | None = None  # as it is shown, or the name of a feed; case does not count
    outlet_feeds: tuple[str, ...] = ()  # the feeds of that outlet, which alone know it by name where nothing matched
    feed: str | None = None
    language: str | None = None
    since: datetime | None = None  # found after
    until: datetime | None = None  # found at, or before
    told: bool | None = None  # whether a digest told it


def terms_of(ask: Ask) -> tuple[Term, ...]:
    """The terms that must or may occur."""
    if isinstance(ask, Term):
        return (ask,)
    return tuple(term for part in ask.parts for term in terms_of(part))
