"""Backfill against sites of which three answers in a hundred fail: all that exists is found, nothing twice, nothing of
another time; killed at random points and gone on with, the archive is the same as after one clean run.

The server's own list is the truth. Short here; `make soak` has the long form.
"""

import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.links import canonical
from monitor.store import open_store
from monitor.warcs import Page, read_warc
from tests.faults.pastworld import NOW, Past, configuration, posts, warc
from tests.newsserver import NewsServer

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Kept:
    """What an archive holds in the end."""

    articles: Counter[str]  # by address
    matching: frozenset[str]
    dates: frozenset[tuple[str, datetime | None]]


def _run(
    config: Path,
    archive: Path,
    since: datetime,
    via: str,
    last: int = 0,
    seconds: float = 100,
    files: Sequence[Path] = (),
) -> subprocess.CompletedProcess[str]:
    module = [sys.executable, "-m", "tests.faults.one_backfill"]
    values = [str(config), str(archive), NOW.isoformat(), since.isoformat(), via, str(last), *map(str, files)]
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


def _magazine(past: Past, number: int) -> tuple[str, datetime]:
    made = posts("mag", number, NOW - timedelta(hours=1), timedelta(hours=4))
    since = made[int(number * 0.9)].at
    url = past.wayback(made)
    past.answer_cdx(url, since)
    return url, since


WORLDS: dict[str, tuple[Callable[[Past, int], tuple[str, datetime]], str]] = {
    "blog": (_blog, "pages"),
    "newspaper": (_paper, "sitemap"),
    "magazine": (_magazine, "wayback"),
}


def _found_all(folder: Path, kind: str, number: int, kills: Sequence[float] = (), seconds: float = 100) -> None:
    make, via = WORLDS[kind]
    with NewsServer() as server:
        past = Past(server, seed=number)
        url, since = make(past, number)
        more = f'[backfill]\nwayback = "{server.url("")}"\n' if kind == "magazine" else ""
        config = configuration(folder / "config", {kind: url}, more)
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


def _warc(folder: Path, number: int, others: int, kills: Sequence[float], seconds: float = 100) -> tuple[str, Path]:
    made = posts("wire", number, NOW - timedelta(hours=1), timedelta(hours=4))
    file = folder / "crawl.warc.gz"
    links = warc(file, made, "https://wire.example", others)
    config = configuration(folder / "config", {"wire": "https://wire.example/feed"})
    since = made[int(number * 0.9)].at
    truth = {f"https://wire.example{post.path}" for post in made if post.at >= since}
    assert truth < links
    clean = _run(config, folder / "clean", since, "warc", seconds=seconds, files=[file])
    assert clean.returncode == 0, clean.stderr
    kept = _kept(folder / "clean")
    assert set(kept.articles) == truth
    passed, new, damaged = map(int, clean.stdout.split())
    assert new == len(truth)
    assert 0.01 * others < damaged < 0.06 * others, "what is damaged is counted"
    for place in kills:
        killed = _run(config, folder / "killed", since, "warc", 1 + int(place * passed), seconds, [file])
        assert killed.returncode in (0, -signal.SIGKILL), killed.stderr
    if kills:
        assert _run(config, folder / "killed", since, "warc", 0, seconds, [file]).returncode == 0
        assert _kept(folder / "killed") == kept
    return clean.stderr, file


def test_a_warc_file_gives_all_it_has_and_its_damage_is_counted(tmp_path: Path) -> None:
    _warc(tmp_path, 150, 400, [0.3, 0.4])


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_a_large_warc_file_needs_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    _, file = _warc(tmp_path, 1_000, 11_000, [], seconds=900)
    assert file.stat().st_size > 200e6
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, records = time.process_time(), 0
    for item in read_warc(file, lambda url: True):
        records += isinstance(item, Page)
    seconds = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    assert grown <= 150, f"{grown:.0f} MB above the start"
    assert records / seconds >= 3_000, f"{records / seconds:.0f} records a second"


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize(("kind", "number"), [("blog", 5_000), ("newspaper", 3_000), ("magazine", 2_000)])
def test_a_whole_past_is_found_once(tmp_path: Path, kind: str, number: int) -> None:
    _found_all(tmp_path, kind, number, seconds=900)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("kind", WORLDS)
def test_fifty_kills_change_nothing(tmp_path: Path, kind: str) -> None:
    chance = random.Random(50)
    _found_all(tmp_path, kind, 400, [chance.random() * 0.06 for _ in range(50)])


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_fifty_kills_of_a_warc_file_change_nothing(tmp_path: Path) -> None:
    chance = random.Random(51)
    _warc(tmp_path, 400, 1_200, [chance.random() * 0.06 for _ in range(50)])
