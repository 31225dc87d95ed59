"""What every kind of archive owes: whole transactions, and many hands at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.errors import StoreError
from monitor.model import FeedState, Opens
from monitor.store import Fate, Outcome, Shelves, Store, Visited, open_store
from tests.builders import NOW, a_digest, a_feed, a_message, a_verdict, an_article, an_entry
from tests.unit.store.keeping import a_mark, an_address
from tests.unit.store.searched import holding

LASTING = ("file", "server")

WRITER = """
import sys
from datetime import timedelta
from monitor.store import Visited, open_store
from tests.builders import NOW, an_article
store = open_store(sys.argv[1])
for number in range(int(sys.argv[3])):
    article = an_article(url=f"https://courier.example/{sys.argv[2]}/{number}", found_at=NOW)
    with store.begin() as shelves:
        shelves.articles.add(article, "c0", ())
        shelves.feeds.log_visits(Visited(sys.argv[2], NOW + timedelta(seconds=number), "read", 1, 1, ""))
store.close()
"""


@pytest.fixture(params=[*LASTING, "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty archive of each kind."""
    if request.param == "server":
        return str(request.getfixturevalue("server_url"))
    return f"sqlite:///{tmp_path}/monitor.db" if request.param == "file" else "sqlite://"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """That archive, open."""
    opened = open_store(url)
    yield opened
    opened.close()


def _everything(shelves: Shelves) -> None:
    article = an_article()
    shelves.feeds.sync([a_feed()], NOW)
    shelves.feeds.save(replace(FeedState("northern-courier", NOW), etag='"e"'))
    shelves.feeds.log_visits(Visited("northern-courier", NOW, "read", 1, 1, ""))
    shelves.articles.add(article, "c0", [a_verdict()])
    shelves.stories.place(article.id, "Courier", Opens(article.id), a_mark(bands=(1, 2)), NOW)
    shelves.articles.remember(Outcome("northern-courier", "id:1", an_entry(), "c0", article.id, Fate.MATCHED, "", NOW))
    shelves.outbox.put(a_message(), a_digest())


def _is_empty(shelves: Shelves) -> bool:
    return not (
        shelves.feeds.states()
        or shelves.articles.with_ids([an_article().id])
        or shelves.articles.known("northern-courier", ["id:1"])
        or shelves.stories.get(an_article().id)
        or shelves.outbox.last_window("daily", NOW)
        or shelves.outbox.counts()["waiting"]
        or shelves.outbox.told(an_article().id)
        or holding(shelves, "launchers")
    )


def _fail_in_the_middle(store: Store) -> None:
    with store.begin() as shelves:
        _everything(shelves)
        assert not _is_empty(shelves)
        raise ZeroDivisionError


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_in_the_middle(store)
    with store.read() as shelves:
        assert _is_empty(shelves)
    with store.begin() as shelves:
        _everything(shelves)
    with store.read() as shelves:
        assert not _is_empty(shelves)


def test_threads_write_and_read_without_getting_in_each_others_way(store: Store) -> None:
    def write(writer: int) -> None:
        for number in range(20):
            with store.begin() as shelves:
                shelves.articles.add(an_article(url=an_address(writer * 1000 + number), found_at=NOW), "c0", ())
            with store.read() as shelves:
                assert holding(shelves, "launchers")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with store.read() as shelves:
        assert len(holding(shelves, "launchers")) == 80
    assert store.check() == ""


def test_each_class_is_forgotten_by_itself_the_oldest_first(store: Store) -> None:
    old, classes = NOW - timedelta(days=90), ("plain", "plain2", "matched", "placed", "marked")
    with store.begin() as shelves:
        for number, name in enumerate(classes):
            found_at = old + timedelta(hours=number)
            article = an_article(id=name, url=an_address(number), text=f"{name} launchers", found_at=found_at)
            shelves.articles.add(article, "c0", [a_verdict(score=0.9 if name in ("matched", "marked") else 0.1)])
        shelves.stories.place("placed", "Courier", Opens("placed"), a_mark(), old)
        shelves.marks.put("marked", ["air-defence"], relevant=True, at=old)

    def found() -> set[str]:
        with store.read() as shelves:
            return {hit.article.id for hit in holding(shelves, "launchers")}

    assert found() == set(classes)
    with store.begin() as shelves:
        assert shelves.articles.forget_texts(NOW, limit=1) == 1
    assert found() == set(classes) - {"plain"}
    with store.begin() as shelves:
        assert shelves.articles.forget_texts(NOW) == 1
    assert found() == {"matched", "placed", "marked"}
    with store.begin() as shelves:
        assert shelves.articles.forget_texts(NOW, matches=True) == 2
    assert found() == {"marked"}
    store.optimise()
    with store.read() as shelves:
        assert shelves.articles.with_ids(classes) == set(classes)
        gone = shelves.articles.get("matched")
    assert gone is not None
    assert (gone.forgotten, gone.verdicts[0].matched, gone.verdicts[0].evidence) == (True, True, ())


@pytest.mark.parametrize("url", ["server"], indirect=True)
def test_a_server_gives_room_back_by_itself(store: Store) -> None:
    assert (store.shrink(), store.is_stuck()) == (0, False)
    with pytest.raises(StoreError, match="VACUUM FULL"):
        store.compact()


@pytest.mark.parametrize("url", LASTING, indirect=True)
def test_two_processes_create_and_fill_one_archive(url: str) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    writers = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", WRITER, url, name, "60"], env=environment)
        for name in ("courier", "herald")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    store = open_store(url)
    with store.read() as shelves:
        assert len(holding(shelves, "launchers")) == 120
    store.close()


@pytest.mark.parametrize("url", LASTING, indirect=True)
def test_a_killed_writer_leaves_only_whole_transactions(url: str) -> None:
    open_store(url).close()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    writer = subprocess.Popen([sys.executable, "-c", WRITER, url, "courier", "1000000"], env=environment)
    store = open_store(url)
    try:
        while True:
            with store.read() as shelves:
                if holding(shelves, "launchers"):
                    break
            assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
    with store.begin() as shelves:
        articles = len(holding(shelves, "launchers"))
        visits = shelves.feeds.forget_visits(NOW.replace(year=2100))
    assert articles == visits > 0
    assert store.check() == ""
    store.close()
