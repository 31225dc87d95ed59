"""What pages drew is shown again, and drawn anew off the request."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event, get_ident
from time import monotonic, sleep

import pytest

from monitor.web.memory import USABLE, Memory
from tests.builders import NOW

YOUNG = 10


class Bench:
    """A memory with a clock that is set, and a drawing that can be held up."""

    def __init__(self) -> None:
        self.now = NOW
        self.memory = Memory(lambda: self.now)
        self.drawn: list[int] = []
        self.threads: list[int] = []
        self.free = Event()
        self.free.set()

    def draw(self) -> int:
        number = len(self.drawn) + 1
        self.threads.append(get_ident())
        self.drawn.append(number)
        assert self.free.wait(10)
        return number

    def ask(self, state: object = None) -> int:
        return self.memory.get("page", state, self.draw, young=YOUNG).thing

    def comes(self, number: int) -> bool:
        until = monotonic() + 10
        while (found := self.ask()) != number and monotonic() < until:
            sleep(0.005)
        return found == number


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.free.set()
    made.memory.close()


def test_the_first_request_draws_and_others_see_the_same_while_it_is_young(bench: Bench) -> None:
    assert bench.ask() == 1
    bench.now += timedelta(seconds=YOUNG - 1)
    assert bench.ask() == 1
    assert bench.drawn == [1]
    assert bench.threads == [get_ident()]


def test_an_older_one_is_shown_at_once_while_a_single_new_one_is_drawn_beside(bench: Bench) -> None:
    bench.ask()
    bench.now += timedelta(seconds=YOUNG)
    bench.free.clear()
    kept = [bench.memory.get("page", None, bench.draw, young=YOUNG) for _ in range(5)]
    assert [(one.thing, one.at) for one in kept] == [(1, NOW)] * 5
    bench.free.set()
    assert bench.comes(2)
    assert bench.drawn == [1, 2]
    assert bench.threads[1] != get_ident()
    assert bench.memory.get("page", None, bench.draw, young=YOUNG).at == bench.now


def test_one_that_is_too_old_is_not_shown(bench: Bench) -> None:
    bench.ask()
    bench.now += timedelta(seconds=USABLE * YOUNG)
    assert bench.ask() == 2
    assert bench.threads[1] == get_ident()


def test_a_clock_set_back_makes_nothing_young_for_ever(bench: Bench) -> None:
    bench.ask()
    bench.now -= timedelta(days=1)
    assert bench.ask() == 2


def test_after_a_change_nobody_sees_the_one_before_even_if_it_was_being_drawn(bench: Bench) -> None:
    bench.ask("before")
    bench.now += timedelta(seconds=YOUNG)
    bench.free.clear()
    assert bench.ask("before") == 1
    until = monotonic() + 10
    while len(bench.drawn) < 2 and monotonic() < until:
        sleep(0.005)
    bench.now += timedelta(seconds=1)
    assert bench.memory.get("page", "after", lambda: 99, young=YOUNG).thing == 99
    bench.free.set()
    bench.memory.close()
    assert bench.memory.get("page", "after", bench.draw, young=YOUNG).thing == 99


def test_what_many_ask_for_at_once_is_drawn_once() -> None:
    memory, made, together = Memory(lambda: NOW), [], Barrier(4)

    def ask(state: int) -> int:
        def make() -> int:
            sleep(0.05)
            made.append(state)
            return state

        together.wait(10)
        return memory.get("sum", state, make, young=YOUNG).thing

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, [1] * 4)) == [1] * 4
        assert list(pool.map(ask, [2] * 4)) == [2] * 4
    assert made == [1, 2]
    memory.close()


def test_a_drawing_that_fails_is_told_and_tried_again(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> int:
        raise ValueError("a bug")

    bench.ask()
    bench.now += timedelta(seconds=YOUNG)
    assert bench.memory.get("page", None, fail, young=YOUNG).thing == 1
    assert bench.comes(2)


def test_closed_it_still_shows_what_there_is(bench: Bench) -> None:
    bench.ask()
    bench.memory.close()
    bench.now += timedelta(seconds=YOUNG)
    assert [bench.ask(), bench.ask()] == [1, 1]
    assert bench.drawn == [1]
