"""A WebSub hub on loopback (W3C Recommendation of 2018) that keeps to the standard, or breaks it as told.

with HubServer() as hub:
    ... something subscribes at hub.url ...
    hub.verify()                      # asks every new subscriber back, as a hub does in its own time
    hub.publish(topic, b"<rss/>")     # to every subscriber, signed
"""

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.loopback import Handler, serving


@dataclass
class Asked:
    """One request of a subscriber, and what it said when it was asked back."""

    mode: str
    topic: str
    callback: str
    secret: str
    lease_seconds: str
    confirmed: bool = False


@dataclass
class HubServer:
    """What was asked, who is subscribed, and how to make trouble."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    waiting: list[Asked] = field(default_factory=list)  # to be asked back
    subscribers: dict[tuple[str, str], Asked] = field(default_factory=dict)  # (topic, callback)
    status: int = 202  # of the answer to every request
    granted: int = 864_000  # seconds

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    def verify(self, **changed: str) -> list[int]:
        """Ask every waiting subscriber back; `changed` replaces fields of the question. The answers' statuses."""
        statuses = []
        for asked in self.waiting:
            challenge = secrets.token_hex(16)
            query = {"mode": asked.mode, "topic": asked.topic, "challenge": challenge}
            if asked.mode == "subscribe":
                query["lease_seconds"] = str(self.granted)
            query = {f"hub.{name}": value for name, value in {**query, **changed}.items()}
            status, body = self.ask("GET", f"{asked.callback}?{urlencode(query)}")
            asked.confirmed = status // 100 == 2 and body == challenge.encode()
            if asked.confirmed and asked.mode == "subscribe":
                self.subscribers[asked.topic, asked.callback] = asked
            elif asked.confirmed:
                self.subscribers.pop((asked.topic, asked.callback), None)
            statuses.append(status)
        self.waiting.clear()
        return statuses

    def publish(self, topic: str, body: bytes, *, method: str = "sha256", secret: str = "") -> list[int]:
        """Send content to every subscriber of the topic; the answers' statuses."""
        statuses = []
        for (subscribed, callback), asked in self.subscribers.items():
            if subscribed == topic:
                signature = hmac.digest((secret or asked.secret).encode(), body, method).hex()
                headers = {"X-Hub-Signature": f"{method}={signature}", "Content-Type": "application/rss+xml"}
                statuses.append(self.ask("POST", callback, body, headers)[0])
        return statuses

    def ask(self, method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """One request to a subscriber: status and body."""
        parts = urlsplit(url)
        connection = HTTPConnection(parts.netloc, timeout=5)
        try:
            connection.request(
                method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body, headers or {}
            )
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def hub_server() -> Iterator[HubServer]:
    """A running hub; gone afterwards."""
    hub = HubServer()
    with serving(_Handler, hub):
        yield hub


class _Handler(Handler):
    def do_POST(self) -> None:
        hub: HubServer = self.state
        fields = parse_qs(self.body().decode())
        stated = {name.removeprefix("hub."): values[0] for name, values in fields.items()}
        asked = Asked(
            stated["mode"],
            stated["topic"],
            stated["callback"],
            stated.get("secret", ""),
            stated.get("lease_seconds", ""),
        )
        hub.asked.append(asked)
        if hub.status == 202:
            hub.waiting.append(asked)
        self.send_response(hub.status)
        self.send_header("Content-Length", "0")
        self.end_headers()
