"""Sitemaps of all forms as entries."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Entry, FeedPage, Fresh, Unreadable
from monitor.sources.sitemap import MOST_POINTERS, Sitemap
from tests.builders import NOW, a_feed, a_fresh

SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
NEWS = """<url><loc>https://ridge.example/n/1?a=1&amp;b=2</loc><lastmod>2026-11-22T10:00:00Z</lastmod><news:news>
<news:publication><news:name>Ridge</news:name><news:language>uk</news:language></news:publication>
<news:publication_date>2026-11-22T08:00:00+02:00</news:publication_date><news:title>Tom &amp; Ida agree</news:title>
<news:keywords>Sea, Air , Sea</news:keywords></news:news>
<image:image><image:title>Not this</image:title></image:image></url>"""

BOMB = "forbidden XML (entity bomb)"


def visit(body: str | bytes, **more: object) -> Fresh:
    data = body.encode() if isinstance(body, str) else body
    return a_fresh(body=data, url="https://ridge.example/sitemap.xml", headers={}, **more)


def urlset(inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {SPACES}>{inner}</urlset>'


def read(body: str | bytes, **feed: object) -> FeedPage:
    page = Sitemap().read(a_feed(kind="sitemap", **feed), visit(body))
    assert isinstance(page, FeedPage), page
    return page


def place(path: str, changed: str = "") -> str:
    return f"<url><loc>https://ridge.example{path}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>"


def index(*parts: tuple[str, str]) -> str:
    listed = (f"<sitemap><loc>{loc}</loc><lastmod>{changed}</lastmod></sitemap>" for loc, changed in parts)
    return f"<sitemapindex {SPACES}>{''.join(listed)}</sitemapindex>"


def pointers(body: str, since: datetime | None = None) -> tuple[str, ...]:
    return Sitemap().pointers(a_feed(kind="sitemap"), visit(body), since)


def test_a_news_sitemap_says_all_that_a_feed_does() -> None:
    (entry,) = read(urlset(NEWS)).entries
    assert entry == Entry(
        feed="northern-courier",
        id="https://ridge.example/n/1?a=1&b=2",
        link="https://ridge.example/n/1?a=1&b=2",
        title="Tom & Ida agree",
        published=datetime(2026, 11, 22, 6, tzinfo=UTC),
        updated=datetime(2026, 11, 22, 10, tzinfo=UTC),
        language="uk",
        tags=("Sea", "Air"),
    )


def test_the_newest_come_first_and_the_old_not_at_all() -> None:
    body = urlset(
        place("/a", "2026-11-20") + place("/b", "2026-11-22") + place("/old", "2026-10-01") + place("/undated")
        + place("/2026/11/21/c") + place("/2019/01/01/d", "2026-11-22")
    )  # fmt: skip
    assert [entry.link.rpartition("/")[2] for entry in read(body).entries] == ["b", "c", "a", "undated"]


def test_only_links_that_fit_are_entries() -> None:
    body = urlset(place("/news/1") + place("/shop/1"))
    assert [entry.link for entry in read(body, links="/news/").entries] == ["https://ridge.example/news/1"]


@pytest.mark.parametrize(
    "body",
    [
        "https://ridge.example/a\nhttps://ridge.example/b\n",
        "\ufeffhttps://ridge.example/a\r\nhttps://ridge.example/b",
        gzip.compress(urlset(place("/a") + place("/b")).encode()),
        urlset(place("/a") + place("/b")).encode("utf-16"),
        urlset(place("/a") + place("/b")).replace(SPACES, ""),
        urlset(place("/a") + place("/b")).replace("sitemaps.org", "google.com"),
        urlset(place("/a") + place("/b")).replace("<", "<s:").replace("<s:/", "</s:").replace("xmlns=", "xmlns:s=")
        .replace("<s:?", "<?"),
        urlset(place("/a") + place("/b") + "<url><loc>https://ridge.exa").replace("</urlset>", ""),
        f"<rss><channel>{''.join(f'<item><link>https://ridge.example/{one}</link></item>' for one in 'ab')}",
    ],
)  # fmt: skip
def test_every_form_of_a_sitemap(body: str | bytes) -> None:
    assert [entry.link for entry in read(body).entries][:2] == ["https://ridge.example/a", "https://ridge.example/b"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html><title>Gone</title></html>", "no sitemap"),
        ("", "empty body"),
        ("<urlset", "no sitemap"),
        ("hello", "no sitemap"),
        (f'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><urlset {SPACES}>&c;</urlset>', BOMB),
        (f'<!doctype x [<!ENTITY a "{"b" * 199}">]><urlset {SPACES}><url><loc>{"&a;" * 9_999}', BOMB),
        ('<!DOCTYPE html [<!ENTITY a "b">]><html><title>Gone</title></html>', "no sitemap"),
    ],
)
def test_what_is_no_sitemap_is_named(body: str, reason: str) -> None:
    answer = Sitemap().read(a_feed(), visit(body))
    assert isinstance(answer, Unreadable)
    assert answer.reason == reason


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE urlset>",
        '<!DOCTYPE x [<!ENTITY q "z">]>\n<!-- a --><?b?>',
        '<!doctype x SYSTEM "http://ridge.example/d">',
    ],
)
def test_a_harmless_doctype_is_none_of_our_business(doctype: str) -> None:
    body = urlset(place("/a") + place("/&q;")).replace("<urlset", f"{doctype}<urlset")
    assert next(entry.link for entry in read(body).entries) == "https://ridge.example/a"
    assert pointers(index(("/b.xml", "2026-11-22")).replace("<site", f"{doctype}<site", 1)) != ()


def test_an_entity_of_a_sitemap_is_read_and_a_file_is_not() -> None:
    declared = '<!DOCTYPE x [<!ENTITY q "z"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    assert [entry.link for entry in read(declared + urlset(place("/&q;&f;"))).entries] == ["https://ridge.example/z"]


def test_an_index_points_to_its_newest_sitemaps() -> None:
    listed = [(f"/s{number}.xml", f"2026-11-{number:02}") for number in range(8, 23)]
    found = pointers(index(*listed))
    assert found == tuple(f"https://ridge.example/s{number}.xml" for number in range(22, 22 - MOST_POINTERS, -1))
    assert pointers(index(("/old.xml", "2026-01-01"))) == ()
    assert pointers(index(*listed), since=NOW - timedelta(hours=1)) == ("https://ridge.example/s22.xml",)
    assert pointers(urlset(NEWS)) == ()


def test_an_index_without_dates_is_followed_from_its_end_the_news_first() -> None:
    parts = [("/news-map.xml", ""), *((f"/s{number}.xml", "") for number in range(9))]
    found = pointers(index(*parts))
    assert found[:2] == ("https://ridge.example/news-map.xml", "https://ridge.example/s8.xml")
    assert len(found) == MOST_POINTERS


def test_the_parts_of_an_index_are_read_as_one() -> None:
    missing = ("https://ridge.example/gone.xml: too slow",)
    parts = (visit(urlset(NEWS)), visit(urlset(place("/b", "2026-11-23"))), visit(index(("/deeper.xml", ""))))
    page = Sitemap().read(a_feed(), visit(index(("/a.xml", "")), parts=parts, missing=missing))
    assert isinstance(page, FeedPage)
    assert [entry.link[21:] for entry in page.entries] == ["/b", "/n/1?a=1&b=2"]
    assert page.remark.startswith("2 of 4 sitemaps not read: an index within an index")
    alone = Sitemap().read(a_feed(), visit(index(("/a.xml", "")), missing=missing))
    assert alone == Unreadable("no sitemap of the index could be read", missing[0])
    nothing = Sitemap().read(a_feed(), visit(index(("/a.xml", "2026-01-01"))))
    assert isinstance(nothing, FeedPage)
    assert nothing.entries == ()


def test_bare_ampersands_and_letters_of_html_are_read_in_full() -> None:
    (entry,) = read(urlset(NEWS.replace("1&amp;b", "1&b").replace("Tom &amp;", "Tom&nbsp;&"))).entries
    assert (entry.link, entry.title) == ("https://ridge.example/n/1?a=1&b=2", "Tom & Ida agree")


def test_news_whose_prefix_nobody_declared_are_read() -> None:
    (entry,) = read(f"<urlset>{NEWS}</urlset>").entries
    assert (entry.title, entry.language) == ("Tom & Ida agree", "uk")


def test_a_video_has_its_title_and_its_day() -> None:
    video = NEWS.replace("news:", "video:").replace("publication>", "uploader>")
    (entry,) = read(f"<urlset>{video}</urlset>").entries
    assert (entry.title, entry.published) == ("Tom & Ida agree", datetime(2026, 11, 22, 6, tzinfo=UTC))


@pytest.mark.parametrize("rest", ["", "<url><loc>https://ridge.exa", "<url><loc>https://ridge.example/2</loc><last"])
def test_half_an_address_is_none(rest: str) -> None:
    entries = read(f"<urlset>{place('/1')}{rest}").entries
    assert [entry.link for entry in entries] == ["https://ridge.example/1"]
