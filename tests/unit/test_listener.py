"""The door for hubs: what is handed on, what is answered, what a stranger cannot do."""

import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection

import pytest

from monitor.listener import Listener, ListenError, Place

MOST = 10_000


@dataclass
class Desk:
    """Confirms and expects for the token `known` alone."""

    taken: list[tuple[str, bytes, str, str]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    room: bool = True

    def confirm(self, token: str, query: Mapping[str, str]) -> str:
        self.asked.append(dict(query))
        return query.get("hub.challenge", "") if token == "known" else ""

    def expects(self, token: str) -> bool:
        return token == "known"

    def take(self, token: str, body: bytes, signature: str, content_type: str) -> bool:
        self.taken.append((token, body, signature, content_type))
        return self.room


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def port(desk: Desk) -> Iterator[int]:
    with Listener(Place("127.0.0.1", 0, MOST), desk) as door:
        yield door.port


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def test_a_challenge_comes_back_as_plain_text(port: int, desk: Desk) -> None:
    path = "/some/prefix/known?hub.mode=subscribe&hub.topic=https%3A%2F%2Fx.example%2F%3Fa%3Db&hub.challenge=%3Cb%3E"
    status, body, headers = ask(port, "GET", path)
    assert (status, body) == (200, b"<b>")
    assert headers["Content-Type"].startswith("text/plain")
    assert desk.asked[0]["hub.topic"] == "https://x.example/?a=b"


@pytest.mark.parametrize("path", ["/", "/unknown?hub.challenge=a", "/known", "/known/?hub.challenge=a"])
def test_what_is_not_confirmed_is_not_there(port: int, path: str) -> None:
    assert ask(port, "GET", path)[0] == 404


def test_content_is_handed_on(port: int, desk: Desk) -> None:
    status, _, _ = ask(port, "POST", "/known", b"<rss/>", X_Hub_Signature="sha256=00", Content_Type="text/xml")
    assert status == 202
    assert desk.taken == [("known", b"<rss/>", "sha256=00", "text/xml")]


def test_content_that_nobody_expects_is_not_read(port: int, desk: Desk) -> None:
    assert ask(port, "POST", "/unknown", b"x")[0] == 410
    assert desk.taken == []


def test_content_without_room_is_to_come_again(port: int, desk: Desk) -> None:
    desk.room = False
    status, _, headers = ask(port, "POST", "/known", b"x")
    assert (status, headers["Retry-After"]) == (503, "60")


def test_a_large_body_is_refused(port: int, desk: Desk) -> None:
    assert ask(port, "POST", "/known", b"x" * (MOST + 1))[0] == 413
    assert desk.taken == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_other_methods(port: int, method: str) -> None:
    assert ask(port, method, "/known")[0] == 405


def test_a_slow_body_is_given_up(port: int, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.listener._BODY_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plug:
        plug.sendall(b"POST /known HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab")
        assert plug.recv(100).startswith(b"HTTP/1.1 408")
    assert desk.taken == []


def test_a_place_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        place = Place("127.0.0.1", other.getsockname()[1], MOST)
        words = r"\[websub\] listen: cannot listen on 127.*\(address already in use\)"
        with pytest.raises(ListenError, match=words), Listener(place, Desk()):
            pass
