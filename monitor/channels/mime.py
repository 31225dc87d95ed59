"""A message as an Internet mail (RFC 5322, MIME): text and HTML side by side. Pure: equal input, equal bytes.

Because a second attempt builds the very same mail (Message-ID, Date and all), a receiver can tell a repeat from news.
"""

from collections.abc import Sequence
from email.headerregistry import Address, BaseHeader, HeaderRegistry, MessageIDHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
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


_HEADERS = HeaderRegistry()
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
