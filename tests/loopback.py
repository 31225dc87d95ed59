"""Runs a server of the standard library on loopback, in threads, as long as a context lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """Says nothing on standard error; `state` is what the server was given."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    @property
    def state(self) -> Any:
        """What the test and its server share."""
        return self.server.state  # type: ignore[attr-defined]

    def body(self) -> bytes:
        """The whole body of the request."""
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))


@contextmanager
def serving(handler: type[Handler], state: Any) -> Iterator[None]:
    """Serve on a free port, which is noted in `state.port`; gone afterwards."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    http.daemon_threads = True
    http.state = state  # type: ignore[attr-defined]
    state.port = http.server_address[1]
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
