"""The CDX server's answers: snapshots of feeds and pages, portions, and what is no answer."""

import json
from datetime import UTC, datetime

from monitor.backfill.base import Ask
from monitor.backfill.wayback import Wayback
from monitor.model import Failed, Failure, Leaf, Window
from monitor.sources.addresses import looks_like_an_article
from tests.builders import NOW, a_feed, a_request, an_entry

FEED = a_feed(url="https://courier.example/feed")
SPAN = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
RUNG = Wayback("http://127.0.0.1:8080/", looks_like_an_article)


def _leaf(*rows: list[str]) -> Leaf:
    return Leaf("", text=json.dumps([["timestamp", "original"], *rows]))


def test_both_lists_are_asked_for_within_the_span() -> None:
    feeds, pages = RUNG.begin(FEED, FEED.url, SPAN).asks
    assert feeds.url.startswith(
        "http://127.0.0.1:8080/cdx/search/cdx?url=https%3A%2F%2Fcourier.example%2Ffeed&output=json"
    )
    assert "&from=20260101000000&to=20260201000000&" in feeds.url
    assert "url=courier.example%2F%2A" in pages.url
    assert pages.url.endswith("&filter=mimetype:text/html")
    assert len(RUNG.begin(a_feed(kind="page"), FEED.url, SPAN).asks) == 1


def test_a_snapshot_of_the_feed_brings_entries_and_a_second_address_for_their_pages() -> None:
    feeds, _ = RUNG.begin(FEED, FEED.url, SPAN).asks
    (snapshot,) = RUNG.read(FEED, SPAN, feeds, _leaf(["20260105000000", "https://courier.example/feed"])).asks
    assert (snapshot.url, snapshot.form) == (
        "http://127.0.0.1:8080/web/20260105000000id_/https://courier.example/feed",
        "feed",
    )
    entries = (an_entry(published=datetime(2026, 1, 4, tzinfo=UTC)), an_entry(id="2", published=NOW))
    (found,) = RUNG.read(FEED, SPAN, snapshot, Leaf("", entries)).found
    link = "https://courier.example/news/launchers"
    assert found.pages == (link, f"http://127.0.0.1:8080/web/20260105000000id_/{link}")


def test_articles_are_told_from_other_pages_and_read_from_their_snapshots() -> None:
    _, pages = RUNG.begin(FEED, FEED.url, SPAN).asks
    rows = [
        ["20260105000000", "https://courier.example/2026/01/05/ice-on-the-harbour"],
        ["20260105000000", "https://courier.example/about"],
        ["", "https://courier.example/2026/01/05/no-date"],
    ]
    (found,) = RUNG.read(FEED, SPAN, pages, _leaf(*rows)).found
    assert found.entry.link == rows[0][1]
    assert found.entry.published is None, "the day of the snapshot is not that of the article"
    assert found.pages == (f"http://127.0.0.1:8080/web/20260105000000id_/{rows[0][1]}",)


def test_portions_go_on_with_the_key() -> None:
    feeds, _ = RUNG.begin(FEED, FEED.url, SPAN).asks
    (_, more) = RUNG.read(
        FEED, SPAN, feeds, _leaf(["20260105000000", "https://courier.example/feed"], [], ["a b+1"])
    ).asks
    assert more.url == f"{feeds.url}&resumeKey=a%20b%2B1"
    (again,) = RUNG.read(FEED, SPAN, more, _leaf([], ["c"])).asks
    assert again.url == f"{feeds.url}&resumeKey=c"
    assert RUNG.read(FEED, SPAN, again, Leaf("", text="")).asks == ()


def test_trouble_is_said() -> None:
    feeds, _ = RUNG.begin(FEED, FEED.url, SPAN).asks
    assert "no answer of a CDX server" in RUNG.read(FEED, SPAN, feeds, Leaf("", text="<html>")).problem
    assert "no answer of a CDX server" in RUNG.read(FEED, SPAN, feeds, Leaf("", text="{}")).problem
    assert RUNG.read(FEED, SPAN, feeds, Failed(a_request(), Failure.TIMEOUT, "", NOW)).problem
    assert RUNG.read(FEED, SPAN, Ask("", "feed", 0, "snapshot"), Leaf("", problem="no feed")).problem == "no feed"
