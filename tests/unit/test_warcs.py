"""WARC files: pages out of them, and what is damaged or cut off is told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.warcs import Damage, Page, read_warc
from tests.faults.pastworld import record

AT = datetime(2026, 1, 1, tzinfo=UTC)
PARTS = [record(f"https://e.example/{number}", b"<p>" + bytes([65 + number]) * 3_000, AT) for number in range(10)]


def _all(_url: str) -> bool:
    return True


def _read(tmp_path: Path, body: bytes, start: int = 0) -> str:
    """The last characters of the addresses read, "D" for damage."""
    file = tmp_path / "x.warc.gz"
    file.write_bytes(body)
    items = list(read_warc(file, _all, start))
    return "".join(
        item.url[-1] if isinstance(item, Page) else "D" if isinstance(item, Damage) else "" for item in items
    )


@pytest.mark.parametrize("place", [0, 1, 3, 20, len(PARTS[5]) // 2, len(PARTS[5]) - 6])
def test_a_byte_that_was_flipped_costs_its_record_alone_and_is_told(tmp_path: Path, place: int) -> None:
    body = bytearray(b"".join(PARTS))
    body[sum(map(len, PARTS[:5])) + place] ^= 0xFF
    assert _read(tmp_path, bytes(body)) == "01234D6789"


def test_two_in_a_row_and_junk_between(tmp_path: Path) -> None:
    parts = [bytearray(part) for part in PARTS]
    for number in (5, 6):
        parts[number][len(parts[number]) // 2] ^= 0xFF
    assert _read(tmp_path, b"".join(parts)) == "01234DD789"
    assert _read(tmp_path, b"".join(PARTS[:3]) + b"\x1f\x8b\x08junk" * 9 + b"".join(PARTS[3:])) == "012D3456789"


def test_a_file_that_was_cut_off_says_so(tmp_path: Path) -> None:
    assert _read(tmp_path, b"".join(PARTS)[: -len(PARTS[9]) // 2]) == "012345678D"


def test_reading_goes_on_from_a_place(tmp_path: Path) -> None:
    body = b"".join(PARTS)
    file = tmp_path / "x.warc.gz"
    file.write_bytes(body)
    places = [item.place for item in read_warc(file, _all)]
    assert _read(tmp_path, body, places[4]) == "456789"
    assert _read(tmp_path, body, places[4] + 1) == "56789"
    assert _read(tmp_path, body, len(body)) == ""


def test_only_pages_that_are_wanted_and_answered(tmp_path: Path) -> None:
    feed = record("https://e.example/feed", b"<rss/>", AT, "application/rss+xml")
    assert _read(tmp_path, feed + PARTS[1]) == "1"
    file = tmp_path / "x.warc.gz"
    (page,) = [item for item in read_warc(file, lambda url: url.endswith("/1")) if isinstance(item, Page)]
    assert (page.headers["content-type"], page.at, page.body[:4]) == ("text/html", AT, b"<p>B")
    assert list(read_warc(file, lambda url: False)) == []


def test_what_is_no_warc_file(tmp_path: Path) -> None:
    file = tmp_path / "x.warc"
    file.write_bytes(b"%PDF-1.4 " * 500)
    with pytest.raises(ValueError, match="no record begins"):
        list(read_warc(file, _all))
    with pytest.raises(OSError, match="No such file"):
        list(read_warc(tmp_path / "none", _all))
