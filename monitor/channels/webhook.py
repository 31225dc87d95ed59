"""Delivery to a web address of one's own: the JSON document of the digest by POST, signed.

Headers and signature are those of the Standard Webhooks specification (1.0.0, standardwebhooks.com): any library that
knows it can verify a delivery. `webhook-id` is the digest's key, so a receiver can tell a repeat.
"""

import binascii
import hashlib
import hmac
import re
import ssl
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from monitor import __version__
from monitor.addresses import networks
from monitor.channels.base import Undivided, checked, mark_of, patience
from monitor.channels.guarded import only_public
from monitor.errors import DeliveryError
from monitor.logs import hide, masked
from monitor.model import Message, Receipt
from monitor.options import Options, Secret

_PASSING = frozenset({408, 409, 423, 425, 429})  # of the 4xx; trying again may help, as with every 5xx
_WANTS_NOTHING = frozenset({401, 402, 403, 404, 405, 410, 451})  # whatever is posted there
_MOST_ANSWER = 65_536  # bytes that are read of an answer
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 section 5.1
_OURS = frozenset({"content-type", "content-length", "host", "user-agent"})


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not text.isascii() or any(character.isspace() for character in text):
        raise ValueError("is no web address; it starts with https:// or http://")
    return text


def _key(secret: str) -> bytes:
    """The bytes to sign with: base64 after "whsec_", as the specification writes secrets; any other text as it is."""
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("begins with whsec_ but is not base64 after it") from None


def _long_enough(secret: str) -> str:
    if secret and len(_key(secret)) < 16:
        raise ValueError("is too short: at least 16 bytes, better 24 or more by chance")
    return secret


def _headers(table: dict[str, str]) -> dict[str, str]:
    for name, value in table.items():
        if not _HEADER_NAME.fullmatch(name) or not value.isascii() or not value.isprintable():
            raise ValueError(f"'{name}' is no header that can be sent; plain ASCII in one line")
        if name.lower() in _OURS or name.lower().startswith("webhook-"):
            raise ValueError(f"'{name}' is a header that the channel sets by itself")
    return table


class WebhookOptions(Options):
    """The table `[channel.NAME]` with `kind = "webhook"`."""

    url: Annotated[Secret, AfterValidator(_web_address)]
    secret: Annotated[Secret, AfterValidator(_long_enough)] = ""
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(default_factory=dict, repr=False)
    timeout_seconds: float = Field(default=30, gt=0, le=600)
    allow_private: Annotated[tuple[str, ...], AfterValidator(networks)] = ()


class WebhookChannel(Undivided, frozen=True):
    """One web address."""

    kind: ClassVar[str] = "webhook"
    name: str
    options: WebhookOptions

    @classmethod
    def from_options(cls, options: Mapping[str, Any], *, name: str, file: str, where: str, folder: Path) -> Self:
        """See `base.Channel`."""
        read = checked(WebhookOptions, options, file=file, where=where)
        parts = urlsplit(read.url)
        hide([read.url, f"{parts.path}?{parts.query}" if parts.query else parts.path, read.secret])
        hide(read.headers.values())
        return cls(name, read)

    @property
    def settings_mark(self) -> str:
        """See `base.Channel`."""
        return mark_of(self.options)

    def send(self, message: Message, now: datetime, skip_parts: int = 0) -> Receipt:
        """Post the document (one part); see `base.Channel`. Every 2xx is a yes; redirects are not followed.

        For good is a no of 4xx, but for those that ask for time; 410 means that the receiver wants no more.
        """
        if skip_parts & 1:
            return Receipt(message.key, now, "was accepted before")
        if not message.data:
            raise DeliveryError(f"{message.key} is of a version that kept no document", permanent=True)
        status, answer, wait = self._post(message.data.encode("utf-8", "replace"), message.key, now)
        if not 200 <= status < 300:
            words = f"{self._host} answered {status} {answer}".rstrip() + _advice(status)
            permanent = 400 <= status < 500 and status not in _PASSING
            off = {"": words} if status in _WANTS_NOTHING else {}
            raise DeliveryError(words, permanent=permanent, retry_after=wait, off=off)
        return Receipt(message.key, now, f"{self._host} answered {status} {answer}".rstrip())

    def check(self) -> str:
        """Whether the host takes a connection: "" or what is wrong. Asks for nothing, so the address stays unproven."""
        try:
            with only_public(self.options.allow_private):
                connection = self._connection()
                try:
                    connection.connect()
                finally:
                    connection.close()
        except (OSError, HTTPException) as error:
            return str(self._unreached(error))
        return ""

    @property
    def _host(self) -> str:
        return str(urlsplit(self.options.url).hostname)

    def _connection(self) -> HTTPConnection:
        parts, seconds = urlsplit(self.options.url), self.options.timeout_seconds
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return HTTPSConnection(str(parts.hostname), parts.port, timeout=seconds, context=context)
        return HTTPConnection(str(parts.hostname), parts.port, timeout=seconds)

    def _post(self, body: bytes, key: str, now: datetime) -> tuple[int, str, timedelta | None]:
        """(status, the answer's first words, patience asked for). Raises DeliveryError when there is no answer."""
        parts = urlsplit(self.options.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": "application/json", "User-Agent": f"news-monitor/{__version__}"}
        headers |= self.options.headers | self._signature(body, key, now)
        if parts.username:
            login = f"{parts.username}:{parts.password or ''}".encode()
            headers["Authorization"] = f"Basic {b64encode(login).decode('ascii')}"
        try:
            with only_public(self.options.allow_private):
                connection = self._connection()
                try:
                    connection.request("POST", target, body, headers)
                    return _read(connection.getresponse())
                finally:
                    connection.close()
        except (OSError, HTTPException) as error:
            raise self._unreached(error) from error

    def _signature(self, body: bytes, key: str, now: datetime) -> dict[str, str]:
        headers = {"webhook-id": key, "webhook-timestamp": str(int(now.timestamp()))}
        if self.options.secret:
            signed = f"{key}.{headers['webhook-timestamp']}.".encode() + body
            digest = hmac.digest(_key(self.options.secret), signed, hashlib.sha256)
            headers["webhook-signature"] = f"v1,{b64encode(digest).decode('ascii')}"
        return headers

    def _unreached(self, error: OSError | HTTPException) -> DeliveryError:
        if isinstance(error, TimeoutError):
            return DeliveryError(f"{self._host} did not answer within {self.options.timeout_seconds:g} s")
        if isinstance(error, ssl.SSLCertVerificationError):
            return DeliveryError(f"{self._host} showed a certificate that cannot be trusted: {error.verify_message}")
        return DeliveryError(f"{self._host} cannot be reached: {masked(str(error)) or type(error).__name__}")


def _read(response: HTTPResponse) -> tuple[int, str, timedelta | None]:
    words = " ".join(response.read(_MOST_ANSWER).decode("utf-8", "replace").split())[:200]
    wait = patience(response.headers.get("Retry-After", "").strip())
    return response.status, masked(words or response.reason), wait


def _advice(status: int) -> str:
    if 300 <= status < 400:
        return "; redirects are not followed: write the new address into the channel's url"
    return "; it wants no more deliveries: remove the channel" if status == 410 else ""
