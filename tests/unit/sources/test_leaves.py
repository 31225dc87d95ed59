"""Documents of a feed's past, with what leads on from them."""

import gzip

import pytest

from monitor.sources.leaves import read_leaf
from monitor.sources.sitemap import MOST_ADDRESSES
from tests.builders import a_feed, a_fresh

FEED = a_feed(url="https://courier.example/feed")
ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0">'
    "<title>C</title><id>x</id><fh:archive/><generator uri='u'>Blogger</generator>{links}"
    '<entry><id>1</id><title>One</title><updated>2026-01-01T00:00:00Z</updated><link href="https://courier.example/1"/>'
    '<link rel="next" href="/not-of-the-feed"/></entry></feed>'
)


def _atom(links: str) -> bytes:
    return ATOM.format(links=links).encode()


def _fresh(body: bytes, **headers: str):  # type: ignore[no-untyped-def]
    return a_fresh(body=body, url="https://courier.example/feed", headers=headers)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (
            '<link rel="prev-archive" href="/2025?a=1&amp;b=2"/>',
            {"prev-archive": "https://courier.example/2025?a=1&b=2"},
        ),
        ("<atom:link href='older' rel='next' />", {"next": "https://courier.example/older"}),
        ('<link rel="self" href="/feed"/>', {}),
    ],
)
def test_links_to_older_documents_are_the_feeds_own(links: str, expected: dict[str, str]) -> None:
    leaf = read_leaf(FEED, _fresh(_atom(links)), "feed")
    assert leaf.links == expected
    assert leaf.generator == "Blogger"
    assert [entry.id for entry in leaf.entries] == ["1"]


def test_a_link_header_and_a_json_feed_lead_on_too() -> None:
    leaf = read_leaf(FEED, _fresh(_atom(""), link='</p2>; rel="next", </x>; rel="hub"'), "feed")
    assert leaf.links == {"next": "https://courier.example/p2"}
    body = (
        b'{"version":"https://jsonfeed.org/version/1.1","title":"C","next_url":"/j2","items":[{"id":"1","url":"/1"}]}'
    )
    assert read_leaf(FEED, _fresh(body), "feed").links == {"next": "https://courier.example/j2"}


def test_a_sitemap_is_read_whole_and_a_lastmod_is_no_publication() -> None:
    body = (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://courier.example/old</loc>'
        b"<lastmod>2019-05-01</lastmod></url><url><loc>https://courier.example/2019/06/02/x</loc></url></urlset>"
    )
    old, dated = read_leaf(FEED, _fresh(gzip.compress(body)), "sitemap").entries
    assert (old.published, f"{old.updated:%Y-%m-%d}") == (None, "2019-05-01")
    assert f"{dated.published:%Y-%m-%d}" == "2019-06-02"
    cut = read_leaf(FEED, _fresh(body[:-20]), "sitemap")
    assert cut.problem == "cut off before its end"


def test_an_index_tells_its_parts() -> None:
    body = b"<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2026-01-02</lastmod></sitemap></sitemapindex>"
    ((place, changed),) = read_leaf(FEED, _fresh(body), "sitemap").parts
    assert place == "https://courier.example/a.xml"
    assert f"{changed:%Y-%m-%d}" == "2026-01-02"


def test_what_cannot_be_read_says_why_and_text_is_text() -> None:
    assert read_leaf(FEED, _fresh(b"<html>sorry</html>"), "feed").problem
    assert read_leaf(FEED, _fresh(b"<html>sorry</html>"), "sitemap").problem == "no sitemap"
    assert read_leaf(FEED, _fresh(b"Sitemap: /x"), "text").text == "Sitemap: /x"


def test_no_address_of_a_sitemap_is_left_out_however_long_it_is() -> None:
    urls = "".join(f"<url><loc>https://courier.example/{number}</loc></url>" for number in range(MOST_ADDRESSES + 5))
    assert len(read_leaf(FEED, _fresh(f"<urlset>{urls}</urlset>".encode()), "sitemap").entries) == MOST_ADDRESSES + 5
