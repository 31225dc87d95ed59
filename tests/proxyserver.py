"""An HTTP proxy on loopback that gives tunnels (CONNECT) and notes what it was asked for.

with ProxyServer() as proxy:
    ... visit through proxy.url() ...
    assert proxy.asked == ["93.184.216.34:443"]
"""

import asyncio
from threading import Thread
from typing import Self


class ProxyServer:
    """Leads every tunnel to where it was asked for, or answers `refusal`."""

    def __init__(self, refusal: bytes = b"") -> None:
        self.asked: list[str] = []
        self.heads: list[str] = []
        self.port = 0
        self._refusal = refusal
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="proxyserver", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        start = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(start, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, login: str = "") -> str:
        """The proxy's address, with a login "user:password" where one is given."""
        return f"http://{login}{'@' if login else ''}127.0.0.1:{self.port}"

    async def _stop(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, target, _ = head.split("\r\n")[0].split(" ")
            self.heads.append(head)
            self.asked.append(target if method == "CONNECT" else f"{method} {target}")
            if self._refusal or method != "CONNECT":
                writer.write(self._refusal or b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
                await writer.drain()
            else:
                await _join(target, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _join(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    host, _, port = target.rpartition(":")
    there, back = await asyncio.open_connection(host.strip("[]"), int(port))
    try:
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n")
        await asyncio.gather(_copy(reader, back), _copy(there, writer))
    finally:
        back.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(65_536):
        target.write(piece)
        await target.drain()
    target.close()
