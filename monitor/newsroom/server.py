"""The newsroom's doors: answers for the printed edition over real HTTP on loopback, from a thread of its own.

Each outlet has its own address (127.0.0.1, 127.0.0.2, ...), as outlets have their own hosts; where only 127.0.0.1 can
be bound, they share it under one path prefix each. Which address answers what is decided in `press`.
"""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Literal, Self

from aiohttp import web
from msgspec import Struct

from monitor.newsroom.articles import ARTICLES, Edition, Outlet, SampleArticle, read_edition
from monitor.newsroom.folder import read_folder
from monitor.newsroom.press import Resource, article_url, http_date, print_outlet, robots

_START_SECONDS = 10
_STOP_SECONDS = 5


class NewsroomFeed(Struct, frozen=True):
    """A feed of the newsroom as a reader would list it; `language` and `country` are '' where unknown."""

    name: str
    title: str
    url: str
    kind: Literal["feed", "jsonfeed"]
    language: str
    country: str


class Newsroom:
    """A running newsroom; get one by `with Newsroom.open(...) as newsroom`.

    `feeds` lists its feeds, `truth` maps the URL of every article to the topics it really is about (empty in a plain
    folder of texts, where nobody knows).
    """

    def __init__(self, edition: Edition, bases: Mapping[str, str], opened_at: datetime) -> None:
        outlets = {outlet.name: outlet for outlet in edition.outlets}
        self.feeds = tuple(_listing(outlet, bases[outlet.name]) for outlet in edition.outlets)
        self.truth: Mapping[str, frozenset[str]] = {
            article_url(outlets[article.outlet], bases[article.outlet], article): article.topics
            for article in edition.first
            if outlets[article.outlet].language
        }
        self._first = _print(edition.outlets, bases, edition.first, opened_at)
        self._corrected = _print(edition.outlets, bases, edition.corrected, opened_at)
        self._current = self._first
        self._requests_served = 0

    @classmethod
    @contextmanager
    def open(cls, articles_dir: Path | None = None, *, opened_at: datetime) -> Iterator[Self]:
        """Open the newsroom and close it at the end of the `with` block.

        `articles_dir` is a plain folder of .txt files to serve instead of the sample articles; `opened_at` is the
        aware moment that the sample articles' times count back from. Raises ArticleError for texts that cannot be
        used, OSError where not even 127.0.0.1 can be bound.
        """
        edition = read_folder(articles_dir) if articles_dir else read_edition(ARTICLES, opened_at)
        with ExitStack() as stack:
            bases, listeners = _bind(edition.outlets, stack)
            newsroom = cls(edition, bases, opened_at)
            stack.enter_context(newsroom._answering(listeners))
            yield newsroom

    @property
    def requests_served(self) -> int:
        """How many requests were answered so far, whatever the answer."""
        return self._requests_served

    def publish_edits(self) -> None:
        """From now on show the corrected articles, in feeds and pages alike."""
        self._current = self._corrected

    @contextmanager
    def _answering(self, listeners: list[socket.socket]) -> Iterator[None]:
        """Run the event loop in a thread while the block lasts."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        loop = asyncio.new_event_loop()
        thread = Thread(target=loop.run_forever, name="newsroom", daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(_start(runner, listeners), loop).result(_START_SECONDS)
            try:
                yield
            finally:
                asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(_STOP_SECONDS)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(_STOP_SECONDS)
            loop.close()

    async def _answer(self, request: web.Request) -> web.Response:
        self._requests_served += 1
        # The local end of the connection, not the Host header, says which outlet was asked.
        host, port = request.get_extra_info("sockname")[:2]
        resource = self._current.get(f"http://{host}:{port}{request.raw_path.partition('?')[0]}")
        if resource is None:
            return web.Response(status=404, text="Not found")
        headers = {"Content-Type": resource.content_type, "Vary": "Accept-Encoding"}
        if resource.status == 200:
            headers |= {"ETag": f'W/"{resource.etag}"', "Cache-Control": "max-age=60"}
            if resource.modified:
                headers["Last-Modified"] = http_date(resource.modified)
            if _unchanged(request, resource):
                return web.Response(status=304, headers={k: v for k, v in headers.items() if k != "Content-Type"})
        response = web.Response(status=resource.status, body=resource.body, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.enable_compression(web.ContentCoding.gzip)
        return response


def _unchanged(request: web.Request, resource: Resource) -> bool:
    """Whether 304 is right: If-None-Match by weak comparison, else If-Modified-Since (RFC 9110, 13.1.2, 13.1.3)."""
    if request.if_none_match is not None:
        return any(tag.value in ("*", resource.etag) for tag in request.if_none_match)
    since = request.if_modified_since
    return since is not None and resource.modified is not None and resource.modified.replace(microsecond=0) <= since


async def _start(runner: web.AppRunner, listeners: list[socket.socket]) -> None:
    await runner.setup()
    for listener in listeners:
        await web.SockSite(runner, listener).start()


def _listing(outlet: Outlet, base: str) -> NewsroomFeed:
    return NewsroomFeed(
        name=outlet.name,
        title=outlet.title,
        url=base + outlet.feed_path,
        kind="jsonfeed" if outlet.feed == "jsonfeed" else "feed",
        language=outlet.language,
        country=outlet.country,
    )


def _print(
    outlets: tuple[Outlet, ...],
    bases: Mapping[str, str],
    articles: tuple[SampleArticle, ...],
    opened_at: datetime,
) -> dict[str, Resource]:
    resources: dict[str, Resource] = {}
    for outlet in outlets:
        base = bases[outlet.name]
        own = (article for article in articles if article.outlet == outlet.name)
        resources |= print_outlet(outlet, base, own, opened_at.astimezone(UTC))
        origin = "/".join(base.split("/")[:3])
        resources[f"{origin}/robots.txt"] = robots(opened_at)
    return resources


def _bind(outlets: tuple[Outlet, ...], stack: ExitStack) -> tuple[dict[str, str], list[socket.socket]]:
    """The outlets' addresses by name, and the bound sockets, which `stack` closes."""
    attempt = stack.enter_context(ExitStack())
    try:
        listeners = [_listen(f"127.0.0.{number}", attempt) for number, _ in enumerate(outlets, start=1)]
    except OSError:
        attempt.close()
        only = _listen("127.0.0.1", stack)
        return {outlet.name: f"{_origin(only)}/{outlet.name}" for outlet in outlets}, [only]
    origins = map(_origin, listeners)
    return {outlet.name: origin for outlet, origin in zip(outlets, origins, strict=True)}, listeners


def _listen(host: str, stack: ExitStack) -> socket.socket:
    listener = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    listener.bind((host, 0))
    return listener


def _origin(listener: socket.socket) -> str:
    host, port = listener.getsockname()
    return f"http://{host}:{port}"
