"""Backfill against sites of which three answers in a hundred fail: all that exists is found, nothing twice, nothing of
another time; killed at random points and gone on with, the archive is the same as after one clean run.

The server's own list is the truth. Short here; `make soak` has the long form.
"""

import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.links import canonical
from monitor.store import open_store
from tests.faults.pastworld import NOW, Past, configuration, posts
from tests.newsserver import NewsServer

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Kept:
    """What an archive holds in the end."""

    articles: Counter[str]  # by address
    matching: frozenset[str]
    dates: frozenset[tuple[str, datetime | None]]


def _run(
    config: Path, archive: Path, since: datetime, via: str, last: int = 0, seconds: float = 100
) -> subprocess.CompletedProcess[str]:
    module = [sys.executable, "-m", "tests.faults.one_backfill"]
    values = [str(config), str(archive), NOW.isoformat(), since.isoformat(), via, str(last)]
    return subprocess.run([*module, *values], cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)


def _kept(archive: Path) -> Kept:
    store = open_store(f"sqlite:///{archive / 'monitor.db'}")
    try:
        with store.read() as shelves:
            stories = shelves.stories.recent(NOW - timedelta(days=9_000), NOW + timedelta(days=1))
            articles, after = [], 0
            while found := shelves.articles.remembered(None, after=after, limit=1_000):
                articles += [one.article for one in found]
                after = found[-1].number
            untold = shelves.stories.untold("daily", ["air-defence"], NOW - timedelta(days=9_000), NOW)
            assert not untold, "a backfill is not told by itself"
    finally:
        store.close()
    matching = frozenset(canonical(report.article.url) for story in stories for report in story.reports)
    dates = frozenset((article.url, article.published) for article in articles)
    return Kept(Counter(article.url for article in articles), matching, dates)


def _check(archive: Path, truth: set[str], run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode == 0, run.stderr
    kept = _kept(archive)
    assert set(kept.articles) == truth
    assert set(kept.articles.values()) == {1}, "none twice"
    assert kept.matching
    assert run.stdout.split()[1:] == [str(len(truth)), "0"], "the report counts them all, and no failure"


def _blog(past: Past, number: int) -> tuple[str, datetime]:
    made = posts("blog", number, NOW - timedelta(hours=1), timedelta(hours=4))
    return past.blog(made), made[int(number * 0.9)].at


def _paper(past: Past, number: int) -> tuple[str, datetime]:
    made = posts("paper", number, NOW - timedelta(hours=1), timedelta(days=60) / number)
    return past.newspaper(made), NOW - timedelta(days=54)


WORLDS: dict[str, tuple[Callable[[Past, int], tuple[str, datetime]], str]] = {
    "blog": (_blog, "pages"),
    "newspaper": (_paper, "sitemap"),
}


def _found_all(folder: Path, kind: str, number: int, kills: Sequence[float] = (), seconds: float = 100) -> None:
    make, via = WORLDS[kind]
    with NewsServer() as server:
        past = Past(server, seed=number)
        url, since = make(past, number)
        config = configuration(folder / "config", {kind: url})
        clean = _run(config, folder / "clean", since, via, seconds=seconds)
        _check(folder / "clean", past.within(since, NOW), clean)
        passed = int(clean.stdout.split()[0])
        for place in kills:
            killed = _run(config, folder / "killed", since, via, 1 + int(place * passed * 0.3), seconds)
            if killed.returncode == 0:
                break
            assert killed.returncode == -signal.SIGKILL, killed.stderr
        if kills:
            again = _run(config, folder / "killed", since, via, seconds=seconds)
            assert again.returncode == 0, again.stderr
            assert _kept(folder / "killed") == _kept(folder / "clean")


@pytest.mark.parametrize("kind", WORLDS)
def test_all_is_found_once_through_faults_and_kills(tmp_path: Path, kind: str) -> None:
    chance = random.Random(kind)
    _found_all(tmp_path, kind, 120, [chance.random() for _ in range(4)])


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize(("kind", "number"), [("blog", 5_000), ("newspaper", 3_000)])
def test_a_whole_past_is_found_once(tmp_path: Path, kind: str, number: int) -> None:
    _found_all(tmp_path, kind, number, seconds=900)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("kind", WORLDS)
def test_fifty_kills_change_nothing(tmp_path: Path, kind: str) -> None:
    chance = random.Random(50)
    _found_all(tmp_path, kind, 400, [chance.random() * 0.06 for _ in range(50)])
