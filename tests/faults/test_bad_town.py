"""Rounds of polling over a town of outlets with every bad habit: nothing lost, nothing twice, always polite.

The server measures, in a process of its own. The short form has 60 feeds; `-m soak` has 500 and the shipped limits.
"""

import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from sqlite3 import connect

import pytest

from monitor.app import App, open_app
from monitor.settings import load_settings
from tests.faults.badtown import (
    ITEMS,
    NEVER,
    NEWER,
    RETRY_AFTER,
    SHOWS,
    Habit,
    Measured,
    Outlet,
    Running,
    outlets,
    running,
)
from tests.faults.test_hostile_answers import Peak
from tests.newsserver import Answer, NewsServer, Seen

SEED = 20261125
PER_HOST = 2
PARALLEL = 32
JITTER = 0.2  # seconds by which two requests may come closer on their way
TOPICS = '[topics.none]\ntitle = "None"\nbias = -2\nclauses = [{ name = "n", query = "unheardof", weight = 6 }]\n'


@contextmanager
def a_monitor(folder: Path, town: list[Outlet], port: int, limits: str) -> Iterator[App]:
    config = folder / "config"
    config.mkdir()
    (config / "topics.toml").write_text(TOPICS)
    (config / "subscriptions.toml").write_text("")
    (config / "monitor.toml").write_text(
        f'[fetch]\nallow_private = ["127.0.0.0/8"]\nper_host = {PER_HOST}\nparallel = {PARALLEL}\n{limits}\n'
        "[poll]\ncanaries = []\n[log]\nlevel = 'error'\n"
    )
    (config / "feeds.toml").write_text(
        "".join(
            f'[[feed]]\nname = "outlet-{one.number}"\nurl = "http://{one.host}:{port}{one.path}"\npages = "never"\n'
            for one in town
        )
    )
    with open_app(load_settings(config, {}), workers=0) as app:
        yield app


def stored(folder: Path) -> tuple[dict[str, tuple[int, int]], int]:
    """By feed the number of items and of different titles; and the number of articles."""
    with closing(connect(f"file:{folder / 'archive' / 'monitor.db'}?mode=ro", uri=True)) as archive:
        rows = archive.execute("SELECT feed, count(*), count(DISTINCT title) FROM items GROUP BY feed").fetchall()
        (articles,) = archive.execute("SELECT count(*) FROM articles").fetchone()
    return {feed: (items, titles) for feed, items, titles in rows}, articles


def expect_manners(measured: Measured, gap: float) -> None:
    assert max(measured.most_at_once.values()) <= PER_HOST
    assert measured.most_in_all <= PARALLEL
    times: dict[str, list[float]] = defaultdict(list)
    for seen in measured.seen:
        times[seen.host].append(seen.at)
    close = {
        host: later - sooner for host, at in times.items() for sooner, later in pairwise(at) if later - sooner < gap
    }
    assert {host: space for host, space in close.items() if space < gap - JITTER} == {}
    assert any(len(at) > 3 for at in times.values())


def expect_patience(measured: Measured, town: list[Outlet]) -> None:
    """No request to a host before its Retry-After."""
    asked = {outlet.host for outlet in town if outlet.habit in (Habit.BUSY, Habit.DOWN)}
    assert asked
    for host in asked:
        first, *later = (seen.at for seen in measured.seen if seen.host == host)
        assert later
        assert later[0] - first >= RETRY_AFTER - 0.05


def rounds(folder: Path, count: int, limits: str, *, gap: float, most_seconds: float, most_megabytes: float) -> None:
    _warm_up(folder / "warm")
    town = outlets(count, SEED)
    with running(town) as site, a_monitor(folder, town, site.port, limits) as app, Peak() as peak:
        started = time.monotonic()
        faulty = app.poll(force=True)
        assert time.monotonic() - started < most_seconds
        again = app.poll(force=True)  # before anybody's Retry-After is over
        _let_pass(site)
        site.enter(2)
        app.poll(force=True)
        site.enter(3)
        last = app.poll(force=True)
        measured = site.measured()
    items, articles = stored(folder)
    expected = {f"outlet-{one.number}": ITEMS + NEWER * (one.habit in SHOWS) for one in town if one.habit not in NEVER}
    assert {feed: number for feed, (number, _) in items.items()} == expected
    assert {feed: titles for feed, (_, titles) in items.items()} == expected
    assert articles == sum(expected.values())
    bad = sum(one.habit not in SHOWS for one in town)
    assert (len(faulty.failed), faulty.read) == (bad, count - bad)
    assert again.new == last.new == 0
    assert set(last.failed) <= {f"outlet-{one.number}" for one in town if one.habit in NEVER}
    expect_manners(measured, gap)
    expect_patience(measured, town)
    assert peak.growth < most_megabytes


def _warm_up(folder: Path) -> None:
    """Load what a first round loads, so that it does not count as growth."""
    town = [Outlet(number, "127.0.0.1", Habit.WELL) for number in range(3)]
    folder.mkdir()
    with running(town) as site, a_monitor(folder, town, site.port, "host_gap_seconds = 0.0") as app:
        app.poll(force=True)


def _let_pass(site: Running) -> None:
    """Wait until every Retry-After that was given is over."""
    last = max((seen.at for seen in site.measured().seen), default=0.0)
    time.sleep(max(0.0, last + RETRY_AFTER + 0.2 - time.monotonic()))


def test_who_has_hung_up_is_not_counted_as_being_answered() -> None:
    """Else visitors that give slow servers up would seem to ask for more at the same time than they do."""
    asked = threading.Semaphore(0)

    def slowly(_: Seen) -> Answer:
        asked.release()
        return Answer(body=b"never", delay=600)

    with NewsServer() as server:
        server.put("/slow", slowly)
        for _ in range(5):
            with socket.create_connection((server.host, server.port)) as visitor:
                visitor.sendall(f"GET /slow HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
                assert asked.acquire(timeout=60)
        assert server.most_at_once == {server.host: 1}


needs_proc = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")


@needs_proc
def test_sixty_feeds(tmp_path: Path) -> None:
    limits = "host_gap_seconds = 0.4\nfirst_byte_seconds = 2.0\ntotal_seconds = 8.0\nmax_redirects = 3"
    rounds(tmp_path, 60, limits, gap=0.4, most_seconds=12, most_megabytes=64)


@pytest.mark.soak
@needs_proc
def test_five_hundred_feeds(tmp_path: Path) -> None:
    rounds(tmp_path, 500, "host_gap_seconds = 1.0", gap=1.0, most_seconds=120, most_megabytes=128)
