"""What the pages show of a day's news."""

import re

import pytest

from monitor.app import App
from monitor.store import Wanted
from tests.unit.web.visiting import Visitor


def test_today_holds_what_the_next_digest_would(app: App, visitor: Visitor) -> None:
    shown = visitor.get("/").text
    assert "Next digest" in shown
    assert "See it as a mail" in shown
    assert "feeds" in shown


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


@pytest.mark.parametrize("path", ["/stories?since=yesterday", "/stories?after=x", "/stories?told=maybe"])
def test_a_damaged_address_is_explained(visitor: Visitor, path: str) -> None:
    shown = visitor.get(path)
    assert shown.status == 422
    assert "That is not possible" in shown.text


def test_topics_show_their_volume_with_the_numbers_beside(visitor: Visitor) -> None:
    shown = visitor.get("/topics").text
    assert shown.count('<svg class="chart"') == 3
    assert "The numbers" in shown


def test_feeds_and_deliveries(app: App, visitor: Visitor) -> None:
    assert visitor.get("/feeds").text.count('<tr class="rank') == len(app.settings.feeds)
    shown = visitor.get("/deliveries").text
    assert '<span class="role">delivered</span>' in shown


def test_the_mail_is_shown_in_a_sandbox(app: App, visitor: Visitor) -> None:
    name = app.settings.subscriptions[0].name
    shown = visitor.get(f"/deliveries/preview/{name}")
    assert shown.status == 200
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "script-src" not in shown.headers["content-security-policy"]
    assert visitor.get("/deliveries/preview/nobody").status == 404


def test_search_marks_what_was_searched_for(visitor: Visitor) -> None:
    shown = visitor.get("/search?q=drone").text
    assert '<mark title="searched for">' in shown
    assert "Nothing was found" in visitor.get("/search?q=zzzzqqqq").text
    assert visitor.get("/search?q=drone+NEAR/5+coalition").text.count('<article class="line"') > 0
    assert visitor.get("/search?q=drone&page=900").status == 200


def test_a_query_that_is_not_understood_is_explained_where_it_goes_wrong(visitor: Visitor) -> None:
    for query in ("%22unclosed%20(%20NEAR%20*", "drone+AND", "colour:red", "%23no-such-concept"):
        shown = visitor.get(f"/search?q={query}")
        assert shown.status == 200
        assert 'role="alert"' in shown.text
        assert "Nothing was found" not in shown.text
