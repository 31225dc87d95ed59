"""Extraction here and in processes of its own; a page that hangs or kills costs itself only."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from multiprocessing import active_children, parent_process
from typing import Any

import pytest
from msgspec.structs import replace

from monitor.extract import extract
from monitor.jobs.toolbox import Extraction
from monitor.model import Article, Entry, Fresh, How
from monitor.workers import WAITING_PER_WORKER, InlineExtractor, PoolExtractor, give_way, open_extractor
from tests.builders import NOW, a_fresh, an_entry

PARAGRAPH = "The ministry promised two more launchers before the first frost, and crews are already in training. "


def _page() -> Fresh:
    body = f"<html><body><article><h1>Two more launchers</h1><p>{PARAGRAPH * 8}</p></article></body></html>"
    return a_fresh(
        url="https://courier.example/news/launchers", headers={"content-type": "text/html"}, body=body.encode()
    )


def _work(page: Fresh | None = None) -> Extraction:
    return Extraction(an_entry(), page, "entry-1", NOW)


class Hanging(Extraction, frozen=True):
    """Work whose page keeps a worker busy for ever; harmless in the process of the tests."""

    def __getattribute__(self, name: str) -> Any:
        if name == "identity" and parent_process() is not None:
            time.sleep(600)
        return super().__getattribute__(name)


class Deadly(Extraction, frozen=True):
    """Work whose page kills the worker, as a parser written in C may; harmless in the process of the tests."""

    def __getattribute__(self, name: str) -> Any:
        if name == "identity" and parent_process() is not None:
            os._exit(9)
        return super().__getattribute__(name)


class Tripping(Extraction, frozen=True):
    """Work whose page trips its reader over a bug; harmless in the process of the tests."""

    def __getattribute__(self, name: str) -> Any:
        if name == "identity" and parent_process() is not None:
            raise RecursionError("a bug of ours")
        return super().__getattribute__(name)


@pytest.fixture(scope="module")
def pool() -> Iterator[PoolExtractor]:
    opened = PoolExtractor(1)
    yield opened
    opened.close()


def test_a_pool_makes_the_same_article_as_this_process(pool: PoolExtractor) -> None:
    work = _work(_page())
    here = InlineExtractor().start(work)()
    assert here.how is How.PAGE
    assert pool.start(work)() == here


def test_more_pages_may_be_started_than_wait_at_a_time(pool: PoolExtractor) -> None:
    works = [replace(_work(_page()), identity=f"entry-{number}") for number in range(2 * WAITING_PER_WORKER)]
    answers = [pool.start(work) for work in works]
    assert [answer() for answer in answers] == [InlineExtractor().start(work)() for work in works]


def test_without_a_page_no_worker_is_troubled(pool: PoolExtractor) -> None:
    article = pool.start(Hanging(an_entry(), None, "entry-1", NOW, problem="refused by the server: HTTP 403"))()
    assert article.how is How.FEED_SUMMARY
    assert article.problem == "refused by the server: HTTP 403"


def test_a_page_that_kills_its_worker_costs_only_itself(pool: PoolExtractor) -> None:
    lost = pool.start(Deadly(an_entry(), _page(), "entry-1", NOW))()
    assert lost == extract(an_entry(), None, identity="entry-1", found_at=NOW, problem="the page crashed the reader")
    assert pool.start(_work(_page()))().how is How.PAGE


TRIPPED = extract(
    an_entry(), None, identity="entry-1", found_at=NOW, problem="the page could not be read (RecursionError)"
)


def test_a_page_that_meets_a_bug_costs_only_itself(pool: PoolExtractor) -> None:
    assert pool.start(Tripping(an_entry(), _page(), "entry-1", NOW))() == TRIPPED


def test_a_page_that_meets_a_bug_here_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def tripping(entry: Entry, page: Fresh | None, **facts: Any) -> Article:
        if page:
            raise RecursionError("a bug of ours")
        return extract(entry, page, **facts)

    monkeypatch.setattr("monitor.workers.extract", tripping)
    assert InlineExtractor().start(_work(_page()))() == TRIPPED


def test_closing_takes_no_page_for_a_bad_one() -> None:
    pool = PoolExtractor(1)
    answers = [pool.start(Hanging(an_entry(), _page(), "entry-1", NOW)) for _ in range(3)]
    time.sleep(1.0)  # until the first of them is at work
    pool.close()
    for answer in answers:
        with pytest.raises(CancelledError):
            answer()


def test_a_page_that_hangs_costs_only_itself() -> None:
    pool = PoolExtractor(1, seconds=0.5)
    try:
        article = pool.start(Hanging(an_entry(), _page(), "entry-1", NOW))()
    finally:
        pool.close()
    assert article.problem == "the page took too long to read"
    assert article.how is How.FEED_SUMMARY


def test_workers_that_die_between_two_pages_are_replaced() -> None:
    pool = PoolExtractor(1)
    try:
        assert pool.start(_work(_page()))().how is How.PAGE
        for worker in active_children():
            worker.kill()
        broken = time.monotonic() + 20
        while pool._pool.active and time.monotonic() < broken:
            time.sleep(0.1)
        for _ in range(2 * WAITING_PER_WORKER):
            assert pool.start(_work(_page()))().how is How.PAGE
    finally:
        pool.close()


@pytest.mark.parametrize(("workers", "kind"), [(0, InlineExtractor), (1, PoolExtractor)])
def test_no_workers_means_this_process(workers: int, kind: type[object]) -> None:
    opened = open_extractor(workers)
    opened.close()
    assert isinstance(opened, kind)


def test_where_giving_way_is_forbidden_all_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_by: int) -> int:
        raise PermissionError("seccomp")

    monkeypatch.setattr(os, "nice", forbidden)
    give_way()
