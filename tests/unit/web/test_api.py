"""The API: pages by cursor, ETags, scopes, and clear answers to wrong questions."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from monitor.app import App
from monitor.web.answers import sealed
from tests.unit.web.visiting import Visitor


def _json(visitor: Visitor, path: str) -> Any:
    shown = visitor.get(f"/api/v1{path}")
    assert shown.status == 200, shown.text
    return json.loads(shown.text)


def test_stories_page_by_page(visitor: Visitor) -> None:
    found: list[str] = []
    cursor = ""
    for _ in range(60):
        page = _json(visitor, f"/stories?limit=3&cursor={quote(cursor)}")
        found += [story["id"] for story in page["stories"]]
        cursor = page["next"] or ""
        if not cursor:
            break
    everything = [story["id"] for story in _json(visitor, "/stories?limit=200")["stories"]]
    assert found == everything
    assert len(set(found)) == len(found) > 5


@pytest.mark.parametrize(
    ("path", "of", "named"),
    [
        ("/items", "items", "id"),
        ("/items?feed=northwire", "items", "id"),
        ("/feeds", "feeds", "name"),
        ("/search?q=drone", "hits", "article"),
        ("/deliveries", "deliveries", "key"),
    ],
)
def test_every_list_comes_in_pages_that_miss_and_repeat_nothing(
    visitor: Visitor, path: str, of: str, named: str
) -> None:
    joint = "&" if "?" in path else "?"
    found: list[str] = []
    cursor = ""
    for _ in range(100):
        page = _json(visitor, f"{path}{joint}limit=2&cursor={quote(cursor)}")
        assert len(page[of]) <= 2
        found += [one[named] for one in page[of]]
        cursor = page["next"]
        if not cursor:
            break
    assert found == [one[named] for one in _json(visitor, f"{path}{joint}limit=200")[of]]
    assert len(set(found)) == len(found) > 0


def test_marks_come_in_pages(app: App, visitor: Visitor) -> None:
    articles = [one["id"] for one in _json(visitor, "/items?limit=5")["items"]]
    with app.store.begin() as shelves:
        for article in articles:
            shelves.marks.put(article, ["air-defence"], relevant=True, at=app.toolbox.now())
    found: list[str] = []
    cursor = ""
    for _ in range(len(articles)):
        page = _json(visitor, f"/marks?limit=2&cursor={quote(cursor)}")
        found += [mark["article"] for mark in page["marks"]]
        cursor = page["next"] or ""
        if not cursor:
            break
    with app.store.begin() as shelves:
        for article in articles:
            shelves.marks.remove(article)
    assert sorted(found) == sorted(articles)


def test_a_story_an_item_and_a_search(visitor: Visitor) -> None:
    first = _json(visitor, "/stories?limit=1")["stories"][0]
    story = _json(visitor, f"/stories/{first['id']}")
    assert story["reports"][0]["text"]
    article = story["reports"][0]["article"]
    assert _json(visitor, f"/items/{article}")[0]["item"]["article"] == article
    hits = _json(visitor, "/search?q=drone&limit=5")["hits"]
    assert 0 < len(hits) <= 5
    assert visitor.get("/api/v1/items/ffffffffffffffff").status == 404


def test_a_list_names_few_reports_of_a_story_and_its_own_address_all_of_them(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.web.answers.IN_LIST", 1)
    told = max(_json(visitor, "/stories?limit=200")["stories"], key=lambda story: story["report_count"])
    assert told["report_count"] > 2
    assert len(told["reports"]) == 1
    assert told["reports"][0]["verdicts"][0].keys() == {"topic", "score", "threshold"}
    assert "text" not in told["reports"][0]
    found, cursor = [], ""
    for _ in range(told["report_count"]):
        page = _json(visitor, f"/stories/{told['id']}?limit=2&cursor={cursor}")
        assert len(page["reports"]) <= 2
        found += page["reports"]
        cursor = page["next"] or ""
        if not cursor:
            break
    assert len({report["article"] for report in found}) == len(found) == told["report_count"]
    assert all(report["text"] for report in found)
    assert any(verdict["evidence"] for report in found for verdict in report["verdicts"])


def test_what_has_not_changed_is_not_sent_again(visitor: Visitor) -> None:
    tag = visitor.get("/api/v1/topics").headers["etag"]
    again = visitor.get("/api/v1/topics", If_None_Match=tag)
    assert (again.status, again.text) == (304, "")


def test_secrets_of_feeds_stay_here(visitor: Visitor) -> None:
    for feed in _json(visitor, "/feeds")["feeds"]:
        shown = {"name", "url", "title", "kind", "language", "country", "tags"}
        assert feed.keys() == shown | {"state", "figures", "health", "matches", "paused"}


def test_the_rest_answers(visitor: Visitor, app: App) -> None:
    assert [topic["name"] for topic in _json(visitor, "/topics")] == [one.name for one in app.toolbox.topics.topics]
    assert _json(visitor, "/deliveries")["counts"]["delivered"] >= 1
    assert _json(visitor, "/coverage?hours=48")["feeds"] == len(app.settings.feeds)
    described = _json(visitor, "/openapi.json")
    assert {"/api/v1/stories", "/api/v1/search", "/api/v1/marks"} <= described["paths"].keys()
    assert not any(path.startswith("/stories") for path in described["paths"])


@pytest.mark.parametrize(
    "path",
    [
        "/stories?limit=0",
        "/stories?limit=many",
        "/stories?since=yesterday",
        "/stories?since=2026-11-23T08:00:00",
        "/stories?cursor=none",
        "/stories/ffffffffffffffff?cursor=none",
        f"/stories/ffffffffffffffff?cursor={sealed(-1)}",
        "/search",
        "/search?q=drone+AND",
        "/coverage?hours=0",
    ],
)
def test_a_wrong_question_is_answered_with_what_is_wrong(visitor: Visitor, path: str) -> None:
    shown = visitor.get(f"/api/v1{path}")
    assert shown.status == 422
    assert json.loads(shown.text)["problem"]
