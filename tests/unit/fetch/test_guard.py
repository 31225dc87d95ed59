"""No socket is made for an address that the guard refuses."""

import socket

import pytest

from monitor.addresses import ForbiddenAddressError, Guard
from monitor.fetch.guard import guarded


def test_no_socket_is_made_for_a_forbidden_address() -> None:
    with pytest.raises(ForbiddenAddressError, match=r"10\.0\.0\.1 is a private address"):
        guarded(Guard())((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)))
    allowed = guarded(Guard(["127.0.0.0/8"]))
    with allowed((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))) as made:
        assert made.family == socket.AF_INET
