"""Backups: whole or not at all, pruned, and looked through."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import LockedError, StoreError
from monitor.store import backup, open_store
from monitor.store.backup import Contents, make_backup, verify_backup
from tests.builders import NOW, an_article


@pytest.fixture
def contents(tmp_path: Path) -> Contents:
    """An archive of one article, one text and two evidence files."""
    store = open_store(f"sqlite:///{tmp_path}/monitor.db")
    with store.begin() as shelves:
        shelves.articles.add(an_article(), "hash", [])
    store.close()
    (tmp_path / "feeds.toml").write_text("[[feed]]\n")
    for name in ("a.warc.gz", "b.warc.gz"):
        (tmp_path / "evidence" / "2026").mkdir(parents=True, exist_ok=True)
        (tmp_path / "evidence" / "2026" / name).write_text(name)
    return Contents(tmp_path / "monitor.db", {"config/feeds.toml": tmp_path / "feeds.toml"}, tmp_path / "evidence")


def test_a_backup_holds_database_texts_and_a_manifest(contents: Contents, tmp_path: Path) -> None:
    made = make_backup(contents, tmp_path / "copies", NOW, "1.2.3", keep=7)
    assert made.folder == tmp_path / "copies" / f"monitor-{NOW:%Y%m%d-%H%M%S}"
    assert made.facts.rows["articles"] == 1
    assert (made.folder / "config" / "feeds.toml").read_text() == "[[feed]]\n"
    manifest = json.loads((made.folder / "manifest.json").read_text())
    assert manifest["program"] == "1.2.3"
    assert manifest["evidence"] == {"2026/a.warc.gz": 9, "2026/b.warc.gz": 9}
    assert manifest["files"].keys() == {"monitor.db", "config/feeds.toml"}
    assert made.folder.stat().st_mode & 0o077 == 0
    again = verify_backup(made.folder)
    assert (again.facts, again.files) == (made.facts, 1)
    assert verify_backup(made.folder / "monitor.db").facts == made.facts


def test_only_the_newest_stay_and_only_backups_are_removed(contents: Contents, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    (folder / "monitor-of-mine").mkdir(parents=True)
    made = [make_backup(contents, folder, NOW + timedelta(days=day), "1", keep=2) for day in range(4)]
    assert [one.folder.exists() for one in made] == [False, False, True, True]
    assert made[-1].pruned == (made[1].folder,)
    assert sorted(one.name for one in folder.iterdir()) == sorted(
        [".lock", "monitor-of-mine", made[2].folder.name, made[3].folder.name]
    )
    make_backup(contents, folder, NOW + timedelta(days=9), "1", keep=0)
    assert made[2].folder.exists()


def test_what_a_killed_one_left_is_cleared_away(contents: Contents, tmp_path: Path) -> None:
    left = tmp_path / "copies" / ".monitor-20200101-000000.part"
    left.mkdir(parents=True)
    (left / "monitor.db").write_text("half")
    make_backup(contents, tmp_path / "copies", NOW, "1", keep=7)
    assert not left.exists()


def test_one_that_fails_leaves_nothing_and_removes_nothing(
    contents: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies"
    first = make_backup(contents, folder, NOW, "1", keep=1)

    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device", "manifest.json")

    monkeypatch.setattr(backup, "flush", full)
    with pytest.raises(StoreError, match=r"manifest.json: No space left on device; make room"):
        make_backup(contents, folder, NOW + timedelta(days=1), "1", keep=1)
    assert sorted(one.name for one in folder.iterdir()) == [".lock", first.folder.name]
    verify_backup(first.folder)


def test_two_at_once_are_refused(contents: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*_: object) -> None:
        make_backup(contents, tmp_path / "copies", NOW + timedelta(days=1), "1", keep=7)

    monkeypatch.setattr(backup, "copy_database", meanwhile)
    with pytest.raises(LockedError, match="another backup is being made"):
        make_backup(contents, tmp_path / "copies", NOW, "1", keep=7)


def test_a_second_one_of_the_same_second_is_refused(contents: Contents, tmp_path: Path) -> None:
    make_backup(contents, tmp_path / "copies", NOW, "1", keep=7)
    with pytest.raises(StoreError, match="already; try again in a second"):
        make_backup(contents, tmp_path / "copies", NOW, "1", keep=7)


@pytest.mark.parametrize("name", ["config/feeds.toml", "monitor.db", "manifest.json"])
def test_a_file_that_was_changed_or_is_missing_is_told(contents: Contents, tmp_path: Path, name: str) -> None:
    made = make_backup(contents, tmp_path / "copies", NOW, "1", keep=7)
    (made.folder / name).write_bytes((made.folder / name).read_bytes()[:-1] + b"!")
    with pytest.raises(StoreError):
        verify_backup(made.folder)
    (made.folder / name).unlink()
    with pytest.raises(StoreError):
        verify_backup(made.folder)


def test_a_folder_that_is_no_backup_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no backup"):
        verify_backup(tmp_path)
