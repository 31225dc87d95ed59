"""A desk that is open on the archive of one round over the sample newsroom."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from monitor.app import App, open_app
from monitor.newsroom import Newsroom
from monitor.settings import load_settings
from monitor.web.access import password_hash, token_digest
from monitor.web.desk import serving
from tests.unit.cli.calling import filled
from tests.unit.web.visiting import Visitor

PASSWORD = "correct horse battery"
READER, WRITER = "token-of-a-reader", "token-of-a-writer"
OPEN = '[web]\nlisten = "127.0.0.1:0"\n'
SHUT = (
    f'password = "{password_hash(PASSWORD)}"\n'
    f'[[web.token]]\nname = "reader"\ndigest = "{token_digest(READER)}"\n'
    f'[[web.token]]\nname = "writer"\ndigest = "{token_digest(WRITER)}"\nscope = "write"\n'
)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app with a day's stories in its archive."""
    with Newsroom.open(opened_at=datetime.now(UTC)) as newsroom:
        town = filled(newsroom, tmp_path_factory.mktemp("desk"), OPEN)
        with open_app(load_settings(town.config, {}, archive=town.archive), workers=0) as opened:
            yield opened


@pytest.fixture(scope="session")
def address(app: App) -> Iterator[str]:
    """Where the desk without a password is."""
    with serving(app) as opened:
        yield opened


@pytest.fixture
def visitor(address: str) -> Visitor:
    """Somebody new at the desk."""
    return Visitor(address)


@pytest.fixture(scope="session")
def shut_address(app: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the desk that wants a password is."""
    file = app.settings.folder / "monitor.toml"
    before = file.read_text("utf-8")
    file.write_text(before + SHUT, "utf-8")
    settings = load_settings(app.settings.folder, {}, archive=tmp_path_factory.mktemp("shut"))
    file.write_text(before, "utf-8")
    with open_app(settings, workers=0) as opened, serving(opened) as address:
        yield address
