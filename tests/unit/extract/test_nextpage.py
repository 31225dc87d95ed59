"""Where an article goes on, and where it only seems to."""

import pytest

from monitor.extract.nextpage import next_page
from tests.builders import a_fresh

STORY = "https://courier.example/news/long-story"


def after(url: str, *hrefs: str) -> str:
    body = "".join(f'<a class="pager" href="{href}">…</a>' for href in hrefs)
    return next_page(a_fresh(url=url, body=f"<html><body>{body}</body></html>".encode()))


@pytest.mark.parametrize(
    ("url", "href", "address"),
    [
        (STORY, "/news/long-story?page=2", f"{STORY}?page=2"),
        (STORY, "?page=2", f"{STORY}?page=2"),
        (f"{STORY}/", "/news/long-story/2/", f"{STORY}/2/"),
        (f"{STORY}/", "/news/long-story/page/2/", f"{STORY}/page/2/"),
        (f"{STORY}.html", "long-story-2.html", f"{STORY}-2.html"),
        (f"{STORY}.html", "long-story,2.html", f"{STORY},2.html"),
        (f"{STORY}.html", "long-story/seite-2", f"{STORY}/seite-2"),
        (f"{STORY}?page=2", "/news/long-story?page=3#text", f"{STORY}?page=3"),
        (f"{STORY}?id=7", "/news/long-story?id=7&amp;page=2", f"{STORY}?id=7&page=2"),
    ],
)
def test_the_same_article_goes_on(url: str, href: str, address: str) -> None:
    assert after(url, "/news/", href, "/news/another-story") == address


@pytest.mark.parametrize(
    ("url", "href"),
    [
        (STORY, "/news/another-story-2"),
        (STORY, "/news?page=2"),
        (STORY, "/news/long-story"),
        (STORY, "/news/long-story?page=3"),
        (STORY, "/news/long-story-20"),
        (STORY, "https://elsewhere.example/news/long-story?page=2"),
        (f"{STORY}?page=2", "/news/long-story?page=1"),
        (STORY, "javascript:next(2)"),
        (STORY, "http://[long-story?page=2"),
        ("https://courier.example/", "?page=2"),
        ("https://courier.example/news/storm-2026", "/news/storm-2"),
    ],
)
def test_other_pages_do_not(url: str, href: str) -> None:
    assert after(url, href) == ""


def test_nothing_is_no_page() -> None:
    assert next_page(a_fresh(url=STORY, body=b"")) == ""
