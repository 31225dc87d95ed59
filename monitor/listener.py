"""The door for hubs: a small HTTP server that takes confirmations and content (WebSub sections 5.3 and 7).

It knows the last piece of each path, hands it on, and limits what a stranger can cost: size, time, number at once. TLS
and the public address are the business of a proxy in front of it.
"""

import asyncio
import os
from collections.abc import Mapping
from threading import Thread
from typing import TYPE_CHECKING, Protocol, Self

from msgspec import Struct

from monitor.errors import MonitorError

if TYPE_CHECKING:
    from aiohttp import web

_MOST_AT_ONCE = 16
_BODY_SECONDS = 30.0
_HEAD_BYTES = 8_190


class Desk(Protocol):
    """Who decides about what comes in; called from other threads than its own."""

    def confirm(self, token: str, query: Mapping[str, str]) -> str:
        """The challenge to give back, or "" for a no."""

    def expects(self, token: str) -> bool:
        """Whether content may come here; asked before it is read."""

    def take(self, token: str, body: bytes, signature: str, content_type: str) -> bool:
        """Take content; False when there is no room for it now. What is signed wrongly is taken and dropped."""


class ListenError(MonitorError):
    """The door cannot be opened; the text says why."""


class Place(Struct, frozen=True):
    """Where to listen."""

    host: str
    port: int
    most_bytes: int  # of one body


class Listener:
    """Listens while its context lasts, in a thread of its own."""

    def __init__(self, place: Place, desk: Desk) -> None:
        self._place = place
        self._desk = desk
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="listener", daemon=True)
        self.port = place.port

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._runner = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        except OSError as error:
            self._end()
            place = f"{self._place.host}:{self._place.port}"
            words = os.strerror(error.errno).lower() if error.errno and error.errno > 0 else str(error)
            raise ListenError(
                f"[websub] listen: cannot listen on {place} ({words}); free it, or name another place"
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _open(self) -> "web.AppRunner":
        from aiohttp import web  # most run without a door

        self._seats = asyncio.Semaphore(_MOST_AT_ONCE)
        app = web.Application(client_max_size=self._place.most_bytes)
        app.router.add_route("GET", "/{path:.*}", self._confirm)
        app.router.add_route("POST", "/{path:.*}", self._take)
        runner = web.AppRunner(
            app,
            access_log=None,
            keepalive_timeout=15.0,
            max_line_size=_HEAD_BYTES,
            max_field_size=_HEAD_BYTES,
            shutdown_timeout=2.0,
        )
        await runner.setup()
        site = web.TCPSite(runner, self._place.host, self._place.port)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self.port = runner.addresses[0][1]
        return runner

    async def _confirm(self, request: "web.Request") -> "web.Response":
        from aiohttp import web

        challenge = await asyncio.to_thread(self._desk.confirm, _token(request), dict(request.query))
        if not challenge:
            return web.Response(status=404)
        # As plain text: what a stranger sends must not come back as a page.
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def _take(self, request: "web.Request") -> "web.Response":
        from aiohttp import web

        token = _token(request)
        if self._seats.locked():
            return web.Response(status=503, headers={"Retry-After": "60"})
        async with self._seats:
            if not await asyncio.to_thread(self._desk.expects, token):
                return web.Response(status=410)  # section 7: the hub may end a subscription that nobody knows
            try:
                async with asyncio.timeout(_BODY_SECONDS):
                    body = await request.read()
            except TimeoutError:
                return web.Response(status=408)
            signature = request.headers.get("X-Hub-Signature", "")
            taken = await asyncio.to_thread(
                self._desk.take, token, body, signature, request.headers.get("Content-Type", "")
            )
        return web.Response(status=202) if taken else web.Response(status=503, headers={"Retry-After": "60"})


def _token(request: "web.Request") -> str:
    return request.path.rpartition("/")[2]
