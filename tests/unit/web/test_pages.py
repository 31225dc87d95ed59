"""What the pages show of a day's news."""

import re
from datetime import timedelta
from threading import Event
from time import monotonic, sleep

import pytest
from msgspec.structs import replace

from monitor.app import App
from monitor.jobs.digest import coming
from monitor.jobs.toolbox import Toolbox
from monitor.model import Correction, Digest, Subscription
from monitor.store import Wanted
from monitor.web.pages import DRAWN_FOR
from tests.builders import a_digest, a_story
from tests.unit.web.visiting import Visitor


def test_today_holds_what_the_next_digest_would(app: App, visitor: Visitor) -> None:
    shown = visitor.get("/").text
    assert "Next digest" in shown
    assert "See it as a mail" in shown
    assert "feeds" in shown


def test_a_coming_digest_is_drawn_once_for_some_seconds_but_anew_after_a_change_made_here(
    app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    now = app.toolbox.now()
    stopped = replace(app.toolbox, now=lambda: now)
    monkeypatch.setattr(app, "toolbox", stopped)

    def counted(toolbox: Toolbox, subscription: Subscription) -> Digest:
        drawn.append(subscription.name)
        return coming(toolbox, subscription)

    monkeypatch.setattr("monitor.web.pages.next_of", counted)
    first = visitor.get("/").text
    assert visitor.get("/").text == first
    assert len(drawn) == 1
    with app.store.begin() as shelves:
        shelves.marks.remove("ffffffffffffffff")
    visitor.get("/")
    assert len(drawn) == 2


def test_today_waits_for_no_drawing_where_an_older_one_is_at_hand_and_says_of_when_it_is(
    app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, now = Event(), [app.toolbox.now()]
    monkeypatch.setattr(app, "toolbox", replace(app.toolbox, now=lambda: now[0]))
    assert "as of" in visitor.get("/").text

    def held_up(toolbox: Toolbox, subscription: Subscription) -> Digest:
        assert free.wait(10)
        return coming(toolbox, subscription)

    monkeypatch.setattr("monitor.web.pages.next_of", held_up)
    now[0] += timedelta(seconds=DRAWN_FOR + 2)
    assert f"{DRAWN_FOR + 2} s ago</time>" in visitor.get("/").text
    free.set()
    until = monotonic() + 10
    while ">now</time>" not in (shown := visitor.get("/").text) and monotonic() < until:
        sleep(0.01)
    assert ">now</time>" in shown


def test_today_says_what_was_corrected(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed = Correction("a" * 16, "Plains Courier", "Told so", "Said so now", ())
    wrong = a_digest(stories=(a_story(corrections=(fixed,)),))
    monkeypatch.setattr("monitor.web.pages.next_of", lambda *_: wrong)
    with app.store.begin() as shelves:  # so that it is drawn anew
        shelves.marks.remove("ffffffffffffffff")
    shown = visitor.get("/").text
    with app.store.begin() as shelves:
        shelves.marks.remove("ffffffffffffffff")
    assert "Correction: Plains Courier: “Told so” → “Said so now”" in shown


def test_today_says_when_nothing_reads_the_feeds(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No feed is being read" not in visitor.get("/").text
    monkeypatch.setattr("monitor.web.pages.ailing", lambda _beat, _now, *, held: "last success 2 d ago")
    assert "No feed is being read: last success 2 d ago. <code>monitor run</code>" in visitor.get("/").text


def test_stories_are_filtered_and_come_in_pages(app: App, visitor: Visitor) -> None:
    everything = visitor.get("/stories").text
    assert everything.count('<article class="line"') > 5
    ukrainian = visitor.get("/stories?language=uk").text
    assert 0 < ukrainian.count('<article class="line"') < everything.count('<article class="line"')
    assert "No story is like that" in visitor.get("/stories?outlet=nobody").text
    assert "No story is like that" in visitor.get("/stories?since=2100-01-01").text
    assert "No story is like that" in visitor.get("/stories?until=2000-01-01").text
    assert visitor.get("/stories?topic=air-defence&told=no&since=2020-01-01&until=2100-01-01").status == 200


def test_each_story_is_on_one_page_only(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.pages.PAGE", 4)
    seen: list[str] = []
    path = "/stories"
    for _ in range(40):
        shown = visitor.get(path).text
        seen += re.findall(r'<a href="/stories/([0-9a-f]{16})"', shown)
        following = re.search(r'rel="next" href="([^"]+)"', shown)
        if following is None:
            break
        path = following[1].replace("&amp;", "&")
    with app.store.read() as shelves:
        stories, _ = shelves.browsing.stories(Wanted(), 500)
    assert sorted(seen) == sorted(story.id for story in stories)


@pytest.mark.parametrize(
    "path",
    [
        "/stories?since=yesterday",
        "/stories?since=0001-01-01",
        "/stories?until=9999-12-31",
        "/stories?after=x",
        "/stories?told=maybe",
    ],
)
def test_a_damaged_address_is_explained(visitor: Visitor, path: str) -> None:
    shown = visitor.get(path)
    assert shown.status == 422
    assert "That is not possible" in shown.text


@pytest.mark.parametrize(
    ("path", "words", "room"),
    [
        ("/stories/ffffffffffffffff", "There is no story ffffffffffffffff.", '<a href="/stories">To Stories</a>'),
        ("/lab?topic=nothing", "topics.toml has no topic nothing", '<a href="/topics">To Topics</a>'),
        ("/nowhere", "There is no page at this address.", '<a href="/">To Today</a>'),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence_with_the_way_back(
    visitor: Visitor, path: str, words: str, room: str
) -> None:
    shown = visitor.get(path)
    assert shown.status == 404
    assert "<h1>Not found</h1>" in shown.text
    assert words in shown.text
    assert room in shown.text


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "9999-12-31"])
def test_a_day_that_is_none_is_explained(visitor: Visitor, day: str) -> None:
    shown = visitor.get(f"/stories?until={day}")
    assert shown.status == 422
    assert "Until is no day" in shown.text
