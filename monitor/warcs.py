"""The door to WARC files (ISO 28500): pages as a crawl kept them, streamed; nothing is held but the record at hand.

    for record in read_warc(path, start): ...   # a `Page`, a `Damage`, or a `Passed` now and then

A record that cannot be read is told as `Damage` and passed over: the next one is looked for by its beginning.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from fastwarc.warc import ArchiveIterator, WarcRecordType
from msgspec import Struct

_GZIP = b"\x1f\x8b\x08"
_WARC = b"WARC/"
_PIECE = 2**20
_HTML = ("text/html", "application/xhtml")
_MOST_BODY = 8_000_000  # bytes; a longer page is no article
_NOW_AND_THEN = 10_000  # records


class Page(Struct, frozen=True):
    """A web page as it was answered."""

    url: str
    headers: Mapping[str, str]  # lower-case names
    body: bytes
    at: datetime
    place: int  # bytes from the file's start


class Damage(Struct, frozen=True):
    """A record that could not be read."""

    place: int
    why: str


class Passed(Struct, frozen=True):
    """How far the reading is, where nothing else tells."""

    place: int
    records: int  # read since the start


WarcItem = Page | Damage | Passed


def read_warc(path: Path, wanted: Callable[[str], bool], start: int = 0) -> Iterator[WarcItem]:
    """The pages (HTML answered with 200) whose addresses are `wanted`, from that byte on; a place of an earlier item
    may be a `start`. Raises OSError when the file cannot be opened, ValueError for what is no WARC file.
    """
    with path.open("rb") as file:
        size = path.stat().st_size
        at = _next_start(file, start, size)
        if at is None:
            if start == 0:
                raise ValueError("no WARC file: no record begins in it")
            return
        counted, doubtful = [0], False
        while at is not None:
            last = at - 1  # where the last whole record began
            try:
                for item in _pages(file, at, wanted, counted):
                    last = max(last, item.place)
                    if not isinstance(item, _Whole):
                        yield item
                yield from _cut_off(file, max(last, at), size)
                return
            except (OSError, ValueError) as error:
                if not (doubtful and last < at):
                    yield Damage(max(last, at), str(error))
                # An error on the way to the next record comes again at that record's own start, where it has one.
                doubtful = last >= at
                at = _next_start(file, max(last, at) + 1, size)


class _Whole(Struct, frozen=True):
    """A record that was read to its end and is not wanted."""

    place: int


def _pages(
    file: BinaryIO, start: int, wanted: Callable[[str], bool], counted: list[int]
) -> Iterator[WarcItem | _Whole]:
    file.seek(start)
    for record in ArchiveIterator(file, record_types=WarcRecordType.response, auto_decode="all"):
        counted[0] += 1
        place = record.stream_pos
        if counted[0] % _NOW_AND_THEN == 0:
            yield Passed(place, counted[0])
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        head = cast(Any, record.http_headers)  # None where the answer has none
        at = cast("datetime | None", record.record_date)
        is_page = head is not None and head.status_code == 200 and (record.http_content_type or "").startswith(_HTML)
        if not is_page or at is None or not wanted(url):
            yield _Whole(place)
            continue
        body = record.reader.read(_MOST_BODY)
        headers = {str(name).lower(): str(value) for name, value in head.items()}
        # What a crawler unpacked already must not be unpacked again.
        headers.pop("content-encoding", None)
        yield Page(url, headers, body, at, place)


def _cut_off(file: BinaryIO, last: int, size: int) -> Iterator[Damage]:
    """What begins behind the last record that was read, or within it, and does not come to its end."""
    place: int | None = last
    while place is not None:
        file.seek(place)
        head = file.read(65_536)
        if head.startswith(_WARC):
            fields, blank, _ = head.partition(b"\r\n\r\n")
            length = next(
                (line[15:] for line in fields.split(b"\r\n") if line.lower().startswith(b"content-length:")), b""
            )
            if not blank or not length.strip().isdigit() or place + len(fields) + 4 + int(length) > size:
                yield Damage(place, "cut off before its end")
        else:
            file.seek(place)
            unpacker = zlib.decompressobj(31)
            while not unpacker.eof and (piece := file.read(_PIECE)):
                while piece and not unpacker.eof:  # in small parts, whatever it unpacks to
                    unpacker.decompress(piece, _PIECE)
                    piece = unpacker.unconsumed_tail
            if not unpacker.eof:
                yield Damage(place, "cut off before its end")
        place = _next_start(file, place + 1, size)


def _next_start(file: BinaryIO, start: int, size: int) -> int | None:
    """Where the next record begins at or after `start`; None when none does."""
    at = start
    while at < size:
        file.seek(at)
        piece = file.read(_PIECE)
        for mark in sorted(_marks(piece)):
            if _begins(file, at + mark):
                return at + mark
        at += max(1, len(piece) - 16) if len(piece) == _PIECE else max(1, len(piece))
    return None


def _marks(piece: bytes) -> Iterator[int]:
    for pattern in (_GZIP, _WARC):
        found = piece.find(pattern)
        while found >= 0:
            yield found
            found = piece.find(pattern, found + 1)


def _begins(file: BinaryIO, place: int) -> bool:
    """Whether a record begins there."""
    if place:
        file.seek(place - 1)
        before = file.read(1)
    else:
        before = b"\n"
    file.seek(place)
    head = file.read(512)
    if head.startswith(_WARC):
        return before == b"\n"
    try:
        return zlib.decompressobj(31).decompress(head, 8).startswith(_WARC)
    except zlib.error:
        return False
