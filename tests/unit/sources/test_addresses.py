"""Addresses of articles."""

from datetime import UTC, datetime

import pytest

from monitor.sources.addresses import looks_like_an_article, section, stated_day
from tests.builders import NOW


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://ridge.example/2026/11/22/ferries", 22),
        ("https://ridge.example/news/2026-11-21-ferries.html", 21),
        ("https://ridge.example/20261120/ferries", 20),
        ("https://ridge.example/2026/11/ferries", None),
        ("https://ridge.example/2026/13/41/ferries", None),
        ("https://ridge.example/2027/01/01/ferries", None),
        ("https://ridge.example/id/1202611220", None),
        ("https://ridge.example/?d=2026-11-22", None),
    ],
)
def test_the_day_in_an_address(url: str, day: int | None) -> None:
    assert stated_day(url, NOW) == (datetime(2026, 11, day, 12, tzinfo=UTC) if day else None)


@pytest.mark.parametrize(
    ("path", "article"),
    [
        ("/news/two-ferries-share-the-quay", True),
        ("/article/4711234", True),
        ("/2026/11/22/quay", True),
        ("/news", False),
        ("/", False),
        ("/tag/two-ferries-share", False),
        ("/photos/two-ferries-share.jpg", False),
        ("/author/vera-von-der-holm", False),
    ],
)
def test_what_looks_like_an_article(path: str, article: bool) -> None:
    assert looks_like_an_article(f"https://ridge.example{path}") is article


def test_articles_of_one_section_are_told_by_their_folders() -> None:
    first, second = "https://ridge.example/news/2026/11/a-b-c", "https://ridge.example/news/d-e-f"
    assert section(first) == section(second) == "ridge.example/news"
    assert section("https://ridge.example/sport/2026/11/a-b-c") == "ridge.example/sport"
