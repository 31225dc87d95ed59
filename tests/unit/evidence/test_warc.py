"""Records, one by one."""

from datetime import datetime, timedelta, timezone

import pytest

from monitor.evidence.warc import answer, date_of, info, new_id, records, text
from tests.builders import NOW

HEAD = ("HTTP/1.1 200 OK", ((b"Content-Encoding", b"gzip"), (b"TRANSFER-ENCODING", b"chunked")))


def _block(**given: bool) -> bytes:
    (record,) = records(answer("https://news.example/ä", NOW, HEAD, b"body", name=new_id(), **given))
    return record.body


def test_what_no_longer_holds_of_a_body_goes_under_another_name() -> None:
    assert _block(encoded=True) == (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nX-Archive-Orig-TRANSFER-ENCODING: chunked\r\n\r\nbody"
    )
    assert b"\r\nX-Archive-Orig-Content-Encoding: gzip\r\n" in _block(encoded=False)


def test_a_text_names_its_answer_and_its_language() -> None:
    (record,) = records(text("https://news.example/1", NOW, "Дрони".encode(), language="uk", of="<urn:uuid:1>"))
    assert record.kind == "conversion"
    assert record.headers["warc-refers-to"] == "<urn:uuid:1>"
    assert record.headers["x-language"] == "uk"
    assert record.body.decode() == "Дрони"


def test_a_file_says_what_wrote_it() -> None:
    (record,) = records(info("2026-11-23.warc.gz", NOW, "news-monitor/1"))
    assert record.headers["warc-filename"] == "2026-11-23.warc.gz"
    assert b"software: news-monitor/1\r\n" in record.body


def test_dates_are_in_utc() -> None:
    kyiv = timezone(timedelta(hours=2))
    assert date_of(datetime(2026, 3, 2, 1, 30, tzinfo=kyiv)) == "2026-03-01T23:30:00.000000Z"


def test_a_damaged_record_is_not_passed_over() -> None:
    with pytest.raises(ValueError):
        list(records(b"\x1f\x8b\x08nothing of the kind"))
