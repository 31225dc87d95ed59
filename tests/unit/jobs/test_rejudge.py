"""The remembered articles judged again by other topics."""

from collections.abc import Callable
from datetime import datetime

import pytest
from msgspec.structs import replace

from monitor.jobs.digest import compose_due
from monitor.jobs.poll import poll
from monitor.jobs.rejudge import Rejudged, judge_marked, on_marks, rejudge, replay
from monitor.store import Fate, ItemHistory
from monitor.topics import TopicSet, load_topics
from tests.unit.jobs.conftest import BORING, DAILY, MATCHING, TOPICS, Bench

Publish = Callable[..., None]
LIBRARIES = """
[topics.air-defence]
title = "Air defence"
bias = -2
clauses = [{ name = "systems", query = 'patriot', weight = 6 }]

[topics.drones]
title = "Drones"
threshold = 0.5
bias = -2
clauses = [{ name = "drones", query = "drone OR drones", weight = 6 }]

[topics.libraries]
title = "Libraries"
bias = -2
clauses = [{ name = "libraries", query = "library", weight = 6 }]
"""


@pytest.fixture
def libraries() -> TopicSet:
    """Air defence by another rule, drones as before, libraries for the first time."""
    return load_topics({"topics.toml": LIBRARIES})


@pytest.fixture
def read(bench: Bench, publish: Publish) -> Bench:
    """One article of air defence, told already, and one of a library."""
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Later hours", BORING))
    poll(bench.tools)
    assert [len(one.digest.stories) for one in compose_due(bench.tools)] == [1]
    bench.clock.forward(hours=1)
    return bench


def _titles(done: Rejudged) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    entered = [(change.article.title, change.after.topic) for change in done.entered]
    return entered, [(change.article.title, change.after.topic) for change in done.left]


CHANGED = ([("Later hours", "libraries")], [("NASAMS for the capital", "air-defence")])


def _history(bench: Bench, guid: str) -> ItemHistory:
    with bench.store.read() as shelves:
        (history,) = shelves.articles.history(f"https://news.example/{guid}")
    return history


def test_a_replay_says_what_would_change_and_changes_nothing(read: Bench, libraries: TopicSet) -> None:
    before = [_history(read, guid) for guid in "ab"]
    done = replay(read.store, libraries, read.tools.feeds, None)
    assert (done.articles, done.judged) == (2, 2)
    assert _titles(done) == CHANGED
    (entered,) = done.entered
    assert (entered.before, entered.outlet) == (None, "Courier")
    assert [one.term for one in entered.after.evidence] == ["library"]
    (left,) = done.left
    assert left.before is not None
    assert left.before.score > 0.9 > left.after.score
    assert [_history(read, guid) for guid in "ab"] == before


def test_a_replay_of_the_same_topics_finds_nothing(read: Bench) -> None:
    done = replay(read.store, load_topics({"topics.toml": TOPICS}), read.tools.feeds, None)
    assert (done.articles, done.judged, done.changes) == (2, 0, [])


