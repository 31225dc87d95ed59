"""What a rung of the ladder owes: asked where to begin and what an answer leads to, it says so and does nothing.

A rung is pure. What it wants next is a list of `Ask`, plain enough to be kept as a cursor, so that a climb that was
killed goes on from there; what it found is a list of `Found`.
"""

from datetime import datetime, time, timedelta
from typing import Literal, Protocol

from msgspec import Struct

from monitor.model import Entry, Failed, Feed, Leaf, Window

_NOON = time(12)
_HALF_A_DAY = timedelta(hours=12)

Form = Literal["feed", "sitemap", "text"]


class Ask(Struct, frozen=True):
    """A document to be visited next; `number` and `mark` are the rung's own notes."""

    url: str
    form: Form
    number: int = 0
    mark: str = ""

    def plain(self) -> tuple[str, str, int, str]:
        """As it is stored."""
        return self.url, self.form, self.number, self.mark


def ask_of(plain: tuple[str, str, int, str]) -> Ask:
    """An `Ask` as it was stored; what is no known form is text."""
    url, form, number, mark = plain
    return Ask(url, "feed" if form == "feed" else "sitemap" if form == "sitemap" else "text", number, mark)


class Found(Struct, frozen=True):
    """An entry of the span, and where its page is read from: the addresses in turn; none = its own."""

    entry: Entry
    pages: tuple[str, ...] = ()


class Step(Struct, frozen=True):
    """What an answer leads to."""

    asks: tuple[Ask, ...] = ()
    found: tuple[Found, ...] = ()
    reached: datetime | None = None  # how far back this answer shows
    covered: bool = False  # the start of the span is reached, or that of the archive
    problem: str = ""  # what could not be read, of what should be there
    words: str = ""  # how it went, where there is something to say
    shown: frozenset[str] | None = None  # links of all its entries, where documents may go round in circles


class Rung(Protocol):
    """One way into the past of a feed."""

    def begin(self, feed: Feed, address: str, span: Window) -> Step:
        """Where to start; nothing where the way does not exist for such a feed. `address` is the feed's today."""
        ...

    def read(self, feed: Feed, span: Window, ask: Ask, answer: Leaf | Failed) -> Step:
        """What the answer to `ask` leads to."""
        ...


def within(span: Window, moment: datetime | None) -> bool:
    """Whether something of that moment belongs to the span; what is undated may.

    A noon to the second is what `dates` makes of a day without a time: it counts as that day.
    """
    if moment is None:
        return True
    slack = _HALF_A_DAY if moment.time() == _NOON else timedelta(0)
    return span.start - slack <= moment <= span.end + slack


def in_span(span: Window, entries: tuple[Entry, ...]) -> tuple[Found, ...]:
    """Those of the entries that belong to the span, or may."""
    return tuple(Found(entry) for entry in entries if entry.link and within(span, entry.published))
