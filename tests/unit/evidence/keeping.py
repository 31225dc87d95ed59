"""Shared by the tests of evidence: sample answers and exhibits."""

import gzip
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from monitor.evidence import Deposit, Vault
from monitor.model import Exhibit, Fresh, Hop, Proof, Wire
from tests.builders import NOW, a_fresh

HTML = "<html><body><h1>Two launchers</h1><p>Обіцяно дві пускові.</p></body></html>".encode()


def an_answer(body: bytes = HTML, **overrides: Any) -> Fresh:
    """A page that came compressed, after a redirect."""
    hop = Hop("http://127.0.0.1/old", "HTTP/1.1 301 Moved Permanently", ((b"Location", b"/news/1"),))
    headers = (
        (b"Content-Type", b"text/html; charset=utf-8"),
        (b"Content-Encoding", b"gzip"),
        (b"Transfer-Encoding", b"chunked"),
        (b"X-Name", "Łódź".encode("latin-1", "replace") + b"\xff"),
    )
    wire = Wire("HTTP/1.1 200 OK", headers, gzip.compress(body, mtime=0), (hop,))
    return a_fresh(url="http://127.0.0.1/news/1", body=body, wire=wire, **overrides)


def a_deposit(vault: Vault, number: int = 1, answer: Fresh | None = None, **overrides: Any) -> Deposit:
    """An article taken from `an_answer`."""
    given = Deposit(
        article=f"{number:016x}",
        url=f"http://127.0.0.1/news/{number}",
        title=f"Two launchers, {number}",
        text=f"Обіцяно дві пускові.\nNumber {number}.",
        language="uk",
        proof=Proof.PAGE,
        answer=vault.hold(answer or an_answer()),
    )
    return replace(given, **overrides)


def an_exhibit(**overrides: Any) -> Exhibit:
    """The first one, of a page."""
    given = Exhibit(
        number=1,
        article="0" * 16,
        proof=Proof.PAGE,
        at=NOW,
        file="2026-11-23.warc.gz",
        start=0,
        end=900,
        response=300,
        url="http://127.0.0.1/news/1",
        status=200,
        fetched_at=NOW,
        body_hash="1" * 64,
        text_hash="2" * 64,
        bytes_hash="3" * 64,
        problem="",
    )
    return replace(given, **overrides)


def filled(folder: Path, number: int = 3) -> tuple[Vault, list[Exhibit]]:
    """A vault with so many articles, each appended by itself, and their exhibits."""
    vault = Vault(folder)
    chain: list[Exhibit] = []
    for at in range(1, number + 1):
        end = chain[-1].end if chain else 0
        chain += vault.append([a_deposit(vault, at)], NOW, chain[-1] if chain else None, end)
    return vault, chain
