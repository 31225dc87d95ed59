"""The archive's own key."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_bytes
from time import sleep

import pytest

from monitor.errors import StoreError
from monitor.store.key import KEY_FILE, read_key


def test_the_key_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    key = read_key(tmp_path)
    assert read_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    (tmp_path / KEY_FILE).write_bytes(b"short")
    with pytest.raises(StoreError, match="damaged; delete it"):
        read_key(tmp_path)
    with pytest.raises(StoreError, match="cannot be made"):
        read_key(tmp_path / "missing")


def test_of_many_that_start_at_once_all_have_the_same_whole_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(length: int) -> bytes:
        sleep(0.02)
        return token_bytes(length)

    monkeypatch.setattr("monitor.store.key.secrets.token_bytes", slowly)
    with ThreadPoolExecutor(8) as many:
        assert len(set(many.map(read_key, [tmp_path] * 8))) == 1
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_beside: str, _file: Path) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refused)
    assert read_key(tmp_path) == read_key(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]
