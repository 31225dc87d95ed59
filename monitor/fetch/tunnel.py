"""Visits through an HTTP proxy, without a way around the guard.

A proxy that is given a name looks it up itself, and may find what the guard refuses. So names are looked up here, the
guard judges the addresses, and the proxy is asked for a tunnel (RFC 9110 section 9.3.6, CONNECT) to the very address
that was judged, for http and https alike; TLS is spoken within it, with the server and its name. The proxy itself is
whatever the configuration names, so it may stand on a private network.
"""

import asyncio
import os
import socket
from base64 import b64encode
from contextlib import ExitStack
from typing import Any

import aiohttp
from yarl import URL

from monitor.addresses import Guard

_LONGEST_HEAD = 16_384  # bytes


class ProxyError(OSError):
    """The proxy cannot be reached, or gives no tunnel; the text says why."""


class Tunnels(aiohttp.TCPConnector):
    """Connections through one proxy, an `http://` address that may hold a login."""

    def __init__(self, proxy: str, guard: Guard, **options: Any) -> None:
        super().__init__(**options)
        self._proxy = URL(proxy)
        self._guard = guard

    async def _wrap_create_connection(
        self,
        *args: Any,
        addr_infos: list[Any],
        req: aiohttp.ClientRequest,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the library's own signature
        client_error: type[Exception] = aiohttp.ClientConnectorError,
        **kwargs: Any,
    ) -> tuple[asyncio.Transport, Any]:
        """Where the library would connect to the first of `addr_infos` by itself."""
        target = addr_infos[0][4]
        key = req.connection_key
        try:
            self._guard.demand(str(target[0]))
            with ExitStack() as undo:
                sock = undo.enter_context(await self._tunnel(str(target[0]), int(target[1])))
                made = await self._loop.create_connection(*args, **kwargs, sock=sock)
                undo.pop_all()
            return made
        except aiohttp.client_exceptions.cert_errors as error:
            raise aiohttp.ClientConnectorCertificateError(key, error) from error
        except aiohttp.client_exceptions.ssl_errors as error:
            raise aiohttp.ClientConnectorSSLError(key, error) from error
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise aiohttp.ClientConnectorError(key, error) from error

    async def _tunnel(self, host: str, port: int) -> socket.socket:
        """A socket that leads to this address. Raises OSError."""
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
        if self._proxy.user:
            login = f"{self._proxy.user}:{self._proxy.password or ''}"
            lines.append(f"Proxy-Authorization: Basic {b64encode(login.encode()).decode('ascii')}")
        with ExitStack() as undo:
            sock = undo.enter_context(await self._reach_proxy())
            await self._loop.sock_sendall(sock, ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
            await self._expect_yes(sock)
            undo.pop_all()
        return sock

    async def _reach_proxy(self) -> socket.socket:
        host, port = self._proxy.host or "", self._proxy.port or 80
        problem: OSError = ProxyError(f"no address known for the proxy {host}")
        try:
            places = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise problem from None
        for family, kind, protocol, _, place in places:
            with ExitStack() as undo:
                sock = undo.enter_context(socket.socket(family, kind, protocol))
                sock.setblocking(False)
                try:
                    await self._loop.sock_connect(sock, place)
                except OSError as error:
                    problem = ProxyError(f"the proxy {host}:{port} cannot be reached ({os.strerror(error.errno or 0)})")
                    continue
                undo.pop_all()
                return sock
        raise problem

    async def _expect_yes(self, sock: socket.socket) -> None:
        # Byte by byte: what follows the proxy's head belongs to the server behind it.
        head = bytearray()
        while not head.endswith(b"\r\n\r\n"):
            piece = await self._loop.sock_recv(sock, 1)
            head += piece
            if not piece or len(head) > _LONGEST_HEAD:
                raise ProxyError("the proxy gave no proper answer")
        words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
            raise ProxyError("the proxy gave no proper answer")
        if not words[1].startswith("2"):
            raise ProxyError(f"the proxy gives no way there: HTTP {' '.join(words[1:])[:100]}")
