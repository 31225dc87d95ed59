"""Where a page says that its feeds are."""

import pytest

from monitor.sources.discovery import offered, usual_places

BASE = "https://ridge.example/news/"


def urls(html: str) -> list[str]:
    return [offer.url for offer in offered(html, BASE)]


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/rss">', "https://ridge.example/rss"),
        ("<LINK REL='Alternate' TYPE='application/atom+xml; charset=utf-8' HREF='a.xml'>", f"{BASE}a.xml"),
        ('<link rel="alternate" type="application/feed+json" href="//f.example/j">', "https://f.example/j"),
        ('<link rel="alternate feed" href="feed:https://f.example/x">', "https://f.example/x"),
        ('<base href="https://b.example/"><link rel="alternate" type="text/xml" href="r">', "https://b.example/r"),
        ('<link rel="alternate" type="text/rss+xml" hreflang="uk" href="/rss">', "https://ridge.example/rss"),
        ('<link rel="alternate" type="application/x-atom" href="/a">', "https://ridge.example/a"),
        ('<link rel="alternate" href="/feed.xml">', "https://ridge.example/feed.xml"),
        ('<a href="all" type="application/rss+xml">All</a>', f"{BASE}all"),
        ('<a href=" feed.xml ">Feed</a>', f"{BASE}feed.xml"),
        ('<a href="/en/rss.xml">RSS</a>', "https://ridge.example/en/rss.xml"),
        ('<a href="/x/feed/">Feed</a>', "https://ridge.example/x/feed/"),
    ],
)
def test_feeds_that_a_page_names(html: str, url: str) -> None:
    assert urls(f"<html><head>{html}</head></html>") == [url]


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="alternate" hreflang="de" href="/de">',
        '<link rel="alternate" type="text/xml" hreflang="de" href="/de">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">',
        '<link rel="stylesheet" type="text/css" href="/s.css">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:x">',
        '<a href="/the-story-of-feeding-the-poor">Feeding</a>',
        "",
        "\x00",
    ],
)
def test_what_is_no_feed(html: str) -> None:
    assert urls(html) == []


def test_comments_come_last_and_each_address_once() -> None:
    link = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'
    html = link.format("Comments", "/c") + link.format("News", "/n") + link.format("Again", "/n")
    assert urls(html) == ["https://ridge.example/c"[:-1] + "n", "https://ridge.example/c"]


def test_usual_places_are_few_and_on_the_host() -> None:
    places = usual_places("https://ridge.example/news")
    assert "https://ridge.example/news/feed/" in [place.url for place in places]
    assert "https://ridge.example/rss.xml" in [place.url for place in places]
    assert [place.kind for place in places[-2:]] == ["sitemap", "sitemap"]
    assert len(places) <= 20
