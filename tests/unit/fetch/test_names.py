"""Which hosts have an address. No name server is asked: numbers and localhost need none."""

import socket

import pytest

from monitor.fetch.names import unresolved


def test_hosts_with_an_address_have_no_trouble() -> None:
    assert unresolved(["http://127.0.0.1:8180/feed", "http://127.0.0.1/other", "no address"]) == {"127.0.0.1": ""}


def test_a_name_that_nobody_knows_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert unresolved(["https://gone.example/feed"]) == {"gone.example": "Name or service not known"}
    assert unresolved([]) == {}


def test_a_name_that_can_be_none_says_why() -> None:
    assert unresolved([f"http://{'a' * 70}.example/feed"])[f"{'a' * 70}.example"]
