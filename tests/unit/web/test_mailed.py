"""Links in mails: looking changes nothing, a click does one thing, and it can be taken back."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from time import sleep
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from monitor.app import App
from monitor.digests.oneclick import PATH, Act, Wish, token_of
from monitor.model import Story
from monitor.store import Wanted, read_key
from tests.fakes import RecordingChannel
from tests.unit.web.visiting import Visitor

ONE, TWO = "one@example.org", "two@example.org"


def _link(app: App, act: Act, subject: str = "", topic: str = "", *, days: float = 1) -> str:
    key = read_key(app.settings.archive.folder)
    wish = Wish(act, app.toolbox.subscriptions[0].name, subject, topic)
    return PATH + token_of(key, wish, app.toolbox.now() + timedelta(days=days))


def _story(app: App) -> Story:
    with app.store.read() as shelves:
        (story,), _ = shelves.browsing.stories(Wanted(), 1)
    return story


def _undo(page: str) -> str:
    found = re.search(rf'action="({PATH}[^"]+)"', page)
    assert found is not None
    return found[1]


@contextmanager
def _sent_to(app: App, *targets: str) -> Iterator[None]:
    """Meanwhile the digest goes to these addresses."""
    before, channel = app.toolbox, RecordingChannel()
    channel.parts = targets
    app.toolbox = replace(before, channels={app.toolbox.subscriptions[0].channel: channel})
    try:
        yield
    finally:
        app.toolbox = before


@pytest.mark.parametrize(("act", "relevant"), [(Act.RELEVANT, True), (Act.IRRELEVANT, False)])
def test_an_article_is_marked_and_the_mark_taken_back(
    app: App, shut_address: str, visitor: Visitor, act: Act, relevant: bool
) -> None:
    article = _story(app).reports[0].article
    link = _link(app, act, article.id, "air-defence")
    asked = visitor.get(link)
    assert asked.status == 200
    assert "for Air defence for Ukraine?" in asked.text
    with app.store.read() as shelves:
        assert shelves.marks.of(article.id) == []
    done = visitor.send(link, {})
    assert (done.status, "Marked as" in done.text) == (200, True)
    with app.store.read() as shelves:
        assert [one.relevant for one in shelves.marks.of(article.id)] == [relevant]
    assert "taken back" in visitor.send(_undo(done.text), {}).text
    with app.store.read() as shelves:
        assert shelves.marks.of(article.id) == []


def test_a_story_is_muted_for_the_subscription_that_told_it(app: App, visitor: Visitor) -> None:
    story, name = _story(app).id, app.toolbox.subscriptions[0].name
    done = visitor.send(_link(app, Act.MUTE, story), {})
    with app.store.read() as shelves:
        assert [(one.story, one.subscription) for one in shelves.wishes.muted()] == [(story, name)]
    visitor.send(_undo(done.text), {})
    with app.store.read() as shelves:
        assert shelves.wishes.muted() == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=x",
            '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
        ),
    ],
)
def test_a_mail_program_unsubscribes_by_itself(app: App, address: str, visitor: Visitor, kind: str, body: str) -> None:
    link = _link(app, Act.UNSUBSCRIBE)
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    headers = {"content-type": kind, "sec-fetch-site": "cross-site", "origin": "https://mail.example"}
    connection.request("POST", link, body, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    assert (answer.status, answer.getheader("set-cookie")) == (200, None)
    assert "is sent no more" in page
    name = app.toolbox.subscriptions[0].name
    with app.store.read() as shelves:
        assert [one.target for one in shelves.wishes.left(name)] == [""]
    assert "Unsubscribed" in visitor.get("/deliveries").text
    assert "Subscribed again" in visitor.send(_undo(page), {}).text
    with app.store.read() as shelves:
        assert shelves.wishes.left() == []


def test_of_several_recipients_the_one_who_leaves_is_asked_for(app: App, visitor: Visitor) -> None:
    link, name = _link(app, Act.UNSUBSCRIBE), app.toolbox.subscriptions[0].name
    with _sent_to(app, ONE, TWO):
        assert ONE in visitor.get(link).text
        assert visitor.send(link, {"List-Unsubscribe": "One-Click"}).status == 422
        assert visitor.send(link, {"target": "stranger@example.org"}).status == 422
        done = visitor.send(link, {"target": TWO})
        with app.store.read() as shelves:
            assert [one.target for one in shelves.wishes.left(name)] == [TWO]
        undo = {"target": TWO}
        assert visitor.send(_undo(done.text), undo).status == 200
        with app.store.read() as shelves:
            assert shelves.wishes.left() == []


def test_a_link_needs_no_password_and_opens_nothing_else(app: App, shut_address: str) -> None:
    visitor = Visitor(shut_address)
    assert visitor.get(f"{PATH}r~daily~x~y~zzzz.abc").status == 404
    assert visitor.get("/stories").status == 303


def test_what_is_not_ours_too_old_or_gone_is_said(app: App, visitor: Visitor) -> None:
    assert visitor.get(_link(app, Act.UNSUBSCRIBE, days=-1)).status == 410
    assert visitor.send(_link(app, Act.UNSUBSCRIBE, days=-1), {}).status == 410
    assert visitor.get(_link(app, Act.MUTE, "ffffffffffffffff")).status == 410
    assert visitor.send(_link(app, Act.RELEVANT, "ffffffffffffffff", "air-defence"), {}).status == 410
    assert visitor.send(_link(app, Act.UNSUBSCRIBE)[:-1], {}).status == 404
    assert visitor.send(_link(app, Act.UNSUBSCRIBE), {"x": "y" * 20_000}).status == 413
    with app.store.read() as shelves:
        assert shelves.wishes.left() == []


def test_a_link_that_waits_for_the_archive_holds_up_nobody_else(app: App, address: str, visitor: Visitor) -> None:
    link = _link(app, Act.MUTE, _story(app).id)
    with ThreadPoolExecutor(1) as beside:
        with app.store.begin():
            clicked = beside.submit(Visitor(address).send, link, {})
            sleep(0.3)
            assert visitor.get("/health/live").status == 200
            assert not clicked.done()
        assert clicked.result(30).status == 200
    assert visitor.send(_undo(clicked.result().text), {}).status == 200
