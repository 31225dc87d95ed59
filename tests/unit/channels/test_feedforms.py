"""Each form is read back by a feed reader, and none carries what XML cannot."""

import json

import feedparser
import pytest

from monitor.channels.feedforms import TYPES, Head, moment_of, plain, written

HEAD = Head("Matches & more", "tag:desk.example,2026:x", "https://desk.example/", "https://desk.example/x.atom")
ITEM = {
    "id": "tag:desk.example,2026:story/1",
    "title": "Two <b>launchers</b> & one radar",
    "content_html": "<p>Said &amp; done</p>",
    "date_published": "2026-11-23T03:00:00+00:00",
    "date_modified": "2026-11-23T04:00:00",
    "tags": ["Air defence"],
    "url": "https://courier.example/1",
}
BARE = {key: ITEM[key] for key in ITEM if key != "url"} | {"id": "tag:desk.example,2026:story/2"}


@pytest.mark.parametrize(("form", "version"), [("atom", "atom10"), ("rss", "rss20")])
def test_readers_understand_it(form: str, version: str) -> None:
    feed = feedparser.parse(written(form, HEAD, [ITEM, BARE]))
    assert not feed.bozo
    assert (feed.version, feed.feed.title, feed.feed.link) == (version, "Matches & more", "https://desk.example/")
    first, second = feed.entries
    assert (first.id, first.link, second.link) == (ITEM["id"], ITEM["url"], "https://desk.example/")
    assert first.published_parsed[:4] == (2026, 11, 23, 3)
    assert first.summary == "<p>Said &amp; done</p>"
    assert [tag.term for tag in first.tags] == ["Air defence"]


def test_json_keeps_the_items_as_they_are() -> None:
    feed = json.loads(written("json", HEAD, [ITEM]))
    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", HEAD.address)
    assert feed["items"] == [ITEM]
    assert "home_page_url" not in json.loads(written("json", Head("x", "y"), []))
    assert TYPES.keys() == {"atom", "rss", "json"}


def test_what_xml_has_no_place_for_goes() -> None:
    assert plain("a\x00b\ud800c\ufffe") == "a b c "
    assert moment_of("2026-11-23T04:00:00") == moment_of("2026-11-23T06:00:00+02:00")


@pytest.mark.parametrize("form", TYPES)
def test_a_feed_without_items_does_not_change(form: str) -> None:
    assert written(form, HEAD, []) == written(form, HEAD, [])
    assert not feedparser.parse(written(form, HEAD, [])).entries
