"""What forms change, and that looking changes nothing."""

from monitor.app import App
from monitor.model import Story
from monitor.store import Wanted
from tests.unit.web.visiting import Visitor


def _stories(app: App) -> list[Story]:
    with app.store.read() as shelves:
        stories, _ = shelves.browsing.stories(Wanted(), 500)
    return sorted(stories, key=lambda story: (-len(story.originals), -len(story.reports), story.id))


def test_a_mark_is_made_changed_and_taken_back(app: App, visitor: Visitor) -> None:
    article = _stories(app)[0].reports[0].article.id
    path, topic = f"/articles/{article}/mark", "air-defence"
    for said, kept in (("yes", [True]), ("no", [False]), ("", [])):
        shown = visitor.post(path, {"topic": topic, "relevant": said})
        assert shown.status == 303
        assert shown.headers["location"].endswith(f"?whole={article}#{article}")
        with app.store.read() as shelves:
            assert [mark.relevant for mark in shelves.marks.of(article)] == kept
    assert visitor.post(path, {"topic": "nothing", "relevant": "yes"}).status == 422
    assert visitor.post(path, {"topic": topic, "relevant": "perhaps"}).status == 422
    assert visitor.post("/articles/ffffffffffffffff/mark", {"topic": topic, "relevant": "yes"}).status == 404


def test_looking_never_changes(visitor: Visitor, app: App) -> None:
    article = _stories(app)[0].reports[0].article.id
    for path in (f"/articles/{article}/mark", "/stories/x/merge", "/stories/x/split", "/deliveries/retry", "/signout"):
        assert visitor.get(path).status in (404, 405)


def test_a_text_of_one_s_own_is_judged_and_not_kept(visitor: Visitor) -> None:
    text = "Norway will deliver two NASAMS batteries to Ukraine before the winter, the defence ministry in Oslo said."
    shown = visitor.post("/topics/judge", {"title": "Norway gives Ukraine NASAMS air defence", "text": text})
    assert shown.status == 200
    assert "✓ Air defence for Ukraine" in shown.text
    assert "Nothing was found" in visitor.get("/search?q=%22two%20nasams%20batteries%22").text


def test_nothing_that_was_not_given_up_is_tried_again(visitor: Visitor) -> None:
    assert visitor.post("/deliveries/retry", {"key": "unknown"}).status == 409
