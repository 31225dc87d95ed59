"""Copies: of one moment while others write, sound, and refused when they are not."""

import threading
from contextlib import closing
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.model import Verdict
from monitor.store import open_store, snapshot
from monitor.store.engine import DRIVER
from monitor.store.migrate import HEAD
from tests.builders import an_article
from tests.unit.store.searched import holding


def _filled(folder: Path, count: int = 30) -> Path:
    store = open_store(f"sqlite:///{folder}/monitor.db")
    with store.begin() as shelves:
        for number in range(count):
            shelves.articles.add(an_article(id=f"a{number}"), "hash", [Verdict("one", 0.9, 0.5)])
    store.close()
    return folder / "monitor.db"


def test_a_copy_holds_what_the_archive_holds(tmp_path: Path) -> None:
    source, target = _filled(tmp_path), tmp_path / "copy.db"
    facts = snapshot.copy_database(source, target)
    assert facts.revision == HEAD
    assert facts.rows["articles"] == facts.rows["verdicts"] == 30
    assert not any(name.startswith("article_words_") for name in facts.rows)
    assert snapshot.examine(target) == facts
    assert sorted(path.name for path in tmp_path.glob("copy.db*")) == ["copy.db"]
    store = open_store(f"sqlite:///{target}")
    with store.read() as shelves:
        assert len(holding(shelves)) == 30
    store.close()


def test_a_copy_taken_while_another_writes_is_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each transaction adds an article and its verdict: no copy has more of one than of the other."""
    source = _filled(tmp_path)
    monkeypatch.setattr(snapshot, "_PAGES", 1)
    store = open_store(f"sqlite:///{source}")
    stop = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            with store.begin() as shelves:
                shelves.articles.add(an_article(id=f"more{written}"), "hash", [Verdict("one", 0.9, 0.5)])
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [snapshot.copy_database(source, tmp_path / f"copy{number}.db") for number in range(5)]
    finally:
        stop.set()
        writer.join()
        store.close()
    assert written > 0
    assert all(copy.rows["articles"] == copy.rows["verdicts"] >= 30 for copy in copies)


def test_a_damaged_copy_is_told(tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    snapshot.copy_database(_filled(tmp_path, 300), target)
    content = bytearray(target.read_bytes())
    for place in range(len(content) // 2, len(content) // 2 + 3 * 4096):
        content[place] ^= 0xFF
    target.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        snapshot.examine(target)


def _say(database: Path, *statements: str) -> None:
    with closing(DRIVER.connect(database, isolation_level=None)) as raw:
        for statement in statements:
            raw.execute(statement)


def test_it_is_the_archive_that_is_damaged_and_not_its_copy(tmp_path: Path) -> None:
    source = _filled(tmp_path)
    _say(source, "CREATE TABLE t (a)", "CREATE INDEX i ON t (a)", "CREATE TABLE kept AS SELECT * FROM sqlite_master")
    _say(source, "PRAGMA writable_schema=ON", "DELETE FROM sqlite_master WHERE name = 'i'")
    _say(source, "INSERT INTO t VALUES (1)")  # which the index misses
    _say(source, "PRAGMA writable_schema=ON", "INSERT INTO sqlite_master SELECT * FROM kept WHERE name = 'i'")
    with pytest.raises(StoreError, match=r"the archive .*monitor\.db is damaged: .*; stop the daemon and put back"):
        snapshot.copy_database(source, tmp_path / "copy.db")


def test_what_is_no_archive_is_no_backup(tmp_path: Path) -> None:
    DRIVER.connect(tmp_path / "other.db").execute("CREATE TABLE songs (title TEXT)").connection.close()
    with pytest.raises(StoreError, match="no archive of this program"):
        snapshot.examine(tmp_path / "other.db")
    (tmp_path / "words.db").write_text("only words " * 1000)
    with pytest.raises(StoreError, match="not an SQLite database"):
        snapshot.examine(tmp_path / "words.db")
    with pytest.raises(StoreError, match="there is no file"):
        snapshot.examine(tmp_path / "none.db")


def test_memory_is_what_the_machine_has_and_a_container_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "_CGROUP", tmp_path)
    whole = snapshot._free_memory()
    assert whole is None or whole > 10_000_000
    (tmp_path / "memory.stat").write_text("anon 900000\nfile 5000000\n", "ascii")
    (tmp_path / "memory.max").write_text("max\n", "ascii")
    assert snapshot._free_memory() is None or snapshot._free_memory() != 100_000
    (tmp_path / "memory.max").write_text("1000000\n", "ascii")
    assert snapshot._free_memory() == (None if whole is None else 100_000)


def test_a_disk_without_room_is_told_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _filled(tmp_path)
    monkeypatch.setattr(snapshot, "_ROOM", 1 << 60)
    with pytest.raises(StoreError, match=r"no room for a copy in .*: it takes [\d,]+ MB, [\d,]+ MB are free"):
        snapshot.copy_database(source, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
