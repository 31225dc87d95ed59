"""The archive's own key."""

import stat
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from secrets import token_bytes
from time import sleep

import pytest

from monitor import logs
from monitor.errors import StoreError
from monitor.store.key import KEY_FILE, key_for_links, read_key


def test_the_key_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    key = read_key(tmp_path)
    assert read_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    (tmp_path / KEY_FILE).write_bytes(b"short")
    with pytest.raises(StoreError, match="damaged; delete it"):
        read_key(tmp_path)
    with pytest.raises(StoreError, match="cannot be made"):
        read_key(tmp_path / "missing")


def test_what_can_do_without_a_key_is_not_kept_from_its_work(tmp_path: Path) -> None:
    assert key_for_links(tmp_path) == read_key(tmp_path)
    (tmp_path / KEY_FILE).write_bytes(b"")
    logs.configure("plain", "info", said := StringIO())
    assert key_for_links(tmp_path) == b""
    assert "mails have no links that do anything" in said.getvalue()
    assert "is damaged; delete it" in said.getvalue()


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
