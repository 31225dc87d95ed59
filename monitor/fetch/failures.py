"""Puts everything that may go wrong with a visit into a kind and into words that a person understands."""

import errno
import os
import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp

from monitor.addresses import ForbiddenAddressError
from monitor.dates import http_date
from monitor.fetch.options import FetchOptions
from monitor.fetch.tunnel import ProxyError
from monitor.model import Failure, Wire
from monitor.words import in_a_line

# What a visit may run into and `describe` can name; all else is a bug and raised.
EXPECTED = (aiohttp.ClientError, TimeoutError, OSError)

_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_LONGEST = 500  # characters of what is told of one visit


class VisitError(Exception):
    """A visit that brought nothing, on its way up to where it becomes a `Failed`.

    Its detail is one printable line, whatever a server or a library put into it.
    """

    def __init__(
        self,
        failure: Failure,
        detail: str,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
        wire: Wire | None = None,
        url: str = "",
    ) -> None:
        self.failure = failure
        self.detail = in_a_line(detail)[:_LONGEST]
        super().__init__(self.detail)
        self.status = status
        self.retry_after = retry_after
        self.wire = wire  # of the refusal, without its body
        self.url = url  # where it was refused, after redirects


def describe(error: BaseException, host: str, options: FetchOptions) -> VisitError:
    """The kind and the words for one of the `EXPECTED` exceptions."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return VisitError(Failure.DNS, f"no address known for {host}")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError() | ssl.SSLError():
            return VisitError(Failure.TLS, f"{host}: {_tls_words(error)}")
        case aiohttp.ConnectionTimeoutError():
            return VisitError(Failure.TIMEOUT, f"{host}: no connection within {options.connect_seconds:g} s")
        case TimeoutError():
            return VisitError(Failure.TIMEOUT, f"{host}: no answer in time")
        case aiohttp.ClientConnectorError():
            return _unconnected(error.os_error, host)
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return VisitError(Failure.BAD_URL, "no usable http or https address")
        case aiohttp.ClientPayloadError():
            return VisitError(Failure.BROKEN, f"{host}: the answer is cut off or garbled")
        case aiohttp.ServerDisconnectedError():
            return VisitError(Failure.BROKEN, f"{host}: hung up without an answer")
        case aiohttp.ClientResponseError():
            return VisitError(
                Failure.BROKEN, f"{host}: not a valid HTTP answer ({in_a_line(error.message)[:120].strip()})"
            )
        case OSError():
            return VisitError(Failure.BROKEN, f"{host}: {_os_words(error)}")
        case _:
            return VisitError(Failure.BROKEN, f"{host}: {type(error).__name__}")


def _unconnected(error: OSError, host: str) -> VisitError:
    if error.errno == ForbiddenAddressError.NUMBER:
        words = str(error.strerror).removeprefix("Multiple exceptions: ")
        return VisitError(
            Failure.FORBIDDEN_ADDRESS, f"{host}: {words}; where that is meant, list its network in allow_private"
        )
    return VisitError(Failure.CONNECT, f"{host}: {_os_words(error)}")


def _os_words(error: OSError) -> str:
    if isinstance(error, ProxyError):
        return str(error)
    if error.errno == errno.ECONNREFUSED:
        return "connection refused"
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno).lower()
    return str(error)[:200] or "connection failed"


def _tls_words(error: BaseException) -> str:
    inner = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    if isinstance(inner, ssl.SSLCertVerificationError):
        return inner.verify_message or "the certificate is not valid"
    reason = getattr(inner, "reason", None) or ""
    return f"no TLS connection ({str(reason).replace('_', ' ').lower()})" if reason else "no TLS connection"


def status_words(status: int, reason: str | None) -> str:
    """ "HTTP 503 Service Unavailable"; the standard's words where the server gives none."""
    return f"HTTP {status} {in_a_line(reason or '') or _PHRASES.get(status, '')}"[:100].strip()


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The patience a server asks for: seconds or an HTTP date (RFC 9110 section 10.2.3); None when it asks for none.

    A date is taken relative to the server's own clock (its Date header) where it tells it.
    """
    stated = headers.get("Retry-After", "").strip()
    if stated.isascii() and stated.isdigit():
        return timedelta(seconds=min(int(stated[:12]), 365 * 86_400))
    until = http_date(stated)
    if until is None:
        return None
    return min(max(until - (http_date(headers.get("Date", "")) or now), timedelta(0)), timedelta(days=365))
