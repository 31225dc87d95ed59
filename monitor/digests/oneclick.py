"""The links in a mail that do one thing each: mark, mute, leave. Signed, so that nobody can make one up; they expire.

    WISH ~ EXPIRY . SIGNATURE      r~daily~0123456789abcdef~air-defence~ctu0.qKx…

The signature is HMAC-SHA-256 (RFC 2104), cut to 128 bits as its section 5 allows. Who has the mail has the link, so a
link can do no more than its reader may. Pure; what a link does is done by whoever is asked to, and only on POST.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from urllib.parse import quote, unquote

from msgspec import Struct

LASTS = timedelta(days=60)  # a link in a mail
PATH = "/go/"  # below the desk's address
_HOUR = 3600
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class LinkError(ValueError):
    """The link cannot be used; `expired` when it was ours, and is too old."""

    def __init__(self, words: str, *, expired: bool = False) -> None:
        super().__init__(words)
        self.expired = expired


class Act(StrEnum):
    """What a link does. The value stands in its address."""

    RELEVANT = "r"
    IRRELEVANT = "n"
    UNMARK = "x"
    MUTE = "m"
    UNMUTE = "w"
    UNSUBSCRIBE = "u"
    RESUBSCRIBE = "s"


UNDONE_BY = {
    Act.RELEVANT: Act.UNMARK,
    Act.IRRELEVANT: Act.UNMARK,
    Act.MUTE: Act.UNMUTE,
    Act.UNSUBSCRIBE: Act.RESUBSCRIBE,
}
MARKS = frozenset({Act.RELEVANT, Act.IRRELEVANT, Act.UNMARK})


class Wish(Struct, frozen=True):
    """What the reader of a mail asks for by a link."""

    act: Act
    subscription: str  # the name of the one that told it
    subject: str = ""  # the id of the article to mark, or of the story to mute
    topic: str = ""  # of a mark


def token_of(key: bytes, wish: Wish, until: datetime) -> str:
    """The last part of a link's address; good until that moment, to the hour."""
    hours = _base36(int(until.timestamp()) // _HOUR)
    body = "~".join((wish.act, *map(_fit, (wish.subscription, wish.subject, wish.topic)), hours))
    return f"{body}.{_signature(key, body)}"


def wish_of(key: bytes, token: str, now: datetime) -> Wish:
    """What a link asks for. Raises LinkError when it is none of ours, or too old."""
    body, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(key, body).encode()):
        raise LinkError("This link is not whole. Open it anew from the mail, or use the desk.")
    act, subscription, subject, topic, hours = body.split("~")
    if now >= datetime.fromtimestamp(int(hours, 36) * _HOUR, UTC):
        raise LinkError("This link is too old. Use one of a newer mail, or the desk.", expired=True)
    return Wish(Act(act), *map(_unfit, (subscription, subject, topic)))


class Links(Struct, frozen=True):
    """Makes the links of one digest; the same digest has the same links."""

    desk: str  # the desk's address
    key: bytes
    subscription: str
    until: datetime

    def to(self, act: Act, subject: str = "", topic: str = "") -> str:
        """The address of a link."""
        wish = Wish(act, self.subscription, subject, topic)
        return f"{self.desk.rstrip('/')}{PATH}{token_of(self.key, wish, self.until)}"


def _fit(text: str) -> str:
    """A name as a piece of a path: nothing in it that servers or mail programs read or write otherwise (RFC 3986)."""
    return quote(text, safe="").replace("~", "%7E").replace("%", "=")


def _unfit(piece: str) -> str:
    return unquote(piece.replace("=", "%"))


def _signature(key: bytes, body: str) -> str:
    digest = hmac.new(key, f"link\n{body}".encode("utf-8", "replace"), sha256).digest()[:16]
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
