"""Channels connect to public addresses only: the address itself is judged, after every redirect."""

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from monitor.addresses import ForbiddenAddressError
from monitor.channels import KINDS
from monitor.channels.guarded import only_public
from monitor.errors import DeliveryError
from tests.builders import NOW, a_message
from tests.newsserver import Answer, NewsServer, redirect

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # apprise's own, at its first import


@pytest.fixture
def canary() -> Iterator[NewsServer]:
    """A server that must not see anything."""
    with NewsServer("127.0.0.7") as running:
        yield running
        assert running.connections == 0


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with NewsServer() as running:
        yield running


@pytest.fixture
def open_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def connect(address: Any, family: int = socket.AF_INET) -> None:
    with socket.socket(family) as plug:
        plug.settimeout(2)
        plug.connect(address)


def test_connections_are_judged_within_it_and_only_there(canary: NewsServer, open_port: int) -> None:
    with only_public([]), pytest.raises(ForbiddenAddressError, match=r"127\.0\.0\.7 is a loopback address"):
        connect(("127.0.0.7", canary.port))
    with only_public(["127.0.0.1/32"]):
        connect(("127.0.0.1", open_port))
        with pytest.raises(ForbiddenAddressError):
            connect(("127.0.0.7", canary.port))
    connect(("127.0.0.1", open_port))


@pytest.mark.parametrize(
    ("family", "address"),
    [
        (socket.AF_INET, ("localhost", 9)),
        (socket.AF_INET6, ("::1", 9)),
        (socket.AF_UNIX, "/tmp/nothing.sock"),
    ],
)
def test_names_and_sockets_of_the_machine_are_no_public_address(family: int, address: Any) -> None:
    with only_public([]), pytest.raises(ForbiddenAddressError):
        connect(address, family)


def test_datagrams_are_judged_too() -> None:
    with (
        only_public([]),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug,
        pytest.raises(ForbiddenAddressError),
    ):
        plug.sendto(b"x", ("127.0.0.7", 514))


def test_other_threads_go_on_as_they_like(open_port: int) -> None:
    reached: list[int] = []

    def work() -> None:
        connect(("127.0.0.1", open_port))
        reached.append(open_port)

    with only_public([]):
        other = Thread(target=work)
        other.start()
        other.join()
    assert reached == [open_port]


def send(kind: str, options: dict[str, Any]) -> str:
    """The words in which a delivery failed."""
    channel = KINDS[kind].from_options(options, name="one", file="s.toml", where="channel.one", folder=Path())
    with pytest.raises(DeliveryError) as caught:
        channel.send(a_message(slack=('{"text": "x", "blocks": []}',)), NOW)
    assert not caught.value.permanent
    return str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303])
@pytest.mark.parametrize("kind", ["slack", "apprise"])
def test_a_redirect_leads_to_no_private_address(canary: NewsServer, server: NewsServer, kind: str, status: int) -> None:
    server.put("/hook", redirect(canary.url("/"), status))
    allow = {"allow_private": ["127.0.0.1/32"]}
    if kind == "slack":
        assert "loopback address" in send(kind, {"webhook_url": server.url("/hook"), **allow})
    else:
        send(kind, {"urls": [f"json://127.0.0.1:{server.port}/hook"], **allow})
    assert server.count("/hook") == 1


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("slack", {"webhook_url": "http://127.0.0.1:{port}/hook"}),
        ("slack", {"webhook_url": "http://localhost:{port}/hook"}),
        ("slack", {"token": "xoxb-1", "channel": "#news", "base_url": "http://127.0.0.1:{port}/api/"}),
        ("apprise", {"urls": ["json://127.0.0.1:{port}/"]}),
        ("apprise", {"urls": ["xml://2130706433:{port}/"]}),
        ("apprise", {"urls": ["form://localhost:{port}/"]}),
    ],
)
def test_no_webhook_reaches_a_private_address(server: NewsServer, kind: str, options: dict[str, Any]) -> None:
    def filled(value: Any) -> Any:
        return [filled(one) for one in value] if isinstance(value, list) else value.replace("{port}", str(server.port))

    server.put("/hook", Answer(body=b"ok"))
    send(kind, {key: filled(value) for key, value in options.items()})
    assert server.connections == 0


@pytest.mark.parametrize("kind", ["slack", "apprise"])
def test_what_is_no_network_is_a_mistake_of_the_configuration(kind: str) -> None:
    options = {"webhook_url": "https://hooks.example/x"} if kind == "slack" else {"urls": ["json://one.example/"]}
    with pytest.raises(Exception, match="write networks like"):
        KINDS[kind].from_options(
            {**options, "allow_private": ["private"]}, name="one", file="s.toml", where="channel.one", folder=Path()
        )
