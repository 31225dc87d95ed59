"""Retention over a told span of time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.jobs import tidy as tidying
from monitor.jobs.poll import poll
from monitor.jobs.tidy import tidy
from monitor.model import NoticeKind
from monitor.store import open_store
from monitor.store.articles import Articles
from tests.unit.jobs.conftest import BORING, LIMITS, MATCHING, Bench


def test_matches_stay_the_rest_loses_its_text_and_nothing_comes_back(
    bench: Bench, publish: Callable[..., None]
) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Library hours", BORING))
    publish("herald", ("c", "Tram timetable", BORING))
    poll(bench.tools)
    assert tidy(bench.tools).texts == 0
    bench.clock.forward(days=61)
    assert tidy(bench.tools).texts == 2
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
    asked = tidy(bench.tools, dry_run=True)
    assert (asked.texts, asked.visits) == (1, 2)
    assert asked.freed > 0
    with bench.store.read() as shelves:
        (kept,) = shelves.articles.history("https://news.example/b")
        assert kept.stored is not None
        assert not kept.stored.forgotten
    assert tidy(bench.tools) == asked
    assert tidy(bench.tools).texts == 0


def test_a_dry_run_of_much_tries_one_step_and_says_all(
    bench: Bench, publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("courier", *((str(number), f"Library hours {number}", f"{number} {BORING}" * 200) for number in range(6)))
    poll(bench.tools)
    bench.clock.forward(days=61)
    monkeypatch.setattr("monitor.jobs.tidy.STEP", 2)
    forgotten: list[int] = []
    forget = Articles.forget_texts

    def noting(shelf: Articles, before: datetime, *, matches: bool = False, limit: int | None = None) -> int:
        forgotten.append(forget(shelf, before, matches=matches, limit=limit))
        return forgotten[-1]

    monkeypatch.setattr(Articles, "forget_texts", noting)
    asked = tidy(bench.tools, dry_run=True)
    assert (asked.texts, forgotten) == (6, [2])
    done = tidy(bench.tools)
    assert 0.4 * done.freed < asked.freed < 2.5 * done.freed


def test_matches_go_when_the_settings_say_so_but_for_what_was_marked_and_every_identity(
    bench: Bench, publish: Callable[..., None]
) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "NASAMS for the coast", MATCHING + BORING))
    poll(bench.tools)
    with bench.store.begin() as shelves:
        (marked,) = shelves.articles.history("https://news.example/b")
        assert marked.stored is not None
        shelves.marks.put(marked.stored.article.id, ["air-defence"], relevant=True, at=bench.clock())
    bench.change(limits=replace(LIMITS, keep_matches=timedelta(days=365)))
    bench.clock.forward(days=364)
    assert tidy(bench.tools).matches == 0
    bench.clock.forward(days=2)
    assert tidy(bench.tools, dry_run=True).matches == 1
    assert tidy(bench.tools).matches == 1
    with bench.store.read() as shelves:
        (gone,) = shelves.articles.history("https://news.example/a")
        (kept,) = shelves.articles.history("https://news.example/b")
    assert gone.stored is not None
    assert kept.stored is not None
    assert (gone.stored.forgotten, gone.stored.article.text) == (True, "")
    assert gone.stored.verdicts[0].matched, "that it matched is not forgotten"
    assert "NASAMS" in kept.stored.article.text
    again = poll(bench.tools, force=True)
    assert (again.new, again.edited) == (0, 0)


def test_notes_of_visits_have_a_time_of_their_own(bench: Bench, publish: Callable[..., None]) -> None:
    publish("courier", ("b", "Library hours", BORING))
    poll(bench.tools)
    bench.change(limits=replace(LIMITS, keep_notes=timedelta(days=5)))
    bench.clock.forward(days=6)
    done = tidy(bench.tools)
    assert (done.visits, done.texts) == (2, 0)


def test_much_is_forgotten_in_small_steps_and_a_stop_between_them_loses_nothing(
    bench: Bench, publish: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(f"sqlite:///{tmp_path}/monitor.db")
    bench.change(store=store)
    publish("courier", *((str(number), f"Library hours {number}", BORING * 40) for number in range(40)))
    poll(bench.tools)
    bench.clock.forward(days=61)
    monkeypatch.setattr(tidying, "STEP", 10)
    steps: list[str] = []
    bench.change(passing=steps.append, stopping=lambda: len(steps) == 2)
    assert (tidy(bench.tools).texts, len(steps)) == (20, 2)
    bench.change(stopping=lambda: False)
    done = tidy(bench.tools)
    assert (done.texts, len(steps)) == (20, 5)
    assert done.returned > 0
    assert tidy(bench.tools).returned == 0, "nothing is left to be given back"
    store.close()
