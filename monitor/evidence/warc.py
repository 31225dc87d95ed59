"""WARC records (ISO 28500) made and read back, each a gzip member of its own; warcio does the format."""

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

from msgspec import Struct

# The answer's body is kept without the chunks it came in, which this header would promise (RFC 9112 section 7.1).
_CHUNKS = b"transfer-encoding"
_CODING = b"content-encoding"
_ASIDE = b"X-Archive-Orig-"
_WARC = "WARC/1.1"


class Read(Struct, frozen=True):
    """A record read back; `body` is its whole block, an answer's head included."""

    kind: str  # WARC-Type
    headers: Mapping[str, str]
    body: bytes


def date_of(at: datetime) -> str:
    """A moment as WARC 1.1 writes it (W3C date and time)."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def new_id() -> str:
    """A name for a record that no other has."""
    return f"<urn:uuid:{uuid4()}>"


def info(name: str, at: datetime, software: str) -> bytes:
    """The record that begins a file."""
    facts = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode("ascii")
    named = {"WARC-Filename": name, "Content-Type": "application/warc-fields"}
    return _record("warcinfo", "", at, facts, facts, named)


def answer(
    url: str, at: datetime, head: tuple[str, tuple[tuple[bytes, bytes], ...]], body: bytes, *, encoded: bool, name: str
) -> bytes:
    """A `response` record: status line, headers and body as they came.

    What no longer holds of the body as it is kept goes under another name: the chunks of the transfer, and, unless it
    is still `encoded`, its Content-Encoding.
    """
    status_line, headers = head
    lines = [status_line.encode("utf-8", "replace")]
    for key, value in headers:
        aside = key.lower() == _CHUNKS or (key.lower() == _CODING and not encoded)
        lines.append((_ASIDE if aside else b"") + key + b": " + value)
    block = b"\r\n".join(lines) + b"\r\n\r\n" + body
    headed = {"WARC-Record-ID": name, "Content-Type": "application/http; msgtype=response"}
    return _record("response", url, at, block, body, headed)


def text(url: str, at: datetime, body: bytes, *, language: str, of: str, kind: str = "conversion") -> bytes:
    """A `conversion` record: the text taken from the answer `of` (its name, or ""); or a note on it (`metadata`)."""
    headed = {"Content-Type": "text/plain; charset=utf-8"}
    if of:
        headed["WARC-Refers-To"] = of
    if language:
        headed["X-Language"] = language
    return _record(kind, url, at, body, body, headed)


def records(data: bytes) -> Iterator[Read]:
    """Every record of these bytes. Raises ValueError where one is damaged, which warcio by itself passes over."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        for record in ArchiveIterator(BytesIO(data), no_record_parse=True):
            headers = {name.lower(): value for name, value in record.rec_headers.headers}
            yield Read(record.rec_type, headers, record.raw_stream.read())
    except (ArchiveLoadFailed, EOFError, OSError) as error:
        raise ValueError(str(error)) from error


def _record(kind: str, url: str, at: datetime, block: bytes, payload: bytes, headed: Mapping[str, str]) -> bytes:
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    headers = [("WARC-Type", kind), ("WARC-Record-ID", headed.get("WARC-Record-ID") or new_id())]
    headers += [("WARC-Target-URI", url)] if url else []
    headers += [("WARC-Date", date_of(at)), ("WARC-Block-Digest", _digest(block))]
    headers += [("WARC-Payload-Digest", _digest(payload))] if kind == "response" else []
    headers += [(key, value) for key, value in headed.items() if key not in ("WARC-Record-ID", "Content-Type")]
    stream = BytesIO(block)
    record = ArcWarcRecord(
        "warc", kind, StatusAndHeaders("", headers, protocol=_WARC), stream, None, headed["Content-Type"], len(block)
    )
    record.payload_length = len(block)
    out = BytesIO()
    WARCWriter(out, gzip=True, warc_version="1.1").write_record(record)
    return out.getvalue()


def _digest(data: bytes) -> str:
    return f"sha256:{base64.b32encode(sha256(data).digest()).decode('ascii')}"
