"""Until when a server's certificate holds; asked by `monitor doctor`, so that an expiry is known before it hurts."""

import socket
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlsplit

from monitor.addresses import Guard

_AT_ONCE = 16


def expiries(urls: Iterable[str], allow: Iterable[str] = (), timeout: float = 10.0) -> dict[str, datetime | str]:
    """For the host of each https address: until when its certificate holds, or why that could not be told.

    `allow`: networks that may be connected to though they are not public. `timeout` in seconds, a host.
    """
    guard = Guard(allow)
    places = {(parts.hostname, parts.port or 443) for url in urls if (parts := urlsplit(url)).scheme == "https"}
    named = sorted((host, port) for host, port in places if host)
    with ThreadPoolExecutor(_AT_ONCE, "certificates") as pool:
        found = pool.map(lambda place: _expiry(place[0], place[1], guard, timeout), named)
        return {host: answer for (host, _), answer in zip(named, found, strict=True)}


def _expiry(host: str, port: int, guard: Guard, timeout: float) -> datetime | str:
    try:
        address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0]
        guard.demand(str(address))
        with (
            socket.create_connection((str(address), port), timeout) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured,
        ):
            certificate = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except (OSError, UnicodeError) as error:  # UnicodeError: a label of more than 63 letters
        return str(error)
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
