"""Long work: one piece at a time, told as it goes on, stopped when somebody says so, and its failure is told."""

import asyncio
import json
from datetime import UTC, datetime
from threading import Event
from time import sleep

import pytest

from monitor.errors import StoreError
from monitor.web.works import Outcome, State, Work, Works, events

BEGAN = datetime(2026, 11, 23, 8, tzinfo=UTC)


def _told(work: Work) -> list[dict[str, object]]:
    async def read() -> list[str]:
        return [one async for one in events(work)]

    pieces = asyncio.run(asyncio.wait_for(read(), 20))
    return [json.loads(one.partition("data: ")[2]) for one in pieces if "data: " in one]


def test_it_is_told_as_it_goes_on() -> None:
    seen = Event()

    def run(work: Work) -> Outcome:
        work.tell(0.5, "half of it")
        seen.wait(10)
        return Outcome("all of it", (("one", ""),))

    works, work = Works(), Work("to count", BEGAN)
    assert works.start(work, run)
    assert not works.start(Work("another", BEGAN), run)
    assert works.latest is work

    async def read() -> list[str]:
        pieces = []
        async for one in events(work):
            pieces.append(one)
            seen.set()
        return pieces

    pieces = asyncio.run(asyncio.wait_for(read(), 20))
    first, last = (json.loads(one.partition("data: ")[2]) for one in (pieces[0], pieces[-1]))
    assert (first["state"], last["state"]) == ("running", "done")
    assert (last["share"], last["words"]) == (1.0, "all of it")
    assert pieces[0].startswith("id: ")
    assert pieces[0].endswith("\n\n")
    assert work.outcome.words == "all of it"
    assert works.start(Work("another", BEGAN), lambda _work: Outcome(""))


def test_it_is_stopped() -> None:
    def run(work: Work) -> Outcome:
        assert work.wait(10)
        return Outcome("a part")

    works, work = Works(), Work("to wait", BEGAN)
    works.start(work, run)
    works.stop()
    last = _told(work)[-1]
    assert (last["state"], last["share"], last["words"]) == ("stopped", 0.0, "a part")
    assert work.outcome.words == "a part"


def test_who_closes_waits_for_the_safe_point_and_lets_nothing_new_begin() -> None:
    done = []

    def run(work: Work) -> Outcome:
        assert work.wait(10)
        sleep(0.2)  # what it is in the middle of
        done.append("written")
        return Outcome("a part")

    works, work = Works(), Work("to write", BEGAN)
    works.start(work, run)
    works.close()
    assert (done, work.state) == (["written"], State.STOPPED)
    assert not works.start(Work("another", BEGAN), run)


def test_what_does_not_end_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.works.CLOSE_WITHIN", 0.05)
    over = Event()

    def run(_work: Work) -> Outcome:
        over.wait(20)
        return Outcome("late")

    works, work = Works(), Work("to hang", BEGAN)
    works.start(work, run)
    works.close()
    assert work.state is State.RUNNING
    over.set()
    assert _told(work)[-1]["state"] == "stopped"


@pytest.mark.parametrize(
    ("error", "words"), [(StoreError("the disk is full"), "the disk is full"), (KeyError("x"), "bug of the program")]
)
def test_a_failure_is_told(error: Exception, words: str) -> None:
    def run(_work: Work) -> Outcome:
        raise error

    works, work = Works(), Work("to fail", BEGAN)
    works.start(work, run)
    assert _told(work)[-1]["state"] == State.FAILED.value
    assert words in work.outcome.words


def test_a_share_stays_within_the_whole() -> None:
    work = Work("to overdo", BEGAN)
    work.tell(1.7, "more than all")
    assert work.share == 1.0
