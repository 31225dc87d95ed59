"""Deliveries: how far each got, as it was made, sent again; what is due next and what templates make of it."""

import json
import re

import pytest
from msgspec.structs import replace

from monitor.app import App
from monitor.store import Delivery, Letter
from tests.unit.web.visiting import Visitor


def _last(app: App) -> Letter:
    with app.store.read() as shelves:
        return shelves.browsing.letters(1)[0]


def test_deliveries_say_how_far_each_got(app: App, visitor: Visitor) -> None:
    page = visitor.get("/deliveries").text
    assert '<span class="role">delivered</span>' in page
    assert "written to" in page
    assert f"/deliveries/message?key={_last(app).key.replace('@', '%40').replace(':', '%3A')}" in page


@pytest.mark.parametrize("place", ["preview/{subscription}?", "template/digest?", "message?key={key}&"])
def test_each_form_of_a_message_can_be_seen_and_none_may_do_anything(app: App, visitor: Visitor, place: str) -> None:
    address = "/deliveries/" + place.format(subscription=app.settings.subscriptions[0].name, key=_last(app).key)
    mail = visitor.get(f"{address}part=html")
    assert mail.status == 200
    assert "<html" in mail.text
    policy = mail.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    text, slack, data = (visitor.get(f"{address}part={part}") for part in ("text", "slack", "data"))
    assert text.text.startswith("Subject: ")
    assert '"blocks"' in slack.text
    assert json.loads(data.text)
    for shown in (text, slack, data):
        assert shown.headers["content-type"].startswith("text/plain")
        assert "default-src 'none'" in shown.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["preview/nobody", "template/nobody", "template/..%2Fmonitor", "message?key=none"])
def test_what_is_not_there_is_said(visitor: Visitor, path: str) -> None:
    assert visitor.get(f"/deliveries/{path}").status == 404
    assert visitor.get("/deliveries/message?key=none&part=exe").status == 422


def test_an_own_template_is_listed_and_a_broken_one_is_explained(app: App, visitor: Visitor) -> None:
    folder = app.settings.templates
    folder.mkdir(exist_ok=True)
    files = [folder / "short.html.j2", folder / "short.txt.j2"]
    try:
        for file in files:
            file.write_text("{{ digest.title }}: {{ digest.summary }}")
        assert "<code>short</code>" in visitor.get("/deliveries").text
        assert "Subject: " in visitor.get("/deliveries/template/short?part=text").text
        files[0].write_text("{% if %}")
        broken = visitor.get("/deliveries/template/short")
        assert broken.status == 409
        assert "short.html.j2, line 1" in broken.text
    finally:
        for file in files:
            file.unlink(missing_ok=True)


def test_a_delivered_message_is_sent_again_only_when_somebody_says_so(app: App, visitor: Visitor) -> None:
    letter = _last(app)
    assert letter.state is Delivery.DELIVERED
    assert visitor.get("/deliveries/again").status == 405
    assert visitor.send("/deliveries/again", {"key": letter.key}).status == 403
    assert visitor.post("/deliveries/again", {"key": "none"}, form_of="/deliveries").status == 409
    assert visitor.post("/deliveries/again", {"key": letter.key}, form_of="/deliveries").status == 303
    assert _last(app).state is Delivery.WAITING
    assert "in the outbox" in visitor.get("/deliveries").text
    app.deliver()
    again = _last(app)
    assert (again.key, again.state) == (letter.key, Delivery.DELIVERED)
    assert "written to" in again.detail


def test_deliveries_come_in_pages(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _last(app)
    with app.store.begin() as shelves:
        message = shelves.outbox.message(first.key)
        assert message is not None
        assert shelves.outbox.put_notice(replace(message, key="another@desk", created_at=app.toolbox.now()))
        shelves.outbox.refuse("another@desk", "550 no such user", app.toolbox.now())
    monkeypatch.setattr("monitor.web.deliverypages.LETTERS", 1)
    page = visitor.get("/deliveries").text
    assert "550 no such user" in page
    assert first.key not in page
    following = re.search(r'href="(/deliveries\?after=[^"]+)"', page)
    assert following
    earlier = visitor.get(following[1]).text
    assert first.key in earlier
    assert "another@desk" not in earlier
