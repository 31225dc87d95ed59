"""Extraction in processes of its own, so that a page that hangs or crashes a parser costs one worker and one page.

Workers are renewed after a number of pages, because HTML parsers grow. With `workers=0` all is done in this process.
"""

from collections.abc import Callable
from concurrent.futures import Future, TimeoutError
from dataclasses import replace
from multiprocessing import get_context
from threading import BoundedSemaphore

from pebble import ProcessExpired, ProcessPool

from monitor.extract import extract
from monitor.jobs.toolbox import Extraction
from monitor.model import Article

PAGES_PER_WORKER = 500
SECONDS_PER_PAGE = 30.0
WAITING_PER_WORKER = 16


def _extract(work: Extraction) -> Article:
    return extract(work.entry, work.page, identity=work.identity, found_at=work.found_at, problem=work.problem)


class InlineExtractor:
    """Extraction in the calling process: for tests, small runs and the lab."""

    def start(self, work: Extraction) -> Callable[[], Article]:
        article = _extract(work)
        return lambda: article

    def close(self) -> None:
        """Nothing to close."""


class PoolExtractor:
    """Extraction in `workers` processes. A page that takes too long or kills its worker is left out, the feed's own
    text is used, and the article says so. `start` waits while enough pages wait, so that they do not fill the memory.
    """

    def __init__(self, workers: int, seconds: float = SECONDS_PER_PAGE) -> None:
        # spawn, because a fork would copy the threads of the fetch loop half-alive
        self._pool = ProcessPool(max_workers=workers, max_tasks=PAGES_PER_WORKER, context=get_context("spawn"))
        self._seconds = seconds
        self._places = BoundedSemaphore(workers * WAITING_PER_WORKER)

    def start(self, work: Extraction) -> Callable[[], Article]:
        if work.page is None:
            return InlineExtractor().start(work)
        self._places.acquire()
        future: Future[Article] = self._pool.schedule(_extract, args=[work], timeout=self._seconds)
        future.add_done_callback(lambda _done: self._places.release())
        without_page = replace(work, page=None)  # so that the page's bytes are let go of
        return lambda: _wait(future, without_page)

    def close(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _wait(future: Future[Article], without_page: Extraction) -> Article:
    try:
        return future.result()
    except TimeoutError:
        problem = "the page took too long to read"
    except ProcessExpired:
        problem = "the page crashed the reader"
    return _extract(replace(without_page, problem=problem))


Extractor = InlineExtractor | PoolExtractor


def open_extractor(workers: int) -> Extractor:
    """`workers` processes, or none of them for 0."""
    return PoolExtractor(workers) if workers else InlineExtractor()
