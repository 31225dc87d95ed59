"""Until when certificates hold."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from threading import Thread

import pytest

from monitor.fetch.certificate import expiries

LOOPBACK = ("127.0.0.0/8",)


def test_only_https_has_one_and_private_addresses_are_not_asked() -> None:
    assert expiries(["http://127.0.0.1/feed", "ftp://x.example/"]) == {}
    (words,) = expiries([f"https://{'a' * 64}.example/feed"]).values()  # longer than a label may be
    assert isinstance(words, str)
    (words,) = expiries(["https://127.0.0.1:9/feed"]).values()
    assert "loopback" in str(words)


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        (words,) = expiries([f"https://127.0.0.1:{port}/"], LOOPBACK).values()
    assert "refused" in str(words)


@pytest.mark.skipif(which("openssl") is None, reason="openssl makes the certificate")
def test_the_end_is_read_where_the_certificate_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = tmp_path / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [*command.split(), *names, "-keyout", str(pair), "-out", str(tmp_path / "c")], check=True, capture_output=True
    )
    pair.write_text(pair.read_text() + (tmp_path / "c").read_text())
    with _tls(pair) as port:
        (words,) = expiries([f"https://127.0.0.1:{port}/"], LOOPBACK).values()
        assert "self-signed" in str(words)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "c"))
        (end,) = expiries([f"https://127.0.0.1:{port}/"], LOOPBACK).values()
    assert isinstance(end, datetime)
    assert abs(end - datetime.now(UTC) - timedelta(days=30)) < timedelta(hours=1)


@contextmanager
def _tls(pair: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def serve() -> None:
            for _ in range(2):
                plain, _ = server.accept()
                try:
                    context.wrap_socket(plain, server_side=True).close()
                except OSError:
                    plain.close()

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)
