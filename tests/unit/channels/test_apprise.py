"""Apprise, telling a real JSON receiver on loopback."""

import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from monitor.channels.apprise import AppriseChannel
from monitor.errors import ConfigError, DeliveryError
from tests.builders import NOW, a_message

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # the library's own, at its first import


class Receiver(ThreadingHTTPServer):
    """Keeps what is posted; answers 200 until `status` says otherwise."""

    daemon_threads = True
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"json://user:hunter22@127.0.0.1:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.told.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def a_channel(**options: Any) -> AppriseChannel:
    return AppriseChannel.from_options(
        {"allow_private": ["127.0.0.0/8"], **options},
        name="phones",
        file="subscriptions.toml",
        where="channel.phones",
        folder=Path(),
    )


def test_every_service_is_told() -> None:
    with receiver() as one, receiver() as two:
        receipt = a_channel(urls=[one.url, two.url]).send(a_message(text="Одна історія.\n"), NOW)
    assert [told[0]["title"] for told in (one.told, two.told)] == [a_message().subject] * 2
    assert one.told[0]["message"].strip() == "Одна історія."
    assert (receipt.key, receipt.at, receipt.detail) == (a_message().key, NOW, "2 services accepted")


def test_a_second_attempt_leaves_out_who_has_it() -> None:
    with receiver() as one, receiver() as two, receiver() as three:
        channel = a_channel(urls=[one.url, two.url, three.url], form="html")
        two.status = 500
        with pytest.raises(DeliveryError, match="service 2") as caught:
            channel.send(a_message(), NOW)
        assert (caught.value.permanent, caught.value.sent_parts) == (False, 0b101)
        assert "hunter22" not in str(caught.value) + repr(channel)
        two.status = 200
        channel.send(a_message(), NOW, skip_parts=caught.value.sent_parts)
    assert [len(server.told) for server in (one, two, three)] == [1, 1, 1]


def test_nothing_can_be_checked_without_sending() -> None:
    assert a_channel(urls=["json://127.0.0.1:1/"]).check() == ""


def test_without_the_package_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.channels.apprise.find_spec", lambda name: None)
    assert importlib.util.find_spec("apprise") is not None
    with pytest.raises(ConfigError, match=r"pip install 'news-monitor\[apprise\]'"):
        a_channel(urls=["json://127.0.0.1:1/"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"urls": []}, "channel.phones · urls: found ***"),
        ({"urls": ["nonsense://secret-word"]}, "channel.phones · urls: address 1 is none that Apprise knows"),
        ({"urls": ["json://127.0.0.1/", "no"]}, "address 2 is none that Apprise knows"),
        ({"urls": [5]}, "channel.phones · urls[1]: found ***: input should be a valid string"),
        ({"url": "json://x"}, "unknown key 'url' — did you mean 'urls'?"),
        ({"urls": ["json://127.0.0.1/"], "form": "markdown"}, "allowed: 'text' or 'html'"),
    ],
)
def test_wrong_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        a_channel(**options)
    assert message in str(caught.value)
    assert "secret-word" not in str(caught.value)
