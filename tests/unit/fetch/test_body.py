"""Heads as mappings, bodies within their limits; the rest is seen in whole visits (test_visitor)."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from multidict import CIMultiDict

from monitor.fetch.body import head_of, read_body
from monitor.fetch.failures import VisitError
from monitor.fetch.patience import Patience
from monitor.model import Failure


class Pieces:
    """An answer whose body comes in these pieces."""

    def __init__(self, *pieces: bytes, length: int | None = None, encoding: str = "") -> None:
        self.headers = {"Content-Encoding": encoding}
        self.content_length = length
        self.content = SimpleNamespace(iter_any=lambda: self._come(pieces))
        self.closed = False

    async def _come(self, pieces: tuple[bytes, ...]) -> Any:
        for piece in pieces:
            yield piece

    def close(self) -> None:
        self.closed = True


def read(answer: Any, limit: int = 10, *, cut: bool = False) -> bytes:
    async def body() -> bytes:
        clock = asyncio.get_running_loop().time
        patience = Patience(clock(), most=5, rate=1, end=clock() + 5)
        async with asyncio.timeout(5) as timer:
            return (await read_body(answer, limit, patience, timer, clock, asyncio.Semaphore(1), cut=cut))[0]

    return asyncio.run(body())


def test_pieces_become_a_body() -> None:
    assert read(Pieces(b"ab", b"cd")) == b"abcd"


@pytest.mark.parametrize("answer", [Pieces(b"x" * 6, b"x" * 6), Pieces(length=11)])
def test_what_is_too_large_is_refused_and_its_connection_closed(answer: Any) -> None:
    with pytest.raises(VisitError) as caught:
        read(answer)
    assert (caught.value.failure, answer.closed) == (Failure.TOO_LARGE, True)


def test_or_cut() -> None:
    assert read(Pieces(b"x" * 6, b"y" * 6, length=12), cut=True) == b"xxxxxxyyyy"


def test_an_unknown_encoding() -> None:
    answer = Pieces(b"x", encoding="rot13")
    with pytest.raises(VisitError, match="unknown Content-Encoding"):
        read(answer)


def test_head_names_in_small_letters_and_joined() -> None:
    answer: Any = SimpleNamespace(
        headers=CIMultiDict([("ETag", '"1"'), ("X-A", "1"), ("x-a", "2"), ("X-T", "K\udcf6ln")])
    )
    assert head_of(answer) == {"etag": '"1"', "x-a": "1, 2", "x-t": "Köln"}
