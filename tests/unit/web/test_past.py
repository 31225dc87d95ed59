"""The room of the past: orders given on the desk, told while they go on, stopped; wrong orders explained."""

import json
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from monitor.app import App
from monitor.jobs.backfill import Order, Report, Tally, Watch
from monitor.jobs.toolbox import Toolbox
from tests.unit.web.visiting import Visitor


def _ended(visitor: Visitor, address: str) -> str:
    """Listen to what is worked on until it is over; the page that tells what came of it."""
    page = visitor.get("/past").text
    if "data-events" in page:
        path = page.partition('data-events="')[2].partition('"')[0]
        connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        connection.request("GET", path, headers={"cookie": visitor.cookie})
        answer = connection.getresponse()
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = [line for line in answer.read().decode().splitlines() if line.startswith("data: ")]
        connection.close()
        assert json.loads(told[-1].removeprefix("data: "))["state"] != "running"
    return visitor.get("/past").text


def test_a_feed_is_filled_from_the_desk(app: App, visitor: Visitor, address: str) -> None:
    feed = app.settings.feeds[0].name
    order = {"feed": feed, "since": "2026-01-01", "via": "pages", "budget": "20"}
    given = visitor.post("/past/backfill", order, form_of="/past")
    assert (given.status, given.headers["location"]) == (303, "/past")
    page = _ended(visitor, address)
    assert f"Backfill of {feed} since 2026-01-01: done" in page
    assert "requests" in page
    with app.store.read() as shelves:
        (job,) = shelves.backfills.latest(5)
    assert job.words == f"{feed} since 2026-01-01"
    assert f"{job.words}, to " in page


@pytest.mark.parametrize("dry", ["yes", ""])
def test_what_is_remembered_is_judged_again(visitor: Visitor, address: str, dry: str) -> None:
    assert visitor.post("/past/rejudge", {"days": "30", "dry": dry}, form_of="/past").status == 303
    page = _ended(visitor, address)
    assert ("Trial of the topics on the last 30 days: done" if dry else "Judging again the last 30 days: done") in page
    assert "articles looked at" in page


def test_only_one_piece_at_a_time_and_it_can_be_stopped(
    visitor: Visitor, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(toolbox: Toolbox, order: Order, pause: Callable[[float], object], watch: Watch) -> Report:
        watch(Tally(0.25, 3, 20, 10, 7, ("northwire: pages",)))
        for _ in range(2_000):
            if toolbox.stopping():
                break
            pause(0.01)
        return Report((), order.span, interrupted=toolbox.stopping())

    monkeypatch.setattr("monitor.web.past.backfill", endless)
    assert visitor.post("/past/backfill", {"since": "2020-01-01"}, form_of="/past").status == 303
    second = visitor.post("/past/rejudge", {}, form_of="/past")
    assert second.status == 409
    assert "Something is worked on already" in second.text
    assert "25 % · northwire: pages · 10 new of 20 found · 7 requests" in visitor.get("/past").text
    assert visitor.post("/past/stop", {}, form_of="/past").status == 303
    page = _ended(visitor, address)
    assert "feeds since 2020-01-01: stopped" in page
    assert "the same order goes on from here" in page


@pytest.mark.parametrize(
    ("path", "order", "words"),
    [
        ("/past/backfill", {"since": "soon"}, "is no day"),
        ("/past/backfill", {"since": "2026-01-01", "until": "9999-12-31"}, "is no day"),
        ("/past/rejudge", {"days": "000000019999999999"}, "must be a number"),
        ("/past/backfill", {"since": "2999-01-01"}, "not in the future"),
        ("/past/backfill", {"since": "2026-02-01", "until": "2026-01-01"}, "before the last one"),
        ("/past/backfill", {"since": "2026-01-01", "via": "tunnel"}, "There is no way"),
        ("/past/backfill", {"since": "2026-01-01", "feed": "nobody"}, "There is no feed nobody"),
        ("/past/backfill", {"since": "2026-01-01", "budget": "-1"}, "must be a number"),
        ("/past/rejudge", {"days": "²"}, "must be a number"),
        ("/past/rejudge", {"days": "99999999999"}, "must be a number"),
    ],
)
def test_a_wrong_order_is_explained(visitor: Visitor, path: str, order: dict[str, str], words: str) -> None:
    refused = visitor.post(path, order, form_of="/past")
    assert refused.status in (404, 422)
    assert words in refused.text


def test_work_that_is_not_there_has_no_stream(visitor: Visitor) -> None:
    assert visitor.get("/past/0000/events").status == 404


def test_looking_begins_nothing(visitor: Visitor) -> None:
    for path in ("/past/backfill", "/past/rejudge", "/past/stop"):
        assert visitor.get(path).status == 405
