"""What is kept between runs: found again when it was made of the same, and never trusted when it is damaged."""

from pathlib import Path

import pytest

from monitor.cache import CacheFolder, cache_folders

CONTENT = "ünï".encode() * 100


def test_what_was_kept_is_recalled_in_another_run(tmp_path: Path) -> None:
    CacheFolder([tmp_path / "new" / "folder"]).keep("forms", b"of this", CONTENT)
    again = CacheFolder([tmp_path / "new" / "folder"])
    assert again.recall("forms", b"of this") == CONTENT
    assert again.recall("forms", b"of that") is None
    assert again.recall("models", b"of this") is None


def test_another_program_makes_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    CacheFolder([tmp_path]).keep("forms", b"", CONTENT)
    monkeypatch.setattr("monitor.cache.__version__", "99.0")
    assert CacheFolder([tmp_path]).recall("forms", b"") is None


@pytest.mark.parametrize("cut", [0, 3, 16, 20, -1])
def test_a_damaged_file_is_as_good_as_none_and_is_replaced(tmp_path: Path, cut: int) -> None:
    folder = CacheFolder([tmp_path])
    folder.keep("forms", b"", CONTENT)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:cut] + bytes([whole[cut] ^ 1]) + whole[cut + 1 or len(whole) :] if cut else b"")
    assert folder.recall("forms", b"") is None
    folder.keep("forms", b"", CONTENT)
    assert folder.recall("forms", b"") == CONTENT


def test_where_the_first_folder_cannot_be_made_the_next_is_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    CacheFolder([tmp_path / "file" / "x", tmp_path / "second"]).keep("forms", b"", CONTENT)
    assert CacheFolder([tmp_path / "file" / "x", tmp_path / "second"]).recall("forms", b"") == CONTENT


def test_without_any_folder_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for folder in (CacheFolder([]), CacheFolder([tmp_path / "file"])):
        folder.keep("forms", b"", CONTENT)
        assert folder.recall("forms", b"") is None


def test_only_the_newest_few_are_kept(tmp_path: Path) -> None:
    folder = CacheFolder([tmp_path])
    for number in range(9):
        folder.keep("forms", bytes([number]), CONTENT)
    folder.keep("models", b"", CONTENT)
    assert len(list(tmp_path.glob("forms-*"))) == 4
    assert len(list(tmp_path.iterdir())) == 5


@pytest.mark.parametrize(
    ("environ", "first"),
    [
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/news-monitor"),
        ({"HOME": "/h"}, "/h/.cache/news-monitor"),
        ({"HOME": "nowhere"}, "/a/cache"),
        ({}, "/a/cache"),
    ],
)
def test_the_users_own_folder_comes_first(environ: dict[str, str], first: str) -> None:
    folders = cache_folders(environ, Path("/a"))
    assert (folders[0], folders[-1]) == (Path(first), Path("/a/cache"))
