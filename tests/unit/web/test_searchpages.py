"""What the page that searches shows."""

import re
from urllib.parse import quote

import pytest

from monitor.app import App
from monitor.store import Wanted
from monitor.web.searchpages import EXAMPLES
from tests.unit.web.conftest import PASSWORD
from tests.unit.web.visiting import Visitor


def test_search_marks_what_was_searched_for(visitor: Visitor) -> None:
    shown = visitor.get("/search?q=drone").text
    assert '<mark title="searched for">' in shown
    assert "Nothing was found" in visitor.get("/search?q=zzzzqqqq").text
    assert visitor.get("/search?q=drone+NEAR/5+coalition").text.count('<article class="line" id="') > 0
    assert visitor.get("/search?q=drone&page=900").status == 200


def test_of_an_empty_archive_fewer_words_are_not_asked_for(shut_address: str) -> None:
    visitor = Visitor(shut_address)
    visitor.post("/signin", {"password": PASSWORD}, form_of="/signin")
    shown = visitor.get("/search?q=drone").text
    assert "The archive holds no article yet" in shown
    assert "Fewer words" not in shown
    assert "No feed is being read: no round was made on this archive yet." in visitor.get("/").text


def test_what_matches_nothing_is_read_and_marked_where_it_was_found(app: App, visitor: Visitor) -> None:
    page = "/search?q=lentil"
    shown = visitor.get(page).text
    assert "matches no topic" in shown
    assert "read at the outlet" in shown
    (article,) = re.findall(r'<article class="line" id="([0-9a-f]+)"', shown)
    fields = {"topic": "air-defence", "relevant": "yes", "to": page}
    assert f'name="to" value="{page}"' in shown
    assert 'aria-pressed="true"' not in shown
    assert visitor.post(f"/articles/{article}/mark", fields).headers["location"] == f"{page}#{article}"
    assert 'aria-pressed="true"' in visitor.get(page).text
    elsewhere = visitor.post(f"/articles/{article}/mark", fields | {"relevant": "", "to": "//evil.example/"})
    assert elsewhere.headers["location"] == f"/#{article}"
    assert 'aria-pressed="true"' not in visitor.get(page).text


def test_an_address_is_answered_with_what_became_of_it(app: App, visitor: Visitor) -> None:
    found = visitor.get("/search?q=lentil").text
    (why,) = re.findall(r'href="(/search\?q=http[^"]+)">why not', found)
    shown = visitor.get(why).text
    assert "Drones take over spraying on lentil" in shown
    assert re.search(r"judged ✗</th><td dir=.auto.>air-defence 0\.\d\d of 0\.41", shown)
    assert "no topic matched: nearest was" in shown
    assert visitor.get(why.replace("?", "/check?")).text.strip() == ""  # which is no mistake of a query
    unknown = visitor.get("/search?q=https://elsewhere.example/1").text
    assert "It was never seen in any feed read so far" in unknown
    assert "<code>monitor feeds add elsewhere.example</code>" in unknown


def test_of_a_match_the_story_is_a_link_away(app: App, visitor: Visitor) -> None:
    with app.store.read() as shelves:
        stories, _ = shelves.browsing.stories(Wanted(), 100)
    story, report = next(
        (story, one.article)
        for story in stories
        for one in story.reports
        if one.article.url.endswith("/canada-interceptor-drones/")
    )
    shown = visitor.get(f"/search?q={quote(report.url)}").text
    assert f'href="/stories/{story.id}?whole={report.id}#{report.id}"' in shown
    assert "judged ✓" in shown


def test_a_query_that_is_not_understood_is_explained_where_it_goes_wrong(visitor: Visitor) -> None:
    for query in ("%22unclosed%20(%20NEAR%20*", "drone+AND", "colour:red", "%23no-such-concept"):
        shown = visitor.get(f"/search?q={query}")
        assert shown.status == 200
        assert '<p class="warning">' in shown.text
        assert "Nothing was found" not in shown.text


def test_a_query_is_checked_while_it_is_typed_and_nothing_is_searched(visitor: Visitor) -> None:
    wrong = visitor.get("/search/check?q=drone+AND").text
    assert '<p class="warning">' in wrong
    assert "<html" not in wrong
    assert visitor.get("/search/check?q=drone").text.strip() == ""
    assert visitor.get("/search/check").text.strip() == ""


def test_the_examples_are_understood(app: App, visitor: Visitor) -> None:
    shown = visitor.get("/search").text
    for query, _ in EXAMPLES:
        assert f'href="/search?q={quote(query, safe="/")}"' in shown
        assert visitor.get(f"/search/check?q={quote(query)}").text.strip() == "", query


def test_a_search_is_saved_listed_made_a_topic_and_forgotten(app: App, visitor: Visitor) -> None:
    asked = {"q": "radar told:no ministry's", "language": "en", "title": 'My "radars"'}
    assert "Keep this search as" in visitor.get("/search?q=radar").text
    where = visitor.post("/searches", asked).headers["location"]
    assert "Saved as" in visitor.get(where.partition("#")[0]).text
    assert "My &#34;radars&#34;" in visitor.get("/search").text
    with app.store.read() as shelves:
        (saved,) = shelves.saved.searches()
    drafted = visitor.get(f"/lab?search={saved.id}").text
    assert "is understood: 1 clause" in drafted
    assert "told:" not in drafted
    assert "lang:en" in drafted
    assert visitor.get("/lab?search=none").status == 404
    assert visitor.post(f"/searches/{saved.id}/remove", {}).status == 303
    assert visitor.post(f"/searches/{saved.id}/remove", {}).status == 404
    assert "Saved searches" not in visitor.get("/search").text


@pytest.mark.parametrize("asked", [{"q": "drone AND ("}, {"q": " "}, {"q": "drone", "topic": "none"}])
def test_what_is_no_search_is_not_saved(app: App, visitor: Visitor, asked: dict[str, str]) -> None:
    assert visitor.post("/searches", asked).status == 422
    with app.store.read() as shelves:
        assert shelves.saved.searches() == []
