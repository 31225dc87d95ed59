"""Topics tried and saved on the desk."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from monitor.app import App
from monitor.settings import load_settings
from monitor.settings.drafts import topic_text
from monitor.web import lab
from tests.configfolder import kept
from tests.unit.web.visiting import Visitor

DRAFT = """\
[topics.radars]
title = "Radars"
bias = -2
clauses = [{ name = "radar", query = 'radar* OR drone*', weight = 8 }]  # my own
"""


@pytest.fixture
def file(app: App) -> Iterator[str]:
    """What topics.toml holds; it is put back afterwards."""
    with kept(app, "topics.toml") as path:
        yield path.read_text("utf-8")


def _post(visitor: Visitor, path: str, text: str, **more: str) -> str:
    return visitor.post(f"/lab/{path}", {"text": text, **more}, form_of="/lab").text


def test_the_lab_opens_with_a_topic_or_a_new_one(visitor: Visitor) -> None:
    assert "[topics.air-defence]" in visitor.get("/lab?topic=air-defence").text
    assert "is understood" in visitor.get("/lab").text
    assert visitor.get("/lab?topic=nothing").status == 404


def test_mistakes_are_told_with_their_places_as_a_page_and_as_a_part(visitor: Visitor) -> None:
    wrong = DRAFT.replace("'radar* OR drone*'", "'#drne'")
    page = _post(visitor, "check", wrong.replace("\n", "\r\n"))
    part = visitor.post("/lab/check", {"text": wrong}, form_of="/lab", hx_request="true").text
    for shown in (page, part):
        assert "line 4, column 39" in shown
        assert "unknown concept" in shown
        assert "did you mean &#39;drone&#39;?" in shown
    assert "<html" in page
    assert "<html" not in part


def test_a_draft_is_tried_on_the_archive(app: App, visitor: Visitor) -> None:
    with app.store.begin() as shelves:
        (one, *_) = shelves.articles.latest(None, limit=1)
        shelves.marks.put(one.article.id, ["radars"], relevant=True, at=app.toolbox.now())
    shown = _post(visitor, "try", DRAFT, days="30")
    assert "would enter" in shown
    assert "“drone" in shown.lower()
    assert "radars, 1 mark" in shown
    with app.store.begin() as shelves:
        assert shelves.marks.remove(one.article.id, "radars") == 1
    silent = _post(visitor, "try", DRAFT.replace("radar* OR drone*", "zzzzqqqq").replace("radars", "air-defence"))
    assert ">0 articles would enter" in silent
    assert ">0 articles would leave" not in silent


def test_a_trial_that_takes_too_long_says_what_it_saw(
    app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab, "SECONDS", -1.0)
    monkeypatch.setattr("monitor.jobs.rejudge.AT_ONCE", 2)
    assert "all there was time for" in _post(visitor, "try", DRAFT)


def test_a_draft_with_mistakes_is_neither_tried_nor_saved(app: App, visitor: Visitor, file: str) -> None:
    assert "would enter" not in _post(visitor, "try", "[topics.x")
    assert visitor.post("/lab/save", {"text": "[topics.x"}, form_of="/lab").status == 422
    assert (app.settings.folder / "topics.toml").read_text("utf-8") == file


def test_a_new_topic_is_saved_and_used_at_once(app: App, visitor: Visitor, file: str) -> None:
    saved = visitor.post("/lab/save", {"text": DRAFT}, form_of="/lab")
    assert (saved.status, saved.headers["location"]) == (303, "/topics/radars?saved=true")
    assert (app.settings.folder / "topics.toml").read_text("utf-8") == f"{file}\n{DRAFT}"
    assert "Saved." in visitor.get(saved.headers["location"]).text
    assert [topic.name for topic in app.toolbox.topics.topics][-1] == "radars"
    kept = sorted((app.settings.archive.folder / "former").iterdir())
    assert kept[-1].read_text("utf-8") == file
    again = visitor.post("/lab/save", {"text": DRAFT}, form_of="/lab")
    assert (again.status, "exists already" in again.text) == (409, True)


def test_a_topic_may_have_any_name(app: App, visitor: Visitor, file: str) -> None:
    name = "air/defence? 50 % #1"
    saved = visitor.post("/lab/save", {"text": DRAFT.replace("[topics.radars]", f'[topics."{name}"]')}, form_of="/lab")
    assert saved.status == 303, saved.text
    assert "Saved." in visitor.get(saved.headers["location"]).text
    page = visitor.get("/topics?page=1").text
    (link,) = re.findall(r'<h2><a href="(/topics/air/[^"]+)"', page)
    assert "Its stories" in visitor.get(link).text
    given = visitor.post("/feed-address", {"subject": f"topic:{name}"}, form_of="/topics")
    assert "Take it back" in visitor.get(given.headers["location"].partition("#feed")[0]).text


def test_a_topic_is_changed_only_from_where_it_was(app: App, visitor: Visitor, file: str) -> None:
    path, old = app.settings.folder / "topics.toml", topic_text(file, "air-defence")
    base = {"base": lab._mark(old)}
    new = old.replace("bias = ", "bias = -9 # was ")
    saved = visitor.post("/lab/save", {"text": new, **base}, form_of="/lab")
    assert saved.status == 303, saved.text
    tables, before = tomllib.loads(path.read_text("utf-8"))["topics"], tomllib.loads(file)["topics"]
    assert tables["air-defence"]["bias"] == -9
    assert {name: tables[name] for name in before if name != "air-defence"} == {
        name: before[name] for name in before if name != "air-defence"
    }
    late = visitor.post("/lab/save", {"text": new, **base}, form_of="/lab")
    assert (late.status, "changed meanwhile" in late.text) == (409, True)


def test_a_topic_under_another_name_replaces_the_old_one_or_stands_beside_it_as_one_says(
    app: App, visitor: Visitor, file: str
) -> None:
    path = app.settings.folder / "topics.toml"
    visitor.post("/lab/save", {"text": DRAFT}, form_of="/lab")
    opened = visitor.get("/lab?topic=radars").text
    fields = dict(re.findall(r'name="(base|opened)" value="([^"]+)"', opened))
    new = DRAFT.replace("[topics.radars]", "[topics.dishes]")
    asked = visitor.post("/lab/save", {"text": new, **fields}, form_of="/lab")
    assert asked.status == 409
    assert "is called “dishes” here" in asked.text
    assert "[topics.dishes]" not in path.read_text("utf-8")
    for place, names in (("beside", {"radars", "dishes"}), ("instead", {"saucers", "dishes"})):
        text = new if place == "beside" else DRAFT.replace("[topics.radars]", "[topics.saucers]")
        saved = visitor.post("/lab/save", {"text": text, "place": place, **fields}, form_of="/lab")
        assert saved.status == 303, saved.text
        assert names <= tomllib.loads(path.read_text("utf-8"))["topics"].keys()
    assert "radars" not in tomllib.loads(path.read_text("utf-8"))["topics"]
    taken = visitor.post("/lab/save", {"text": DRAFT, "place": "instead", **fields}, form_of="/lab")
    assert taken.status == 409 or "radars" in tomllib.loads(path.read_text("utf-8"))["topics"]


def test_what_would_break_the_rest_is_not_kept(app: App, visitor: Visitor, file: str) -> None:
    two = DRAFT + DRAFT.replace("radars", "more")
    shown = visitor.post("/lab/save", {"text": two}, form_of="/lab")
    assert (shown.status, "One topic at a time" in shown.text) == (409, True)
    assert (app.settings.folder / "topics.toml").read_text("utf-8") == file


def test_the_file_can_be_downloaded_and_nothing_changes(app: App, visitor: Visitor, file: str) -> None:
    shown = visitor.post("/lab/download", {"text": DRAFT}, form_of="/lab")
    assert shown.headers["content-disposition"] == 'attachment; filename="topics.toml"'
    assert shown.text == f"{file}\n{DRAFT}"
    assert (app.settings.folder / "topics.toml").read_text("utf-8") == file


def test_a_desk_that_may_not_write_says_so(app: App, visitor: Visitor, file: str) -> None:
    settings = app.settings
    monitor = settings.folder / "monitor.toml"
    before = monitor.read_text("utf-8")
    monitor.write_text(before + "edit = false\n", "utf-8")
    try:
        app.reload(load_settings(settings.folder, {}, archive=settings.archive.folder))
        assert "may not write" in visitor.get("/lab").text
        assert visitor.post("/lab/save", {"text": DRAFT}, form_of="/lab").status == 403
        assert visitor.post("/lab/download", {"text": DRAFT}, form_of="/lab").status == 200
    finally:
        monitor.write_text(before, "utf-8")
    assert (settings.folder / "topics.toml").read_text("utf-8") == file


def test_looking_at_the_lab_changes_nothing(visitor: Visitor) -> None:
    for path in ("/lab/save", "/lab/try", "/lab/download", "/lab/check"):
        assert visitor.get(path).status == 405
