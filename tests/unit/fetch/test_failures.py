"""What went wrong, in kinds and words."""

import errno
import ssl
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from monitor.fetch.failures import describe, http_date, retry_after, status_words
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
    ],
)
def test_a_status_in_words(status: int, reason: str | None, words: str) -> None:
    assert status_words(status, reason) == words


@pytest.mark.parametrize("text", ["", "0", "-1", "Mon, 99 Nov 2026", "Fri, 31 Dec 9999 23:59:59 -2359"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert http_date(text) is None
