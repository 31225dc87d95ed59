"""One story: its timeline, its versions, and what a person says of it."""

import re
from datetime import timedelta

from msgspec.structs import replace

from monitor.app import App
from monitor.model import Copy, How, Joins, Opens, Story
from monitor.store import Mark, Version, Wanted
from monitor.stories.fingerprint import fingerprint
from monitor.web.story import Beside, later, line_of, timeline
from tests.builders import NOW, a_report, a_story, a_verdict, an_article, an_evidence
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


def test_the_words_that_say_why_are_of_the_report_whose_headline_is_shown() -> None:
    first = a_report(
        article=an_article(id="a" * 16, title="Drohnen für Kyjiw", published=NOW - timedelta(hours=3)),
        verdicts=(a_verdict(score=0.9, passage="Riga zahlt Drohnen."),),
    )
    best = a_report(article=an_article(id="b" * 16), verdicts=(a_verdict(score=0.99, passage="Riga pays for drones."),))
    assert line_of(a_story(reports=(best, first))).passage == "Riga zahlt Drohnen."
    assert line_of(a_story(reports=(best, replace(first, verdicts=())))).passage == "Riga pays for drones."


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
    kept = joined.headers["location"].rpartition("/")[2].partition("?")[0]
    moved = other.reports[0].article.id if kept == one.id else one.reports[0].article.id
    assert visitor.post(f"/stories/{one.id}/merge", {"other": other.id}).status == 409
    parted = visitor.post(f"/stories/{kept}/split", {"article": moved})
    assert parted.status == 303
    assert parted.headers["location"] != f"/stories/{kept}"
    shown = visitor.get(parted.headers["location"]).text
    assert f'action="/stories/{kept}/merge"' in shown
    assert "Put it back" in shown
    new = parted.headers["location"].removeprefix("/stories/").partition("?")[0]
    again = visitor.post(f"/stories/{kept}/merge", {"other": new})  # the older one stays
    assert again.headers["location"].partition("?")[0] in (f"/stories/{kept}", f"/stories/{new}")
    assert "Put it back" not in visitor.get(f"/stories/{new}?apart={kept}").text
    assert visitor.post(f"/stories/{kept}/split", {"article": moved}).status == 303
    assert visitor.post(f"/stories/{kept}/merge", {"other": "ffffffffffffffff"}).status == 404
    assert visitor.post(f"/stories/{kept}/split", {"article": "ffffffffffffffff"}).status in (404, 409)


def test_stories_joined_by_an_address_are_taken_apart_again(app: App, visitor: Visitor) -> None:
    one, other = _stories(app)[:2]
    before = {frozenset(report.article.id for report in story.reports) for story in (one, other)}
    joined = visitor.post(f"/stories/{one.id}/merge", {"other": f"{visitor.address}/stories/{other.id}?page=1#x"})
    kept, back = joined.headers["location"].split("?")
    shown = visitor.get(f"{kept}?{back}").text
    assert "Two stories were made one here." in shown
    (leaving,) = re.findall(r'name="article" value="([0-9a-f,]+)">\n<span>Two stories', shown)
    parted = visitor.post(f"{kept}/split", {"article": leaving})
    assert "Taken out of" in visitor.get(parted.headers["location"]).text
    assert before <= {frozenset(report.article.id for report in story.reports) for story in _stories(app)}
    assert "Two stories were made one here." not in visitor.get(f"{kept}?{back}").text


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


def _large(reports: int, text: str) -> Story:
    """A story of so many reports, an hour apart."""
    made = [
        a_report(
            article=an_article(id=f"{n:016x}", text=text, published=NOW + timedelta(hours=n)), outlet=f"Outlet {n}"
        )
        for n in range(reports)
    ]
    return a_story(reports=tuple(made))


def test_of_long_texts_only_as_many_are_shown_as_there_is_room_for() -> None:
    story = _large(6, "Two crews train. " * 1_400)  # 24,000 bytes
    assert [one.shut for one in timeline(story, NOTHING)] == [False, False, True, True, True, True]
    asked = timeline(story, NOTHING, whole=f"{4:016x}")
    assert [one.shut for one in asked] == [False, True, True, True, False, True]
    assert asked[4].paragraphs
    assert asked[5].paragraphs == ()
    assert not timeline(_large(1, "long " * 90_000), NOTHING, whole=f"{0:016x}")[0].shut


def test_a_story_of_many_reports_comes_in_pages_of_little_weight(app: App, visitor: Visitor) -> None:
    opening = an_article(id="c0" * 8, title="Many told it", url="https://many.example/0", found_at=app.toolbox.now())
    verdict = a_verdict(topic="air-defence", evidence=(an_evidence(),) * 12)
    with app.store.begin() as shelves:
        for number in range(50):
            article = replace(
                opening,
                id=f"c0{number:014x}" if number else opening.id,
                url=f"https://many.example/{number}",
                text="Довгий текст про все на світі. " * 200,
                published=NOW + timedelta(minutes=number),
            )
            placement = Joins(opening.id, "shares much") if number else Opens(opening.id, "nothing like it")
            shelves.articles.add(article, "c", [verdict])
            shelves.stories.place(article.id, f"Outlet {number}", placement, fingerprint(str(number), "", ""), NOW)
    pages = [visitor.get(f"/stories/{opening.id}?page={page}").text for page in (1, 2, 3)]
    assert [text.count('class="report') for text in pages] == [20, 20, 10]
    assert all(len(text.encode()) < 130_000 for text in pages)
    last = f"c0{49:014x}"
    assert f"?whole={last}#{last}" in pages[2]
    opened = visitor.get(f"/stories/{opening.id}?whole={last}").text
    assert 'aria-current="page">3</a>' in opened
    assert f"?whole={last}#" not in opened
    with app.store.begin() as shelves:
        shelves.wishes.mute(opening.id, NOW)


def test_a_story_too_old_to_be_told_says_so(app: App, visitor: Visitor) -> None:
    now = app.toolbox.now()
    old = an_article(id="d0" * 8, url="https://old.example/0", found_at=now, published=now - timedelta(days=400))
    with app.store.begin() as shelves:
        shelves.articles.add(old, "d", [a_verdict(topic="air-defence", evidence=(an_evidence(),))])
        opens = Opens(old.id, "nothing like it")
        shelves.stories.place(old.id, "Outlet", opens, fingerprint("old", "", ""), now)
    shown = visitor.get(f"/stories/{old.id}").text
    assert f"published {old.published:%Y-%m-%d}, too old to be told (digest.max_age_days = 7)" in shown
