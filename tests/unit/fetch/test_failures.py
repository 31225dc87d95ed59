"""What went wrong, in kinds and words."""

import errno
import ssl
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import aiohttp
import pytest

from monitor.fetch.failures import VisitError, describe, retry_after, status_words
from monitor.fetch.options import FetchOptions
from monitor.fetch.tunnel import ProxyError
from monitor.model import Failure

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def _expired() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "certificate has expired"
    return error


@pytest.mark.parametrize(
    ("error", "failure", "words"),
    [
        (_expired(), Failure.TLS, "certificate has expired"),
        (aiohttp.ConnectionTimeoutError(), Failure.TIMEOUT, "no connection within 10 s"),
        (aiohttp.SocketTimeoutError(), Failure.TIMEOUT, "no answer in time"),
        (TimeoutError(), Failure.TIMEOUT, "no answer in time"),
        (ProxyError("the proxy gave no proper answer"), Failure.BROKEN, "the proxy gave no proper answer"),
        (aiohttp.InvalidURL("x"), Failure.BAD_URL, "no usable"),
        (aiohttp.ClientPayloadError(), Failure.BROKEN, "cut off"),
        (aiohttp.ServerDisconnectedError(), Failure.BROKEN, "hung up"),
        (aiohttp.ClientOSError(errno.ECONNRESET, "x"), Failure.BROKEN, "connection reset by peer"),
        (OSError("odd"), Failure.BROKEN, "odd"),
    ],
)
def test_every_trouble_has_a_kind_and_words(error: Exception, failure: Failure, words: str) -> None:
    described = describe(error, "outlet.test", FetchOptions())
    assert described.failure is failure
    assert words in described.detail


def test_what_a_parser_says_in_several_lines_is_told_in_one() -> None:
    message = "Bad status line:\n  Expected HTTP/, RTSP/ or ICE/:\n\n    b'HTP/9 garbage'\n       ^\n"
    error = aiohttp.ClientResponseError(Mock(), (), message=message)
    words = "not a valid HTTP answer (Bad status line: Expected HTTP/, RTSP/ or ICE/: b'HTP/9 garbage' ^)"
    assert describe(error, "outlet.test", FetchOptions()).detail == f"outlet.test: {words}"


@pytest.mark.parametrize("detail", ["text/html\x1b]0;x\x07\r\n of \u202e a page", "a " * 10_000])
def test_no_word_of_a_server_leaves_the_line(detail: str) -> None:
    error = VisitError(Failure.NO_PAGE, detail)
    assert error.detail.isprintable()
    assert len(error.detail) <= 500
    assert str(error) == error.detail


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 120 "}, 120),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "٣"}, None),
        ({"Retry-After": "9" * 400}, 365 * 86_400),
        ({"Retry-After": "Mon, 23 Nov 2026 12:05:00 GMT"}, 300),
        ({"Retry-After": "Mon, 23 Nov 2026 11:00:00 GMT"}, 0),
        ({"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT", "Date": "Mon, 23 Nov 2026 09:00:00 GMT"}, 300),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after(headers, NOW) == expected


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (503, "Service Unavailable", "HTTP 503 Service Unavailable"),
        (404, "", "HTTP 404 Not Found"),
        (799, None, "HTTP 799"),
        (500, "Bad\x1b[31m<script>\x07\u202e\u2028 x\udc80", "HTTP 500 Bad [31m<script> x"),
        (503, "\x1b\x00", "HTTP 503 Service Unavailable"),
        (500, "No " * 100, f"HTTP 500 {'No ' * 30}N"),
    ],
)
def test_a_status_in_words(status: int, reason: str | None, words: str) -> None:
    assert status_words(status, reason) == words
