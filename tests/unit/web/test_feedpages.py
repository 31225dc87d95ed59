"""What the pages of the feeds show and do."""

import re
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from monitor.app import App
from monitor.settings.opml import read_opml
from tests.configfolder import kept
from tests.newsserver import Answer, NewsServer
from tests.unit.web.visiting import Visitor

RSS = (
    b"<rss version='2.0'><channel><title>Ridge &amp; Herald</title><item><title>Library</title></item></channel></rss>"
)
HEAD = b'<html><head><link rel="alternate" type="application/rss+xml" href="/main.xml"></head></html>'


@pytest.fixture
def file(app: App) -> Iterator[Path]:
    """feeds.toml, which is put back afterwards."""
    with kept(app, "feeds.toml") as path:
        yield path


def test_every_feed_has_its_line_and_its_page(app: App, visitor: Visitor) -> None:
    shown = visitor.get("/feeds").text
    assert shown.count('<tr class="rank') == len(app.settings.feeds)
    for feed in app.settings.feeds:
        page = visitor.get(f"/feeds/{feed.name}")
        assert page.status == 200
        assert feed.url in page.text
        assert "Health" in page.text
    assert visitor.get("/feeds/nobody").status == 404


def test_feeds_are_filtered_and_come_in_pages(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert visitor.get("/feeds?q=NORTHWIRE").text.count('<tr class="rank') == 1
    assert "No feed is like that" in visitor.get("/feeds?q=nobody").text
    assert "No feed is like that" in visitor.get("/feeds?state=paused").text
    assert visitor.get("/feeds?state=odd").status == 422
    monkeypatch.setattr("monitor.web.feedpages.PAGE", 5)
    seen: list[str] = []
    for page in (1, 2):
        text = visitor.get(f"/feeds?page={page}").text
        assert ("page=2" in text) == (page == 1)
        seen += re.findall(r'scope="row"><a href="/feeds/([\w-]+)"', text)
    assert sorted(seen) == sorted(feed.name for feed in app.settings.feeds)


def test_a_feed_is_paused_and_resumed(app: App, visitor: Visitor) -> None:
    name = app.settings.feeds[0].name
    assert visitor.post(f"/feeds/{name}/pause", {}, form_of="/feeds").status == 303
    assert "Paused" in visitor.get(f"/feeds/{name}").text
    assert "<b>1</b> paused" in visitor.get("/feeds").text
    assert visitor.post(f"/feeds/{name}/pause", {"paused": "no"}, form_of="/feeds").status == 303
    assert "</b> paused" not in visitor.get("/feeds").text
    assert visitor.send(f"/feeds/{name}/pause", {}).status == 403
    assert visitor.post("/feeds/nobody/pause", {}, form_of="/feeds").status == 404


def test_an_address_is_tried_and_its_feed_added(app: App, visitor: Visitor, file: Path) -> None:
    before = file.read_text("utf-8")
    with NewsServer() as site:
        site.put("/", Answer(body=HEAD, headers={"Content-Type": "text/html"}))
        site.put("/main.xml", Answer(body=RSS))
        found = visitor.post("/feeds/find", {"url": site.url("/")}, form_of="/feeds").text
        assert "1 feed found" in found
        assert "Ridge &amp; Herald" in found
        assert file.read_text("utf-8") == before
        new = {"url": site.url("/main.xml"), "kind": "feed", "title": 'Ridge "Herald"\n[[feed]]', "tags": "hill, press"}
        added = visitor.post("/feeds/add", new, form_of="/feeds")
        assert (added.status, added.headers["location"]) == (303, "/feeds?added=ridge-herald-feed")
        assert "ridge-herald-feed" in visitor.get(added.headers["location"]).text
        table = tomllib.loads(file.read_text("utf-8"))["feed"][-1]
        assert (table["title"], table["tags"]) == ('Ridge "Herald"\n[[feed]]', ["hill", "press"])
        assert app.toolbox.feeds["ridge-herald-feed"].url == site.url("/main.xml")
        assert visitor.post("/feeds/add", new, form_of="/feeds").status == 409
        again = visitor.post("/feeds/find", {"url": site.url("/main.xml")}, form_of="/feeds").text
    assert "stands already in feeds.toml" in again


def test_what_is_no_feed_is_said(visitor: Visitor, file: Path) -> None:
    before = file.read_text("utf-8")
    with NewsServer() as site:
        gone = visitor.post("/feeds/find", {"url": site.url("/gone")}, form_of="/feeds").text
        assert "could not be visited" in gone
        site.put("/", Answer(body=b"<html>Nothing</html>", headers={"Content-Type": "text/html"}))
        assert "No feed was found there" in visitor.post("/feeds/find", {"url": site.url("/")}, form_of="/feeds").text
    bad = visitor.post("/feeds/add", {"url": "https://ridge.example/", "kind": "wire"}, form_of="/feeds")
    assert bad.status == 409
    assert "feeds.toml is as it was" in bad.text
    assert file.read_text("utf-8") == before


def test_a_private_address_is_not_visited(visitor: Visitor) -> None:
    shown = visitor.post("/feeds/find", {"url": "http://10.255.0.1/feed"}, form_of="/feeds").text
    assert "could not be visited" in shown
    assert "private" in shown


def _upload(visitor: Visitor, body: bytes) -> tuple[int, str, str]:
    stamp = visitor.get("/feeds").text.partition('name="stamp" value="')[2][:64].partition('"')[0]
    edge = b"----edge"
    parts = [
        b'name="stamp"\r\n\r\n' + stamp.encode(),
        b'name="file"; filename="f.opml"\r\nContent-Type: text/xml\r\n\r\n' + body,
    ]
    form = b"".join(b"--" + edge + b"\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
    kind = {"content-type": f"multipart/form-data; boundary={edge.decode()}"}
    shown = visitor.send_bytes("/feeds/import", form + b"--" + edge + b"--\r\n", kind)
    return shown.status, shown.headers.get("location", ""), shown.text


def test_lists_go_out_and_come_in(app: App, visitor: Visitor, file: Path) -> None:
    out = visitor.get("/feeds/export.opml")
    assert out.headers["content-disposition"] == 'attachment; filename="feeds.opml"'
    assert {feed.url for feed in read_opml(out.text.encode())} == {feed.url for feed in app.settings.feeds}
    status, _, text = _upload(visitor, out.text.encode())
    assert status == 409
    assert "none that could be added" in text
    new = '<?xml version="1.0" encoding="windows-1251"?><opml><body><outline text="Гора" xmlUrl="https://hill.example/rss"/></body></opml>'
    status, where, _ = _upload(visitor, new.encode("windows-1251"))
    assert (status, where) == (303, "/feeds?added=hill-example")
    assert app.toolbox.feeds["hill-example"].title == "Гора"
    assert tomllib.loads(file.read_text("utf-8"))["feed"][-1]["title"] == "Гора"
    assert _upload(visitor, b"<html/>")[0] == 422
    assert quote("hill-example") in visitor.get("/feeds").text


def test_a_long_list_comes_in_and_one_too_long_is_refused_with_a_way(visitor: Visitor, file: Path) -> None:
    outline = '<outline text="Ridge" xmlUrl="https://ridge.example/rss"/>'
    body = f"<opml><body>{outline * 20_000}</body></opml>".encode()
    assert len(body) > 1_000_000
    status, where, text = _upload(visitor, body)
    assert (status, where.partition("&")[0]) == (303, "/feeds?added=ridge"), text
    status, _, text = _upload(visitor, body * 4)
    assert status == 413
    assert "monitor feeds import" in text


def test_feeds_that_are_added_at_once_are_all_added_and_none_twice(app: App, address: str, file: Path) -> None:
    urls = [f"https://summit{number}.example/rss" for number in range(3)] * 2

    def add(url: str) -> int:
        return Visitor(address).post("/feeds/add", {"url": url, "kind": "feed"}, form_of="/feeds").status

    with ThreadPoolExecutor(len(urls)) as many:
        assert sorted(many.map(add, urls)) == [303] * 3 + [409] * 3
    listed = [one["url"] for one in tomllib.loads(file.read_text("utf-8"))["feed"]]
    assert [listed.count(url) for url in urls] == [1] * len(urls)


def test_a_desk_that_may_not_edit_says_so(
    app: App, visitor: Visitor, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.web.room.Room.may_edit", lambda _room, _file: False)
    before = file.read_text("utf-8")
    refused = visitor.post("/feeds/add", {"url": "https://ridge.example/", "kind": "feed"}, form_of="/feeds")
    assert (refused.status, "monitor feeds add" in refused.text) == (403, True)
    assert "may not write feeds.toml" in visitor.get("/feeds").text
    assert file.read_text("utf-8") == before
