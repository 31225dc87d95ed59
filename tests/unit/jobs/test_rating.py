"""What a feed brought is put together from the archive."""

from collections.abc import Callable

from monitor.jobs.poll import poll
from monitor.jobs.rating import rate
from monitor.model import Failure
from tests.unit.jobs.conftest import BORING, FEEDS, MATCHING, Bench


def test_the_health_of_a_good_and_of_a_dead_feed(bench: Bench, publish: Callable[..., None]) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Library hours", BORING))
    bench.web.pages["https://herald.example/feed"] = Failure.TIMEOUT
    for _ in range(4):
        poll(bench.tools, force=True)
        bench.clock.forward(hours=1)
    with bench.store.read() as shelves:
        rated = rate(shelves, FEEDS, bench.clock())
    good, dead = rated["courier"], rated["herald"]
    assert (good.visits, good.failed, good.figures.items, good.matches) == (4, 0, 2, {"air-defence": 1})
    assert good.health is not None
    assert good.health.points == 100
    assert (dead.visits, dead.failed, dead.matches) == (4, 4, {})
    assert dead.health is not None
    assert [loss.what for loss in dead.health.losses] == ["4 of 4 visits failed"]


def test_of_a_new_feed_nothing_is_said(bench: Bench) -> None:
    with bench.store.read() as shelves:
        assert rate(shelves, FEEDS, bench.clock())["courier"].health is None
