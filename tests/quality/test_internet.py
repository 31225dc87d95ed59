"""The model that `docs/sizing.md` reckons with: it adds up, and a real archive hands out what it supposes."""

from pathlib import Path

from benchmarks.costs import Costs
from benchmarks.internet import Archive, Done, Plan, World, play
from benchmarks.outlets import Delays
from monitor.store import open_store

PLAN = Plan(feeds=40, days=1.0, workers=3, batch=7, tick=300, warm=0.25)


def test_what_is_counted_adds_up() -> None:
    done = play(Plan(feeds=60, days=1.0, warm=0.0), Costs())
    assert done.items > 100
    assert done.missed <= done.items * 0.1
    assert done.requests == sum(done.outcomes.values()) == sum(done.minutes.values()) == done.lateness.number
    assert done.delays.number == done.items
    assert done.cpu > 0 < done.busy


def test_the_same_seed_gives_the_same_days() -> None:
    assert _figures(play(PLAN, Costs())) == _figures(play(PLAN, Costs()))


def test_an_archive_hands_out_what_the_model_supposes(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'archive.db'}")
    asked = World(PLAN, Costs(), Archive(store, PLAN.feeds)).play()
    store.close()
    supposed = play(PLAN, Costs())
    assert asked.requests > 100
    # Of one host an archive gives feeds to one worker at a time, so that a few wait for the next tick.
    assert abs(asked.requests - supposed.requests) <= supposed.requests * 0.05
    assert abs(asked.items - supposed.items) <= supposed.items * 0.05


def test_more_workers_do_not_ask_more_often() -> None:
    one, four = (play(Plan(feeds=60, days=1.0, workers=number, warm=0.5), Costs()) for number in (1, 4))
    assert abs(one.requests - four.requests) < one.requests * 0.05


def test_delays_are_counted_to_a_twentieth() -> None:
    delays = Delays()
    for seconds in range(1, 1001):
        delays.add(float(seconds))
    assert 475 <= delays.at(0.5) <= 530
    assert 940 <= delays.at(0.99) <= 1050
    assert Delays().at(0.5) == 0


def _figures(done: Done) -> tuple[int, int, int, float]:
    return done.requests, done.items, done.missed, done.received
