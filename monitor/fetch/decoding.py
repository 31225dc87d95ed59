"""Undoes a body's compression piece by piece, never making more than is allowed, and tells a cut-off body.

gzip, deflate (also the raw form that many servers send: RFC 9110 section 8.4.1.2), br (RFC 7932), zstd (RFC 8878).
"""

import sys
import zlib
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
_PIECE = 262_144  # bytes made at a time
_MAX_MEMBERS = 1_000
_MAX_RATIO = 250  # text shrinks to a tenth, the most repetitive page to a hundredth; a bomb to less than a thousandth
_RATIO_FROM = 1_000_000  # decoded bytes, before which no ratio is suspicious
# RFC 8878 section 3.1.1.1.2: a decoder may refuse windows over 8 MiB; RFC 9659 makes that the rule on the web.
_ZSTD_LIMITS: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}


class UndecodableError(Exception):
    """The body is not what its Content-Encoding says, or ends too early; the text says which."""


class OverLimitError(Exception):
    """The decoded body is larger than allowed."""


class _Coding(Protocol):
    @property
    def complete(self) -> bool: ...

    def feed(self, data: bytes) -> bytes:
        """Up to about _PIECE decoded bytes; called again with b"" while it returns any."""


class Decoder:
    """Collects one body. `encoding` is the Content-Encoding header, `limit` the most bytes it may have decoded."""

    def __init__(self, encoding: str, limit: int) -> None:
        names = [name for name in encoding.lower().replace(" ", "").split(",") if name not in ("", "identity")]
        if len(names) > 1 or (names and names[0] not in _CODINGS):
            raise UndecodableError(f"unknown Content-Encoding {encoding[:60]!r}")
        self._coding: _Coding | None = _CODINGS[names[0]]() if names else None
        self._name = names[0] if names else ""
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._taken: list[bytes] = []
        self._came = 0
        self._started = False

    def feed(self, data: bytes) -> None:
        """Take the next piece as it came. Raises OverLimitError, UndecodableError."""
        if self._coding is None:
            self._keep(data)
            return
        self._started = self._started or bool(data)
        self._taken.append(data)
        self._came += len(data)
        try:
            piece = self._coding.feed(data)
            while piece:
                self._keep(piece)
                if self._size > max(_RATIO_FROM, _MAX_RATIO * self._came):
                    raise UndecodableError(f"the {self._name} body is a bomb: it unpacks to far more than text does")
                piece = self._coding.feed(b"")
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise UndecodableError(f"the body is not valid {self._name}: {error}") from error

    def _keep(self, piece: bytes) -> None:
        room = self._limit - self._size
        self._parts.append(piece[:room])
        self._size += min(len(piece), room)
        if len(piece) > room:
            raise OverLimitError

    @property
    def size(self) -> int:
        """How many decoded bytes there are."""
        return self._size

    @property
    def so_far(self) -> bytes:
        """What has been decoded up to now, never more than the limit."""
        return b"".join(self._parts)

    @property
    def undecoded(self) -> bytes:
        """The body as it came; b"" where nothing had to be decoded."""
        return b"".join(self._taken)

    def finish(self) -> bytes:
        """The whole body. Raises UndecodableError when its end is missing."""
        if self._coding is not None and self._started and not self._coding.complete:
            raise UndecodableError(f"the {self._name} body is cut off")
        return self.so_far


class _Gzip:
    """One or more members; bytes after the last one that start no member are padding and left."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)
        self._rest = b""
        self._members = 1

    @property
    def complete(self) -> bool:
        return self._inner.eof

    def feed(self, data: bytes) -> bytes:
        data = self._rest + data
        out = b""
        while data and not out:
            if self._inner.eof:
                if not data.startswith(b"\x1f"):
                    data = b""
                    break
                self._members = _one_more(self._members)
                self._inner = zlib.decompressobj(31)
            out = self._inner.decompress(data, _PIECE)
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
        if not out and not self._inner.eof:
            out = self._inner.decompress(b"", _PIECE)
        self._rest = data
        return out


class _Deflate:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj()
        self._fresh = True

    @property
    def complete(self) -> bool:
        return self._inner.eof

    def feed(self, data: bytes) -> bytes:
        if self._inner.eof:
            return b""
        if self._fresh and data:
            self._fresh = False
            if data[0] & 0x0F != 8:  # no zlib header (RFC 1950 section 2.2): the raw form
                self._inner = zlib.decompressobj(-15)
        return self._inner.decompress(self._inner.unconsumed_tail + data, _PIECE)


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self._rest = b""

    @property
    def complete(self) -> bool:
        return bool(self._inner.is_finished())

    def feed(self, data: bytes) -> bytes:
        self._rest += data
        out = b""
        while not out and not self._inner.is_finished():
            data = b""
            if self._inner.can_accept_more_data():
                data, self._rest = self._rest, b""
            out = bytes(self._inner.process(data, output_buffer_limit=_PIECE))
            if not out and not self._rest:
                break
        return out


class _Zstd:
    """One or more frames."""

    def __init__(self) -> None:
        self._inner = zstd.ZstdDecompressor(options=_ZSTD_LIMITS)
        self._rest = b""
        self._frames = 1

    @property
    def complete(self) -> bool:
        return self._inner.eof and not self._rest

    def feed(self, data: bytes) -> bytes:
        data = self._rest + data
        self._rest = b""
        out = b""
        while not out:
            if self._inner.eof:
                if not data:
                    break
                self._frames = _one_more(self._frames)
                self._inner = zstd.ZstdDecompressor(options=_ZSTD_LIMITS)
            out = self._inner.decompress(data, _PIECE)
            data = self._inner.unused_data if self._inner.eof else b""
            if not data:
                break
        self._rest = data
        return out


def _one_more(count: int) -> int:
    """Counts members; a body of very many tiny ones is made to cost work, not to be read."""
    if count >= _MAX_MEMBERS:
        raise UndecodableError(f"the body has more than {_MAX_MEMBERS} compressed members")
    return count + 1


_CODINGS: dict[str, type[_Gzip] | type[_Deflate] | type[_Brotli] | type[_Zstd]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
