"""A message as an Internet mail (RFC 5322, MIME): text and HTML side by side. Pure: equal input, equal bytes.

Because a second attempt builds the very same mail (Message-ID, Date and all), a receiver can tell a repeat from news.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from email.headerregistry import (
    Address,
    AddressHeader,
    BaseHeader,
    Group,
    HeaderRegistry,
    MessageIDHeader,
    UnstructuredHeader,
)
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from textwrap import wrap
from typing import Any

from monitor.links import short_hash
from monitor.model import Message
from monitor.words import in_a_line


class _Identifier(BaseHeader):
    """Never wrapped into encoded words, as other long headers are: no filter looks into those."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        MessageIDHeader.parse(value, kwds)


class _Whole(BaseHeader):
    """Never broken into lines: an address has no place for that."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        UnstructuredHeader.parse(value, kwds)

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Subject(BaseHeader):
    """Folded here: the library glues words together, and makes encoded words of more than 75 characters."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        UnstructuredHeader.parse(value, kwds)
        kwds["decoded"] = value  # what only looks like an encoded word is none

    def fold(self, *, policy: Policy) -> str:
        return _folded(self.name, _in_ascii(str(self)), policy)


class _Mailboxes(BaseHeader):
    """Folded here, as subjects are, for the sake of the names that are shown."""

    max_count = 1

    @classmethod
    def parse(cls, value: Any, kwds: dict[str, Any]) -> None:
        AddressHeader.parse(value, kwds)

    def init(self, *args: Any, groups: Sequence[Group] = (), **kwds: Any) -> None:
        super().init(*args, **kwds)
        self.addresses = [one for group in groups for one in group.addresses]

    def fold(self, *, policy: Policy) -> str:
        return _folded(self.name, ", ".join(map(_mailbox, self.addresses)), policy)


_WIDTH = 76  # of a line that holds an encoded word (RFC 2047 section 2)
_PIECE = 39  # bytes; with a header's name before it an encoded word of so many fits into a line


def _folded(name: str, text: str, policy: Policy) -> str:
    """A header of ASCII in lines, broken at spaces alone (RFC 5322 section 2.2.3); a longer word stays whole."""
    lines = wrap(f"{name}: {text}", _WIDTH, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False)
    return policy.linesep.join(lines) + policy.linesep


def _mailbox(address: Address) -> str:
    """A mailbox as ASCII; a name that is ASCII may stand in quotes, an encoded one may not."""
    if _is_plain(address.display_name):
        return str(address)
    return f"{_in_ascii(address.display_name)} <{address.addr_spec}>"


def _in_ascii(text: str) -> str:
    """`text` as it is, or in encoded words: between those, a reader leaves out the spaces."""
    if _is_plain(text):
        return text
    return " ".join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in _pieces(text))


def _is_plain(text: str) -> bool:
    """Whether it needs no encoding; what looks like an encoded word does."""
    return text.isascii() and "=?" not in text


def _pieces(text: Iterable[str]) -> Iterator[bytes]:
    """Runs of whole characters, short enough for an encoded word."""
    piece = b""
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(piece) + len(encoded) > _PIECE:
            yield piece
            piece = b""
        piece += encoded
    yield piece


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)
_HEADERS.map_to_type("from", _Mailboxes)
_HEADERS.map_to_type("to", _Mailboxes)
_HEADERS.map_to_type("list-id", _Identifier)
_HEADERS.map_to_type("references", _Identifier)
_HEADERS.map_to_type("list-unsubscribe", _Whole)
# Seven bits, so that the mail passes servers without 8BITMIME (RFC 6152) unchanged and no line exceeds 998 octets.
POLICY = SMTP.clone(cte_type="7bit", header_factory=_HEADERS)


def mail(
    message: Message, sender: Address, to: Sequence[Address] = (), unsubscribe: str = "", *, one_click: bool = True
) -> EmailMessage:
    """The mail that carries `message`; without a `To` when `to` is empty.

    Headers beyond the usual: List-Id (RFC 2919), so that filters can sort digests by subscription; References, to one
    mail that never was, so that a subscription's digests stand in one thread; Auto-Submitted (RFC 3834), so that no
    holiday note answers; List-Unsubscribe (RFC 2369) where `unsubscribe` is an https: or mailto: address, with one
    click (RFC 8058) where it is https: and `one_click`. What came from feeds cannot add a header: white space and
    control characters in a header become single spaces.
    """
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = _one_line(message.subject)
    mail["From"] = sender
    if to:
        mail["To"] = tuple(to)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = _bracketed(message.message_id)
    mail["References"] = f"<{short_hash('thread', message.subscription)}@{domain_of(message)}>"
    mail["List-Id"] = _bracketed(message.list_id)
    if unsubscribe:
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
    if one_click and unsubscribe.startswith("https:"):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_encodable(message.text), charset="utf-8")
    mail.add_alternative(_encodable(message.html), subtype="html", charset="utf-8")
    mail.set_boundary(f"=_{short_hash(message.key)}")
    return mail


def domain_of(message: Message) -> str:
    """The domain in the message's id, for a sender's address where none is configured."""
    return _one_line(message.message_id).strip("<>").rpartition("@")[2]


def _one_line(text: str) -> str:
    return in_a_line(_encodable(text))


def _bracketed(identifier: str) -> str:
    """The bare identifier in angle brackets; a name before it, as RFC 2919 allows, is left out."""
    return f"<{_one_line(identifier).rpartition('<')[2].rstrip('>')}>"


def _encodable(text: str) -> str:
    """`text` without lone surrogates, which feeds can contain and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")
