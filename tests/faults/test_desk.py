"""The desk attacked by its wire: headers split, redirects bent, passwords guessed, sessions planted, paths climbed.

That nothing of a stranger's words runs in a browser is looked at in tests/browser.
"""

import hashlib
import re
import sqlite3
from urllib.parse import unquote

import pytest

from monitor.app import App
from monitor.store import Wanted
from monitor.web import desk
from monitor.web.access import TOKENS, TRIES
from tests.unit.web.conftest import PASSWORD, READER, address, app, shut_address
from tests.unit.web.visiting import Visitor

__all__ = ["address", "app", "shut_address"]

SPLIT = ("%0d%0aSet-Cookie:%20desk=planted", "%0aX-Planted:%201", "%E5%98%8A%E5%98%8DX-Planted:%201", "%00")
ELSEWHERE = ("//evil.example", "/%5Cevil.example", "/%2F%2Fevil.example", "https:evil.example", "%0d%0a//evil.example")
OUTSIDE = (
    "/static/../desk.py",
    "/static/..%2fdesk.py",
    "/static/%2e%2e/%2e%2e/settings/load.py",
    "/static/..%5cdesk.py",
    "/static/....//desk.py",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/deliveries/template/..%2f..%2fmonitor",
    "/deliveries/template/%2fetc%2fpasswd",
    "/feeds/..%2f..%2fmonitor.toml",
    "/api/v1/items/..%2f..%2fmonitor.db",
)


@pytest.mark.parametrize("split", SPLIT)
@pytest.mark.parametrize("path", ["/stories?outlet={}", "/search?q={}", "/stories/{}", "/feeds/{}", "/m/{}", "/{}"])
def test_no_header_is_split(address: str, path: str, split: str) -> None:
    shown = Visitor(address).get(path.format(split))
    assert "x-planted" not in shown.headers
    assert "planted" not in shown.headers.get("set-cookie", "")
    assert shown.status < 500


@pytest.mark.parametrize("place", ELSEWHERE)
def test_no_redirect_leads_elsewhere(address: str, shut_address: str, place: str) -> None:
    for visitor in (Visitor(address), Visitor(shut_address)):
        for path in (place, f"/signin?next={place}", f"/stories?next={place}", f"/static/{place}/.."):
            shown = visitor.get(path if path.startswith("/") else f"/{path}")
            target = shown.headers.get("location", "/")
            assert target.startswith("/"), path
            assert not target.startswith(("//", "/\\")), path
    fields = {"password": PASSWORD, "to": unquote(place)}
    entered = Visitor(shut_address).post("/signin", fields, form_of=f"/signin?to={place}")
    assert (entered.status, entered.headers["location"]) == (303, "/")
    signed = Visitor(address).post("/feeds/%2F%2Fevil.example/pause", {"paused": "yes"})
    assert not signed.headers.get("location", "/").startswith("//")


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out(address: str, path: str) -> None:
    shown = Visitor(address).get(path)
    assert shown.status in (404, 405, 422)
    for secret in ("uvicorn", "root:", "SQLite format", "[web]"):
        assert secret not in shown.text


def test_a_planted_session_is_worth_nothing(shut_address: str) -> None:
    thief = Visitor(shut_address)
    thief.get("/signin")
    planted = thief.cookie
    victim = Visitor(shut_address, cookie=planted)
    entered = victim.post("/signin", {"password": PASSWORD}, form_of="/signin")
    assert entered.status == 303
    assert victim.cookie != planted
    assert victim.get("/stories").status == 200
    assert thief.get("/stories").headers["location"] == "/signin?to=%2Fstories"
    invented = Visitor(shut_address, cookie="desk=made-up.1.1764000000.0000")
    assert invented.get("/stories").headers["location"] == "/signin?to=%2Fstories"


