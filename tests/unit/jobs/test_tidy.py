"""Retention over a told span of time."""

from collections.abc import Callable

from monitor.jobs.poll import poll
from monitor.jobs.tidy import forget, tidy
from monitor.model import NoticeKind
from tests.unit.jobs.conftest import BORING, MATCHING, Bench


def test_matches_stay_the_rest_loses_its_text_and_nothing_comes_back(
    bench: Bench, publish: Callable[..., None]
) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Library hours", BORING))
    publish("herald", ("c", "Tram timetable", BORING))
    poll(bench.tools)
    assert tidy(bench.tools) == 0
    bench.clock.forward(days=61)
    assert tidy(bench.tools) == 2
    with bench.store.read() as shelves:
        (kept,) = shelves.articles.history("https://news.example/a")
        (gone,) = shelves.articles.history("https://news.example/b")
    assert kept.stored is not None
    assert gone.stored is not None
    assert "NASAMS" in kept.stored.article.text
    assert gone.stored.forgotten
    assert gone.stored.article.text == ""
    assert poll(bench.tools, force=True).new == 0


def test_what_was_noticed_and_is_over_is_forgotten_in_time(bench: Bench) -> None:
    with bench.store.begin() as shelves:
        shelves.notices.settle("courier", {NoticeKind.GONE: "gone"}, bench.clock())
        shelves.notices.settle("courier", {}, bench.clock())
        ((number, notice),) = shelves.notices.untold()
        shelves.notices.mark_told(number, notice)
    bench.clock.forward(days=61)
    tidy(bench.tools)
    with bench.store.read() as shelves:
        assert shelves.notices.of("courier") == []


def test_a_dry_run_says_what_would_go_and_removes_nothing(bench: Bench, publish: Callable[..., None]) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Library hours", BORING * 200))
    poll(bench.tools)
    bench.clock.forward(days=61)
    asked = forget(bench.tools, dry_run=True)
    assert (asked.texts, asked.visits) == (1, 2)
    assert asked.freed > 0
    with bench.store.read() as shelves:
        (kept,) = shelves.articles.history("https://news.example/b")
        assert kept.stored is not None
        assert not kept.stored.forgotten
    assert forget(bench.tools) == asked
    assert forget(bench.tools).texts == 0
