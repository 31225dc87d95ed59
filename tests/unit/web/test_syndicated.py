"""Feeds for readers: found by their secret alone, and gone when it is taken back."""

import html
import json
import re
from collections.abc import Iterator

import feedparser
import pytest

from monitor.app import App
from tests.unit.web.visiting import Visitor


@pytest.fixture(autouse=True)
def _nothing_is_left(app: App) -> Iterator[None]:
    yield
    with app.store.begin() as shelves:
        for subject in shelves.saved.tokens():
            shelves.saved.close(subject)
        for one in shelves.saved.searches():
            shelves.saved.remove(one.id)


def _give(visitor: Visitor, subject: str, **more: str) -> int:
    return visitor.post("/feed-address", {"subject": subject, **more}).status


def _places(visitor: Visitor, page: str) -> list[str]:
    return re.findall(r'href="(/feed/[\w-]+\.\w+)"', visitor.get(page).text)


@pytest.mark.parametrize(("form", "version"), [("atom", "atom10"), ("rss", "rss20")])
def test_a_topic_is_read_as_a_feed(app: App, visitor: Visitor, form: str, version: str) -> None:
    assert _give(visitor, "topic:air-defence") == 303
    place = next(one for one in _places(visitor, "/topics/air-defence") if one.endswith(form))
    answer = Visitor(visitor.address).get(place)
    feed = feedparser.parse(answer.text)
    assert not feed.bozo
    assert (answer.status, feed.version, feed.feed.title) == (200, version, "Air defence for Ukraine")
    assert len(feed.entries) > 3
    assert all(entry.link.startswith("http") and "Reported by" in entry.summary for entry in feed.entries)
    assert "set-cookie" not in answer.headers
    again = visitor.get(place, If_None_Match=answer.headers["etag"])
    assert (again.status, again.text) == (304, "")


def test_a_topic_shows_what_speaks_for_it_and_not_for_another(app: App, visitor: Visitor) -> None:
    several = 0
    for topic in app.toolbox.topics.topics:
        _give(visitor, f"topic:{topic.name}")
        place = next(one for one in _places(visitor, f"/topics/{topic.name}") if one.endswith("json"))
        for item in json.loads(visitor.get(place).text)["items"]:
            with app.store.read() as shelves:
                story = shelves.stories.get(item["id"].rpartition("/")[2])
            assert story is not None
            (passage,) = (one.passage for one in story.verdicts if one.topic == topic.name)
            assert item["content_html"].startswith(f"<p>{html.escape(passage)}</p>")
            several += len({one.passage for one in story.verdicts}) > 1
    assert several


def test_an_address_is_renewed_and_taken_back(visitor: Visitor) -> None:
    assert _places(visitor, "/topics/air-defence") == []
    _give(visitor, "topic:air-defence")
    first = _places(visitor, "/topics/air-defence")[0]
    _give(visitor, "topic:air-defence")
    second = _places(visitor, "/topics/air-defence")[0]
    assert first != second
    assert (visitor.get(first).status, visitor.get(second).status) == (404, 200)
    _give(visitor, "topic:air-defence", close="yes")
    assert visitor.get(second).status == 404
    assert visitor.get("/feed/.atom").status == 404
    assert visitor.get("/feed/x.pdf").status in (404, 422)


def test_a_saved_search_is_read_newest_first(app: App, visitor: Visitor) -> None:
    saved = visitor.post("/searches", {"q": "drone OR radar", "title": "Drones & radars"})
    assert (saved.status, saved.headers["location"]) == (303, "/search?q=drone+OR+radar&topic=&language=#saved")
    with app.store.read() as shelves:
        (one,) = shelves.saved.searches()
    _give(visitor, f"search:{one.id}")
    place = next(one for one in _places(visitor, "/search") if one.endswith("json"))
    feed = json.loads(visitor.get(place).text)
    assert feed["title"] == "Drones & radars"
    assert len(feed["items"]) > 3
    found = [item["date_modified"] for item in feed["items"]]
    assert found == sorted(found, reverse=True)
    assert visitor.post(f"/searches/{one.id}/remove", {}).status == 303
    assert visitor.get(place).status == 404


def test_the_password_is_not_asked_of_readers_but_all_else_is(app: App, shut_address: str) -> None:
    stranger = Visitor(shut_address)
    assert stranger.get("/feed/guess.atom").status == 404
    assert stranger.get("/feeds").status == 303
    assert stranger.get("/feed/../feeds").status in (303, 404)


def test_only_what_there_is_has_an_address(visitor: Visitor) -> None:
    for subject in ("topic:none", "search:none", "feed:northwire", "", "topic:"):
        assert _give(visitor, subject) == 404
    assert visitor.send("/feed-address", {"subject": "topic:air-defence"}).status == 403
