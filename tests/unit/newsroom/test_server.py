"""The newsroom answers over real HTTP on loopback: feeds, conditional requests, gzip, edits, troubles, folders."""

import gzip
import io
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from threading import enumerate as running_threads
from urllib.parse import urlsplit

import feedparser
import pytest

from monitor.newsroom import Newsroom, NewsroomFeed, server

pytestmark = pytest.mark.allow_hosts(["127.0.0.0/8"])

OPENED = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom.open(opened_at=OPENED) as opened:
        yield opened


def get(url: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
    """One GET; header names are given with underscores."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", parts.path or "/", headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def feed_named(newsroom: Newsroom, name: str) -> NewsroomFeed:
    return next(feed for feed in newsroom.feeds if feed.name == name)


def article_named(newsroom: Newsroom, slug: str) -> str:
    return next(url for url in newsroom.truth if slug in url)


def test_feeds_answer_and_requests_are_counted(newsroom: Newsroom) -> None:
    assert {feed.kind for feed in newsroom.feeds} == {"feed", "jsonfeed"}
    assert {feed.country for feed in newsroom.feeds} >= {"UA", "DE", "PL", "RO"}
    assert [get(feed.url)[0] for feed in newsroom.feeds] == [200] * len(newsroom.feeds)
    assert newsroom.requests_served == len(newsroom.feeds)


def test_truth_names_real_addresses(newsroom: Newsroom) -> None:
    assert len(newsroom.truth) >= 44
    statuses = [get(url)[0] for url in newsroom.truth]
    assert sorted(set(statuses)) == [200, 403, 500]
    assert statuses.count(403) == statuses.count(500) == 1


def test_titles_of_the_windows_1251_feed_come_out_right(newsroom: Newsroom) -> None:
    _, headers, body = get(feed_named(newsroom, "naddnipryanskyi-visnyk").url)
    assert headers["Content-Type"] == "application/rss+xml; charset=windows-1251"
    titles = [entry.title for entry in feedparser.parse(io.BytesIO(body)).entries]
    assert "Німеччина передасть Україні ще дві системи IRIS-T і ракети до них" in titles


def test_an_unchanged_feed_answers_304(newsroom: Newsroom) -> None:
    url = feed_named(newsroom, "alliance-ledger").url
    _, headers, _ = get(url)
    for condition in ({"If_None_Match": headers["ETag"]}, {"If_Modified_Since": headers["Last-Modified"]}):
        status, again, body = get(url, **condition)
        assert (status, body) == (304, b"")
        assert again["ETag"] == headers["ETag"]


def test_a_stale_validator_gets_the_feed(newsroom: Newsroom) -> None:
    url = feed_named(newsroom, "alliance-ledger").url
    _, headers, _ = get(url)
    long_ago = format_datetime(OPENED - timedelta(days=30), usegmt=True)
    assert get(url, If_None_Match='W/"other"')[0] == 200
    assert get(url, If_Modified_Since=long_ago)[0] == 200
    # RFC 9110, 13.2.2: a false If-None-Match wins, whatever the date says.
    assert get(url, If_None_Match='"other"', If_Modified_Since=headers["Last-Modified"])[0] == 200


def test_gzip_where_the_client_accepts_it(newsroom: Newsroom) -> None:
    url = feed_named(newsroom, "northwire").url
    _, plain_headers, plain = get(url)
    _, headers, body = get(url, Accept_Encoding="gzip, deflate")
    assert "Content-Encoding" not in plain_headers
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == plain


def test_edits_change_feed_and_page_but_no_other_outlet(newsroom: Newsroom) -> None:
    wire, weekly = feed_named(newsroom, "northwire").url, feed_named(newsroom, "alliance-ledger").url
    page = article_named(newsroom, "karlskoga-lviv-memorandum")
    tags = {url: get(url)[1]["ETag"] for url in (wire, weekly, page)}
    assert b"first 120 missiles" in get(page)[2]
    newsroom.publish_edits()
    assert get(weekly, If_None_Match=tags[weekly])[0] == 304
    status, headers, body = get(wire, If_None_Match=tags[wire])
    assert (status, headers["Last-Modified"]) == (200, "Thu, 05 Mar 2026 14:25:00 GMT")
    assert b"to build 180 missiles" in body
    status, _, body = get(page, If_None_Match=tags[page])
    assert status == 200
    assert b"first 180 missiles" in body


def test_other_addresses_and_robots(newsroom: Newsroom) -> None:
    parts = urlsplit(newsroom.feeds[0].url)
    origin = f"{parts.scheme}://{parts.netloc}"
    assert get(f"{origin}/nothing/here")[0] == 404
    assert get(f"{origin}/robots.txt")[2].startswith(b"User-agent: *")
    assert b"<h1>" in get(f"{origin}/")[2]


def test_one_address_with_prefixes_where_no_other_can_be_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    listen = server._listen

    def only_the_first(host: str, stack: ExitStack) -> socket.socket:
        if host != "127.0.0.1":
            raise OSError(99, "Cannot assign requested address")
        return listen(host, stack)

    monkeypatch.setattr(server, "_listen", only_the_first)
    with Newsroom.open(opened_at=OPENED) as newsroom:
        assert len({urlsplit(feed.url).netloc for feed in newsroom.feeds}) == 1
        assert [get(feed.url)[0] for feed in newsroom.feeds] == [200] * len(newsroom.feeds)
        assert get(article_named(newsroom, "farm-drones-lentils"))[0] == 200
        assert get(f"http://{urlsplit(newsroom.feeds[0].url).netloc}/robots.txt")[0] == 200


def test_closing_ends_the_thread_and_frees_the_address() -> None:
    before = set(running_threads())  # another newsroom may be open for other tests
    with Newsroom.open(opened_at=OPENED) as newsroom:
        url = newsroom.feeds[0].url
        assert get(url)[0] == 200
    assert "newsroom" not in [thread.name for thread in set(running_threads()) - before]
    with pytest.raises(ConnectionRefusedError):
        get(url)


def test_a_folder_of_texts(tmp_path: Path) -> None:
    texts = {
        "one.txt": "# Title: First & foremost\n>Data: 2024-05-06\n\nThe lead of it.\nThe end of it.",
        "two.txt": "A sentence that is the title. And <another> one.",
        "три.txt": "Заголовок\nТекст новини.",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    with Newsroom.open(tmp_path, opened_at=OPENED) as newsroom:
        (feed,) = newsroom.feeds
        entries = feedparser.parse(io.BytesIO(get(feed.url)[2])).entries
        pages = {entry.title: get(entry.link)[2].decode() for entry in entries}
        dates = {entry.title: entry.get("published") for entry in entries}
        newsroom.publish_edits()
        assert get(feed.url)[0] == 200
        assert newsroom.truth == {}
    assert (feed.name, feed.language, feed.country) == ("folder", "", "")
    assert dates == {
        "First & foremost": "Mon, 06 May 2024 00:00:00 GMT",
        "A sentence that is the title. And <another> one.": None,
        "Заголовок": None,
    }
    assert "<p>The lead of it.</p>" in pages["First & foremost"]
    assert "<p>The end of it.</p>" in pages["First & foremost"]
    assert "And &lt;another&gt; one." in pages["A sentence that is the title. And <another> one."]
    assert "<p>Текст новини.</p>" in pages["Заголовок"]


SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="no seed texts beside the project")
def test_the_seed_texts_are_served_whole() -> None:
    with Newsroom.open(SEEDS, opened_at=OPENED) as newsroom:
        entries = feedparser.parse(io.BytesIO(get(newsroom.feeds[0].url)[2])).entries
        pages = [get(entry.link)[2].decode() for entry in entries]
    assert len(entries) == 5
    assert sum("FrankenSAM" in page for page in pages) == 1
    assert {entry.published for entry in entries if "published" in entry} == {
        "Thu, 03 Oct 2024 00:00:00 GMT",
        "Thu, 07 Dec 2023 08:00:00 GMT",
    }
