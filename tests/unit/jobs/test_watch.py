"""Notices of feeds and of our own network, over rounds of polling on a fake web."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from monitor.jobs.poll import poll
from monitor.jobs.watch import request_of, short_of_room, tell, tell_room
from monitor.model import Failed, Failure, Feed, FeedState, Notice, NoticeKind, Request, Visit
from tests.fakes import FakeWeb
from tests.unit.jobs.conftest import BORING, LIMITS, MATCHING, Bench, rss

Publish = Callable[..., None]
CANARIES = ("https://canary-1.example/", "https://canary-2.example/")


def change_limits(bench: Bench, **limits: object) -> None:
    bench.change(limits=replace(LIMITS, **limits))


def many(bench: Bench, count: int = 20) -> list[Feed]:
    """So many feeds of so many hosts, all well, and two canaries."""
    feeds = [Feed(f"f{n}", f"https://f{n}.example/feed", pages="never") for n in range(count)]
    bench.change(feeds={feed.name: feed for feed in feeds})
    change_limits(bench, canaries=CANARIES)
    bench.web.pages = {feed.url: rss((f"g{n}", f"Notice {n}", BORING)) for n, feed in enumerate(feeds)}
    bench.web.pages |= dict.fromkeys(CANARIES, "well")
    return feeds


def opened(bench: Bench) -> list[Notice]:
    with bench.store.read() as shelves:
        return shelves.notices.open()


def states(bench: Bench) -> dict[str, FeedState]:
    with bench.store.read() as shelves:
        return shelves.feeds.states()


@pytest.mark.parametrize("kind", [Failure.DNS, Failure.TIMEOUT, Failure.TLS])
def test_six_hours_without_network(bench: Bench, kind: Failure, capsys: pytest.CaptureFixture[str]) -> None:
    many(bench)
    online = dict(bench.web.pages)
    for _ in range(90):
        poll(bench.tools)
        bench.clock.forward(minutes=1)
    capsys.readouterr()
    bench.web.pages = dict.fromkeys(online, kind)
    down = bench.clock()
    for _ in range(6 * 60):
        poll(bench.tools)
        bench.clock.forward(minutes=1)
    assert [notice.kind for notice in opened(bench)] == [NoticeKind.NETWORK]
    after = states(bench).values()
    assert {(state.failures, state.problem, state.gone_at, state.missing) for state in after} == {(0, "", None, 0)}
    assert max(state.due_at for state in after) <= bench.clock() + timedelta(minutes=5)
    bench.web.pages = online
    up = bench.clock()
    for _ in range(10):
        poll(bench.tools)
        bench.clock.forward(minutes=1)
    assert opened(bench) == []
    assert min(state.succeeded_at or down for state in states(bench).values()) >= up
    said = capsys.readouterr().out
    assert said.count(NoticeKind.NETWORK) == 2  # its beginning and its end
    with bench.store.read() as shelves:
        (notice,) = shelves.notices.of("")
    assert notice.closed_at is not None
    assert timedelta(hours=5) < notice.closed_at - notice.opened_at < timedelta(hours=6, minutes=10)


def test_a_part_of_the_network_is_down(bench: Bench) -> None:
    many(bench)
    online = dict(bench.web.pages)
    poll(bench.tools)
    bench.clock.forward(hours=3)
    bench.web.pages = dict.fromkeys(online, Failure.DNS) | {
        f"https://f{n}.example/feed": online[f"https://f{n}.example/feed"] for n in (0, 1)
    }
    done = poll(bench.tools)
    assert (done.offline, done.unchanged) == (False, 2)
    (notice,) = opened(bench)
    assert "name server" in notice.words
    assert {state.failures for state in states(bench).values()} == {0}


def test_a_canary_that_answers_means_that_the_feeds_are_in_trouble(bench: Bench) -> None:
    feeds = many(bench)
    bench.web.pages |= {feed.url: Failure.CONNECT for feed in feeds}
    done = poll(bench.tools)
    assert not done.offline
    assert {state.failures for state in states(bench).values()} == {1}
    assert opened(bench) == []


def test_canaries_are_asked_only_when_nearly_everything_fails(bench: Bench) -> None:
    feeds = many(bench)
    bench.web.pages |= {feed.url: Failure.CONNECT for feed in feeds[:10]}
    poll(bench.tools)
    assert not [request for request in bench.web.asked if request.url in CANARIES]


def test_blocked_canaries_do_not_shield_a_dead_feed(bench: Bench) -> None:
    feeds = many(bench, 6)
    bench.web.pages |= dict.fromkeys(CANARIES, Failure.CONNECT)
    poll(bench.tools)
    bench.web.pages[feeds[0].url] = Failure.CONNECT
    with bench.store.begin() as shelves:
        state = shelves.feeds.states()["f0"]
        shelves.feeds.save(replace(state, due_at=bench.clock()))
    done = poll(bench.tools)
    assert (done.due, done.offline) == (1, False)
    assert states(bench)["f0"].failures == 1


def test_a_bridge_that_reports_an_error_is_no_news_and_its_trouble_is_told_once(
    bench: Bench, publish: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    publish("herald", ("c", "Tram timetable", BORING))
    well = bench.web.pages["https://courier.example/feed"]
    poll(bench.tools)
    for number in range(8):
        publish("courier", (f"e{number}", f"Bridge returned error 503! ({number})", "Details of the trouble"))
        bench.clock.forward(hours=3)
        done = poll(bench.tools)
        assert done.new == 0
    assert [(notice.kind, notice.subject) for notice in opened(bench)] == [(NoticeKind.EMPTY, "courier")]
    assert "Bridge returned error" in states(bench)["courier"].problem
    bench.web.pages["https://courier.example/feed"] = well
    bench.clock.forward(hours=3)
    assert poll(bench.tools).failed == {}
    assert opened(bench) == []
    assert capsys.readouterr().out.count(NoticeKind.EMPTY) == 2
    with bench.store.read() as shelves:
        assert shelves.articles.known("courier", [f"id:e{n}" for n in range(8)]) == {}


def test_a_feed_that_answers_with_nothing_is_told_once_and_so_is_its_recovery(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    publish("herald", ("c", "Tram timetable", BORING))
    poll(bench.tools)
    publish("courier")
    for _ in range(6):
        bench.clock.forward(hours=3)
        poll(bench.tools)
    assert [(notice.kind, notice.subject) for notice in opened(bench)] == [(NoticeKind.EMPTY, "courier")]
    assert states(bench)["courier"].problem == ""
    publish("courier", ("b", "Library hours", BORING))
    bench.clock.forward(hours=3)
    assert poll(bench.tools).new == 1
    assert opened(bench) == []


def test_a_feed_taken_out_of_the_configuration_takes_its_notices_along(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    for _ in range(30):
        poll(bench.tools)
        bench.clock.forward(hours=2)
    assert [(notice.kind, notice.subject) for notice in opened(bench)] == [
        (NoticeKind.FAILING, "herald"),
        (NoticeKind.GONE, "herald"),
    ]
    bench.change(feeds={"courier": bench.tools.feeds["courier"]})
    poll(bench.tools)
    assert opened(bench) == []


def test_a_feed_that_moves_is_visited_there(bench: Bench, publish: Publish) -> None:
    there = "https://new.example/feed"
    bench.change(feeds={"courier": Feed("courier", "https://courier.example/feed", "Courier", pages="never")})

    class Moving(FakeWeb):
        def visit(self, request: Request) -> Visit:
            visit = super().visit(request)
            if isinstance(visit, Failed) or request.url == there:
                return visit
            return replace(visit, moved_to=there)

    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    moving = Moving(bench.clock, dict(bench.web.pages) | {there: bench.web.pages["https://courier.example/feed"]})
    bench.change(fetcher=moving)
    for _ in range(5):
        poll(bench.tools)
        bench.clock.forward(hours=3)
    assert [request.url for request in moving.asked][2:] == ["https://courier.example/feed", there, there]
    assert [(notice.kind, there in notice.words) for notice in opened(bench)] == [(NoticeKind.MOVED, True)]
    edited = Feed("courier", there, "Courier", pages="never")
    bench.change(feeds={"courier": edited})
    poll(bench.tools)
    assert opened(bench) == []


def test_a_feed_that_leads_to_the_front_page_has_not_moved_there(bench: Bench) -> None:
    front = "https://courier.example/"
    bench.change(feeds={"courier": Feed("courier", "https://courier.example/feed", "Courier", pages="never")})

    class Leading(FakeWeb):
        def visit(self, request: Request) -> Visit:
            visit = super().visit(request)
            return visit if isinstance(visit, Failed) else replace(visit, url=front, moved_to=front)

    page = "<html><head><title>Courier</title></head><body>All the news</body></html>"
    leading = Leading(bench.clock, {"https://courier.example/feed": page})
    bench.change(fetcher=leading)
    for _ in range(6):
        poll(bench.tools)
        bench.clock.forward(hours=3)
    assert states(bench)["courier"].address == ""
    assert opened(bench) == []
    assert {request.url for request in leading.asked} == {"https://courier.example/feed"}
    assert states(bench)["courier"].problem == "HTML page instead of a feed: Courier"


def test_the_request_sends_what_is_known_back_as_it_came(bench: Bench) -> None:
    odd = "Fri, 1 Mar 2041 0:00:00 GMT"
    now = bench.clock()
    state = FeedState("courier", now, etag='W/"1"', last_modified=odd, full_at=now)
    assert request_of(bench.tools, state, now).last_modified == odd
    assert request_of(bench.tools, state, now + timedelta(hours=2)).last_modified == ""


def test_a_silence_is_over_with_news_and_not_with_a_failure(bench: Bench) -> None:
    many(bench, 1)
    poll(bench.tools)
    now, hour = bench.clock(), timedelta(hours=1)
    state = replace(states(bench)["f0"], news=40, lull=9 * hour, lull_since=now - 480 * hour)
    silent = replace(state, news_at=now - 72 * hour)
    tell(bench.tools, {"f0": silent}, None)
    tell(bench.tools, {"f0": replace(silent, failures=1)}, None)
    tell(bench.tools, {"f0": silent}, None)
    (notice,) = opened(bench)
    assert notice.kind is NoticeKind.SILENT
    tell(bench.tools, {"f0": replace(silent, news_at=now)}, None)
    with bench.store.read() as shelves:
        assert [one.closed_at for one in shelves.notices.of("f0")] == [now]


def test_a_disk_that_runs_full_is_told_once_and_so_is_its_end(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_free(megabytes: int) -> list[str]:
        monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=megabytes * 1_000_000))
        tell_room(bench.tools, tmp_path)
        with bench.store.read() as shelves:
            return [notice.words for notice in shelves.notices.open({NoticeKind.LITTLE_ROOM})]

    said = [f"less than 500 MB are free at {tmp_path}"]
    assert [with_free(megabytes) for megabytes in (900, 499, 120, 510, 601, 510)] == [[], said, said, said, [], []]
    with bench.store.read() as shelves:
        assert len(shelves.notices.of("The disk")) == 1
    monkeypatch.undo()
    assert short_of_room(tmp_path / "not there") == ""
