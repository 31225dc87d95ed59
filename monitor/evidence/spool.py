"""Answers set aside between their visit and the verdict: on the disk, in a nameless file that a crash leaves behind
nowhere. Of ten thousand pages a few hundred match, and nobody knows which until all were read.
"""

import tempfile
from pathlib import Path
from threading import Lock
from typing import IO
from weakref import finalize

from msgspec import Struct
from msgspec.structs import replace

from monitor.model import Fresh, Wire


class Held(Struct, frozen=True, weakref=True, eq=False):
    """An answer whose body is set aside; its room is given back when nobody knows it any more."""

    visit: Fresh  # without bodies
    start: int
    size: int
    encoded: bool  # as its Content-Encoding says
    parts: "tuple[Held, ...]" = ()
    problem: str = ""  # why it could not be set aside


class Spool:
    """The nameless file. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._end = 0
        self._held = 0
        self._lock = Lock()

    def hold(self, visit: Fresh) -> Held:
        """Set the answer's body aside, and those of its parts. Never raises: a full disk is noted."""
        parts = tuple(self.hold(part) for part in visit.parts)
        raw = visit.wire.body if visit.wire else b""
        body = raw or visit.body
        bare = replace(visit, body=b"", parts=(), wire=replace(visit.wire, body=b"") if visit.wire else None)
        try:
            with self._lock:
                start = self._write(body)
                self._held += 1  # within the lock, or another thread takes the file for empty
        except OSError as error:
            return Held(bare, 0, 0, False, parts, f"could not be set aside in {self._folder}: {error.strerror}")
        held = Held(bare, start, len(body), bool(raw), parts)
        finalize(held, self._let_go).atexit = False
        return held

    def body(self, held: Held) -> bytes:
        """The body that was set aside. Raises OSError."""
        with self._lock:
            if self._file is None:
                return b""
            self._file.seek(held.start)
            return self._file.read(held.size)

    def close(self) -> None:
        """Give the room back; nothing held can be read any more."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _write(self, body: bytes) -> int:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - open as long as we are
            finalize(self, self._file.close)
        if self._held <= 0 and self._end:
            self._file.truncate(0)
            self._end = 0
        start = self._end
        self._file.seek(start)
        view = memoryview(body)
        while view:
            view = view[self._file.write(view) :]
        self._end = start + len(body)
        return start

    def _let_go(self) -> None:
        self._held -= 1


def wire_of(held: Held) -> Wire:
    """The answer's head as it came; made up from what is known where it came over no wire."""
    visit = held.visit
    if visit.wire is not None:
        return visit.wire
    headers = tuple((name.encode("utf-8"), value.encode("utf-8")) for name, value in visit.headers.items())
    return Wire(f"HTTP/1.1 {visit.status} ", headers)
