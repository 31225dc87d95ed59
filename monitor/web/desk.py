"""The desk joined: routes, gate, templates and static files in one application, and the server that runs it."""

import sys
from asyncio import Transport
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from monitor import __version__
from monitor.app import App
from monitor.errors import ConfigError, Problem, StoreError
from monitor.listener import ListenError
from monitor.logs import get_logger
from monitor.settings import Settings
from monitor.store import read_key
from monitor.web import (
    actions,
    api,
    apiwrites,
    deliverypages,
    feedpages,
    kept,
    lab,
    mailed,
    pages,
    past,
    searchpages,
    signals,
    story,
    syndicated,
    topicpages,
)
from monitor.web.access import Access, Token
from monitor.web.gate import Gate, guard
from monitor.web.room import Room

log = get_logger(job="desk")

_HERE = Path(__file__).parent
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
HEAD_WITHIN = 30.0  # seconds from a connection to the head of its first request
_START_WITHIN = 10.0  # seconds
SMALL = 2_000  # bytes of an answer that is sent as it is
SWITCH_EVERY = 0.0005  # seconds a thread that polls or judges may keep the interpreter while a page waits for it


def make_desk(app: App, access: Access, hosts: tuple[str, ...], edited: Callable[[], None] = lambda: None) -> FastAPI:
    """The application that shows `app`. `hosts`: the names it answers to, () = any; `edited`: see `Room`."""
    room = Room(app, access, edited)
    desk = FastAPI(
        title="news-monitor", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json"
    )
    desk.state.room = room
    reading = (pages, deliverypages, story, kept, mailed, topicpages, lab, feedpages, searchpages, syndicated)
    for part in (*reading, past, actions, api, apiwrites, signals):
        desk.include_router(part.router)
    desk.mount("/static", _Static(directory=_HERE / "static"))
    desk.add_exception_handler(HTTPException, _refused)
    desk.add_exception_handler(RequestValidationError, _not_understood)
    desk.add_exception_handler(StoreError, _no_archive)
    desk.add_exception_handler(ClientDisconnect, _left)
    desk.add_exception_handler(Exception, _bug)  # the server writes it into the log, with where it was raised
    desk.add_middleware(GZipMiddleware, minimum_size=SMALL, compresslevel=4)
    desk.add_middleware(Gate, access=access, hosts=hosts)
    return desk


def access_of(settings: Settings) -> Access:
    """The door as the settings want it. Raises ConfigError where it would stand open, StoreError without its key."""
    options = settings.web
    if options.stands_open:
        raise ConfigError([Problem("monitor.toml", "web", options.stands_open)])
    tokens = [Token(one.name, one.digest, one.scope == "write") for one in options.token]
    return Access(read_key(settings.archive.folder), options.password, tokens)


@contextmanager
def serving(app: App, edited: Callable[[], None] = lambda: None) -> Iterator[str]:
    """Serve the desk meanwhile, in a thread of its own; its address. `edited`: see `Room`.

    Raises ListenError, ConfigError, StoreError.
    """
    options = app.settings.web
    host, port = options.place
    desk = make_desk(app, access_of(app.settings), names_of(app.settings), edited)
    config = uvicorn.Config(
        desk,
        host=host,
        port=port,
        http=_Prompt,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    sys.setswitchinterval(SWITCH_EVERY)
    server = uvicorn.Server(config)
    thread = Thread(target=_run, args=(server,), name="desk", daemon=True)
    thread.start()
    until = monotonic() + _START_WITHIN
    while not server.started:
        if not thread.is_alive() or monotonic() > until:
            raise ListenError(f"the desk cannot listen on {options.listen}; is another program there? See [web] listen")
        sleep(0.01)
    address = f"http://{options.listen}" if port else f"http://{host}:{server.servers[0].sockets[0].getsockname()[1]}"
    log.info("desk open", address=address)
    try:
        yield address
    finally:
        server.should_exit = True
        desk.state.room.works.close()
        thread.join(5)
        desk.state.room.memory.close()


def _run(server: uvicorn.Server) -> None:
    try:
        server.run()
    except SystemExit:
        log.debug("the desk's server ended")  # uvicorn leaves so when the place is taken; `serving` reports it


def names_of(settings: Settings) -> tuple[str, ...]:
    """The names that the desk answers to; () = any, where it listens on more than loopback and none is listed.

    Among them the one in `desk_url`, by which links in mails come, as soon as there is a password: without one nobody
    but this machine is let in, and so not what a proxy hands on.
    """
    options, host = settings.web, settings.web.place[0]
    mailed = urlsplit(settings.digest.desk_url).hostname if options.password else None
    listed = (*options.hosts, *([mailed] if mailed and options.hosts else ()))
    if host in _LOOPBACK:
        listed = (*options.hosts, *([mailed] if mailed else ()), *_LOOPBACK)
    return tuple(name.lower() for name in (*listed, host)) if listed else ()


class _Prompt(H11Protocol):
    """Lets go who connects and sends no whole head of a request; the server would wait for the first one for ever."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(HEAD_WITHIN, self._let_go)

    def _let_go(self) -> None:
        if getattr(self, "cycle", None) is None and not self.transport.is_closing():
            self.transport.close()


class _Static(StaticFiles):
    """Files that a browser keeps, and asks each time whether they are still the same."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        answer = super().file_response(*args, **options)
        answer.headers["cache-control"] = "no-cache"
        return answer


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said, status = str(error.detail), error.status_code
    if said == HTTPStatus(status).phrase:  # the router's own word
        said = (
            "there is no page at this address"
            if status == HTTPStatus.NOT_FOUND
            else f"nothing is done here by {request.method}"
        )
    return _problem(request, status, said, error.headers)


async def _not_understood(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    words = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors())
    return _problem(request, 422, words)


async def _no_archive(request: Request, error: Exception) -> Response:
    return _problem(request, 503, str(error))


async def _left(_request: Request, _error: Exception) -> Response:
    return Response(status_code=400)  # nobody waits for it: the line was cut while a form came in


async def _bug(request: Request, error: Exception) -> Response:
    shown = _problem(request, 500, "This failed by a bug of the program; the log has more. Please report it.")
    guard(shown.headers)  # it comes from outside the gate
    return shown


def _problem(request: Request, status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"problem": words}, status, headers)
    room: Room = request.app.state.room
    shown = room.page(request, "problem", status=status, words=words)
    shown.headers.update(headers or {})
    return shown
