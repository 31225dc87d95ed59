"""What pages state for machines."""

import json
from datetime import UTC, datetime

import pytest

from monitor.extract.pages import page_tree
from monitor.extract.structured import Structured, read_structured
from tests.builders import NOW

URL = "https://www.courier.example/news/launchers"
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def read(head: str = "", body: str = "", url: str = URL) -> Structured:
    tree = page_tree(f"<html><head><title>x</title>{head}</head><body><p>text</p>{body}</body></html>")
    assert tree is not None
    return read_structured(tree, url, NOW)


def linked(data: object) -> Structured:
    return read(f'<script type="application/ld+json">{json.dumps(data)}</script>')


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "NewsArticle", "datePublished": "2026-11-22T10:00:00+02:00"},
        [{"@type": "WebPage"}, {"@type": ["Article", "Thing"], "datePublished": "2026-11-22T08:00:00Z"}],
        {"@graph": [{"@type": "http://schema.org/ReportageNewsArticle", "datePublished": "2026-11-22 08:00"}]},
        {"@type": "WebPage", "mainEntity": {"@type": "BlogPosting", "datePublished": "Sun, 22 Nov 2026 08:00:00 GMT"}},
    ],
)
def test_json_ld_of_many_shapes(data: object) -> None:
    stated = linked(data)
    assert stated.published == AT
    assert stated.is_article


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Vera Holm", ("Vera Holm",)),
        ({"name": "By Vera Holm"}, ("Vera Holm",)),
        ([{"name": "Vera Holm"}, {"name": "Ida Kern"}, "Vera Holm"], ("Vera Holm", "Ida Kern")),
        ({"name": ["Vera Holm"]}, ("Vera Holm",)),
        ("https://courier.example/authors/7", ()),
        ("desk@courier.example", ()),
        ("admin", ()),
        (None, ()),
        (7, ()),
    ],
)
def test_authors(author: object, names: tuple[str, ...]) -> None:
    assert linked({"@type": "NewsArticle", "author": author}).authors == names


def test_the_fullest_of_several_articles_counts() -> None:
    data = [{"@type": "Article", "headline": "Teaser"}, {"@type": "Article", "headline": "Full", "author": "Vera Holm"}]
    assert linked(data).title == "Full"


@pytest.mark.parametrize(
    "script", ["{", "[" * 50_000, "null", '"text"', "7", '{"@type": 7}', '{"@graph": {"@graph": null}}']
)
def test_broken_json_ld_states_nothing(script: str) -> None:
    assert read(f'<script type="application/ld+json">{script}</script>') == Structured()


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2026-11-22T08:00:00Z">',
        '<meta name="pubdate" content="22.11.2026 08:00">',
        '<meta itemprop="datePublished" content="2026-11-22T08:00:00+00:00">',
    ],
)
def test_dates_of_meta_tags(head: str) -> None:
    assert read(head).published == AT


def test_dates_of_time_elements_and_addresses() -> None:
    only = '<article><time datetime="2026-11-22T08:00:00Z">then</time></article>'
    assert read(body=only).published == AT
    assert read(body=only + only).published is None
    assert read(url="https://courier.example/2026/11/22/launchers").published == AT.replace(hour=12)
    assert read(url="https://courier.example/2026/31/22/launchers").published is None


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/news/other", "https://www.courier.example/news/other"),
        ("https://courier.example/n?utm_source=x", "https://courier.example/n"),
        ("https://amp.courier.example/n", "https://amp.courier.example/n"),
        ("https://evil.test/news", ""),
        ("https://www.courier.example/", ""),
        ("javascript:1", ""),
        ("", ""),
    ],
)
def test_the_canonical_address_within_the_site(href: str, canonical: str) -> None:
    assert read(f'<link rel="canonical" href="{href}">').canonical == canonical


def test_the_language_of_the_page() -> None:
    tree = page_tree('<html lang="uk-UA"><body><p>x</p></body></html>')
    assert tree is not None
    assert read_structured(tree, URL, NOW).language == "uk"
    assert read('<meta property="og:locale" content="de_DE">').language == "de"
