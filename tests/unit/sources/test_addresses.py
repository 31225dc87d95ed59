"""Addresses of articles."""

import pytest

from monitor.sources.addresses import looks_like_an_article, section


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
