"""The desk as a whole: it opens, it closes, its mistakes are said clearly, and hostile headlines stay words."""

import json
import socket
from html import escape

import pytest
from msgspec.structs import replace

from monitor.app import App
from monitor.errors import ConfigError
from monitor.listener import ListenError
from monitor.model import Opens
from monitor.store import Fate, Outcome
from monitor.stories.fingerprint import fingerprint
from monitor.web.desk import names_of, serving
from tests.builders import a_verdict, an_article, an_entry
from tests.unit.web.visiting import Visitor

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "'-alert(1)-'",
    "</title><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>go</a>",
    "\u202e<b>reversed</b>",
    "<!--><script>alert(1)</script>-->",
    "<math><mtext></table><img src=x onerror=alert(1)>",
]


def test_who_connects_and_asks_nothing_is_let_go(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.desk.HEAD_WITHIN", 0.3)
    with serving(app) as address:
        host, _, port = address.removeprefix("http://").partition(":")
        for said in (b"", b"GET / HTTP/1.1\r\nHost: 127"):
            with socket.create_connection((host, int(port)), timeout=10) as idle:
                idle.sendall(said)
                assert idle.recv(1) == b""
        with socket.create_connection((host, int(port)), timeout=10) as asking:
            asking.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert asking.recv(12) == b"HTTP/1.1 200"


def test_a_place_that_is_taken_is_named(app: App) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        settings = replace(app.settings, web=app.settings.web.model_copy(update={"listen": place}))
        with pytest.raises(ListenError, match=f"cannot listen on {place}"), serving(_other(app, settings)):
            pass


def test_it_does_not_open_to_others_without_a_password(app: App) -> None:
    settings = replace(app.settings, web=app.settings.web.model_copy(update={"listen": "0.0.0.0:0"}))
    with pytest.raises(ConfigError, match="can be reached by others"), serving(_other(app, settings)):
        pass


def test_the_name_in_mailed_links_is_answered_to_where_a_password_guards_it(app: App) -> None:
    mailed = app.settings.digest.model_copy(update={"desk_url": "https://Desk.Example"})
    open_ = replace(app.settings, digest=mailed)
    guarded = replace(open_, web=app.settings.web.model_copy(update={"password": "$argon2id$x"}))
    assert "desk.example" not in names_of(open_)
    assert {"desk.example", "localhost"} <= set(names_of(guarded))
    outward = replace(guarded, web=guarded.web.model_copy(update={"listen": "10.0.0.5:80"}))
    assert names_of(outward) == ()
    named = replace(outward, web=outward.web.model_copy(update={"hosts": ("other.example",)}))
    assert names_of(named) == ("other.example", "desk.example", "10.0.0.5")


def test_it_closes_with_its_context(app: App) -> None:
    with serving(app) as address:
        visitor = Visitor(address)
        assert visitor.get("/health/live").status == 200
    with pytest.raises(OSError, match="refused"):
        visitor.get("/health/live")


def test_what_is_not_there_is_said_on_a_page(visitor: Visitor) -> None:
    shown = visitor.get("/stories/ffffffffffffffff")
    assert shown.status == 404
    assert "There is no story ffffffffffffffff" in shown.text
    assert visitor.get("/nowhere").status == 404
    assert visitor.get("/api/v1/nowhere").headers["content-type"] == "application/json"


def test_a_bug_is_owned_up_to_and_its_answer_is_guarded_too(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.get("/stories")
    monkeypatch.delattr("monitor.web.pages.line_of")
    for shown in (visitor.get("/stories"), visitor.get("/stories", Accept="text/html")):
        assert shown.status == 500
        assert "a bug of the program; the log has more" in shown.text
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert shown.headers["cache-control"] == "no-store"
    monkeypatch.delattr("monitor.web.api.as_dict")
    assert "a bug of the program" in json.loads(visitor.get("/api/v1/topics").text)["problem"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(app: App, visitor: Visitor, words: str) -> None:
    story = _keep(app, words)
    for page in (f"/stories/{story}", "/stories", "/search?q=alert", "/", f"/stories?outlet={'%3Cscript%3E'}"):
        shown = visitor.get(page)
        assert shown.status == 200
        assert "<script>alert" not in shown.text
        assert "<img" not in shown.text
        assert "<iframe" not in shown.text
        assert 'href="javascript:' not in shown.text
        assert "<svg/" not in shown.text
    assert (
        escape(words, quote=False).replace("'", "&#39;").replace('"', "&#34;") in visitor.get(f"/stories/{story}").text
    )


def _other(app: App, settings: object) -> App:
    """The same app with other settings."""
    other: App = object.__new__(App)
    other.__dict__.update(app.__dict__ | {"settings": settings})
    return other


def _keep(app: App, words: str) -> str:
    """An article whose every text is hostile, in a story of its own; the story's id."""
    now = app.toolbox.now()
    name = f"{abs(hash(words)):016x}"[:16]
    entry = an_entry(title=words, link=f"https://hostile.example/{name}", authors=(words,))
    article = an_article(
        id=name, entry=entry, title=words, text=f"{words}\n{words} alert", url="javascript:alert(1)", found_at=now
    )
    verdict = a_verdict(topic="air-defence", passage=words, evidence=())
    with app.store.begin() as shelves:
        if not shelves.articles.with_ids([name]):
            outcome = Outcome("hostile", name, entry, "hash", name, Fate.MATCHED, words, now)
            shelves.articles.add(article, "hash", [verdict])
            shelves.articles.remember(outcome)
            shelves.stories.place(name, words, Opens(name, words), fingerprint(words, article.text, article.url), now)
    return name
