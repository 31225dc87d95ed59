"""Whether evidence is still what it was: the chain, the bytes of the files, and what their records say."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from monitor.evidence.chain import FIRST_LINK, linked
from monitor.evidence.warc import records
from monitor.model import Exhibit, Proof


class Wrong(Struct, frozen=True):
    """Something that is not as it was."""

    where: str  # "exhibit 12", "2026-03-02.warc.gz, bytes 0-1812"
    what: str
    article: str = ""  # id


def check_chain(chain: Sequence[Exhibit]) -> Iterator[Wrong]:
    """Every exhibit whose link does not follow from what it states and from the link before it."""
    before, number = FIRST_LINK, 0
    for exhibit in chain:
        number += 1
        where = f"exhibit {exhibit.number}"
        if exhibit.number != number:
            yield Wrong(where, f"exhibit {number} is missing before it", exhibit.article)
            number = exhibit.number
        elif linked(exhibit, before).link != exhibit.link:
            yield Wrong(where, "its hashes, place or link were changed: the chain does not hold here", exhibit.article)
        before = exhibit.link


def check_files(folder: Path, chain: Iterable[Exhibit]) -> Iterator[Wrong]:
    """Every byte of the files of these exhibits that is not as it was written, and every gap between them."""
    by_file: dict[str, list[Exhibit]] = defaultdict(list)
    for exhibit in chain:
        if exhibit.proof is not Proof.MISSING:
            by_file[exhibit.file].append(exhibit)
    for file, exhibits in by_file.items():
        if not file or os.sep in file or file.startswith("."):
            yield Wrong(f"exhibit {exhibits[0].number}", f"names no file of the folder: {file!r}", exhibits[0].article)
            continue
        yield from _check_file(folder / file, exhibits)


def rest_of(folder: Path, chain: Iterable[Exhibit]) -> Iterator[str]:
    """What stands in the folder beyond the exhibits, in words: the rest of a write that was broken off, other files."""
    ends: dict[str, int] = defaultdict(int)
    for exhibit in chain:
        ends[exhibit.file] = max(ends[exhibit.file], exhibit.end)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        size = path.stat().st_size
        if path.name not in ends:
            yield f"{path.name} ({size} bytes) belongs to no exhibit"
        elif size > ends[path.name]:
            more = size - ends[path.name]
            yield f"{path.name}: {more} bytes behind the last exhibit, of a write that was broken off; proof of nothing"


def _check_file(path: Path, exhibits: Sequence[Exhibit]) -> Iterator[Wrong]:
    try:
        stream = path.open("rb")
    except OSError as error:
        for one in exhibits:
            yield Wrong(path.name, f"cannot be read: {error.strerror}", one.article)
        return
    place = 0
    with stream:
        for one in exhibits:
            where = f"{path.name}, bytes {one.start}-{one.end}"
            if one.start != place:
                yield Wrong(where, f"expected to begin at {place}", one.article)
            place = one.end
            stream.seek(max(0, one.start))
            data = stream.read(max(0, one.end - one.start))
            if wrong := changed(data, one) or _said(data, one):
                yield Wrong(where, wrong, one.article)


def changed(data: bytes, exhibit: Exhibit) -> str:
    """How what was read at an exhibit's place differs from what was written there; "" when it does not."""
    if sha256(data).hexdigest() == exhibit.bytes_hash:
        return ""
    size = exhibit.end - exhibit.start
    return f"only {len(data)} bytes are left" if len(data) < size else "bytes were changed"


def answers_with(data: bytes, body_hash: str) -> bool:
    """Whether an answer with this body is among the records. Raises ValueError where they cannot be read."""
    answers = (one.body for one in records(data) if one.kind == "response")
    return any(sha256(_payload(body)).hexdigest() == body_hash for body in answers)


def _said(data: bytes, exhibit: Exhibit) -> str:
    """What the records say otherwise than the exhibit does; "" when all agree."""
    try:
        found = list(records(data))
    except ValueError as error:
        return f"its records cannot be read: {error}"
    kind = "metadata" if exhibit.proof is Proof.GONE else "conversion"
    texts = [one for one in found if one.kind == kind]
    if len(texts) != 1 or sha256(texts[0].body).hexdigest() != exhibit.text_hash:
        return "the text in the file is not the one that was noted"
    if exhibit.response < exhibit.start:
        return ""  # an earlier exhibit of the same reading holds the answer
    if not answers_with(data, exhibit.body_hash):
        return "the answer in the file is not the one that was noted"
    return ""


def _payload(block: bytes) -> bytes:
    """The body behind an answer's head (RFC 9112 section 2.1)."""
    return block.partition(b"\r\n\r\n")[2]
