"""A loopback SMTP server (aiosmtpd) that keeps what it accepts and refuses what it is told to refuse."""

import asyncio
import email
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

HANGS = 1.5  # seconds
STRICT = SMTP.clone(raise_on_defect=True)


@dataclass
class Mail:
    """One accepted mail."""

    sender: str
    recipients: list[str]
    content: bytes

    def parsed(self) -> EmailMessage:
        """The mail as a strict reader sees it; raises at the first defect of its form."""
        message = email.message_from_bytes(self.content, policy=STRICT)
        assert isinstance(message, EmailMessage)
        return message

    def text(self, kind: str) -> str:
        """The body of that kind ("plain", "html"), lines ended as Python ends them."""
        return body_of(self.parsed(), kind)


def body_of(message: EmailMessage, kind: str) -> str:
    """The text of that kind in a mail, lines ended as Python ends them."""
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


@dataclass
class MailServer:
    """What was accepted, and how to make trouble: answers by recipient, or to the whole mail."""

    port: int
    login: tuple[str, str] | None = None
    mails: list[Mail] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    refuse_sender: str = ""
    refuse_data: str = ""
    breaks: list[str] = field(default_factory=list)  # what befalls the next mails: an answer, "drop", "hang" or "lost"
    logins: list[str] = field(default_factory=list)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.login and not session.authenticated:
            return "530 log in first"
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse_data:
            return self.refuse_data
        befalls = self.breaks.pop(0) if self.breaks else ""
        if befalls[:3].isdecimal():
            return befalls
        if befalls in ("drop", "hang"):  # "lost": accepted, and the answer never comes
            await asyncio.sleep(HANGS if befalls == "hang" else 0)
            server.transport.abort()
            return "421 gone"
        if befalls == "lost":
            server.transport.abort()
        self.mails.append(Mail(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        return "250 Kept"


@contextmanager
def mail_server(
    *, login: tuple[str, str] | None = None, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[MailServer]:
    """A running server; gone afterwards. `login` is demanded, `starttls` or `tls` (from the start) offered."""
    server = MailServer(free_port(), login)

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        server.logins.append(given[0])
        return AuthResult(success=given == login, handled=False)

    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=server.port,
        server_hostname="mail.example",
        authenticator=authenticate if login else None,
        auth_require_tls=login is None or starttls is not None,
        tls_context=starttls,
        ssl_context=tls,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for loopback, valid for a day, and a server's context with it. Needs the `openssl` command."""
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "1", "-subj", "/CN=loopback", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", key_file, "-out", certificate_file),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate_file, key_file)
    return certificate_file, context
