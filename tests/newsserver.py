"""A small web server on loopback that answers as told: any status, header and body, and every bad habit of the web.

    with NewsServer() as server:
        server.put("/feed.xml", Answer(body=b"<rss/>", headers={"ETag": '"1"'}))
        ... visit server.url("/feed.xml") ...
        assert server.seen[0].headers["if-none-match"] == '"1"'

Many hosts in one: `server.url("/", host="outlet.test")` with the resolver `LoopbackNames`, which finds every name on
127.0.0.1 (but none that ends in `.invalid`, as RFC 2606 promises).
"""

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Thread
from typing import Self

from aiohttp.abc import AbstractResolver, ResolveResult


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. Times in seconds."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # before the first byte
    drip: float = 0.0  # between the single bytes of the body
    repeat: int = 1  # how many times the body is sent, one after the other
    cut_after: int | None = None  # hang up after so many bytes of the body, though more was promised
    chunked: bool = False
    hang_up: bool = False  # close the connection without an answer
    reset: bool = False  # likewise, with a TCP reset
    raw: bytes = b""  # sent as it is instead of an HTTP answer


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came; header names in lower case, `at` in seconds of time.monotonic()."""

    path: str
    host: str
    headers: Mapping[str, str]
    at: float


_STATUSES = {status.value for status in HTTPStatus}
Reply = Answer | Callable[[Seen], Answer]


def redirect(target: str, status: int = 302, cookie: str = "") -> Answer:
    """An answer that sends the visitor on, and may set a cookie."""
    return Answer(status, headers={"Location": target} | ({"Set-Cookie": cookie} if cookie else {}))


class _Visitor(asyncio.StreamReaderProtocol):
    """One connection. Who hangs up is no longer being answered, though a slow answer only finds out later."""

    left: Callable[[], None] | None = None  # what to do once when it is answered or gone
    gone = False

    def eof_received(self) -> bool | None:
        self.gone = True
        self.leave()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        self.leave()
        super().connection_lost(exc)

    def leave(self) -> None:
        left, self.left = self.left, None
        if left is not None:
            left()


class NewsServer:
    """Serves from a thread of its own; `with NewsServer() as server`. Unknown paths are answered by 404."""

    def __init__(self, host: str = "127.0.0.1", *more: str) -> None:
        self.host = host
        self._more = more  # further addresses, all with one port
        self.port = 0
        self.seen: list[Seen] = []
        self.connections = 0  # ever accepted
        self.most_at_once: dict[str, int] = {}  # by host: the most requests answered at the same time
        self.most_in_all = 0
        self._at_once: dict[str, int] = {}
        self._replies: dict[str, list[Reply]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="newsserver", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def put(self, path: str, *replies: Reply) -> None:
        """Answer this path (with its query) by these, one per request; the last stays."""
        self._replies[path] = list(replies)

    def url(self, path: str, host: str = "", scheme: str = "http") -> str:
        """The address of a path, by default under this server's IP address."""
        host = host or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{scheme}://{host}:{self.port}{path}"

    def count(self, path: str) -> int:
        """How many requests came for this path."""
        return sum(seen.path == path for seen in self.seen)

    async def _start(self) -> asyncio.Server:
        server = await self._loop.create_server(self._greet, self.host, 0, backlog=512)
        port = server.sockets[0].getsockname()[1]
        self._others = [await self._loop.create_server(self._greet, host, port, backlog=512) for host in self._more]
        return server

    def _greet(self) -> "_Visitor":
        return _Visitor(asyncio.StreamReader(loop=self._loop), self._serve, loop=self._loop)

    async def _stop(self) -> None:
        for server in (self._server, *self._others):
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._answer_next(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _answer_next(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; False when the connection is to be closed."""
        first = await reader.readexactly(1)
        if first == b"\x16":  # the greeting of TLS, which is not spoken here
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return False
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = [line.partition(":") for line in head[1:] if line]
        headers = {name.lower(): value.strip() for name, _, value in fields}
        seen = Seen(head[0].split(" ")[1], headers.get("host", "").partition(":")[0], headers, time.monotonic())
        self.seen.append(seen)
        for _ in range(3):  # who has hung up before this one asked is seen first
            await asyncio.sleep(0)
        visitor = writer.transport.get_protocol()
        assert isinstance(visitor, _Visitor)
        if visitor.gone:
            return False
        self._at_once[seen.host] = self._at_once.get(seen.host, 0) + 1
        visitor.left = lambda: self._count_out(seen.host)
        self.most_at_once[seen.host] = max(self.most_at_once.get(seen.host, 0), self._at_once[seen.host])
        self.most_in_all = max(self.most_in_all, sum(self._at_once.values()))
        try:
            return await self._send(self._answer_for(seen), writer)
        finally:
            visitor.leave()

    def _count_out(self, host: str) -> None:
        self._at_once[host] -= 1

    def _answer_for(self, seen: Seen) -> Answer:
        replies = self._replies.get(seen.path)
        if not replies:
            return Answer(404)
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return reply if isinstance(reply, Answer) else reply(seen)

    async def _send(self, answer: Answer, writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(answer.delay)
        if answer.reset:  # closing with a linger of 0 s sends a reset
            raw: socket.socket = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if answer.hang_up or answer.reset:
            return False
        if answer.raw:
            writer.write(answer.raw)
            await writer.drain()
            return False
        writer.write(_head(answer))
        sent = 0
        for _ in range(answer.repeat):
            body = answer.body if answer.cut_after is None else answer.body[: max(0, answer.cut_after - sent)]
            step = 1 if answer.drip else 65_536
            for start in range(0, len(body), step):
                piece = body[start : start + step]
                writer.write(b"%x\r\n%s\r\n" % (len(piece), piece) if answer.chunked else piece)
                sent += len(piece)
                await writer.drain()
                if answer.drip:
                    await asyncio.sleep(answer.drip)
        if answer.cut_after is not None:
            return False
        if answer.chunked:
            writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True


def _head(answer: Answer) -> bytes:
    reason = HTTPStatus(answer.status).phrase if answer.status in _STATUSES else ""
    lines = [f"HTTP/1.1 {answer.status} {reason}", *(f"{name}: {value}" for name, value in answer.headers.items())]
    names = {name.lower() for name in answer.headers}
    if answer.chunked:
        lines.append("Transfer-Encoding: chunked")
    elif "content-length" not in names and answer.status != 304:
        lines.append(f"Content-Length: {len(answer.body) * answer.repeat}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def found(host: str, port: int, addresses: str) -> list[ResolveResult]:
    """What a resolver answers for a name with these addresses, parted by spaces."""
    return [
        ResolveResult(
            hostname=host,
            host=address,
            port=port,
            family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            proto=0,
            flags=0,
        )
        for address in addresses.split()
    ]


class LoopbackNames(AbstractResolver):
    """Finds every name at 127.0.0.1 or at the addresses given for it, `.invalid` nowhere; asks no name server."""

    def __init__(self, addresses: Mapping[str, str] | None = None) -> None:
        self._addresses = addresses or {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As `AbstractResolver.resolve`."""
        if host.endswith(".invalid"):
            raise OSError(None, f"no such name: {host}")
        return found(host, port, self._addresses.get(host, "127.0.0.1"))

    async def close(self) -> None:
        """Nothing to close."""
