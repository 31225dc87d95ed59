"""A loopback receiver of webhooks that verifies signatures as the Standard Webhooks specification says.

`answers` holds what the next requests are answered with: (status, body) or (status, body, headers).
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.loopback import Handler, serving

SECRET = "whsec_" + b64encode(b"s3cret-of-24-bytes-or-so").decode()


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def genuine(self) -> bool:
        """Whether the signature is right for `SECRET`."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = hmac.digest(b64decode(SECRET.removeprefix("whsec_")), signed, "sha256")
        version, _, stated = self.headers.get("webhook-signature", "").partition(",")
        return version == "v1" and hmac.compare_digest(b64encode(wanted).decode(), stated)


@dataclass
class HookServer:
    """What came, and how to make trouble."""

    port: int = 0
    requests: list[Received] = field(default_factory=list)
    answers: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/s3cret-path"


@contextmanager
def hook_server() -> Iterator[HookServer]:
    """A running server; gone afterwards."""
    hook = HookServer()
    with serving(_Handler, hook):
        yield hook


class _Handler(Handler):
    def do_POST(self) -> None:
        hook: HookServer = self.state
        body = self.body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        hook.requests.append(Received(self.path, headers, body))
        status, text, *more = hook.answers.pop(0) if hook.answers else (200, "kept")
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text.encode())), **(more[0] if more else {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())
