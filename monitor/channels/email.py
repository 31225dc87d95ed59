"""Delivery by SMTP (RFC 5321), with STARTTLS (RFC 3207), TLS from the start (RFC 8314) or, for a local relay, neither.

One connection and one transaction a message. Its parts are the recipients.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import getaddresses
from ipaddress import ip_address
from pathlib import Path
from socket import socket
from typing import Annotated, Any, ClassVar, Literal, Self

from msgspec import Struct
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from monitor.channels.base import MOST_PARTS, checked, mark_of
from monitor.channels.mime import mail
from monitor.errors import DeliveryError
from monitor.logs import hide, masked
from monitor.model import Message, Receipt
from monitor.options import Options, Secret

_TOO_LARGE = 552  # RFC 1870 section 6.1, in answer to the size that MAIL FROM states
_YES_WITHIN = 600.0  # seconds, RFC 5321 section 4.5.3.2.6: who waits less sends again what was taken slowly
PORTS = {"starttls": 587, "tls": 465, "none": 25}


def address(text: str) -> Address:
    """`Name <local@domain>` or `local@domain` as an Address; raises ValueError in words for anything else."""
    found = getaddresses([text])
    shown, spec = found[0] if len(found) == 1 else ("", "")
    if not spec and re.search("@.*[,;].*@", text):
        raise ValueError('are several mail addresses; write each in quotes of its own: ["one@…", "two@…"]')
    local, _, domain = spec.rpartition("@")
    if not local or not domain or not spec.isascii() or any(character.isspace() for character in spec):
        raise ValueError('is no mail address; write "name@example.org" or "Shown Name <name@example.org>"')
    try:
        return Address(display_name=shown, addr_spec=spec)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise ValueError('is no mail address; write "name@example.org" or "Shown Name <name@example.org>"') from error


def _valid_address(text: str) -> str:
    address(text)
    return text


def _each_once(addresses: tuple[str, ...]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for text in addresses:
        if (first := seen.setdefault(address(text).addr_spec.casefold(), text)) is not text:
            raise ValueError(f"{text!r} stands there twice, as {first!r}, and would get two mails; remove one")
    return addresses


def _server_name(text: str) -> str:
    if not re.search(r"[\s/:@\[\]]", text):
        return text
    try:
        return str(ip_address(text))  # of version 6
    except ValueError:
        raise ValueError(
            'is no name of a server; write it alone, such as "smtp.example.org", and its port as port = 587'
        ) from None


MailAddress = Annotated[str, AfterValidator(_valid_address)]


class EmailOptions(Options):
    """The table `[channel.NAME]` with `kind = "email"`."""

    host: Annotated[str, AfterValidator(_server_name)] = Field(min_length=1)
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: Secret = ""
    from_: MailAddress = Field(alias="from")
    to: Annotated[tuple[MailAddress, ...], AfterValidator(_each_once)] = Field(min_length=1, max_length=MOST_PARTS)
    timeout_seconds: float = Field(default=30, gt=0, le=600)
    unsubscribe: Annotated[str, StringConstraints(pattern=r"^((https://|mailto:)[!-~]+)?$")] = ""

    @model_validator(mode="after")
    def _user_and_password(self) -> Self:
        if bool(self.user) != bool(self.password):
            raise ValueError("needs both user and password, or neither")
        return self


class EmailChannel(Struct, frozen=True):
    """One SMTP server, one sender, a list of recipients."""

    kind: ClassVar[str] = "email"
    name: str
    options: EmailOptions

    @classmethod
    def from_options(cls, options: Mapping[str, Any], *, name: str, file: str, where: str, folder: Path) -> Self:
        """See `base.Channel`."""
        read = checked(EmailOptions, options, file=file, where=where)
        hide([read.password])
        return cls(name, read)

    @property
    def targets(self) -> tuple[str, ...]:
        """See `base.Channel`."""
        return self.options.to

    @property
    def settings_mark(self) -> str:
        """See `base.Channel`."""
        return mark_of(self.options)

    def send(self, message: Message, now: datetime, skip_parts: int = 0) -> Receipt:
        """Hand the mail to the server; part n is the n-th recipient; see `base.Channel`.

        A server may accept some recipients and refuse others. Then the accepted ones are in
        `DeliveryError.sent_parts`, and it is permanent only when every refusal is (RFC 5321 section 4.2.1: 5yz is for
        good, 4yz for now).
        """
        everybody = [address(text) for text in self.options.to]
        pending = {who.addr_spec: part for part, who in enumerate(everybody) if not skip_parts >> part & 1}
        if not pending:
            return Receipt(message.key, now, "every recipient had accepted it before")
        sender = address(self.options.from_)
        leaving = self.options.unsubscribe or (message.unsubscribe if message.unsubscribe.isascii() else "")
        # Of several recipients a click alone could not say which one leaves; a page asks.
        alone = bool(self.options.unsubscribe) or len(everybody) == 1
        letter = mail(message, sender, everybody, leaving, one_click=alone).as_bytes()
        with self._trouble_named(skip_parts), self._connected() as server:
            refused = server.sendmail(sender.addr_spec, list(pending), letter)
            said = server.said
        if refused:
            accepted = sum(1 << part for who, part in pending.items() if who not in refused)
            raise self._refusal(refused, skip_parts | accepted)
        return Receipt(message.key, now, f"accepted for {', '.join(pending)} ({said})")

    def check(self) -> str:
        """Connect, secure and log in, then leave: "" or what is wrong."""
        try:
            with self._trouble_named(0), self._connected() as server:
                server.noop()
        except DeliveryError as error:
            return str(error)
        return ""

    @contextmanager
    def _connected(self) -> "Iterator[_Mail | _MailOverTls]":
        options = self.options
        port = options.port or PORTS[options.security]
        server: _Mail | _MailOverTls
        if options.security == "tls":
            server = _MailOverTls(
                options.host, port, timeout=options.timeout_seconds, context=ssl.create_default_context()
            )
        else:
            server = _Mail(options.host, port, timeout=options.timeout_seconds)
        try:
            if options.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if options.user:
                server.login(options.user, options.password)
            yield server
            # What happens after the answer to DATA must not turn a yes into a no.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    @contextmanager
    def _trouble_named(self, sent: int) -> Iterator[None]:
        """Every way in which SMTP fails, as a DeliveryError in words."""
        server = f"mail server {self.options.host}"
        try:
            yield
        except _NoAnswerError as error:
            text = f"{server} took the mail and gave no answer, so it may have arrived: {masked(str(error))}"
            raise DeliveryError(text, sent_parts=sent, perhaps=True) from error
        except smtplib.SMTPAuthenticationError as error:
            raise self._failure(f"{server} refused the user or password", error, sent, whole=True) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refusal(error.recipients, sent) from error
        except smtplib.SMTPNotSupportedError as error:
            text = f"{server} lacks what the settings ask for: {masked(str(error))} (check security, user, password)"
            raise DeliveryError(text, permanent=True, sent_parts=sent, off={"": text}) from error
        except smtplib.SMTPDataError as error:  # it is this mail that is refused; the next one may please
            raise self._failure(f"{server} refused the mail", error, sent) from error
        except smtplib.SMTPSenderRefused as error:
            too_large = error.smtp_code == _TOO_LARGE
            raise self._failure(f"{server} refused the sender", error, sent, whole=not too_large) from error
        except smtplib.SMTPResponseException as error:
            raise self._failure(f"{server} refused the mail", error, sent, whole=True) from error
        except ssl.SSLCertVerificationError as error:
            text = f"{server} showed a certificate that cannot be trusted: {error.verify_message}"
            raise DeliveryError(text, sent_parts=sent) from error
        except TimeoutError as error:
            text = f"{server} did not answer within {self.options.timeout_seconds:g} s"
            raise DeliveryError(text, sent_parts=sent) from error
        except (smtplib.SMTPException, OSError) as error:
            reason = masked(str(error)) or type(error).__name__
            raise DeliveryError(f"{server} cannot be reached or broke off: {reason}", sent_parts=sent) from error

    def _failure(
        self, text: str, error: smtplib.SMTPResponseException, sent: int, *, whole: bool = False
    ) -> DeliveryError:
        words, permanent = f"{text}: {_answer(error.smtp_code, error.smtp_error)}", _is_final(error.smtp_code)
        off = {"": words} if whole and permanent else {}
        return DeliveryError(words, permanent=permanent, sent_parts=sent, off=off)

    def _refusal(self, refused: Mapping[str, tuple[int, bytes]], sent: int) -> DeliveryError:
        reasons = "; ".join(f"{who}: {_answer(code, text)}" for who, (code, text) in refused.items())
        reached = [who for part, who in enumerate(self.options.to) if sent >> part & 1]
        return DeliveryError(
            f"mail server {self.options.host} refused {reasons}"
            + (f" (accepted for {', '.join(reached)})" if reached else ""),
            permanent=all(_is_final(code) for code, _ in refused.values()),
            sent_parts=sent,
            off={
                text: f"mail server {self.options.host} refused {_answer(*refused[who])}"
                for text in self.options.to
                if (who := address(text).addr_spec) in refused and _is_final(refused[who][0])
            },
        )


class _NoAnswerError(Exception):
    """The mail went out whole, and the connection ended before the server's yes or no."""


class _Remembering:
    """Waits longer for the answer to the mail itself, and keeps it, which smtplib throws away when it is a yes."""

    said = ""
    sock: socket | None
    timeout: float
    _handed = False

    def send(self, s: Any) -> None:
        super().send(s)  # type: ignore[misc]
        if isinstance(s, bytes) and self.sock:  # the mail; commands are text
            self._handed = True
            self.sock.settimeout(max(self.timeout, _YES_WITHIN))

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            code, text = super().data(msg)  # type: ignore[misc]
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            if not self._handed:
                raise
            raise _NoAnswerError(str(error) or type(error).__name__) from error
        self.said = _answer(code, text)
        if self.sock:
            self.sock.settimeout(self.timeout)
        return code, text


class _Mail(_Remembering, smtplib.SMTP):
    pass


class _MailOverTls(_Remembering, smtplib.SMTP_SSL):
    pass


def _is_final(code: int) -> bool:
    return 500 <= code <= 599


def _answer(code: int, text: bytes | str) -> str:
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return masked(f"{code} {' '.join(shown.split())}")
