"""Memory over thousands of feeds parsed and pages extracted: it does not grow once everything is warm."""

import gc
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from statistics import linear_regression, median

import pytest

from monitor.extract import language
from monitor.jobs.toolbox import Extraction
from monitor.model import Article, FeedPage
from monitor.sources import KINDS
from monitor.workers import PAGES_PER_WORKER, Extractor, InlineExtractor, PoolExtractor
from tests.builders import NOW, a_feed, a_fresh

MOST_GROWTH = 5.0  # MB
MOST_AN_HOUR = 1.0  # MB
PROC = Path("/proc")
WORDS = "ferry harbour council engine captain lamp пором маяк рада bateau phare Fähre Hafen prom wyspa".split()

pytestmark = pytest.mark.skipif(not (PROC / "self" / "statm").exists(), reason="memory is read from /proc")


def _feed_and_page(dice: random.Random, number: int) -> tuple[bytes, bytes]:
    """An invented feed of three entries and a page of any shape: menus, lists, tables, machines' data, broken tags."""

    def sentence() -> str:
        return f"{' '.join(dice.choices(WORDS, k=dice.randint(6, 18))).capitalize()} {number}."

    items = "".join(
        f"<item><guid>{number}-{n}</guid><link>https://courier.example/{number}-{n}</link><title>{sentence()}</title>"
        f"<description>{sentence()}</description></item>"
        for n in range(3)
    )
    shapes: list[Callable[[], str]] = [
        lambda: f"<p>{sentence()} {sentence()}</p>",
        lambda: f"<ul><li><a href='/{dice.random()}'>{sentence()}</a></li><li>{sentence()}</li></ul>",
        lambda: f"<table><tr><td>{sentence()}<td>{dice.random()}</table>",
        lambda: f"<div class='c{dice.randint(0, 10**6)}'>{sentence()}<br>{sentence()}",
        lambda: f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{sentence()}"}}</script>',
        lambda: f"<{dice.choice(WORDS)} id='{number}'>{sentence()}",
    ]
    body = "".join(dice.choice(shapes)() for _ in range(dice.randint(8, 40)))
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>C</title>{items}</channel></rss>'.encode(),
        f"<html><body><article><h1>{sentence()}</h1>{body}</article></body></html>".encode(),
    )


def _rounds(extractor: Extractor, numbers: range) -> None:
    waiting: list[Callable[[], Article]] = []
    for number in numbers:
        feed_body, page_body = _feed_and_page(random.Random(number), number)
        read = KINDS["feed"].read(a_feed(), a_fresh(body=feed_body))
        assert isinstance(read, FeedPage)
        page = a_fresh(url=f"https://courier.example/{number}-0", headers={"content-type": "text/html"}, body=page_body)
        waiting.append(extractor.start(Extraction(read.entries[0], page, str(number), NOW)))
        if len(waiting) == 10:
            assert all(answer().title for answer in waiting)
            waiting.clear()


def _megabytes() -> float:
    """Resident memory of this process and of its children."""
    gc.collect()
    total = 0
    for folder in PROC.glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if int(folder.name) == os.getpid() or parent == os.getpid():
                total += int((folder / "statm").read_text().split()[1])
        except (OSError, IndexError):  # a process that has just ended
            continue
    return total * os.sysconf("SC_PAGE_SIZE") / 1e6


def _own_megabytes() -> float:
    """Resident memory of this process alone."""
    gc.collect()
    return int((PROC / "self" / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _open() -> tuple[int, int]:
    """File descriptors and threads of this process."""
    own = PROC / "self"
    return len(list((own / "fd").iterdir())), len(list((own / "task").iterdir()))


def test_some_hundred_rounds_in_one_process() -> None:
    extractor = InlineExtractor()
    _rounds(extractor, range(250))
    before, open_before = _megabytes(), _open()
    _rounds(extractor, range(250, 500))
    assert _megabytes() - before <= MOST_GROWTH
    assert _open() == open_before


@pytest.mark.soak
def test_twenty_thousand_rounds_with_workers_that_are_renewed() -> None:
    """Measured when a worker is in the middle of its life; it ends long before 20,000 pages, as in daily work.

    Warm means the parent too: it reads what has no page, or one that took too long, and then loads the language model.
    """
    _rounds(InlineExtractor(), range(50))
    assert language._model.cache_info().currsize == 1
    extractor = PoolExtractor(1)
    seen = []
    try:
        _rounds(extractor, range(PAGES_PER_WORKER // 2))
        for start in range(PAGES_PER_WORKER // 2, 20_000, PAGES_PER_WORKER):
            seen.append(_megabytes())
            _rounds(extractor, range(start, start + PAGES_PER_WORKER))
    finally:
        extractor.close()
    print("MB at each renewal:", [round(one, 1) for one in seen])
    warm = seen[4:]  # after 2,000 rounds
    assert median(warm[-6:]) - median(warm[:6]) <= MOST_GROWTH


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_two_hundred_thousand_rounds_do_not_make_a_daemon_larger() -> None:
    """This process is the daemon, pages are read beside it; its size is noted whenever a worker is at half its life."""
    number = int(os.environ.get("ROUNDS", "200000"))
    _rounds(InlineExtractor(), range(50))
    extractor = PoolExtractor(1)
    seen: list[tuple[float, float]] = []  # hours, MB
    held = set()
    began = time.monotonic()
    try:
        _rounds(extractor, range(PAGES_PER_WORKER // 2))
        for start in range(PAGES_PER_WORKER // 2, number, PAGES_PER_WORKER):
            _rounds(extractor, range(start, start + PAGES_PER_WORKER))
            seen.append(((time.monotonic() - began) / 3600, _own_megabytes()))
            held.add(_open())
            if len(seen) % 20 == 0:
                print(
                    f"{start + PAGES_PER_WORKER} rounds in {seen[-1][0]:.2f} h: {seen[-1][1]:.2f} MB, {_open()}",
                    flush=True,
                )
    finally:
        extractor.close()
    warm = seen[len(seen) // 10 :]
    slope, _ = linear_regression(*zip(*warm, strict=True))
    print(f"{slope:+.3f} MB an hour; descriptors and threads: {sorted(held)}")
    assert slope <= MOST_AN_HOUR
    assert len(held) == 1
