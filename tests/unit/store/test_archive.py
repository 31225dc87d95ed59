"""Opening, transactions, checking; what goes wrong with files is said in words."""

import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from monitor.errors import StoreError
from monitor.store import Store, open_store, snapshot
from monitor.store.engine import DRIVER, say_bare
from monitor.store.snapshot import copy_database
from tests.builders import NOW, an_article
from tests.unit.store.keeping import an_address, keep_one
from tests.unit.store.searched import HOUR, holding


def test_what_was_committed_is_there_after_reopening(file_url: str) -> None:
    store = open_store(file_url)
    article = keep_one(store, 1, NOW)
    store.close()
    store = open_store(file_url)
    with store.read() as shelves:
        assert shelves.articles.with_ids([article]) == {article}
    store.close()


def test_a_reader_sees_one_moment_and_does_not_wait_for_the_writer(file_url: str) -> None:
    store = open_store(file_url)
    with store.read() as before:
        assert before.articles.with_ids([an_article().id]) == set()
        with store.begin() as writing:
            writing.articles.add(an_article(), "c0", ())
        assert before.articles.with_ids([an_article().id]) == set()
    with store.read() as after:
        assert after.articles.with_ids([an_article().id]) == {an_article().id}
    store.close()


def test_what_this_process_wrote_is_counted(store: Store) -> None:
    before = store.written
    with store.begin():
        pass
    with store.read():
        pass
    with pytest.raises(ZeroDivisionError), store.begin():
        _ = 1 / 0
    assert store.written == before + 1


def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError, match="may not be written to"), store.read() as shelves:
        shelves.articles.add(an_article(), "c0", ())
    keep_one(store, 1, NOW)  # and does not stay so


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/monitor\.db: the folder .*nowhere does not exist; create it"):
        open_store(f"sqlite:///{tmp_path}/nowhere/monitor.db")
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_no_database_is_left_alone(file_url: str, tmp_path: Path) -> None:
    letter = tmp_path / "monitor.db"
    letter.write_text("Dear reader, " * 400, encoding="utf-8")
    with pytest.raises(StoreError, match=r"monitor\.db: it is not an SQLite database, or damaged: name another"):
        open_store(file_url)
    assert letter.read_text(encoding="utf-8") == "Dear reader, " * 400


def test_damage_is_told_as_damage_whatever_the_driver_makes_of_it(file_url: str, tmp_path: Path) -> None:
    store = open_store(file_url)
    article = keep_one(store, 1, NOW)
    with closing(DRIVER.connect(tmp_path / "monitor.db", isolation_level=None)) as raw:
        raw.execute("UPDATE articles SET title = CAST(x'41ff42' AS TEXT)")
    with pytest.raises(StoreError, match="it is damaged: stop the daemon and put back"), store.read() as shelves:
        shelves.articles.get(article)
    store.close()
    path = tmp_path / "monitor.db"  # what SQLite says of such a schema quotes it, and is no text
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE articles", b"CREA\xacE TABLE articles"))
    with pytest.raises(StoreError, match="it is damaged"):
        open_store(file_url)
    with pytest.raises(StoreError, match="it is damaged"):
        copy_database(path, tmp_path / "copy.db")


def test_a_folder_instead_of_a_file(file_url: str, tmp_path: Path) -> None:
    (tmp_path / "monitor.db").mkdir()
    with pytest.raises(StoreError, match="it cannot be opened: check"):
        open_store(file_url)


def test_a_read_only_archive_can_be_read_and_says_why_it_cannot_be_written(file_url: str, tmp_path: Path) -> None:
    store = open_store(file_url)
    article = keep_one(store, 1, NOW)
    store.close()
    store = open_store(f"sqlite:///file:{tmp_path}/monitor.db?mode=ro&uri=true")
    with store.read() as shelves:
        assert shelves.articles.with_ids([article]) == {article}
    with pytest.raises(StoreError, match="may not be written to: check the owner"):
        keep_one(store, 2, NOW)
    store.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to any folder")
