"""What is told at once, over hours of a fixed clock: gathered, held, capped, never twice; and spikes."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from msgspec.structs import replace

from monitor.jobs.alert import alert_due
from monitor.jobs.digest import compose_due, preview
from monitor.jobs.poll import poll
from monitor.model import AlertRule, Subscription
from monitor.topics import load_topics
from tests.unit.jobs.conftest import BORING, DAILY, MATCHING, TOPICS, Bench

Publish = Callable[..., None]
RULE = AlertRule(min_score=0.6, min_outlets=1, spike=False, gather=timedelta(minutes=2))
ALERTS = Subscription("alerts", "Alerts", ("air-defence", "drones"), "desk", "", "Europe/Kyiv", alert=RULE)


def watching(bench: Bench, rule: AlertRule) -> None:
    """Subscribe to alerts by `rule`, and let the first look pass."""
    bench.change(subscriptions=(replace(ALERTS, alert=rule),))
    assert alert_due(bench.tools) == []


def titles(bench: Bench) -> list[list[str]]:
    return [[story.reports[0].article.title for story in one.digest.stories] for one in alert_due(bench.tools)]


def arrive(bench: Bench, publish: Publish, *items: tuple[str, str, str]) -> None:
    publish("courier", *items)
    poll(bench.tools, force=True)


ONE = ("a", "NASAMS for the capital", MATCHING)
TWO = ("b", "Norway opens a drone school in Tromsø", "Forty pilots begin their course with Colonel Hansen on Thursday.")


def test_what_passes_is_told_after_a_moment_and_once(bench: Bench, publish: Publish) -> None:
    watching(bench, RULE)
    bench.clock.forward(minutes=10)
    arrive(bench, publish, ONE)
    assert titles(bench) == []  # more may be coming in
    bench.clock.forward(minutes=3)
    assert titles(bench) == [["NASAMS for the capital"]]
    bench.clock.forward(minutes=3)
    assert titles(bench) == []


def test_a_story_that_ever_more_outlets_report_is_told_all_the_same(bench: Bench, publish: Publish) -> None:
    watching(bench, RULE)
    bench.clock.forward(minutes=10)
    told: list[list[str]] = []
    for minute in range(12):
        text = f"{MATCHING} Reporter number {minute} adds that {minute + 20} cars stood in the {minute}th street."
        arrive(bench, publish, (f"a{minute}", "NASAMS for the capital", text))
        told += titles(bench)
        bench.clock.forward(minutes=1)
    assert told == [["NASAMS for the capital"]]


def test_the_same_told_again_by_others_is_no_second_alert(bench: Bench, publish: Publish) -> None:
    watching(bench, replace(RULE, min_outlets=2, cooldown=timedelta(hours=12)))
    bench.clock.forward(minutes=5)
    title = "NASAMS batteries promised to the capital on Monday"
    arrive(bench, publish, ("a", title, MATCHING))
    publish("herald", ("z", title, "A NASAMS report. " + BORING))
    poll(bench.tools, force=True)
    bench.clock.forward(minutes=5)
    assert titles(bench) == [[title]]
    arrive(bench, publish, ("b", title, "NASAMS batteries go to the capital. " + BORING))
    bench.clock.forward(hours=13)
    assert titles(bench) == []


def test_what_was_there_before_the_subscription_is_no_news(bench: Bench, publish: Publish) -> None:
    arrive(bench, publish, ONE)
    bench.clock.forward(minutes=5)
    watching(bench, RULE)
    bench.clock.forward(minutes=5)
    assert titles(bench) == []


def test_a_story_waits_until_enough_outlets_tell_it(bench: Bench, publish: Publish) -> None:
    watching(bench, replace(RULE, min_outlets=2))
    bench.clock.forward(minutes=5)
    arrive(bench, publish, ("a", "NASAMS batteries promised to the capital on Monday", MATCHING))
    bench.clock.forward(minutes=5)
    assert titles(bench) == []
    publish("herald", ("z", "NASAMS batteries promised to the capital on Monday", "A NASAMS report. " + BORING))
    poll(bench.tools, force=True)
    bench.clock.forward(minutes=5)
    assert len(titles(bench)) == 1


def test_what_more_is_told_of_a_story_rests_and_then_comes_as_an_update(bench: Bench, publish: Publish) -> None:
    watching(bench, replace(RULE, cooldown=timedelta(hours=12)))
    bench.clock.forward(minutes=5)
    arrive(bench, publish, ("a", "NASAMS batteries promised to the capital on Monday", MATCHING))
    bench.clock.forward(minutes=5)
    assert len(titles(bench)) == 1
    bench.clock.forward(hours=1)
    publish(
        "herald", ("z", "NASAMS batteries promised to the capital on Monday", "The NASAMS cost 840 million. " + BORING)
    )
    poll(bench.tools, force=True)
    bench.clock.forward(hours=10)
    assert titles(bench) == []
    bench.clock.forward(hours=1)
    (update,) = alert_due(bench.tools)
    (story,) = update.digest.stories
    assert story.before is not None
    assert [report.outlet for report in story.reports] == ["Herald"]
    bench.clock.forward(hours=13)
    assert titles(bench) == []


def test_what_an_alert_told_wrongly_is_told_once_its_story_has_rested(bench: Bench, publish: Publish) -> None:
    watching(bench, replace(RULE, min_score=0.6, cooldown=timedelta(hours=2), quiet=(time(1), time(2))))
    bench.clock.forward(minutes=5)
    arrive(bench, publish, ONE)
    bench.clock.forward(minutes=5)
    assert len(titles(bench)) == 1
    bench.clock.forward(minutes=30)
    arrive(bench, publish, ("a", ONE[1], MATCHING.replace("Three", "13").replace("NASAMS", "14 NASAMS")))
    assert titles(bench) == []
    arrive(bench, publish, ("a", "Two NASAMS for the capital", MATCHING))
    bench.clock.forward(hours=1)
    assert titles(bench) == []
    bench.clock.forward(hours=1)
    (alert,) = alert_due(bench.tools)
    (story,) = alert.digest.stories
    assert [(one.headline, one.now) for one in story.corrections] == [(ONE[1], "Two NASAMS for the capital")]
    assert alert.digest.notice == ""
    bench.clock.forward(hours=3)
    assert titles(bench) == []


def test_a_watched_name_is_told_whatever_its_score(bench: Bench, publish: Publish) -> None:
    watching(bench, replace(RULE, min_score=1.0, min_outlets=9, watch=("batteries were promised",)))
    bench.clock.forward(minutes=5)
    arrive(bench, publish, ONE, TWO)
    bench.clock.forward(minutes=5)
    assert titles(bench) == [["NASAMS for the capital"]]


def test_a_digest_is_not_touched_by_alerts(bench: Bench, publish: Publish) -> None:
    bench.change(subscriptions=(DAILY, ALERTS))
    alert_due(bench.tools)
    bench.clock.forward(minutes=5)
    arrive(bench, publish, ONE)
    bench.clock.forward(minutes=5)
    assert titles(bench) == [["NASAMS for the capital"]]
    (daily,) = compose_due(bench.tools)
    assert [story.reports[0].article.title for story in daily.digest.stories] == ["NASAMS for the capital"]


def test_the_quiet_hours_hold_and_flush_once(bench: Bench, publish: Publish) -> None:
    bench.clock.now = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)  # 22:30 in Kyiv
    watching(bench, replace(RULE, quiet=(time(22), time(7))))
    bench.clock.forward(minutes=5)
    arrive(bench, publish, ONE)
    bench.clock.forward(hours=1)
    arrive(bench, publish, ONE, TWO)
    bench.clock.forward(hours=1)
    assert titles(bench) == []
    bench.clock.now = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    (composed,) = alert_due(bench.tools)
    assert len(composed.digest.stories) == 2
    assert composed.digest.notice == "Held through the quiet hours since 22:35."
    bench.clock.forward(minutes=5)
    assert titles(bench) == []


def test_beyond_the_hourly_cap_all_comes_in_one_message(bench: Bench, publish: Publish) -> None:
    watching(bench, replace(RULE, per_hour=1, gather=timedelta(0)))
    bench.clock.forward(minutes=1)
    arrive(bench, publish, ONE)
    assert titles(bench) == [["NASAMS for the capital"]]
    third = ("c", "Portuguese shipyard orders air defence radars", "Lisbon pays 300 million to the maker in Porto.")
    for minutes, items in ((10, (ONE, TWO)), (10, (ONE, TWO, third))):
        bench.clock.forward(minutes=minutes)
        arrive(bench, publish, *items)
        assert titles(bench) == []
    bench.clock.forward(minutes=41)
    (composed,) = alert_due(bench.tools)
    assert len(composed.digest.stories) == 2
    assert composed.digest.notice.startswith("Held since ")
    assert composed.digest.notice.endswith("no more than 1 alert an hour.")


def test_a_preview_shows_what_would_be_told(bench: Bench, publish: Publish) -> None:
    watching(bench, replace(RULE, watch=("Patriot",), min_score=1.0))
    bench.clock.forward(minutes=5)
    arrive(
        bench,
        publish,
        ONE,
        ("p", "Berlin weighs Patriot and other air defence", "Crews may go in June."),
    )
    digest, _ = preview(bench.tools, bench.tools.subscriptions[0])
    assert [story.reports[0].article.title for story in digest.stories] == [
        "Berlin weighs Patriot and other air defence"
    ]


PLACES = "Oslo Madrid Vilnius Prague Athens Dublin Tallinn Bergen Porto Gdansk Turin Lyon Ghent Brno".split()
PEOPLE = "Larsen Ortega Petrauskas Novak Pappas Byrne Tamm Solheim Costa Nowak Rossi Moreau Claes Dvorak".split()


def elsewhere(number: int) -> tuple[str, str, str]:
    """A story of its own about air defence."""
    place, person = PLACES[number], PEOPLE[number]
    figures = f"{number * 37 + 11} millions and {number * 5 + 3} crews"
    return (
        f"n{number}",
        f"{person} of {place} on air defence",
        f"{place}: {figures}, says {person} in {1900 + number}.",
    )


@pytest.mark.parametrize("spikes", [True, False])
def test_a_spike_names_the_topic_and_its_stories_once_a_day(bench: Bench, publish: Publish, spikes: bool) -> None:
    watching(bench, replace(RULE, min_score=1.0, spike=spikes))
    known: list[tuple[str, str, str]] = []
    for number in range(6):  # one story every four days
        bench.clock.forward(days=4)
        known.append(elsewhere(number))
        arrive(bench, publish, *known)
        assert alert_due(bench.tools) == []
    bench.clock.forward(hours=12)
    arrive(bench, publish, *known, before := elsewhere(13))
    assert alert_due(bench.tools) == []
    bench.clock.forward(hours=12)
    arrive(bench, publish, *known, before, *(elsewhere(number) for number in range(6, 13)))
    composed = alert_due(bench.tools)
    assert len(composed) == spikes
    for one in composed:
        assert one.digest.notice.startswith("Far more than usual on Air defence: ")
        assert "“air defence”" in one.digest.notice
        assert "about once in 90 days or less often" in one.digest.notice
        assert 5 <= len(one.digest.stories) <= 7
        told = {report.article.title for story in one.digest.stories for report in story.reports}
        assert before[1] not in told  # of half a day ago: it does not drive the spike
    bench.clock.forward(hours=1)
    assert alert_due(bench.tools) == []


def test_a_rule_goes_by_the_topics_that_are_subscribed_to_alone(bench: Bench, publish: Publish) -> None:
    weak = load_topics(
        {"topics.toml": TOPICS.replace('"drone OR drones", weight = 6', '"drone OR drones", weight = 4')}
    )
    bench.change(topics=weak, subscriptions=(replace(ALERTS, topics=("drones",), alert=replace(RULE, min_score=0.9)),))
    assert alert_due(bench.tools) == []
    bench.clock.forward(minutes=10)
    arrive(bench, publish, ("a", "NASAMS for the capital", MATCHING + "One drone flew over the harbour at noon."))
    with bench.store.read() as shelves:
        (story,) = shelves.stories.recent(bench.clock() - timedelta(hours=1), bench.clock())
    scores = {verdict.topic: verdict.score for verdict in story.verdicts}
    assert scores["air-defence"] > 0.9 > scores["drones"]
    bench.clock.forward(minutes=5)
    assert titles(bench) == []
