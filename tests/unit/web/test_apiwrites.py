"""What the API changes, and for whom: marks, stories joined, parted and muted, messages tried again."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.app import App
from monitor.store import Delivery
from tests.unit.web.conftest import READER, WRITER

JSON = {"content-type": "application/json"}


def _ask(address: str, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = json.dumps(body) if body is not None else None
    connection.request(method, f"/api/v1{path}", sent, (JSON if sent else {}) | named)
    answered = connection.getresponse()
    text = answered.read().decode()
    connection.close()
    return answered.status, json.loads(text) if text.startswith(("{", "[")) else text


def _stories(address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _ask(address, "GET", "/stories?limit=200")[1]["stories"]
    return found


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/marks", {"article": "f", "topic": "air-defence", "relevant": True}),
        ("DELETE", "/marks/f/air-defence", None),
        ("POST", "/stories/f/merge", {"other": "e"}),
        ("POST", "/stories/f/split", {"articles": ["e"]}),
        ("POST", "/stories/f/mute", {}),
        ("DELETE", "/stories/f/mute", None),
        ("POST", "/deliveries/retry", {"key": "f"}),
        ("POST", "/deliveries/again", {"key": "f"}),
        ("DELETE", "/searches/f", None),
        ("POST", "/feeds/f/pause", {}),
        ("DELETE", "/feeds/f/pause", None),
    ],
)
def test_only_a_token_with_the_scope_write_changes(
    shut_address: str, address: str, method: str, path: str, body: object
) -> None:
    assert _ask(shut_address, method, path, body)[0] == 401
    assert _ask(shut_address, method, path, body, authorization="Bearer wrong")[0] == 401
    assert _ask(shut_address, method, path, body, authorization=f"Bearer {READER}")[0] == 403
    status, answered = _ask(shut_address, method, path, body, authorization=f"Bearer {WRITER}")
    assert status == 404
    assert answered["problem"]
    assert _ask(address, method, path, body, sec_fetch_site="cross-site")[0] == 403
    if method == "POST":
        assert _ask(address, method, path, body, content_type="text/plain")[0] == 415


def test_a_mark_is_made_read_and_taken_back(address: str) -> None:
    article = _stories(address)[0]["reports"][0]["article"]
    new = {"article": article, "topic": "air-defence", "relevant": False}
    assert _ask(address, "POST", "/marks", new)[0] == 201
    assert _ask(address, "POST", "/marks", new | {"relevant": True})[0] == 201
    (mark,) = (one for one in _ask(address, "GET", "/marks")[1]["marks"] if one["article"] == article)
    assert (mark["topic"], mark["relevant"]) == ("air-defence", True)
    assert _ask(address, "DELETE", f"/marks/{article}/air-defence")[0] == 204
    assert _ask(address, "DELETE", f"/marks/{article}/air-defence")[0] == 404
    assert _ask(address, "POST", "/marks", new | {"topic": "none"})[0] == 404
    assert _ask(address, "POST", "/marks", new | {"more": 1})[0] == 422


def test_stories_are_joined_and_parted(address: str) -> None:
    listed_whole = (story for story in _stories(address) if story["report_count"] == len(story["reports"]))
    first, second = next(listed_whole), next(listed_whole)
    status, answered = _ask(address, "POST", f"/stories/{first['id']}/merge", {"other": second["id"]})
    assert status == 200
    kept = answered["story"]
    assert _ask(address, "POST", f"/stories/{first['id']}/merge", {"other": second["id"]})[0] == 409
    one = _ask(address, "GET", f"/stories/{kept}")[1]
    assert len(one["reports"]) == len(first["reports"]) + len(second["reports"])
    leaving = [report["article"] for report in second["reports"]]
    status, answered = _ask(address, "POST", f"/stories/{kept}/split", {"articles": leaving})
    assert status == 200
    parted = _ask(address, "GET", f"/stories/{answered['story']}")[1]
    assert {report["article"] for report in parted["reports"]} == set(leaving)
    left = [report["article"] for report in first["reports"]]
    rest = next(one for one in _stories(address) if one["reports"][0]["article"] in left)
    assert _ask(address, "POST", f"/stories/{rest['id']}/split", {"articles": left})[0] == 409
    assert _ask(address, "POST", f"/stories/{rest['id']}/split", {"articles": leaving})[0] == 404


def test_a_story_is_muted_and_told_again(address: str) -> None:
    name = _stories(address)[0]["id"]
    assert _ask(address, "POST", f"/stories/{name}/mute", {"subscription": "nobody"})[0] == 404
    assert _ask(address, "POST", f"/stories/{name}/mute", {"subscription": "daily"})[0] == 200
    assert _ask(address, "GET", f"/stories/{name}")[1]["muted"] == ["daily"]
    assert _ask(address, "DELETE", f"/stories/{name}/mute")[0] == 204
    assert _ask(address, "DELETE", f"/stories/{name}/mute")[0] == 404


def test_only_what_was_given_up_is_tried_again(app: App, address: str) -> None:
    with app.store.read() as shelves:
        delivered = next(one.key for one in shelves.browsing.letters(20) if one.state is Delivery.DELIVERED)
    assert _ask(address, "POST", "/deliveries/retry", {"key": delivered})[0] == 404
    assert _ask(address, "POST", "/deliveries/again", {"key": "none"})[0] == 404
    assert _ask(address, "POST", "/deliveries/again", {"key": delivered})[0] == 200
    app.deliver()
    with app.store.read() as shelves:
        assert delivered in [one.key for one in shelves.outbox.receipts()]


def _searches(address: str) -> dict[str, str]:
    return {one["id"]: one["title"] for one in _ask(address, "GET", "/searches")[1]["searches"]}


def test_a_search_is_saved_read_and_forgotten(address: str, shut_address: str) -> None:
    new = {"query": "harbour AND crane", "title": "Cranes", "topic": "air-defence", "language": "en"}
    status, saved = _ask(address, "POST", "/searches", new)
    assert status == 201
    assert {key: saved[key] for key in new} == new
    status, again = _ask(address, "POST", "/searches", new | {"title": "Harbour cranes"})
    assert (status, again["id"], again["title"]) == (201, saved["id"], "Harbour cranes")
    assert _searches(address)[saved["id"]] == "Harbour cranes"
    assert _ask(address, "DELETE", f"/searches/{saved['id']}")[0] == 204
    assert saved["id"] not in _searches(address)
    assert _ask(address, "DELETE", f"/searches/{saved['id']}")[0] == 404
    assert _ask(shut_address, "POST", "/searches", new, authorization=f"Bearer {READER}")[0] == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"query": ""},
        {"query": "\x00"},
        {"query": "harbour AND"},
        {"query": "harbour", "topic": "nothing-of-ours"},
        {"query": "harbour", "limit": 5},
        {"query": "x" * 1001},
    ],
)
def test_a_search_that_can_never_find_is_not_saved(address: str, wrong: dict[str, object]) -> None:
    before = _searches(address)
    status, answered = _ask(address, "POST", "/searches", wrong)
    assert status == 422
    assert answered["problem"]
    assert _searches(address) == before


def test_a_feed_is_paused_and_resumed(address: str, app: App) -> None:
    name = app.settings.feeds[0].name
    status, paused = _ask(address, "POST", f"/feeds/{name}/pause", {})
    assert (status, paused["feed"]) == (200, name)
    assert _ask(address, "POST", f"/feeds/{name}/pause", {})[1] == paused
    shown = {one["name"]: one["paused"] for one in _ask(address, "GET", "/feeds")[1]["feeds"]}
    assert shown[name] == paused["paused"]
    assert _ask(address, "DELETE", f"/feeds/{name}/pause")[0] == 204
    status, answered = _ask(address, "DELETE", f"/feeds/{name}/pause")
    assert (status, answered["problem"]) == (404, f"{name} is not paused")
