"""Edits: what was told and reads otherwise now, each once, as it was told."""

from contextlib import closing
from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy import event

from monitor.model import Correction, Window
from monitor.store import Store, ToldText, open_store
from tests.builders import NOW, a_digest, a_message, an_article
from tests.unit.store.keeping import MATCHING, keep

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def _tell(store: Store, key: str, *corrections: Correction) -> None:
    with store.begin() as shelves:
        stories = shelves.stories.untold("daily", ("air-defence",), NOW - DAY, NOW + HOUR)
        stories = stories or shelves.stories.recent(NOW - DAY, NOW + HOUR)
        told = tuple(replace(story, corrections=corrections) for story in stories)
        shelves.outbox.put(a_message(key=key), a_digest(key=key, stories=told))


def _edit(store: Store, title: str, hours: int) -> None:
    with store.begin() as shelves:
        shelves.articles.revise(an_article(title=title), f"c{hours}", MATCHING, NOW + hours * HOUR)


def _since(store: Store, hours: int) -> list[ToldText]:
    with store.read() as shelves:
        return shelves.edits.since("daily", NOW + hours * HOUR)


def test_a_told_article_comes_as_it_was_told_however_often_it_is_edited(store: Store) -> None:
    article = an_article(title="First")
    with store.begin() as shelves:
        keep(shelves, article)
    _edit(store, "Second, and told", 1)
    _tell(store, "daily@1")
    assert _since(store, 0) == []
    _edit(store, "Third", 2)
    _edit(store, "Fourth", 3)
    assert _since(store, 0) == [ToldText(article.id, article.id, "Second, and told", article.text)]
    assert _since(store, 3) == []  # nothing was edited after that
    with store.read() as shelves:
        assert shelves.edits.since("weekly", NOW) == []


def test_once_its_correction_is_told_it_counts_as_told_so(store: Store) -> None:
    article = an_article(title="First")
    with store.begin() as shelves:
        keep(shelves, article)
    _tell(store, "daily@1")
    _edit(store, "Second", 2)
    assert len(_since(store, 0)) == 1
    _tell(store, "daily@2", Correction(article.id, "Courier", "First", "Second", ()))
    assert _since(store, 0) == []


def test_stories_that_become_one_keep_the_versions_that_were_told(store: Store) -> None:
    one, other = an_article(title="First"), an_article(url="https://courier.example/other")
    with store.begin() as shelves:
        keep(shelves, one)
    _tell(store, "daily@1")
    _edit(store, "Second", 2)
    with store.begin() as shelves:
        keep(shelves, other)
        shelves.rulings.merge(one.id, other.id, NOW)
    assert [told.title for told in _since(store, 0)] == ["First"]


def test_what_was_edited_lately_is_found_without_a_look_at_all_that_ever_was() -> None:
    asked: list[str] = []
    with closing(open_store("sqlite://")) as store, store.read() as shelves:
        connection = shelves.edits._connection
        event.listen(connection, "before_cursor_execute", lambda *said: asked.append(said[2]))
        shelves.edits.since("daily", NOW)
        shelves.feeds.coverage(Window(NOW, NOW + DAY), [])
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (0,) * statement.count("?")).all())
            for statement in list(asked)
            if "replaced_at" in statement and not statement.startswith("EXPLAIN")
        ]
    assert len(plans) == 2
    assert all("revisions_replaced_at" in plan for plan in plans), plans
