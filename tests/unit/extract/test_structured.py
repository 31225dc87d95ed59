"""What pages state for machines."""

import json
from datetime import UTC, datetime

import pytest

from monitor.extract.pages import page_tree
from monitor.extract.structured import Structured, dateline, read_structured
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


OTHER = {
    "@type": "NewsArticle",
    "headline": "Museum finds lost painting",
    "url": "https://www.courier.example/news/painting",
    "datePublished": "2019-01-01",
    "author": {"name": "Wrong Author"},
}
METAS = (
    '<meta property="og:title" content="Two more launchers promised"><meta name="author" content="Vera Holm">'
    '<meta property="article:published_time" content="2026-11-22T08:00:00Z">'
)


@pytest.mark.parametrize(
    "data",
    [
        OTHER,
        {**OTHER, "url": None, "mainEntityOfPage": "/news/painting"},
        {**OTHER, "url": None, "mainEntityOfPage": {"@type": "WebPage", "@id": "/news/painting"}},
        [OTHER, {"@type": "NewsArticle", "headline": "Two more launchers promised"}],
    ],
)
def test_what_is_stated_of_another_story_is_not_of_this(data: object) -> None:
    stated = read(f'{METAS}<script type="application/ld+json">{json.dumps(data)}</script>')
    assert (stated.title, stated.authors, stated.published) == ("Two more launchers promised", ("Vera Holm",), AT)


@pytest.mark.parametrize(
    "changed",
    [
        {"headline": "Two launchers are promised"},  # at another address, as a copy for phones has it
        {"url": "http://courier.example/news/launchers/?from=rss"},  # another headline, as for searches
        {"url": "https://www.courier.example/7", "mainEntityOfPage": URL},
        {"url": None},
        {"headline": None},
    ],
)
def test_a_story_of_this_page_or_under_its_title_is_its_own(changed: dict[str, object]) -> None:
    data = {**OTHER, "author": {"name": "Ida Kern"}, **changed}
    assert read(f'{METAS}<script type="application/ld+json">{json.dumps(data)}</script>').authors == ("Ida Kern",)


def test_a_story_at_the_canonical_address_is_this_pages() -> None:
    head = (
        f'<link rel="canonical" href="{OTHER["url"]}"><script type="application/ld+json">{json.dumps(OTHER)}</script>'
    )
    assert read(METAS + head).authors == ("Wrong Author",)


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
    assert read(url="https://courier.example/news/launchers-20261122").published == AT.replace(hour=12)
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


@pytest.mark.parametrize("ending", ["com.ua", "gov.ua", "com.pl", "com.tr", "blogspot.com"])
def test_the_canonical_address_of_another_site_below_one_ending_is_not_believed(ending: str) -> None:
    head = f'<link rel="canonical" href="https://valley.{ending}/news/launchers">'
    assert read(head, url=f"https://ridge.{ending}/news/launchers").canonical == ""


def test_the_language_of_the_page() -> None:
    tree = page_tree('<html lang="uk-UA"><body><p>x</p></body></html>')
    assert tree is not None
    assert read_structured(tree, URL, NOW).language == "uk"
    assert read('<meta property="og:locale" content="de_DE">').language == "de"


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("/i/ferry.jpg", "https://www.courier.example/i/ferry.jpg"),
        ({"url": "https://img.example/f.jpg"}, "https://img.example/f.jpg"),
        ([{"url": "https://img.example/f.jpg"}, "x"], "https://img.example/f.jpg"),
        (["https://img.example/f.jpg"], "https://img.example/f.jpg"),
        ("data:image/png;base64,AAAA", ""),
        ("javascript:alert(1)", ""),
        ("https://[broken", ""),
        (None, ""),
    ],
)
def test_the_header_image_is_an_address(image: object, address: str) -> None:
    assert linked({"@type": "NewsArticle", "image": image}).image == address


def test_the_image_of_open_graph() -> None:
    assert read('<meta property="og:image" content="https://img.example/f.jpg">').image == "https://img.example/f.jpg"


def test_sections() -> None:
    assert linked({"@type": "NewsArticle", "articleSection": ["Politics", "World"]}).section == "Politics"
    assert read('<meta property="article:section" content="Sport">').section == "Sport"


def test_live_blogs_are_marked() -> None:
    assert linked({"@type": "LiveBlogPosting", "headline": "Votes counted"}).live
    assert read(url="https://courier.example/news/live/2026/nov/22/votes").live
    assert read(url="https://courier.example/news/live-blog-votes").live
    assert not read(url="https://courier.example/news/where-the-poor-live").live
    assert not linked({"@type": "NewsArticle", "headline": "Votes counted"}).live


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("KYIV, Nov 22 (Agency) — The ministry said", "KYIV"),
        ("КИЇВ, 22 листопада (Вісник) — Міністерство", "КИЇВ"),
        ("NEW YORK (Courier) - The council", "NEW YORK"),
        ("ŁÓDŹ – Rada miasta", "ŁÓDŹ"),
        ("The ministry — which had said nothing — spoke", ""),
        ("A MINISTER. A SPEECH — and nothing else", ""),
        ("", ""),
    ],
)
def test_datelines(text: str, place: str) -> None:
    assert dateline(text) == place


def test_the_only_first_heading_is_a_title_where_nothing_else_is_stated() -> None:
    assert read(body="<h1>Votes <b>counted</b></h1>").title == "Votes counted"
    assert read('<meta property="og:title" content="Stated">', "<h1>Shown</h1>").title == "Stated"
    assert read(body="<h1>Votes counted</h1><h1>Ferry sails</h1>").title == ""
