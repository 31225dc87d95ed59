"""Files whole or not at all, and trouble in words."""

import errno
from pathlib import Path

import pytest

from monitor.channels.disk import explained, flush_folder, writable, write_whole


def test_a_file_takes_the_place_of_an_older_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "page", b"one")
    write_whole(tmp_path / "page", b"two")
    flush_folder(tmp_path)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("page", b"two")]


def test_a_file_that_cannot_be_put_in_place_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    with pytest.raises(OSError):
        write_whole(tmp_path / "page", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["page"]


def test_a_folder_is_made_and_tried(tmp_path: Path) -> None:
    assert writable(tmp_path / "new" / "er") == ""
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in writable(tmp_path / "file")


def test_what_to_do_is_said() -> None:
    words = explained(Path("/feeds"), OSError(errno.ENOSPC, "No space left on device"))
    assert words == "cannot write into /feeds: No space left on device; free space or correct the path or its rights"
