"""A server of bad intentions in a process of its own: it drips, floods, unpacks and never ends.

with hostile_server() as port:
    ... visit http://127.0.0.1:port/NAME for every NAME of ATTACKS ...
"""

import asyncio
import gzip
import multiprocessing
import sys
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
_LENGTH = _OK + b"Content-Length: %d\r\n\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_FLOOD = b"x" * 65_536
_FIFTY = 50_000_000
Pieces = AsyncIterator[bytes]


async def _drip(text: bytes, pause: float = 1.0) -> Pieces:
    for number in range(10_000):
        yield text[number % len(text) :][:1]
        await asyncio.sleep(pause)


async def slow_body() -> Pieces:
    """A byte a second, of ten thousand that were promised."""
    yield _LENGTH % 10_000
    async for piece in _drip(b"<rss>"):
        yield piece


async def slow_chunks() -> Pieces:
    """Chunks of one byte, one a second."""
    yield _CHUNKED
    async for piece in _drip(b"<rss>"):
        yield b"1\r\n%s\r\n" % piece


async def slow_head() -> Pieces:
    """A head that comes byte by byte."""
    async for piece in _drip(_OK + b"X-Pad: " + b"x" * 9_000):
        yield piece


async def slow_after_a_burst() -> Pieces:
    """Two hundred kilobytes at once, so as to earn trust, and then a byte a second."""
    yield _LENGTH % 1_000_000
    yield b"x" * 200_000
    async for piece in _drip(b"x"):
        yield piece


async def slow_trailers() -> Pieces:
    """A body that is whole but for its trailers, which drip."""
    yield _CHUNKED + b"5\r\n<rss>\r\n0\r\n"
    async for piece in _drip(b"X-Trailer: x\r\n"):
        yield piece


async def silence() -> Pieces:
    """Nothing at all."""
    await asyncio.sleep(600)
    yield b""


async def silence_after_the_head() -> Pieces:
    """A head, and then nothing."""
    yield _LENGTH % 100
    await asyncio.sleep(600)


async def endless_headers() -> Pieces:
    """Header after header."""
    yield _OK
    while True:
        yield b"X-Pad: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n" * 1_000


async def endless_header() -> Pieces:
    """One header that does not end."""
    yield _OK + b"X-Pad: "
    while True:
        yield _FLOOD


async def endless_hints() -> Pieces:
    """103 Early Hints, again and again."""
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 1_000


async def endless_trailers() -> Pieces:
    """Trailer after trailer."""
    yield _CHUNKED + b"5\r\n<rss>\r\n0\r\n"
    while True:
        yield b"X-Trailer: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n" * 1_000


async def endless_trailer() -> Pieces:
    """One trailer that does not end."""
    yield _CHUNKED + b"5\r\n<rss>\r\n0\r\nX-Trailer: "
    while True:
        yield _FLOOD


async def endless_extension() -> Pieces:
    """A chunk whose extension does not end."""
    yield _CHUNKED + b"5;"
    while True:
        yield _FLOOD


async def endless_body() -> Pieces:
    """A body that does not end."""
    yield _OK + b"Connection: close\r\n\r\n"
    while True:
        yield _FLOOD


async def endless_error() -> Pieces:
    """The same, of a 404."""
    yield b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n"
    while True:
        yield _FLOOD


async def endless_redirect_body() -> Pieces:
    """The same, of a redirect to itself."""
    yield b"HTTP/1.1 302 Found\r\nLocation: /endless_redirect_body\r\nConnection: close\r\n\r\n"
    while True:
        yield _FLOOD


async def fifty_megabytes() -> Pieces:
    """A body of 50 MB that says so."""
    yield _LENGTH % _FIFTY
    for _ in range(_FIFTY // len(_FLOOD)):
        yield _FLOOD


async def fifty_megabytes_in_chunks() -> Pieces:
    """A body of 50 MB that does not say so."""
    yield _CHUNKED
    for _ in range(_FIFTY // len(_FLOOD)):
        yield b"%x\r\n%s\r\n" % (len(_FLOOD), _FLOOD)


def _bomb(encoding: bytes, packed: bytes) -> Callable[[], Pieces]:
    async def bomb() -> Pieces:
        yield _OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (encoding, len(packed))
        yield packed

    bomb.__name__ = f"{encoding.decode().replace(', ', '_in_')}_bomb_of_{len(packed)}"
    return bomb


def _bombs() -> list[Callable[[], Pieces]]:
    zeros = bytes(100_000_000)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    twice = gzip.compress(gzip.compress(zeros))
    return [
        _bomb(b"gzip", packer.compress(zeros) + packer.flush()),
        _bomb(b"deflate", zlib.compress(zeros)),
        _bomb(b"br", brotli.compress(zeros, quality=5)),
        _bomb(b"zstd", zstd.compress(zeros)),
        _bomb(b"gzip", gzip.compress(bytes(100_000)) * 990),
        _bomb(b"gzip, gzip", twice),
    ]


_PLAIN: tuple[Callable[[], Pieces], ...] = (
    slow_body,
    slow_chunks,
    slow_head,
    slow_after_a_burst,
    slow_trailers,
    silence,
    silence_after_the_head,
    endless_headers,
    endless_header,
    endless_hints,
    endless_trailers,
    endless_trailer,
    endless_extension,
    endless_body,
    endless_error,
    endless_redirect_body,
    fifty_megabytes,
    fifty_megabytes_in_chunks,
)
BOMBS = 6


async def _serve(pipe: Connection) -> None:
    attacks = {attack.__name__: attack for attack in (*_PLAIN, *_bombs())}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            async for piece in attacks[head.split(b" ")[1].decode().lstrip("/")]():
                writer.write(piece)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    pipe.send((server.sockets[0].getsockname()[1], list(attacks)))
    await asyncio.to_thread(pipe.recv)


def _run(pipe: Connection) -> None:
    asyncio.run(_serve(pipe))


@contextmanager
def hostile_server() -> Iterator[tuple[int, list[str]]]:
    """Its port and the names of its attacks."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()
