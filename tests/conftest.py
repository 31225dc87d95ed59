"""For every test: an environment that says nothing, logs as at the start, no secrets from another test."""

import logging
import os
import re
import signal
from collections.abc import Iterator

import pytest
import structlog

from monitor import logs
from monitor.store import Store, open_store
from tests.postgres import Server, running

# What would make a test behave differently on the machine of someone who has it set.
_SPEAKING = re.compile(
    r"MONITOR_.*|.*_PROXY|NO_COLOR|FORCE_COLOR|CLICOLOR.*|COLUMNS|LINES|TERM|SSL_CERT_.*"
    r"|(SLACK|SMTP|MAIL)_.*|.*_(TOKEN|PASSWORD|SECRET|WEBHOOK)",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def _silent_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in list(os.environ):
        if _SPEAKING.fullmatch(name):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))  # never the developer's own


@pytest.fixture(autouse=True)
def _logs_as_at_the_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(logs, "_hidden", set())
    monkeypatch.setattr(logs, "_unsaid", set())
    monkeypatch.setattr(logs, "_form", logs._Form())
    yield
    structlog.reset_defaults()
    root = logging.getLogger()
    for handler in [one for one in root.handlers if type(one) is logging.StreamHandler]:
        root.removeHandler(handler)  # its stream may be one that pytest has closed


@pytest.fixture
def own_signals() -> Iterator[None]:
    """For what listens to signals until its process ends."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty archive in memory."""
    opened = open_store("sqlite://")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL of this session, or of this worker."""
    with running() as server:
        yield server


@pytest.fixture
def server_url(postgres: Server) -> Iterator[str]:
    """The address of an empty archive on a server."""
    url = postgres.archive()
    yield url
    postgres.clear(url)
