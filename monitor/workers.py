"""Extraction in processes of its own, so that a page that hangs or crashes a parser costs one worker and one page.

Workers are renewed after a number of pages, because HTML parsers grow. With `workers=0` all is done in this process.
"""

import os
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, TimeoutError
from contextlib import suppress
from multiprocessing import get_context
from threading import BoundedSemaphore, Lock
from time import monotonic

from msgspec import Struct, field
from msgspec.structs import replace
from pebble import ProcessExpired, ProcessPool

from monitor.extract import extract
from monitor.extract.language import keep_model
from monitor.jobs.toolbox import Extraction
from monitor.logs import get_logger
from monitor.model import Article, Cache

log = get_logger(job="extract")

PAGES_PER_WORKER = 5_000  # a start costs as much as a hundred pages; a worker grows by 0.4 MB with 500
SECONDS_PER_PAGE = 30.0
WAITING_PER_WORKER = 16
GIVES_WAY = 5  # of niceness: as many as there are processors must not keep everything else waiting


def _begin(cache: Cache | None) -> None:
    give_way()
    keep_model(cache)


def give_way() -> None:
    """Let this thread, and what it starts from now on, go behind what somebody waits for (Linux: not other threads).

    Where a service manager forbids that, all go on as equals.
    """
    with suppress(OSError):
        os.nice(GIVES_WAY)


def _extract(work: Extraction) -> Article:
    return extract(
        work.entry, work.page, identity=work.identity, found_at=work.found_at, problem=work.problem, known=work.known
    )


class Spent(Struct):
    """What reading pages took since the start."""

    pages: int = 0
    seconds: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def add(self, seconds: float) -> None:
        """One more page."""
        with self._lock:
            self.pages += 1
            self.seconds += seconds


def _timed(work: Extraction) -> tuple[Article, float]:
    began = monotonic()
    return _extract(work), monotonic() - began


class InlineExtractor:
    """Extraction in the calling process: for tests, small runs and the lab."""

    def __init__(self) -> None:
        self.spent = Spent()

    def start(self, work: Extraction) -> Callable[[], Article]:
        article = _survived(lambda: self._read(work), replace(work, page=None)) if work.page else _extract(work)
        return lambda: article

    def _read(self, work: Extraction) -> Article:
        article, seconds = _timed(work)
        self.spent.add(seconds)
        return article

    def close(self) -> None:
        """Nothing to close."""


class PoolExtractor:
    """Extraction in `workers` processes. A page that takes too long, kills its worker or trips it is left out, the
    feed's own text is used, and the article says so. `start` waits while enough pages wait, so that they do not fill
    the memory. Whoever waits for an article when the pool is closed gets a CancelledError.
    """

    def __init__(self, workers: int, seconds: float = SECONDS_PER_PAGE, cache: Cache | None = None) -> None:
        self._workers = workers
        self._cache = cache
        self._seconds = seconds
        self._closed = False
        self._pool = self._open()
        self._places = BoundedSemaphore(workers * WAITING_PER_WORKER)
        self._under_way: set[Future[tuple[Article, float]]] = set()
        self.spent = Spent()

    def start(self, work: Extraction) -> Callable[[], Article]:
        if work.page is None:
            article = _extract(work)
            return lambda: article
        self._places.acquire()
        try:
            future = self._schedule(work)
        except RuntimeError:
            self._places.release()
            raise
        self._under_way.add(future)
        future.add_done_callback(self._done)
        without_page = replace(work, page=None)  # so that the page's bytes are let go of
        return lambda: _survived(lambda: self._read(future), without_page)

    def _read(self, future: Future[tuple[Article, float]]) -> Article:
        article, seconds = future.result()
        self.spent.add(seconds)
        return article

    def _open(self) -> ProcessPool:
        # spawn, because a fork would copy the threads of the fetch loop half-alive
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=PAGES_PER_WORKER,
            context=get_context("spawn"),
            initializer=_begin,
            initargs=[self._cache],
        )

    def _schedule(self, work: Extraction) -> Future[tuple[Article, float]]:
        try:
            return self._pool.schedule(_timed, args=[work], timeout=self._seconds)
        except RuntimeError:  # pebble gives its pool up for good when a worker dies between two pages
            if self._closed:
                raise
            log.warning("the workers were lost between two pages, new ones are started")
            self._pool = self._open()
            return self._pool.schedule(_timed, args=[work], timeout=self._seconds)

    def _done(self, future: Future[tuple[Article, float]]) -> None:
        self._under_way.discard(future)
        self._places.release()

    def close(self) -> None:
        self._closed = True
        for future in tuple(self._under_way):  # the pool's own stop leaves some without an answer for ever
            future.cancel()
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _survived(attempt: Callable[[], Article], without_page: Extraction) -> Article:
    """The article of an attempt at its page; of the feed's own text alone when the page defeats its reader."""
    try:
        return attempt()
    except TimeoutError:
        problem = "the page took too long to read"
    except ProcessExpired:
        problem = "the page crashed the reader"
    except CancelledError:  # the pool was closed: nothing is wrong with the page
        raise
    except Exception as error:  # a bug of ours, or of a parser's, that one page met must not cost its feed
        log.error("page not read; please report this as a bug", link=without_page.entry.link, exc_info=error)
        problem = f"the page could not be read ({type(error).__name__})"
    return _extract(replace(without_page, problem=problem))


Extractor = InlineExtractor | PoolExtractor


def open_extractor(workers: int, cache: Cache | None = None) -> Extractor:
    """`workers` processes, or none of them for 0; `cache` is where they keep what they need at each start."""
    return PoolExtractor(workers, cache=cache) if workers else InlineExtractor()
