"""The command line called in this process, and an archive that one round over the sample newsroom has filled."""

import io
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.newsroom import Newsroom
from tests.unit.cli.calling import Call, Said, Town, ends_with, filled


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("feeds", "--json", stdin=b"…")`."""

    def run(*arguments: str | Path, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        capsys.readouterr()
        code = ends_with(*map(str, arguments))
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(code, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Filled once for all tests; who changes the archive takes a `copied` one."""
    folder = tmp_path_factory.mktemp("town")
    with Newsroom.open(opened_at=datetime.now(UTC)) as newsroom:
        yield filled(newsroom, folder)


@pytest.fixture
def copied(town: Town, tmp_path: Path) -> Town:
    """The town with an archive of the test's own."""
    shutil.copytree(town.archive, tmp_path / "archive")
    return Town(town.newsroom, town.config, tmp_path / "archive")
