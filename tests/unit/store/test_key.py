"""The archive's own key."""

import stat
from pathlib import Path

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
