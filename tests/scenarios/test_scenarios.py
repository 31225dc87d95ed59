"""Every scenario folder, played on either engine; what is delivered must be, to the letter, what `expected/` holds.

After a wanted change: `GOLDEN=write .venv/bin/pytest tests/scenarios`, then read the diff before you commit it.
"""

import os
from pathlib import Path

import pytest

from tests.scenarios.stage import play

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent for path in HERE.glob("*/scenario.toml"))


@pytest.fixture(params=["file", "server"])
def url(request: pytest.FixtureRequest) -> str:
    """Where the archive is; "" = in a file."""
    return str(request.getfixturevalue("server_url")) if request.param == "server" else ""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_scenario(folder: Path, url: str, tmp_path: Path) -> None:
    played = play(folder, tmp_path, url)
    expected = folder / "expected"
    if os.environ.get("GOLDEN") == "write":
        expected.mkdir(exist_ok=True)
        for stale in expected.iterdir():
            stale.unlink()
        for name, text in played.items():
            (expected / name).write_text(text, encoding="utf-8")
    golden = {path.name: path.read_text(encoding="utf-8") for path in expected.iterdir()}
    assert sorted(played) == sorted(golden)
    for name, text in played.items():
        assert text == golden[name], f"{folder.name}/expected/{name}"


def test_there_are_scenarios() -> None:
    assert len(FOLDERS) >= 20
