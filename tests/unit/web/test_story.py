"""One story: its timeline, its versions, and what a person says of it."""

from dataclasses import replace
from datetime import timedelta

from monitor.app import App
from monitor.model import Copy, How, Story
from monitor.store import Mark, Version, Wanted
from monitor.web.story import Beside, later, timeline
from tests.builders import NOW, a_report, a_story, an_article
from tests.unit.web.visiting import Visitor

NOTHING = Beside({}, {}, {})


def _stories(app: App) -> list[Story]:
    """All stories, the one with most reports first."""
    with app.store.read() as shelves:
        stories, _ = shelves.browsing.stories(Wanted(), 500)
    return sorted(stories, key=lambda story: (-len(story.reports), -len(story.originals), story.id))


def test_who_was_first_may_have_been_found_later() -> None:
    first = a_report(article=an_article(id="a" * 16, published=NOW - timedelta(hours=3), how=How.PAGE), outlet="Wire")
    copied = a_report(article=an_article(id="b" * 16, published=NOW), outlet="Post")
    story = a_story(reports=(copied, replace(first, placement=Copy("s", "b" * 16, 0.9, "copy of it"))))
    marks = {"a" * 16: [Mark("a" * 16, "air-defence", True, NOW)]}
    shown = timeline(story, Beside(marks, {}, {}))
    assert [(one.outlet, one.role) for one in shown] == [("Wire", "first"), ("Post", "copy")]
    assert shown[0].marks == {"air-defence": True}
    assert shown[0].reason == "copy of it, which was published later"


def test_an_address_that_is_none_is_not_linked() -> None:
    article = an_article(url="javascript:alert(1)")
    (shown,) = timeline(a_story(reports=(a_report(article=article),)), NOTHING)
    assert shown.url == ""


def test_a_copy_names_whose_words_it_repeats() -> None:
    first = a_report(article=an_article(id="a" * 16, published=NOW - timedelta(hours=3)), outlet="Wire")
    copied = a_report(article=an_article(id="b" * 16, published=NOW, authors=("A. Writer",)), outlet="Post")
    story = a_story(reports=(first, replace(copied, placement=Copy("s", "a" * 16, 0.9, "the same words"))))
    shown = timeline(story, replace(NOTHING, deleted={"b" * 16: NOW}))[1]
    assert (shown.role, shown.copied, shown.copied_id) == ("copy", "Wire", "a" * 16)
    assert (shown.authors, shown.deleted, shown.added) == (("A. Writer",), NOW, ())


def test_each_version_stands_against_the_one_before() -> None:
    texts = ["Two crews train.\nThey are well.", "Three crews train.\nThey are well."]
    versions = [Version("a", NOW, "Crews", texts[0], "1", ""), Version("a", NOW, "Crews train", texts[1], "2", "")]
    (found,) = later(versions)
    assert found.reason == "edited in the feed"
    assert found.title == (("gone", "Crews"), ("new", "Crews train"))
    assert found.lines == ((("gone", "Two "), ("new", "Three "), ("same", "crews train.")), 1)
    assert later(versions[:1]) == ()


def test_a_story_says_who_was_first_and_marks_its_evidence(app: App, visitor: Visitor) -> None:
    shown = visitor.get(f"/stories/{_stories(app)[0].id}").text
    assert shown.count('<span class="role">first</span>') == 1
    assert '<span class="role">copy</span>' in shown
    assert "<mark title=" in shown
    assert "Stands here because:" in shown
    assert 'rel="noopener noreferrer"' in shown


def test_an_edited_report_shows_what_went_and_what_came(app: App, visitor: Visitor) -> None:
    report = _stories(app)[1].reports[0]
    new = replace(report.article, text=report.article.text + "\nA line <b>that</b> came later.")
    with app.store.begin() as shelves:
        shelves.articles.revise(new, "h", report.verdicts, app.toolbox.now())
    shown = visitor.get(f"/stories/{_stories(app)[1].id}").text
    assert "<ins>A line &lt;b&gt;that&lt;/b&gt; came later.</ins>" in shown
    assert "2 versions; the last edit: edited in the feed" in shown


def test_stories_joined_and_parted_by_hand(app: App, visitor: Visitor) -> None:
    one, other = _stories(app)[-2:]
    joined = visitor.post(f"/stories/{one.id}/merge", {"other": other.id})
    assert joined.status == 303
    kept = joined.headers["location"].rpartition("/")[2]
    moved = other.reports[0].article.id if kept == one.id else one.reports[0].article.id
    assert visitor.post(f"/stories/{one.id}/merge", {"other": other.id}).status == 409
    parted = visitor.post(f"/stories/{kept}/split", {"article": moved})
    assert parted.status == 303
    assert parted.headers["location"] != f"/stories/{kept}"
    assert visitor.post(f"/stories/{kept}/merge", {"other": "ffffffffffffffff"}).status == 404
    assert visitor.post(f"/stories/{kept}/split", {"article": "ffffffffffffffff"}).status in (404, 409)


def test_a_story_is_muted_and_told_of_again(app: App, visitor: Visitor) -> None:
    story, name = _stories(app)[0].id, app.toolbox.subscriptions[0].name
    for subscription in ("", name):
        assert visitor.post(f"/stories/{story}/mute", {"subscription": subscription}).status == 303
        with app.store.read() as shelves:
            assert shelves.wishes.mutes(name, [story]) == {story}
        assert "nothing more of it is told" in visitor.get(f"/stories/{story}").text
        visitor.post(f"/stories/{story}/mute", {"subscription": subscription, "muted": "no"})
        with app.store.read() as shelves:
            assert shelves.wishes.muted() == []
    assert visitor.post(f"/stories/{story}/mute", {"subscription": "nobody"}).status == 422
    assert visitor.post("/stories/ffffffffffffffff/mute", {}).status == 404
