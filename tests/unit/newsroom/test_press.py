"""What the newsroom prints: feeds that parse, pages in the right charset, troubles as asked for."""

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime

import feedparser
import pytest

from monitor.newsroom.articles import ARTICLES, Edition, Outlet, read_edition
from monitor.newsroom.press import Resource, article_url, http_date, print_outlet, robots

OPENED = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
BASE = "http://press.test"
EDITION = read_edition(ARTICLES, OPENED)


def printed(outlet: Outlet, edition: Edition = EDITION) -> Mapping[str, Resource]:
    return print_outlet(outlet, BASE, (article for article in edition.first if article.outlet == outlet.name), OPENED)


def outlet_named(name: str) -> Outlet:
    return next(outlet for outlet in EDITION.outlets if outlet.name == name)


@pytest.mark.parametrize("outlet", [o for o in EDITION.outlets if o.feed != "jsonfeed"], ids=lambda o: o.name)
def test_feed_lists_every_article_newest_first(outlet: Outlet) -> None:
    feed = printed(outlet)[BASE + outlet.feed_path]
    parsed = feedparser.parse(io.BytesIO(feed.body), response_headers={"content-type": feed.content_type})
    own = {article_url(outlet, BASE, article): article for article in EDITION.first if article.outlet == outlet.name}
    assert not parsed.bozo
    assert parsed.encoding == outlet.charset
    assert parsed.feed.title == outlet.title
    assert parsed.feed.language == outlet.language
    assert {entry.link: entry.title for entry in parsed.entries} == {url: a.title for url, a in own.items()}
    assert {entry.link: entry.summary for entry in parsed.entries} == {url: a.summary for url, a in own.items()}
    times = [entry.get("published_parsed") or entry.updated_parsed for entry in parsed.entries]
    assert times == sorted(times, reverse=True)
    if outlet.full_text:
        contents = {entry.link: entry.content[0].value for entry in parsed.entries}
        assert all(contents[url].count("<p>") == len(article.paragraphs) for url, article in own.items())


def test_json_feed() -> None:
    outlet = outlet_named("hanse-kurier")
    resource = printed(outlet)[BASE + outlet.feed_path]
    feed = json.loads(resource.body)
    assert resource.content_type == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == BASE + outlet.feed_path
    titles = {article.title for article in EDITION.first if article.outlet == outlet.name}
    assert {item["title"] for item in feed["items"]} == titles
    assert all(item["id"] == item["url"] and item["date_published"] and item["authors"] for item in feed["items"])


@pytest.mark.parametrize("outlet", EDITION.outlets, ids=lambda o: o.name)
def test_pages_carry_headline_text_and_the_metadata_of_their_outlet(outlet: Outlet) -> None:
    resources = printed(outlet)
    for article in EDITION.first:
        if article.outlet != outlet.name or article.page not in ("whole", "meta-charset"):
            continue
        page = resources[article_url(outlet, BASE, article)]
        text = page.body.decode(outlet.charset).replace("&#39;", "'").replace("&#34;", '"')
        assert page.status == 200
        assert f'<meta charset="{outlet.charset}">' in text
        assert f">{article.title}</h1>" in text
        assert all(f"<p>{paragraph}</p>" in text for paragraph in article.paragraphs)
        assert ("application/ld+json" in text) == (outlet.metadata == "json-ld")
        assert ("og:title" in text) == (outlet.metadata == "opengraph")
        assert not any(f">{topic}<" in text for topic in article.topics)


def test_json_ld_can_be_read_and_dates_the_article() -> None:
    outlet = outlet_named("northwire")
    article = next(a for a in EDITION.first if a.slug == "karlskoga-lviv-memorandum")
    text = printed(outlet)[article_url(outlet, BASE, article)].body.decode()
    data = json.loads(text.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["headline"] == article.title
    assert article.published is not None
    assert data["datePublished"] == article.published.isoformat()


def test_charset_is_in_the_header_but_for_one_page_only_in_meta() -> None:
    outlet = outlet_named("naddnipryanskyi-visnyk")
    types = [
        printed(outlet)[article_url(outlet, BASE, article)].content_type
        for article in EDITION.first
        if article.outlet == outlet.name
    ]
    assert sorted(set(types)) == ["text/html", "text/html; charset=windows-1251"]
    assert types.count("text/html") == 1


@pytest.mark.parametrize(("state", "status"), [("broken", 500), ("wall", 403)])
def test_a_page_in_trouble_has_nothing_of_the_article(state: str, status: int) -> None:
    article = next(article for article in EDITION.first if article.page == state)
    outlet = outlet_named(article.outlet)
    page = printed(outlet)[article_url(outlet, BASE, article)]
    assert page.status == status
    assert article.title not in page.body.decode(outlet.charset)
    assert article.title in printed(outlet)[BASE + outlet.feed_path].body.decode(outlet.charset)


def test_a_truncated_page_breaks_off_inside_the_last_paragraph() -> None:
    article = next(article for article in EDITION.first if article.page == "truncated")
    outlet = outlet_named(article.outlet)
    text = printed(outlet)[article_url(outlet, BASE, article)].body.decode()
    assert article.paragraphs[-2] in text
    assert article.paragraphs[-1] not in text
    assert text.endswith(article.paragraphs[-1][:20])


def test_equal_bytes_have_equal_validators() -> None:
    outlet = outlet_named("alliance-ledger")
    assert printed(outlet) == printed(outlet)
    etags = [resource.etag for resource in printed(outlet).values()]
    assert len(set(etags)) == len(etags)


def test_robots_and_dates() -> None:
    assert robots(OPENED).body.startswith(b"User-agent: *\n")
    assert http_date(OPENED) == "Thu, 05 Mar 2026 20:00:00 GMT"
