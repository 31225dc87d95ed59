"""Orders: the ladder, its end, its report, and that they are gone on with."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.errors import NetworkError
from monitor.jobs.backfill import Errand, Order, Report, Tally, backfill, estimate, fill_slice, key_of
from monitor.jobs.digest import compose_due
from monitor.model import AlertRule, ClimbState, Failure, Subscription, Window
from tests.fakes import NOON
from tests.unit.jobs.conftest import FEEDS, MATCHING, Bench
from tests.unit.jobs.test_climbing import _feed
from tests.unit.jobs.test_watch import change_limits

SPAN = Window(NOON - timedelta(days=10), NOON)
COURIER, HERALD = FEEDS


def _order(**overrides: object) -> Order:
    return replace(Order((COURIER,), SPAN, "courier", "key"), **overrides)


def _run(bench: Bench, order: Order, watch: list[Tally] | None = None) -> Report:
    return backfill(bench.tools, order, lambda _seconds: None, (watch if watch is not None else []).append)


@pytest.fixture
def town(bench: Bench) -> Bench:
    """The courier has pages; the herald has a sitemap only."""
    for number, days in enumerate(((1, 2), (4, 5), (8, 12)), 1):
        bench.web.pages[COURIER.url + (f"?paged={number}" if number > 1 else "")] = _feed(*days)
    bench.web.pages[HERALD.url] = _feed(0)
    urls = "".join(
        f"<url><loc>https://herald.example/{NOON - timedelta(days=day):%Y/%m/%d}/{day}</loc></url>" for day in range(14)
    )
    bench.web.pages["https://herald.example/robots.txt"] = "Sitemap: https://herald.example/map.xml"
    bench.web.pages["https://herald.example/map.xml"] = f"<urlset>{urls}</urlset>"
    for day in range(14):
        at = NOON - timedelta(days=day)
        bench.web.pages[f"https://herald.example/{at:%Y/%m/%d}/{day}"] = (
            f"<html><head><title>Herald {day}</title>"
            f'<meta property="article:published_time" content="{at.isoformat()}">'
            f"</head><body><article><h1>Herald {day}</h1><p>{MATCHING}</p></article></body></html>"
        )
    return bench


def test_the_ladder_ends_at_the_first_rung_that_covers_the_span(town: Bench) -> None:
    tallies: list[Tally] = []
    report = _run(town, _order(feeds=(COURIER, HERALD)), tallies)
    states = {(climb.feed, climb.rung): climb.state for climb in report.climbs}
    assert states[("courier", "pages")] is ClimbState.COVERED
    assert states[("herald", "pages")] is ClimbState.ENDED
    assert states[("herald", "sitemap")] is ClimbState.COVERED
    assert len(states) == 3
    assert report.matching == sum(climb.new for climb in report.climbs)
    assert tallies[-1].share == 1
    assert tallies[0].share < 1
    assert not report.spent


def test_a_budget_ends_it_and_the_same_order_goes_on(town: Bench) -> None:
    report = _run(town, _order(budget=2))
    assert report.spent
    for runs in range(1, 20):  # noqa: B007 - counted
        report = _run(town, _order(budget=1))
        if not report.spent:
            break
    assert runs > 1
    (climb,) = report.climbs
    assert (climb.found, climb.new, climb.state) == (5, 5, ClimbState.COVERED)
    again = _run(town, _order())
    assert (again.climbs[0].new, again.climbs[0].known) == (0, 5), "an order that was done begins anew"


def test_an_errand_is_done_slice_by_slice(town: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.jobs.backfill.SLICE", 2)
    span = _order().span
    errand = Errand("courier", "2026-02-01", "", span.start.isoformat(), span.end.isoformat())
    assert errand.key == errand.order(COURIER).key, "it is the same order that a person may go on with"
    slices = 1
    while fill_slice(town.tools, errand, lambda _seconds: None):
        slices += 1
        assert slices < 20
    assert slices > 1
    with town.store.read() as shelves:
        (climb,) = shelves.backfills.climbs(errand.key)
        job = shelves.backfills.job(errand.key)
    assert (climb.found, climb.new, climb.state) == (5, 5, ClimbState.COVERED)
    assert job is not None
    assert job.ended_at is not None


def test_an_errand_of_a_feed_that_is_followed_no_more_is_over(town: Bench) -> None:
    errand = Errand("gone", "2026-02-01", "", NOON.isoformat(), NOON.isoformat())
    assert fill_slice(town.tools, errand, lambda _seconds: None) is False


def test_a_slice_that_is_interrupted_is_not_the_last(town: Bench) -> None:
    span = _order().span
    errand = Errand("courier", "2026-02-01", "", span.start.isoformat(), span.end.isoformat())
    town.change(stopping=lambda: True)
    assert fill_slice(town.tools, errand, lambda _seconds: None) is True


def test_a_list_is_added_to_the_ladder(town: Bench) -> None:
    listed = {"courier": [f"https://herald.example/{NOON - timedelta(days=3):%Y/%m/%d}/3"]}
    report = _run(town, _order(listed=listed))
    assert [(climb.rung, climb.new) for climb in report.climbs] == [("pages", 5), ("list", 1)]
    assert _order(via="list", listed=listed).rungs == ("list",)


@pytest.mark.parametrize("tell", [False, True])
def test_it_is_told_only_on_demand_and_never_at_once(town: Bench, tell: bool) -> None:
    alert = Subscription("now", "Now", ("air-defence",), "desk", "", "Europe/Kyiv", alert=AlertRule(0.1, 1))
    (daily,) = town.tools.subscriptions
    town.change(subscriptions=(daily, alert), limits=replace(town.tools.limits, told_max_age=timedelta(days=2)))
    from monitor.jobs.alert import alert_due

    alert_due(town.tools)
    town.clock.forward(minutes=1)
    _run(town, _order(tell=tell))
    town.clock.forward(minutes=10)
    assert alert_due(town.tools) == []
    town.clock.forward(days=1)
    digests = compose_due(town.tools)
    told = {report.article.title for one in digests for story in one.digest.stories for report in story.reports}
    assert told == ({"NASAMS day 1", "NASAMS day 2", "NASAMS day 4", "NASAMS day 5", "NASAMS day 8"} if tell else set())
    (digest,) = (one.digest for one in digests)
    assert (digest.coverage.entries, digest.coverage.matched) == (0, 0), "it is no news of the window"


def test_what_to_expect_is_said_without_storing_anything(town: Bench) -> None:
    courier, herald = estimate(town.tools, _order(feeds=(COURIER, HERALD)), lambda _seconds: None)
    assert (courier.rung, herald.rung) == ("pages", "sitemap")
    assert 4 <= courier.items <= 6
    assert herald.items == 11
    assert herald.requests >= 11
    with town.store.read() as shelves:
        assert not shelves.articles.has_items("courier")
        assert shelves.backfills.job("key") is None


def test_keys_tell_orders_apart() -> None:
    assert key_of("a", "b") == key_of("a", "b") != key_of("a", "c")


def test_without_a_network_an_order_stops_and_nothing_is_taken_for_unreadable(town: Bench) -> None:
    canary = "https://canary.example/"
    change_limits(town, canaries=(canary,))
    assert _run(town, _order(budget=1)).spent
    pages = dict(town.web.pages)
    town.web.pages = dict.fromkeys([*pages, canary], Failure.CONNECT)
    report = _run(town, _order())
    assert report.offline
    assert report.climbs[0].failed == ()
    errand = Errand("courier", "2026-02-20", "", SPAN.start.isoformat(), SPAN.end.isoformat())
    with pytest.raises(NetworkError):
        fill_slice(town.tools, errand, lambda _seconds: None)
    town.web.pages = pages
    report = _run(town, _order())
    assert (report.offline, report.climbs[0].state, report.climbs[0].found) == ("", ClimbState.COVERED, 5)