def test_a_read_only_folder(file_url: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(StoreError, match="cannot be opened: check that its folder exists and may be written to"):
            open_store(file_url)
    finally:
        tmp_path.chmod(0o755)


def test_a_full_disk_undoes_the_step_and_says_so(file_url: str) -> None:
    store = open_store(file_url)
    keep_one(store, 1, NOW)
    with store.begin() as shelves:
        shelves.articles.add(an_article(url="https://courier.example/ok"), "c0", ())
        pages = shelves.feeds._connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        shelves.feeds._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(StoreError, match="the disk is full: make room; nothing was lost"):
        _add_two_hundred(store)
    with store.begin() as shelves:
        shelves.feeds._connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        assert len(holding(shelves)) == 2
    assert store.check() == ""
    store.close()


def _add_two_hundred(store: Store) -> None:
    with store.begin() as shelves:
        for number in range(200):
            url = f"https://courier.example/{number}"
            shelves.articles.add(an_article(url=url, text="more words " * 500), "c0", ())


def test_a_damaged_archive_is_noticed(file_url: str, tmp_path: Path) -> None:
    store = open_store(file_url)
    for number in range(30):
        keep_one(store, number, NOW)
    store.close()
    file = tmp_path / "monitor.db"
    content = bytearray(file.read_bytes())
    content[len(content) // 3 : len(content) // 3 + 9000] = b"\xa5" * 9000
    file.write_bytes(content)
    try:  # by opening already, where the damage hits what every start reads
        store = open_store(file_url)
        try:
            told = store.check()
        finally:
            store.close()
    except StoreError as error:
        told = str(error)
    assert told


def test_the_write_ahead_log_is_on(file_url: str, tmp_path: Path) -> None:
    open_store(file_url).close()
    connection = DRIVER.connect(tmp_path / "monitor.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def _fill_and_forget(store: Store) -> None:
    with store.begin() as shelves:
        for number in range(300):
            shelves.articles.add(
                an_article(url=an_address(number), text=f"Report {number} " * 900, found_at=NOW), "c0", ()
            )
    with store.begin() as shelves:
        shelves.articles.forget_texts(NOW + HOUR)


def test_free_pages_are_given_back_in_steps_while_others_read(file_url: str, tmp_path: Path) -> None:
    store = open_store(file_url)
    _fill_and_forget(store)
    with store.read() as shelves:
        free = shelves.pulse.free_bytes()
        first, second = store.shrink(100), store.shrink(100)
        assert 0 < first <= 101 * 4096, "a step is no longer than it was asked to be"
        assert second > 0
    while more := store.shrink():
        first += more
    assert first + second >= free
    with store.read() as shelves:
        assert shelves.pulse.free_bytes() == 0
    assert store.check() == ""
    store.close()
    assert (tmp_path / "monitor.db").stat().st_size < 0.6 * free


def test_a_file_that_cannot_shrink_says_so_until_it_was_compacted(file_url: str, tmp_path: Path) -> None:
    raw = DRIVER.connect(tmp_path / "monitor.db", isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")  # as an older version began
    raw.close()
    store = open_store(file_url)
    _fill_and_forget(store)
    assert store.is_stuck()
    assert store.shrink() == 0
    assert store.compact() > 1_000_000
    assert not store.is_stuck()
    assert store.check() == ""
    with store.read() as shelves:
        assert len(shelves.articles.with_ids([an_article(url=an_address(7)).id])) == 1
    store.close()


def test_compacting_without_room_is_refused_and_changes_nothing(
    file_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(file_url)
    _fill_and_forget(store)
    before = (tmp_path / "monitor.db").read_bytes()
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(StoreError, match=r"no room for a copy .* make room"):
        store.compact()
    assert (tmp_path / "monitor.db").read_bytes() == before
    store.close()


def test_compacting_without_memory_is_refused_and_changes_nothing(
    file_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(file_url)
    _fill_and_forget(store)
    before = (tmp_path / "monitor.db").read_bytes()
    monkeypatch.setattr(snapshot, "_free_memory", lambda: 1_000)
    with pytest.raises(StoreError, match=r"no memory for writing .* anew: it takes \d+ MB, 0 MB are free; end other"):
        store.compact()
    monkeypatch.setattr(snapshot, "_free_memory", lambda: None)  # nobody can say

    def breathless(connection: Connection, *statements: str) -> list[Any]:
        if "VACUUM" in statements:
            raise MemoryError
        return say_bare(connection, *statements)

    monkeypatch.setattr("monitor.store.archive.say_bare", breathless)
    with pytest.raises(StoreError, match="memory ran out, nothing was changed"):
        store.compact()
    assert (tmp_path / "monitor.db").read_bytes() == before
    store.close()


def test_an_archive_in_memory_has_nothing_to_give_back() -> None:
    store = open_store("sqlite://")
    _fill_and_forget(store)
    assert (store.shrink(), store.is_stuck()) == (0, False)
    with pytest.raises(StoreError, match="is no file"):
        store.compact()