def test_a_token_is_not_guessed_by_a_part_of_it(shut_address: str) -> None:
    for token in (READER[:-1], f"{READER}x", READER.upper(), "", "Bearer"):
        assert Visitor(shut_address).get("/api/v1/topics", Authorization=f"Bearer {token}").status == 401
    assert Visitor(shut_address).get(f"/api/v1/topics?token={READER}").status == 401
    assert Visitor(shut_address).get("/api/v1/topics", Authorization=f"Bearer {READER}").status == 200


def test_looking_at_every_address_changes_nothing(app: App, address: str) -> None:
    visitor = Visitor(address)
    with app.store.read() as shelves:
        story = shelves.browsing.stories(Wanted(), 1)[0][0]
    names = {
        "name": story.id,
        "subscription": app.settings.subscriptions[0].name,
        "template": "digest",
        "work": "0",
        "token": "0",
    }
    visitor.get("/")
    before = _everything(app)
    for path in _readable():
        visitor.get(re.sub(r"{(\w+)(?::\w+)?}", lambda found: names.get(found[1], "0"), path))
        assert _everything(app) == before, path


@pytest.mark.parametrize(
    ("path", "header", "refused"),
    [
        ("/api/v1/topics", "Bearer {}", 401),
        ("/metrics", "Bearer {}", 401),
        ("/feed/{}.atom", "", 404),
        ("/go/{}", "", 404),
    ],
)
def test_a_token_is_not_guessed_for_long(shut_address: str, path: str, header: str, refused: int) -> None:
    guesser = {"X_Forwarded_For": f"203.0.113.{len(path)}"}
    answers = []
    for number in range(TOKENS + 1):
        guess = f"guess-{number}"
        named = {"Authorization": header.format(guess)} if header else {}
        answers.append(Visitor(shut_address).get(path.format(guess), **guesser, **named))
    assert [answer.status for answer in answers] == [refused] * TOKENS + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 300
    right = {"Authorization": f"Bearer {READER}"}
    assert Visitor(shut_address).get("/api/v1/topics", **guesser, **right).status == 429
    assert Visitor(shut_address).get("/api/v1/topics", X_Forwarded_For="198.51.100.1", **right).status == 200


def test_a_token_that_was_taken_back_shuts_nobody_out(shut_address: str) -> None:
    office = {"X_Forwarded_For": "203.0.113.200"}
    for _ in range(TOKENS + 1):
        assert Visitor(shut_address).get("/feed/taken-back.atom", **office).status == 404
        assert Visitor(shut_address).get("/api/v1/topics", Authorization="Bearer old", **office).status == 401
    assert Visitor(shut_address).get("/api/v1/topics", Authorization=f"Bearer {READER}", **office).status == 200


def test_after_too_many_wrong_passwords_not_even_the_right_one_opens(shut_address: str) -> None:
    """The last one here: it shuts the door for minutes."""
    visitor = Visitor(shut_address)
    answers = [visitor.post("/signin", {"password": f"guess {n}"}, form_of="/signin").status for n in range(TRIES + 1)]
    assert answers == [403] * (TRIES - 1) + [429, 429]
    assert Visitor(shut_address).post("/signin", {"password": PASSWORD}, form_of="/signin").status == 429
    elsewhere = Visitor(shut_address, headers={"X-Forwarded-For": "198.51.100.2"})
    assert elsewhere.post("/signin", {"password": PASSWORD}, form_of="/signin").status == 303


def _readable() -> list[str]:
    """Every address that can be looked at."""
    routers = [part.router for part in vars(desk).values() if hasattr(part, "router")]
    routes = [route for router in routers for route in router.routes if "GET" in route.methods]
    assert len(routes) > 30
    return [route.path for route in routes]


def _everything(app: App) -> str:
    """A sum over every row of the archive."""
    digest = hashlib.sha256()
    file = sqlite3.connect(f"file:{app.settings.archive.folder / 'monitor.db'}?mode=ro", uri=True)
    tables = file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%words%'").fetchall()
    for (table,) in tables:
        for row in file.execute(f'SELECT * FROM "{table}"'):
            digest.update(repr(row).encode())
    file.close()
    return digest.hexdigest()
