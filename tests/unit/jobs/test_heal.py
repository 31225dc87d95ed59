"""Gaps between two visits are filled through the ladder, and what became of them is told."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.jobs.digest import compose_now
from monitor.jobs.heal import heal
from monitor.jobs.poll import Round, poll
from monitor.model import Gap
from tests.fakes import NOON
from tests.unit.jobs.conftest import FEEDS, MATCHING, Bench

COURIER = FEEDS[0]


def _feed(*hours: float) -> str:
    """Items of so many hours after noon."""
    items = "".join(
        f"<item><guid>{hour}</guid><link>https://courier.example/{hour}</link><title>NASAMS of hour {hour}</title>"
        f"<pubDate>{NOON + timedelta(hours=hour):%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
        f"<description>{MATCHING}</description></item>"
        for hour in hours
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Courier</title>{items}</channel></rss>"


def _visits(bench: Bench) -> Round:
    """The feed is read, has news, and then moves on faster than we looked: hours 3 to 6 were never seen."""
    bench.change(feeds={COURIER.name: COURIER})
    bench.web.pages[COURIER.url] = _feed(0)
    poll(bench.tools)
    bench.clock.forward(hours=2.5)
    bench.web.pages[COURIER.url] = _feed(2, 1, 0)
    poll(bench.tools, force=True)
    bench.clock.forward(hours=6)
    bench.web.pages[COURIER.url] = _feed(8.5, 8, 7)
    return poll(bench.tools, force=True)


def _heal(bench: Bench, done: Round | None) -> list[Gap]:
    return heal(bench.tools, done.after if done else None, lambda _seconds: None)


def _pages(bench: Bench) -> None:
    bench.web.pages[f"{COURIER.url}?paged=2"] = _feed(6, 5)
    bench.web.pages[f"{COURIER.url}?paged=3"] = _feed(4, 3)
    bench.web.pages[f"{COURIER.url}?paged=4"] = _feed(2, 1)


def test_what_fell_into_a_gap_is_recovered_and_told_as_news(bench: Bench) -> None:
    done = _visits(bench)
    _pages(bench)
    (gap,) = _heal(bench, done)
    assert (gap.recovered, gap.closed) == (4, True)
    assert (gap.start, gap.end) == (NOON + timedelta(hours=2), NOON + timedelta(hours=7))
    (digest,) = bench.tools.subscriptions
    made = compose_now(bench.tools, digest).digest
    told = {report.article.title for story in made.stories for report in story.reports}
    assert {f"NASAMS of hour {hour}" for hour in (*range(9), 8.5)} == told
    assert [(one.feed, one.recovered) for one in made.coverage.gaps] == [("Courier", 4)]
    assert made.coverage.entries == 10
    assert _heal(bench, done) == [], "once"


def test_what_cannot_be_recovered_is_said(bench: Bench) -> None:
    (gap,) = _heal(bench, _visits(bench))
    assert (gap.recovered, gap.closed) == (0, False)
    assert "reach back" in gap.words
    (digest,) = bench.tools.subscriptions
    assert compose_now(bench.tools, digest).digest.coverage.gaps[0].words == gap.words


def test_a_gap_of_an_earlier_run_is_filled_at_the_start(bench: Bench) -> None:
    _visits(bench)
    _pages(bench)
    (gap,) = _heal(bench, None)
    assert gap.recovered == 4
    with bench.store.begin() as shelves:
        shelves.backfills.put_gap(replace(gap, recovered=0, closed=False, healed_at=None))
    assert len(_heal(bench, None)) == 1, "one whose healing was interrupted"
    with bench.store.read() as shelves:
        assert shelves.backfills.gaps(NOON, bench.clock())[0].healed_at is not None


def test_the_budget_is_kept_to(bench: Bench) -> None:
    done = _visits(bench)
    _pages(bench)
    bench.change(limits=replace(bench.tools.limits, heal_requests=2))
    asked = len(bench.web.asked)
    (gap,) = _heal(bench, done)
    assert len(bench.web.asked) - asked <= 3
    assert gap.words == "it would have taken too many requests"


@pytest.mark.parametrize("reason", ["off", "no gap"])
def test_nothing_is_asked_without_need(bench: Bench, reason: str) -> None:
    if reason == "off":
        done = _visits(bench)
        bench.change(limits=replace(bench.tools.limits, heal_requests=0))
    else:
        bench.web.pages[COURIER.url] = _feed(0)
        done = poll(bench.tools)
    asked = len(bench.web.asked)
    assert _heal(bench, done) == []
    assert len(bench.web.asked) == asked
