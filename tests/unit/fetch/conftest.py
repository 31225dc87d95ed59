"""A loopback server and a fetcher that may reach it, for every test that needs them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from monitor.fetch import Fetcher, FetchOptions
from tests.newsserver import LoopbackNames, NewsServer

MakeFetcher = Callable[..., Fetcher]


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with NewsServer() as running:
        yield running


@pytest.fixture
def make_fetcher() -> Iterator[MakeFetcher]:
    """Makes fetchers with short limits, no gap, loopback allowed, and every name found at 127.0.0.1."""
    made: list[Fetcher] = []

    def make(addresses: dict[str, str] | None = None, **options: Any) -> Fetcher:
        settings: dict[str, Any] = {
            "allow_private": ("127.0.0.0/8",),
            "host_gap_seconds": 0.0,
            "connect_seconds": 2.0,
            "first_byte_seconds": 2.0,
            "total_seconds": 5.0,
            **options,
        }
        made.append(Fetcher(FetchOptions(**settings), resolver=lambda: LoopbackNames(addresses)))
        return made[-1]

    yield make
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def fetcher(make_fetcher: MakeFetcher) -> Fetcher:
    return make_fetcher()
