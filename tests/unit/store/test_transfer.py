"""An archive copied between two databases: the same rows, refused where something else is, resumed or begun again."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from monitor.errors import LockedError, StoreError
from monitor.model import FeedState, Verdict
from monitor.store import ArchiveLock, Store, Visited, open_store, transfer
from monitor.store.dump import TABLES, dumping
from monitor.store.engine import DRIVER
from monitor.store.transfer import copy
from tests.builders import NOW, a_feed, an_article
from tests.unit.store.keeping import keep
from tests.unit.store.searched import holding


def _filled(url: str, count: int = 12) -> str:
    store = open_store(url)
    with store.begin() as shelves:
        shelves.feeds.sync([a_feed(name="courier"), a_feed(name="herald")], NOW)
        shelves.feeds.log_visits(Visited("courier", NOW, "read"))
        for number in range(count):
            article = an_article(id=f"a{number}", title=f"Дрони {number}", text=f"word{number}")
            keep(shelves, article, [Verdict("one", 0.9, 0.5)], identity=str(number))
    store.close()
    return url


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """The archive for a block."""
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()


def _lines(url: str) -> dict[str, list[bytes]]:
    with dumping(url) as dump:
        return {name: list(dump.lines(name)) for name in TABLES}


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Where two archives may be, each in a folder of its own."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    return f"sqlite:///{tmp_path}/one/monitor.db", f"sqlite:///{tmp_path}/two/monitor.db"


def test_to_a_server_and_back_it_is_the_same(files: tuple[str, str], server_url: str) -> None:
    source = _filled(files[0])
    seen: list[tuple[str, int, int]] = []
    there = copy(source, server_url, progress=lambda *step: seen.append(step))
    back = copy(server_url, files[1])
    assert there == back
    assert there.before == 0
    assert there.tables["articles"].rows == 12
    assert ("articles", 12, 12) in seen
    assert _lines(source) == _lines(server_url) == _lines(files[1])
    for url in (server_url, files[1]):
        store = open_store(url)
        with store.begin() as shelves:
            assert [hit.article.id for hit in holding(shelves, "word7")] == ["a7"]
            shelves.feeds.log_visits(Visited("herald", NOW, "read"))
            keep(shelves, an_article(id="later"), identity="later")
            assert len(holding(shelves, "дрони")) == 12
        store.close()


def test_a_copy_that_is_there_is_compared_and_another_archive_is_left_alone(files: tuple[str, str]) -> None:
    source, target = _filled(files[0]), files[1]
    assert copy(source, target) == copy(source, target)
    with opened(target) as store, store.begin() as shelves:
        shelves.feeds.log_visits(Visited("herald", NOW, "read"))
    before = _lines(target)
    with pytest.raises(StoreError, match=r"holds another archive already \(visits: 2 rows, not 1"):
        copy(source, target, anew=True)
    assert _lines(target) == before


def _broken_off(source: str, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(transfer, "index_words", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            copy(source, target)


def test_a_source_that_changed_meanwhile_is_noticed(
    files: tuple[str, str], server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _filled(files[0])
    _broken_off(source, server_url, monkeypatch)
    with pytest.raises(StoreError, match="was not finished"):
        open_store(server_url)
    with opened(source) as store, store.begin() as shelves:
        shelves.feeds.save(FeedState("herald", NOW, etag="new"))
    with pytest.raises(StoreError, match=r"feed_states has 2 rows.*--anew"):
        copy(source, server_url)
    assert copy(source, server_url, anew=True).before == 0
    assert _lines(source) == _lines(server_url)
    with opened(server_url) as store, store.read() as shelves:
        assert len(holding(shelves, "дрони")) == 12


def test_what_was_copied_before_is_not_copied_again(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    source = _filled(files[0])
    _broken_off(source, files[1], monkeypatch)
    copied = copy(source, files[1])
    assert copied.before == copied.rows


def test_a_copy_of_another_version_is_begun_anew(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    source = _filled(files[0])
    with monkeypatch.context() as patched:
        patched.setattr(transfer, "_MARK", "copying 0001")
        _broken_off(source, files[1], patched)
    with pytest.raises(StoreError, match="another version of this program: begin again with --anew"):
        copy(source, files[1])
    assert copy(source, files[1], anew=True).tables["articles"].rows == 12


def _changed(url: str, statement: str) -> None:
    """Say a statement to the file, as another program might."""
    with closing(DRIVER.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        (
            "UPDATE articles SET title = 'one' || char(0) || 'two' WHERE id = 'a7'",
            "in articles that of number 8: .*NUL",
        ),
        ("UPDATE articles SET found_at = 1e300 WHERE id = 'a7'", "in articles that of number 8: .*out of range"),
        ("DELETE FROM articles WHERE id = 'a7'", "in reports that of article 'a7': .*foreign key"),
    ],
)
def test_a_row_that_the_server_cannot_hold_is_named_and_can_be_corrected(
    statement: str, where: str, files: tuple[str, str], server_url: str
) -> None:
    source = _filled(files[0])
    _changed(source, statement)
    with pytest.raises(StoreError, match=f"cannot hold a row of the source, {where}.*same command again"):
        copy(source, server_url)
    _changed(source, "UPDATE articles SET title = 'one two', found_at = 7 WHERE id = 'a7'")
    for table in ("verdicts", "reports"):
        _changed(source, f"DELETE FROM {table} WHERE article NOT IN (SELECT id FROM articles)")
    _changed(source, "DELETE FROM bands WHERE article NOT IN (SELECT number FROM articles)")
    assert copy(source, server_url).before > 0
    assert _lines(source) == _lines(server_url)


def test_a_value_that_only_the_source_keeps_is_named(files: tuple[str, str], server_url: str) -> None:
    source = _filled(files[0])
    _changed(source, "UPDATE articles SET found_at = 12.5 WHERE id = 'a7'")
    with pytest.raises(StoreError, match="first in that of number 8: its found_at is of a kind that only the source"):
        copy(source, server_url)
    _changed(source, "UPDATE articles SET found_at = 12 WHERE id = 'a7'")
    assert copy(source, server_url, anew=True).before == 0


def test_nobody_may_work_on_either(files: tuple[str, str], tmp_path: Path, server_url: str) -> None:
    source = _filled(files[0])
    with ArchiveLock(tmp_path / "one"), pytest.raises(LockedError):
        copy(source, files[1])
    with ArchiveLock(tmp_path / "two", server_url), pytest.raises(StoreError, match="stop it first"):
        copy(source, server_url)


def test_what_cannot_be_copied_is_said(files: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no archive"):
        copy(files[0], files[1])
    source = _filled(files[0])
    for target, words in (
        (source, "onto itself"),
        ("sqlite://", "in memory"),
        (f"sqlite:///{tmp_path}/three/monitor.db", "three does not exist"),
        ("mysql://root@localhost/x", "SQLite or in PostgreSQL"),
    ):
        with pytest.raises(StoreError, match=words):
            copy(source, target)