def test_a_replay_ends_early_where_that_is_enough_and_says_so(
    read: Bench, libraries: TopicSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.jobs.rejudge.AT_ONCE", 1)
    done = replay(read.store, libraries, read.tools.feeds, None, lambda: True)
    assert (done.articles, done.whole) == (1, False)
    assert done.oldest is not None
    whole = replay(read.store, libraries, read.tools.feeds, None)
    assert (whole.articles, whole.whole) == (2, True)
    assert done.changes == whole.changes[: len(done.changes)]  # the newest first


def test_only_the_span_asked_for_is_replayed(read: Bench, libraries: TopicSet) -> None:
    assert replay(read.store, libraries, read.tools.feeds, read.clock()).articles == 0


def test_what_comes_to_match_is_told_once(read: Bench, libraries: TopicSet) -> None:
    subscription = replace(DAILY, topics=("air-defence", "libraries"))
    read.change(topics=libraries, subscriptions=(subscription,))
    read.clock.forward(days=1)
    compose_due(read.tools)
    assert _titles(rejudge(read.tools, None)) == CHANGED
    item = _history(read, "b").item
    assert (item.fate, item.reason) == (Fate.MATCHED, "libraries 0.90")
    assert _history(read, "a").item.fate is Fate.NOT_MATCHED
    read.clock.forward(days=1)
    (composed,) = compose_due(read.tools)
    assert [story.reports[0].article.title for story in composed.digest.stories] == ["Later hours"]
    assert "LATE (1)" in read.tools.renderer.render(composed.digest, read.clock()).text
    read.clock.forward(days=1)
    (composed,) = compose_due(read.tools)
    assert composed.digest.stories == ()


def test_a_second_run_finds_nothing_to_do(read: Bench, libraries: TopicSet) -> None:
    read.change(topics=libraries)
    assert rejudge(read.tools, None).judged == 2
    before = [_history(read, guid) for guid in "ab"]
    read.clock.forward(hours=1)
    again = rejudge(read.tools, None)
    assert (again.articles, again.judged, again.changes) == (2, 0, [])
    assert [_history(read, guid) for guid in "ab"] == before


def test_a_run_that_is_broken_off_goes_on_where_it_was(
    read: Bench, libraries: TopicSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.jobs.rejudge.AT_ONCE", 1)

    class KilledError(Exception):
        """As by kill -9: nothing of the open transaction is kept."""

    passed: list[datetime] = []

    def kill_in_the_second_part(_point: str) -> None:
        passed.append(read.clock())
        if len(passed) == 2:
            raise KilledError

    read.change(topics=libraries, passing=kill_in_the_second_part)
    with pytest.raises(KilledError):
        rejudge(read.tools, None)
    read.change(passing=lambda _point: None)
    assert rejudge(read.tools, None).judged == 1
    assert replay(read.store, libraries, read.tools.feeds, None).changes == []


def test_an_article_of_a_feed_that_is_gone_is_judged_too(read: Bench, libraries: TopicSet) -> None:
    read.change(topics=libraries, feeds={})
    (entered,) = rejudge(read.tools, None).entered
    assert entered.outlet == "courier"


def test_figures_on_marks_are_of_before_and_after(read: Bench, libraries: TopicSet) -> None:
    article = _history(read, "a").item.article
    assert article
    with read.store.begin() as shelves:
        shelves.marks.put(article, ["air-defence"], relevant=True, at=read.clock())
    before, after = on_marks(judge_marked(read.store, libraries, read.tools.feeds)["air-defence"])
    assert (before.relevant, before.found, after.relevant, after.found) == (1, 1, 1, 0)


def test_marked_articles_are_judged_before_and_after(read: Bench, libraries: TopicSet) -> None:
    ids = [_history(read, guid).item.article for guid in "ab"]
    with read.store.begin() as shelves:
        shelves.marks.put(ids[0], ["air-defence", "gone-topic"], relevant=True, at=read.clock())
        shelves.marks.put(ids[1], ["libraries"], relevant=True, at=read.clock())
    marked = judge_marked(read.store, libraries, read.tools.feeds)
    assert {name: [one.relevant for one in all_] for name, all_ in marked.items()} == {
        "air-defence": [True],
        "drones": [],
        "libraries": [True],
    }
    (one,), (other,) = marked["air-defence"], marked["libraries"]
    assert one.before is not None
    assert (one.before.matched, one.after.matched) == (True, False)
    assert (other.before, other.after.matched) == (None, True)


def test_what_was_judged_unread_though_new_topics_want_its_page(
    bench: Bench, publish: Publish, libraries: TopicSet
) -> None:
    bench.change(feeds={name: replace(feed, pages="likely") for name, feed in bench.tools.feeds.items()})
    publish(
        "courier", ("a", "Library opens later", BORING), ("b", "Tram runs again", "The tram to the harbour runs again.")
    )
    poll(bench.tools)
    assert [request.purpose for request in bench.web.asked].count("page") == 0
    bench.change(topics=libraries)
    dry = replay(bench.store, libraries, bench.tools.feeds, None)
    assert (dry.judged, dry.unread) == (2, 1)
    assert rejudge(bench.tools, None).unread == 1
