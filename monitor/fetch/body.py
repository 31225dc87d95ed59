"""An answer's head as a mapping, and its body: decompressed, within its limit of size, and not slower than patience."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import aiohttp

from monitor.fetch.decoding import Decoder, OverLimitError, UndecodableError
from monitor.fetch.failures import VisitError
from monitor.fetch.patience import Patience
from monitor.model import Failure

_FILES = frozenset(f"application/{name}" for name in "epub+zip gzip pdf vnd.apple.mpegurl x-mpegurl zip".split())
LARGE = 1_000_000  # bytes; above, a body waits for one of the few places that large bodies have


def mind_media_type(response: aiohttp.ClientResponse) -> None:
    """Raise VisitError for a sound, picture, film or other file in a page's place, before any of its body is read."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind.startswith(("audio/", "video/", "image/", "font/")) or kind in _FILES:
        raise VisitError(Failure.NO_PAGE, kind[:100])


async def read_body(
    response: aiohttp.ClientResponse,
    limit: int,
    patience: Patience,
    timer: asyncio.Timeout,
    clock: Callable[[], float],
    large: asyncio.Semaphore,
    *,
    cut: bool = False,
) -> tuple[bytes, bytes]:
    """The whole body, and as it came where that differs; one longer than `limit` bytes is cut, or refused.

    `timer` is moved on while it comes. `large`: the places for large bodies, so that many at the same time do not fill
    the memory. Raises VisitError.
    """
    seated = False
    async with AsyncExitStack() as places:
        try:
            decoder = Decoder(response.headers.get("Content-Encoding", ""), limit)
            if (response.content_length or 0) > limit and not cut:
                raise OverLimitError
            timer.reschedule(patience.head_came(clock()))
            async for chunk in response.content.iter_any():
                decoder.feed(chunk)
                if decoder.size > LARGE and not seated:
                    started = clock()
                    timer.reschedule(None)  # waiting for a place is not the server's fault
                    await places.enter_async_context(large)
                    patience.forgive(clock() - started)
                    seated = True
                timer.reschedule(patience.bytes_came(len(chunk), clock()))
            return decoder.finish(), decoder.undecoded
        except OverLimitError:
            response.close()
            if cut:
                return decoder.so_far, b""
            raise VisitError(Failure.TOO_LARGE, f"more than {limit / 1e6:g} MB") from None
        except UndecodableError as error:
            response.close()
            raise VisitError(Failure.BROKEN, str(error)) from error


def head_of(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Lower-case names; a header that stands more than once joined by commas (RFC 9110 section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        name = name.lower()
        if not value.isascii():  # bytes that are no UTF-8 arrive as lone surrogates, which no database takes
            value = value.encode("utf-8", "surrogateescape").decode("latin-1") if _lone(value) else value
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _lone(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
