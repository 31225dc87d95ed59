"""Sleeps of any length, over nights in which clocks change: one catch-up digest over the whole gap, or none is owed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from monitor.digests import due
from monitor.jobs.alert import alert_due
from monitor.jobs.digest import compose_due
from monitor.jobs.drawing import Composed
from monitor.jobs.poll import poll
from monitor.model import AlertRule, Digest, Window
from tests.unit.jobs.conftest import DAILY, MATCHING, Bench, bench, publish

__all__ = ["bench", "publish"]  # the bench of the jobs

ZONES = ("Europe/Kyiv", "America/New_York", "Australia/Lord_Howe")  # the last moves its clocks by half an hour
YEAR = 2026
TOWNS = (
    "Arvika Bergen Celje Detmold Esbjerg Falun Gotha Hamar Imatra Jelgava Kaunas Lahti Malbork Narva Odense Porvoo"
    " Quedlinburg Rakvere Salo Tartu Ulm Vaasa Wismar Xanten Ylivieska Zwolle Aarhus Boden"
).split()
SLEEPS = ("0s", "1s", "59s", "61s", "30m", "1h", "23h59m", "24h", "24h1s", "25h", "47h", "3d", "7d5h", "9d23h", "10d")


@pytest.mark.parametrize("sleep", SLEEPS)
@pytest.mark.parametrize("zone", ZONES)
def test_a_sleep_of_any_length_is_one_catch_up_over_the_whole_gap(
    bench: Bench, publish: Callable[..., None], zone: str, sleep: str
) -> None:
    bench.change(subscriptions=(replace(DAILY, zone=zone, schedule="30 2 * * *", send_empty=True),))
    # Asleep over the night in which the clocks change, where there is one.
    bench.clock.now = datetime(YEAR, 4, 4, 2, 31, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    (before,) = compose_due(bench.tools)
    asleep_at = bench.clock.now
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    bench.clock.now += _span(sleep)
    waking = bench.clock.now
    poll(bench.tools, force=True)
    made = compose_due(bench.tools) + compose_due(bench.tools)
    bench.clock.now += timedelta(minutes=1)
    made += compose_due(bench.tools)
    owed = due("30 2 * * *", zone, after=asleep_at, now=waking)
    assert len(made) == (0 if owed is None else 1)
    for one in made:
        assert one.digest.window == Window(before.digest.window.end, waking)
        assert [story.reports[0].article.title for story in one.digest.stories] == ["NASAMS for the capital"]
    bench.clock.now = waking + timedelta(days=1, hours=2)
    (following,) = compose_due(bench.tools)
    assert following.digest.window.start == (waking if made else before.digest.window.end)
    assert len(following.digest.stories) == (0 if made else 1)


@pytest.mark.parametrize("ahead", ["25h", "40d", "366d"])
def test_a_clock_that_was_ahead_for_hours_silences_nothing(
    bench: Bench, publish: Callable[..., None], ahead: str
) -> None:
    rule = AlertRule(min_score=0.1, min_outlets=1, gather=timedelta())
    bench.change(subscriptions=(DAILY, replace(DAILY, name="alerts", schedule="", alert=rule)))
    towns = iter(TOWNS)
    articles: list[tuple[str, str, str]] = []

    def live(hours: int) -> list[Digest]:
        """That long, with news every four hours; the digests made."""
        made: list[Composed] = []
        for _ in range(hours // 4):
            bench.clock.forward(hours=4)
            town = next(towns)
            articles.append((town, f"NASAMS seen in {town}", f"{town} has seen air defence on its hills."))
            publish("courier", *articles)
            poll(bench.tools, force=True)
            made += compose_due(bench.tools) + alert_due(bench.tools)
        return [one.digest for one in made if one.sent]

    made = live(28)
    right = bench.clock.now
    bench.clock.now += _span(ahead)
    made += live(8)
    bench.clock.now = right + timedelta(hours=8)
    after = live(72)
    days = [digest.window.end.day - right.day for digest in after if digest.subscription.name == "daily"]
    assert days == [1, 2, 3]
    assert len([digest for digest in after if digest.subscription.name == "alerts"]) >= 72 / 4
    told = [
        report.article.title
        for digest in [*made, *after]
        for story in digest.stories
        for report in story.reports
        if digest.subscription.name == "daily"
    ]
    assert len(told) == len(set(told))
    assert set(told) >= {headline for _, headline, _ in articles[:-4]}


def _span(text: str) -> timedelta:
    names = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
    spans: dict[str, float] = {}
    number = ""
    for character in text:
        if character.isdigit():
            number += character
        else:
            spans[names[character]], number = float(number), ""
    return timedelta(**spans)
