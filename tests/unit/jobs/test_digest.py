"""What a due digest holds, over days of a fixed clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.digests import Renderer, make_environment
from monitor.jobs import digest
from monitor.jobs.digest import compose_due, compose_now, preview
from monitor.jobs.poll import poll
from monitor.jobs.toolbox import Toolbox
from monitor.model import Digest, Failure, NoticeKind, Subscription, Window
from monitor.store import Shelves
from monitor.topics import load_topics
from tests.unit.jobs.conftest import BORING, DAILY, FEEDS, MATCHING, TOPICS, Bench

Publish = Callable[..., None]
KYIV_EIGHT = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)


def _titles(bench: Bench) -> list[list[str]]:
    return [[story.reports[0].article.title for story in one.digest.stories] for one in compose_due(bench.tools)]


def test_the_first_digest_follows_the_first_round(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    assert _titles(bench) == [["NASAMS for the capital"]]
    assert compose_due(bench.tools) == []


def test_each_story_is_told_once_and_what_comes_late_is_told_next_time(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    compose_due(bench.tools)
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Drone makers meet", "A drone fair. " + BORING))
    poll(bench.tools, force=True)
    assert compose_due(bench.tools) == []
    bench.clock.now = KYIV_EIGHT
    assert _titles(bench) == [["Drone makers meet"]]


def test_a_copy_after_the_telling_is_not_told_again(bench: Bench, publish: Publish) -> None:
    text = MATCHING + "The crews have trained since January and will guard the power stations of the east first. " * 3
    publish("courier", ("a", "NASAMS for the capital", text))
    poll(bench.tools)
    compose_due(bench.tools)
    bench.clock.now = KYIV_EIGHT - timedelta(hours=1)
    publish("herald", ("z", "Capital to get NASAMS", text))
    assert poll(bench.tools, force=True).matched == 1
    bench.clock.now = KYIV_EIGHT
    (composed,) = compose_due(bench.tools)
    assert composed.digest.stories == ()


def test_after_a_long_sleep_there_is_one_catch_up_digest(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    (first,) = compose_due(bench.tools)
    bench.clock.forward(days=3)
    publish("courier", ("b", "Drone makers meet", "A drone fair. " + BORING))
    poll(bench.tools)
    (second,) = compose_due(bench.tools)
    assert second.digest.window.start == first.digest.window.end
    assert second.digest.window.end == bench.clock()
    assert len(second.digest.stories) == 1


def test_old_news_is_archived_but_not_told(bench: Bench) -> None:
    bench.web.pages["https://courier.example/feed"] = (
        "<rss version='2.0'><channel><title>Courier</title><item><guid>x</guid><title>NASAMS of old</title>"
        f"<pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate><description>{MATCHING}</description></item></channel></rss>"
    )
    assert poll(bench.tools).matched == 1
    (composed,) = compose_due(bench.tools)
    assert composed.digest.stories == ()
    assert composed.digest.coverage.too_old == 1
    bench.clock.now = KYIV_EIGHT
    (next_one,) = compose_due(bench.tools)
    assert next_one.digest.coverage.too_old == 0


def test_an_empty_digest_is_sent_only_when_asked_for(bench: Bench) -> None:
    always = Subscription("loud", "Loud", ("drones",), "desk", "0 8 * * *", "Europe/Kyiv", send_empty=True)
    bench.change(subscriptions=(DAILY, always))
    quiet, loud = compose_due(bench.tools)
    assert (quiet.sent, loud.sent) == (False, True)
    assert compose_due(bench.tools) == []
    with bench.store.read() as shelves:
        waiting = shelves.outbox.waiting(bench.clock(), 10)
    assert [letter.message.subscription for letter in waiting] == ["loud"]


def test_a_monitor_that_saw_nothing_says_so_once_for_each_window(bench: Bench, publish: Publish) -> None:
    bench.web.pages = {feed.url: Failure.DNS for feed in FEEDS}
    poll(bench.tools)
    (composed,) = compose_due(bench.tools)
    assert composed.sent
    assert compose_due(bench.tools) == []
    with bench.store.read() as shelves:
        (letter,) = shelves.outbox.waiting(bench.clock(), 10)
    assert letter.message.subject == "Daily digest, Mon 2 Mar: nothing could be read"
    assert "Nothing new" not in letter.message.text
    publish("courier", ("a", "Tram timetable", BORING))
    bench.clock.now = KYIV_EIGHT
    poll(bench.tools)
    assert [one.sent for one in compose_due(bench.tools)] == [False]


def test_the_foot_counts_what_fits_the_subscription(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Drone makers meet", "A fair. " + BORING))
    bench.change(subscriptions=(DAILY, replace(DAILY, name="drones", topics=("drones",))))
    poll(bench.tools)
    assert [one.digest.coverage.matched for one in compose_due(bench.tools)] == [2, 1]


def test_a_preview_tells_without_marking(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    digest, message = preview(bench.tools, DAILY)
    assert len(digest.stories) == 1
    assert "NASAMS for the capital" in message.text
    assert _titles(bench) == [["NASAMS for the capital"]]


def test_sending_now_marks_as_told_and_the_schedule_goes_on_from_there(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    composed = compose_now(bench.tools, DAILY)
    assert composed.sent
    bench.clock.now = KYIV_EIGHT
    (next_one,) = compose_due(bench.tools)
    assert next_one.digest.stories == ()
    assert next_one.digest.window.start == composed.digest.window.end


def test_a_broken_template_gives_way_to_the_shipped_one(bench: Bench, publish: Publish, tmp_path: Path) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    (tmp_path / "digest.txt.j2").write_text("{% if %}")
    bench.change(renderer=Renderer(make_environment([tmp_path])))
    (composed,) = compose_due(bench.tools)
    assert composed.sent
    assert "digest.txt.j2" in composed.problem
    with bench.store.read() as shelves:
        (letter,) = shelves.outbox.waiting(bench.clock(), 10)
    assert "NASAMS for the capital" in letter.message.text
    words = " ".join(letter.message.text.split())
    assert "Its own template is broken, so the built-in one was used: digest.txt.j2, line 1: " in words
    assert "so the built-in one was used: digest.txt.j2, line 1: " in letter.message.html
    assert str(tmp_path) not in words


def test_nothing_is_composed_while_nobody_is_subscribed_and_nothing_is_lost(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    with bench.store.begin() as shelves:
        shelves.wishes.leave("daily", bench.clock.now)
    (composed,) = compose_due(bench.tools)
    assert not composed.sent
    with bench.store.begin() as shelves:
        assert shelves.outbox.waiting(bench.clock.now, 9) == []
        shelves.wishes.rejoin("daily")
    bench.clock.now = KYIV_EIGHT
    assert _titles(bench) == [["NASAMS for the capital"]]


def test_a_muted_story_is_left_out_of_news_and_of_corrections(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Drone makers meet", "A drone fair. " + BORING))
    poll(bench.tools)
    with bench.store.begin() as shelves:
        (article,) = [one.article for one in shelves.articles.remembered(None) if "NASAMS" in one.article.title]
        shelves.wishes.mute(shelves.stories.story_of(article.id), bench.clock.now)
    assert _titles(bench) == [["Drone makers meet"]]


def test_an_edited_zone_brings_the_digest_of_its_own_time_once(bench: Bench, publish: Publish) -> None:
    bench.clock.now = KYIV_EIGHT
    (first,) = compose_due(bench.tools)
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    bench.change(subscriptions=(replace(DAILY, zone="Europe/London"),))
    bench.clock.now = KYIV_EIGHT + timedelta(hours=2)
    (second,) = compose_due(bench.tools)
    assert [story.reports[0].article.title for story in second.digest.stories] == ["NASAMS for the capital"]
    assert second.digest.window.start == first.digest.window.end
    assert (first.digest.key, second.digest.key) == ("daily@2026-03-03T08:00", "daily@2026-03-03T08:00:00Z")
    bench.clock.forward(minutes=1)
    assert compose_due(bench.tools) == []
    with bench.store.read() as shelves:
        assert shelves.outbox.counts()["waiting"] == 1


def test_digests_go_on_after_a_clock_was_a_year_ahead(bench: Bench, publish: Publish) -> None:
    bench.clock.now = KYIV_EIGHT + timedelta(days=365)
    assert len(compose_due(bench.tools)) == 1
    bench.clock.now = KYIV_EIGHT
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    assert _titles(bench) == [["NASAMS for the capital"]]
    for days in (1, 363, 2):
        bench.clock.forward(days=days)
        assert len(compose_due(bench.tools)) == 1


def test_a_bug_with_one_subscription_keeps_no_other_from_its_news(
    bench: Bench, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = replace(DAILY, name="second")
    bench.change(subscriptions=(DAILY, second))
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    draw = digest.draw

    def broken(toolbox: Toolbox, shelves: Shelves, subscription: Subscription, window: Window, key: str) -> Digest:
        if subscription.name == DAILY.name:
            raise KeyError("no such story")
        return draw(toolbox, shelves, subscription, window, key)

    with monkeypatch.context() as patched:
        patched.setattr("monitor.jobs.digest.draw", broken)
        first, other = compose_due(bench.tools)
        assert (first.sent, first.problem) == (False, "cannot be composed: KeyError: 'no such story'")
        assert [story.reports[0].article.title for story in other.digest.stories] == ["NASAMS for the capital"]
        with bench.store.read() as shelves:
            (notice,) = shelves.notices.open({NoticeKind.NOT_COMPOSED})
        assert (notice.subject, notice.words) == ("Digest daily", "KeyError: 'no such story'")
    assert _titles(bench) == [["NASAMS for the capital"]]  # nothing was lost
    with bench.store.read() as shelves:
        assert shelves.notices.open({NoticeKind.NOT_COMPOSED}) == []


def test_what_cannot_be_composed_is_over_when_nobody_wants_it_any_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.jobs.digest.draw", lambda *_: 1 / 0)
    poll(bench.tools)
    compose_due(bench.tools)
    with bench.store.read() as shelves:
        assert len(shelves.notices.open({NoticeKind.NOT_COMPOSED})) == 1
    bench.change(subscriptions=())
    compose_due(bench.tools)
    with bench.store.read() as shelves:
        assert shelves.notices.open({NoticeKind.NOT_COMPOSED}) == []


def test_stories_are_ranked_by_the_topics_that_are_subscribed_to_alone(bench: Bench, publish: Publish) -> None:
    weaker = TOPICS.replace('"drone OR drones", weight = 6', '"drone OR drones", weight = 4')
    bench.change(topics=load_topics({"topics.toml": weaker}), subscriptions=(replace(DAILY, topics=("drones",)),))
    publish(
        "courier",
        ("a", "NASAMS for the capital", MATCHING + "One drone flew over the harbour at noon."),
        (
            "b",
            "Drones: a drone fair opens",
            "Makers of drones show forty new drones in the old hall at Tromsø this week.",
        ),
    )
    poll(bench.tools)
    assert _titles(bench) == [["Drones: a drone fair opens", "NASAMS for the capital"]]
