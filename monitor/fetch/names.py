"""Whether hosts have an address at all; asked by `monitor doctor`, to tell a broken name server from a broken site."""

import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

_AT_ONCE = 16


def unresolved(urls: Iterable[str]) -> dict[str, str]:
    """For the host of each address why it has none; "" where it has one. The system's resolver sets the time."""
    hosts = sorted({host for url in urls if (host := urlsplit(url).hostname)})
    with ThreadPoolExecutor(_AT_ONCE, "names") as pool:
        return dict(zip(hosts, pool.map(_why_not, hosts), strict=True))


def _why_not(host: str) -> str:
    try:
        socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""
