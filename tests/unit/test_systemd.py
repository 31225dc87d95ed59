"""What the service manager hears."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.systemd import Manager


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(5)
        yield ear


def test_words_arrive_a_line_each(heard: socket.socket) -> None:
    Manager({"NOTIFY_SOCKET": heard.getsockname()}).tell("READY=1", "STATUS=following 3 feeds")
    assert heard.recv(1000) == b"READY=1\nSTATUS=following 3 feeds"


def test_an_abstract_socket() -> None:
    name = f"news-monitor-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(f"\0{name}")
        ear.settimeout(5)
        Manager({"NOTIFY_SOCKET": f"@{name}"}).tell("STOPPING=1")
        assert ear.recv(1000) == b"STOPPING=1"


def test_how_long_it_waits_for_us(heard: socket.socket) -> None:
    place = {"NOTIFY_SOCKET": heard.getsockname()}
    assert Manager(place | {"WATCHDOG_USEC": "180000000"}).patience == 180
    assert Manager(place | {"WATCHDOG_USEC": "180000000", "WATCHDOG_PID": str(os.getpid())}).patience == 180
    assert Manager(place | {"WATCHDOG_USEC": "180000000", "WATCHDOG_PID": "1"}).patience == 0
    assert Manager(place | {"WATCHDOG_USEC": "soon"}).patience == 0
    assert Manager({"WATCHDOG_USEC": "180000000"}).patience == 0


def test_nobody_listens(tmp_path: Path) -> None:
    Manager({}).tell("READY=1")
    Manager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).tell("READY=1")
