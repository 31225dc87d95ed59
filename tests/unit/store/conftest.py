"""Every test of the archive runs on a file, in memory and on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store import Store, open_store


@pytest.fixture(params=["file", "memory", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty archive."""
    if request.param == "server":
        url = request.getfixturevalue("server_url")
    else:
        url = f"sqlite:///{tmp_path}/monitor.db" if request.param == "file" else "sqlite://"
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """Where an archive may be made."""
    return f"sqlite:///{tmp_path}/monitor.db"
