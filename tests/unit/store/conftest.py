"""Every test of the archive runs on a file and in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store import Store, open_store


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty archive."""
    opened = open_store(f"sqlite:///{tmp_path}/monitor.db" if request.param == "file" else "sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """Where an archive may be made."""
    return f"sqlite:///{tmp_path}/monitor.db"
