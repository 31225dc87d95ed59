"""A copy that is killed: it goes on where it was, nobody takes it for an archive before its end, and it is the same."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.model import Verdict
from monitor.store import Visited, open_store
from monitor.store.dump import dumping
from monitor.store.schema import metadata
from monitor.store.transfer import copy
from tests.builders import NOW, a_feed, an_article
from tests.unit.store.keeping import keep
from tests.unit.store.searched import holding

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = 90


def _filled(url: str) -> str:
    store = open_store(url)
    with store.begin() as shelves:
        shelves.feeds.sync([a_feed(name=f"feed{number}") for number in range(30)], NOW)
        shelves.feeds.log_visits(*(Visited("feed1", NOW, "read") for _ in range(50)))
        for number in range(ARTICLES):
            article = an_article(id=f"a{number}", title=f"Їжак {number}", text=f"Текст \U0001f6f0 word{number} łódź")
            keep(shelves, article, [Verdict("one", 0.1 + number / 200, 0.5)], identity=f"{number}")
    store.close()
    return url


def _lines(url: str) -> dict[str, list[bytes]]:
    with dumping(url) as dump:
        return {name: list(dump.lines(name)) for name in metadata.tables}


def _run(source: str, target: str, statement: int) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "tests.faults.one_copy", source, target, str(statement)]
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("way", ["to a server", "to a file"])
def test_killed_again_and_again_the_copy_is_the_same_at_the_end(way: str, server_url: str, tmp_path: Path) -> None:
    file = f"sqlite:///{tmp_path}/monitor.db"
    source, target = (file, server_url) if way == "to a server" else (server_url, file)
    _filled(source)
    kills = 0
    for statement in random.Random(8).choices(range(130, 190), k=3):
        done = _run(source, target, statement)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        kills += 1
        with pytest.raises(StoreError, match=r"was not finished; `monitor store copy`"):
            open_store(target)
    assert kills >= 2
    copied = copy(source, target)
    assert _lines(target) == _lines(source)
    assert copied.rows >= 4 * ARTICLES
    store = open_store(target)
    with store.begin() as shelves:
        assert len(holding(shelves, "їжак")) == ARTICLES
        assert [hit.article.id for hit in holding(shelves, "word77")] == ["a77"]
        shelves.feeds.log_visits(Visited("feed2", NOW, "read"))  # with a number of its own
    store.close()
