"""The folder of WARC files: matches are appended to the day's, and read back.

A file is written before its exhibits are noted in the archive, so after a crash it may be longer than they say: that
tail belongs to nothing and is taken off before the next exhibit is written. Whole records in it are kept in a file of
their own, for an older copy of the archive put back would make all that came later look like one.
"""

import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeGuard

from msgspec import Struct
from msgspec.structs import replace

from monitor import __version__
from monitor.evidence import warc
from monitor.evidence.chain import FIRST_LINK, linked, whole_text
from monitor.evidence.spool import Held, Spool, wire_of
from monitor.logs import get_logger
from monitor.model import Exhibit, Fresh, Proof

log = get_logger(job="evidence")

SUFFIX = ".warc.gz"


class Deposit(Struct, frozen=True):
    """What is to be proven: an article's text, and the answer it was taken from (None: it came over no wire).

    Of a deleted page the refusal, and what it means in the place of headline and text.
    """

    article: str  # id
    url: str
    title: str
    text: str
    language: str
    proof: Proof  # PAGE, FEED or GONE with an answer, TEXT without
    answer: Held | None = None


class _Answer(Struct):
    """A record of an answer that was written just now."""

    name: str
    at: int  # offset
    body_hash: str


class Vault:
    """Writes and reads one folder of evidence. To be written to within a transaction of the archive only, which keeps
    two programs from writing at the same time.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._spool = Spool(folder)

    def hold(self, visit: Fresh) -> Held:
        """Set an answer aside until it is known whether it is evidence; never raises."""
        return self._spool.hold(visit)

    def file_of(self, at: datetime) -> str:
        """The name of the file of that day (UTC)."""
        return f"{at.astimezone(UTC):%Y-%m-%d}{SUFFIX}"

    def append(
        self, deposits: Sequence[Deposit], at: datetime, before: Exhibit | None, end: int
    ) -> tuple[Exhibit, ...]:
        """Write evidence and have it on the disk; the exhibits, chained to the one `before`, are the caller's to note.

        `end` is where the exhibits noted so far end in the file of the day `at`. What cannot be written becomes
        exhibits that are missing, with the problem; never raises for a disk.
        """
        path = self.folder / self.file_of(at)
        try:
            exhibits = self._write(path, deposits, at, end)
        except OSError as error:
            problem = f"{path} could not be written: {error.strerror or error}"
            log.error("evidence not kept; the articles are", problem=problem, articles=len(deposits))
            with suppress(OSError):
                _cut(path, end)
            exhibits = [_missing(one, at, problem) for one in deposits]
        number, link = (before.number, before.link) if before else (0, FIRST_LINK)
        chained: list[Exhibit] = []
        for exhibit in exhibits:
            number += 1
            chained.append(linked(replace(exhibit, number=number), link))
            link = chained[-1].link
        return tuple(chained)

    def read(self, file: str, start: int, end: int) -> bytes:
        """Bytes of a file. Raises OSError."""
        with (self.folder / file).open("rb") as stream:
            stream.seek(start)
            return stream.read(end - start)

    def close(self) -> None:
        """Give back what was set aside."""
        self._spool.close()

    def _write(self, path: Path, deposits: Sequence[Deposit], at: datetime, end: int) -> list[Exhibit]:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_tail_off(path, end)
        pieces: list[bytes] = []
        place = end
        if end == 0:
            pieces.append(warc.info(path.name, at, f"news-monitor/{__version__}"))
        answers: dict[int, _Answer] = {}
        exhibits: list[Exhibit] = []
        for one in deposits:
            begun = len(pieces) if exhibits else 0
            if one.answer is not None and one.answer.problem and one.proof is not Proof.GONE:
                one = replace(one, proof=Proof.TEXT)
            answer = self._answer(one.answer, answers, pieces, end) if _usable(one.answer) else None
            body = whole_text(one.title, one.text)
            named = answer.name if answer else ""
            kind = "metadata" if one.proof is Proof.GONE else "conversion"
            about = one.url or f"urn:article:{one.article}"
            pieces.append(warc.text(about, at, body, language=one.language, of=named, kind=kind))
            own = b"".join(pieces[begun:])
            exhibits.append(_exhibit(one, at, path.name, (place, place + len(own)), answer, own, body))
            place += len(own)
        _append(path, b"".join(pieces), new=end == 0)
        return exhibits

    def _answer(self, held: Held, known: dict[int, _Answer], pieces: list[bytes], end: int) -> _Answer:
        """The record of the answer, written unless an earlier deposit of this reading shares it."""
        if id(held) not in known:
            name, body, wire = warc.new_id(), self._spool.body(held), wire_of(held)
            for hop in wire.hops:
                head = (hop.status_line, hop.headers)
                pieces.append(warc.answer(hop.url, held.visit.at, head, b"", encoded=True, name=warc.new_id()))
            offset = end + sum(map(len, pieces))
            head = (wire.status_line, wire.headers)
            pieces.append(warc.answer(held.visit.url, held.visit.at, head, body, encoded=held.encoded, name=name))
            known[id(held)] = _Answer(name, offset, sha256(body).hexdigest())
            for part in filter(_usable, held.parts):
                self._answer(part, known, pieces, end)
        return known[id(held)]

    def _take_tail_off(self, path: Path, end: int) -> None:
        size = path.stat().st_size if path.exists() else 0
        if size < end:
            raise OSError(f"it has {size} bytes where {end} are noted; `monitor evidence verify` says what is wrong")
        if size == end:
            return
        tail = self.read(path.name, end, size)
        whole = len(tail) - len(_after_members(tail))
        kept = self._beside(path, tail[:whole]) if whole else ""
        _cut(path, end)
        log.warning("a write was broken off, its rest taken off", file=path.name, bytes=len(tail), kept=kept)

    def _beside(self, path: Path, tail: bytes) -> str:
        """Keep whole records that belong to no exhibit; the name of their file."""
        stem = path.name.removesuffix(SUFFIX)
        number = sum(1 for _ in self.folder.glob(f"{stem}.rest-*{SUFFIX}")) + 1
        beside = path.with_name(f"{stem}.rest-{number}{SUFFIX}")
        _append(beside, tail, new=True)
        return beside.name


def _usable(held: Held | None) -> TypeGuard[Held]:
    return held is not None and not held.problem


def _exhibit(
    one: Deposit, at: datetime, file: str, span: tuple[int, int], answer: _Answer | None, own: bytes, body: bytes
) -> Exhibit:
    visit = one.answer.visit if one.answer else None
    return Exhibit(
        number=0,
        article=one.article,
        proof=one.proof,
        at=at,
        file=file,
        start=span[0],
        end=span[1],
        response=answer.at if answer else -1,
        url=visit.url if visit else "",
        status=visit.status if visit else 0,
        fetched_at=visit.at if visit else None,
        body_hash=answer.body_hash if answer else "",
        text_hash=sha256(body).hexdigest(),
        bytes_hash=sha256(own).hexdigest(),
        problem=one.answer.problem if one.answer else "",
    )


def _missing(one: Deposit, at: datetime, problem: str) -> Exhibit:
    none = _exhibit(one, at, "", (0, 0), None, b"", whole_text(one.title, one.text))
    return replace(none, proof=Proof.MISSING, bytes_hash="", problem=problem)


def _append(path: Path, data: bytes, *, new: bool) -> None:
    with path.open("ab") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    if new:
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cut(path: Path, end: int) -> None:
    if path.exists() and path.stat().st_size > end:
        os.truncate(path, end)


def _after_members(data: bytes) -> bytes:
    """What is left behind the whole gzip members (RFC 1952) at the beginning."""
    while data:
        inner = zlib.decompressobj(31)
        try:
            inner.decompress(data)
        except zlib.error:
            return data
        if not inner.eof:
            return data
        data = inner.unused_data
    return b""
