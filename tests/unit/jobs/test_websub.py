"""A feed and its hub, from the offer to the end, with a hub that answers as told and a clock that is moved."""

import hmac
from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.errors import StoreError
from monitor.identity import identities
from monitor.jobs.poll import poll
from monitor.jobs.websub import Reception, Terms, make_up, take, take_waiting, tend
from monitor.model import Entry, FeedState, Lease, Push, Request, Standing, Visit
from monitor.store import Fate
from tests.fakes import FakeWeb
from tests.unit.jobs.conftest import MATCHING, Bench, rss

HUB = "https://hub.example/"
FEED = "https://courier.example/feed"
TERMS = Terms("https://us.example/hubs/", timedelta(hours=2))
HOUR = timedelta(hours=1)


def with_hub(body: str, hub: str = HUB) -> str:
    links = f"<atom:link rel='hub' href='{hub}'/><atom:link rel='self' href='{FEED}'/>" if hub else ""
    return body.replace("<channel>", f"<channel xmlns:atom='http://www.w3.org/2005/Atom'>{links}")


class Town:
    """A bench whose first feed names a hub."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.change(limits=replace(bench.tools.limits, websub=True))
        self.web: FakeWeb = bench.web
        self.web.pages[HUB] = ""
        self.reception = Reception(bench.store, bench.clock)
        self.put(("1", "Opening", "x"))

    def put(self, *items: tuple[str, str, str], hub: str = HUB) -> str:
        self.body = self.web.pages[FEED] = with_hub(rss(*items), hub)
        return self.body

    def round(self) -> None:
        take(self.bench.tools, self.reception.drain())
        poll(self.bench.tools, force=False)
        tend(self.bench.tools, TERMS)

    def later(self, span: timedelta) -> None:
        self.bench.clock.now += span

    @property
    def lease(self) -> Lease:
        with self.bench.store.read() as shelves:
            lease = shelves.leases.of("courier")
        assert lease is not None
        return lease

    @property
    def state(self) -> FeedState:
        with self.bench.store.read() as shelves:
            return shelves.feeds.states(["courier"])["courier"]

    def confirm(self, mode: str = "subscribe", **changed: str) -> str:
        query = {"hub.mode": mode, "hub.topic": FEED, "hub.challenge": "abc", "hub.lease_seconds": "864000"}
        return self.reception.confirm(self.lease.token, {**query, **changed})

    def push(self, body: str, secret: str = "") -> bool:
        content = body.encode()
        signature = "sha256=" + hmac.digest((secret or self.lease.secret).encode(), content, "sha256").hex()
        return self.reception.take(self.lease.token, content, signature, "application/rss+xml")

    def subscribe(self) -> None:
        self.round()
        assert self.confirm() == "abc"


@pytest.fixture
def town(bench: Bench, publish: Callable[..., None]) -> Town:
    publish("herald")
    return Town(bench)


def known(town: Town) -> dict[str, Fate]:
    """What became of the items, by guid."""
    entries = [Entry("courier", guid, f"https://news.example/{guid}", "x") for guid in ("1", "2", "3")]
    keys = dict(zip(identities(entries), ("1", "2", "3"), strict=True))
    with town.bench.store.read() as shelves:
        return {keys[key]: item.fate for key, item in shelves.articles.known("courier", list(keys)).items()}


def asked(town: Town) -> list[dict[str, str]]:
    return [dict(request.form) for request in town.web.asked if request.purpose == "hub"]


def test_a_hub_that_a_feed_names_is_asked(town: Town) -> None:
    town.round()
    (form,) = asked(town)
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", FEED)
    assert form["hub.callback"] == f"https://us.example/hubs/{town.lease.token}"
    assert len(town.lease.token) >= 40
    assert len(town.lease.secret) >= 40
    town.round()
    assert len(asked(town)) == 1


def test_it_is_not_asked_where_nothing_leads_to_us(bench: Bench) -> None:
    bench.web.pages[FEED] = with_hub(rss(("1", "Opening", "x")))
    poll(bench.tools)
    with bench.store.read() as shelves:
        assert shelves.leases.all() == []


def test_what_is_pushed_is_read_as_a_poll_reads(town: Town) -> None:
    town.subscribe()
    state = town.state
    assert town.push(rss(("1", "Opening", "x"), ("2", "NASAMS arrive", MATCHING)))
    take(town.bench.tools, town.reception.drain())
    assert known(town) == {"1": Fate.NOT_MATCHED, "2": Fate.MATCHED}
    assert (town.state.etag, town.state.body_hash, town.state.due_at) == (state.etag, state.body_hash, state.due_at)
    assert town.lease.pushed_at == town.bench.clock()
    assert state.noted
    assert not town.state.noted  # the feed itself may still say it otherwise
    # What the poll brings afterwards is known.
    town.put(("1", "Opening", "x"), ("2", "NASAMS arrive", MATCHING))
    assert poll(town.bench.tools, force=True).new == 0


def test_an_article_of_several_pages_is_read_whole(town: Town) -> None:
    tools = town.bench.tools
    town.bench.change(feeds={name: replace(feed, pages="always") for name, feed in tools.feeds.items()})
    for number, following in ((1, '<a href="/long-story?page=2">2</a>'), (2, "")):
        text = "".join(f"<p>Page {number} names {each} towns of the coast.</p>" for each in range(5))
        place = "https://news.example/long-story" + ("?page=2" if number == 2 else "")
        town.bench.web.pages[place] = f"<html><body><article><h1>NASAMS</h1>{text}{following}</article></body></html>"
    town.subscribe()
    assert town.push(rss(("1", "Opening", "x"), ("long-story", "NASAMS arrive", MATCHING)))
    take(town.bench.tools, town.reception.drain())
    with town.bench.store.read() as shelves:
        (read,) = shelves.articles.history("https://news.example/long-story")
    assert read.stored is not None
    assert "Page 2 names 4 towns" in read.stored.article.text


def test_what_was_not_read_before_a_crash_is_polled_at_once(town: Town) -> None:
    town.subscribe()
    due = town.state.due_at
    assert town.push(town.put(("1", "Opening", "x"), ("2", "NASAMS arrive", MATCHING)))
    assert (town.state.due_at, town.lease.waiting_at) == (due, town.bench.clock())
    town.reception = Reception(town.bench.store, town.bench.clock)  # what was in memory is gone
    town.later(timedelta(minutes=1))
    assert make_up(town.bench.store, town.bench.clock()) == ["courier"]
    assert make_up(town.bench.store, town.bench.clock()) == []
    town.round()
    assert known(town) == {"1": Fate.NOT_MATCHED, "2": Fate.MATCHED}
    assert town.state.due_at > due


def test_a_server_that_wants_to_be_left_alone_is_so_after_a_crash_too(town: Town) -> None:
    town.subscribe()
    held = town.bench.clock() + timedelta(minutes=5)
    state = town.state
    with town.bench.store.begin() as shelves:
        shelves.feeds.save(replace(state, held_until=held, due_at=held + HOUR))
    assert town.push(town.body)
    make_up(town.bench.store, town.bench.clock())
    assert town.state.due_at == held


def test_what_was_read_waits_no_more_and_what_came_since_does(town: Town) -> None:
    town.subscribe()
    town.push(town.body)
    first = town.reception.drain()
    town.later(timedelta(seconds=1))
    town.push(town.body)
    waiting = []
    for pushes in (first, town.reception.drain()):
        take(town.bench.tools, pushes)
        waiting.append(town.lease.waiting_at)
    assert waiting == [town.bench.clock(), None]
    assert make_up(town.bench.store, town.bench.clock()) == []


def test_a_push_that_cannot_be_read_is_polled_instead(town: Town) -> None:
    town.subscribe()
    town.put(("1", "Opening", "x"), ("2", "Two", "x"))
    town.later(timedelta(minutes=1))
    town.push("<html>sorry</html>")
    town.round()
    assert set(known(town)) == {"1", "2"}
    assert town.lease.waiting_at is None


def test_a_push_that_cannot_be_noted_is_not_taken(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.subscribe()

    def full(*_: object) -> None:
        raise StoreError("database or disk is full")

    monkeypatch.setattr("monitor.store.leases.Leases.put", full)
    assert not town.push(town.body)
    assert town.reception.drain() == []


def test_a_push_waits_on_while_the_archive_cannot_be_written_to(town: Town) -> None:
    town.subscribe()
    for guid in ("2", "3"):
        assert town.push(rss((guid, f"Headline {guid}", "x")))

    def passing(point: str) -> None:
        if point == "ingest: before commit":
            town.bench.change(passing=lambda _point: None)
            raise StoreError("the disk is full")

    town.bench.change(passing=passing)
    with pytest.raises(StoreError):
        take_waiting(town.bench.tools, town.reception)
    assert known(town).keys() == {"1"}
    assert take_waiting(town.bench.tools, town.reception) == 2
    assert town.reception.drain() == []


def test_what_is_signed_wrongly_is_taken_and_dropped(town: Town) -> None:
    town.subscribe()
    assert town.push(rss(("2", "Forged", "x")), secret="guessed")
    assert town.reception.take(town.lease.token, b"<rss/>", "", "text/xml")
    assert town.reception.drain() == []


def test_nothing_is_expected_before_it_was_confirmed(town: Town) -> None:
    town.round()
    assert not town.reception.expects(town.lease.token)
    assert town.confirm() == "abc"
    assert town.reception.expects(town.lease.token)
    assert not town.reception.expects("other")
    town.later(timedelta(days=11))
    assert not town.reception.expects(town.lease.token)


def test_an_unknown_path_confirms_nothing(town: Town) -> None:
    town.round()
    assert town.reception.confirm("other", {"hub.mode": "subscribe", "hub.topic": FEED, "hub.challenge": "a"}) == ""


def test_pushes_wait_within_a_limit(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.subscribe()
    monkeypatch.setattr("monitor.jobs.websub._MOST_WAITING", 1_000)
    assert town.push("x" * 900)
    assert not town.push("x" * 900)
    assert len(town.reception.drain()) == 1
    assert town.push("x" * 900)


@pytest.mark.parametrize("body", [b"", b"<html>sorry</html>", b"\xff\xfe\x00"])
def test_content_that_is_no_feed_hurts_nobody(town: Town, body: bytes) -> None:
    town.subscribe()
    take(
        town.bench.tools,
        [Push("courier", body, "text/html", town.bench.clock()), Push("gone", b"", "", town.bench.clock())],
    )
    assert set(known(town)) == {"1"}
    assert town.lease.pushed_at is None


def test_what_does_not_fit_into_one_reading_is_left_to_the_next_poll(town: Town) -> None:
    town.subscribe()
    feeds = {name: replace(feed, pages="always") for name, feed in town.bench.tools.feeds.items()}
    town.bench.change(limits=replace(town.bench.tools.limits, pages_per_visit=1), feeds=feeds)
    body = town.put(("1", "Opening", "x"), ("2", "Two", "x"), ("3", "Three", "x"))
    town.push(body)
    take(town.bench.tools, town.reception.drain())
    assert town.state.due_at <= town.bench.clock()
    town.round()
    town.round()
    assert set(known(town)) == {"1", "2", "3"}


def test_a_hub_that_works_makes_polling_rarer_within_the_limit(town: Town) -> None:
    town.subscribe()
    usual = town.state.due_at - town.bench.clock()
    town.push(town.body)
    town.later(usual * 2)
    town.round()
    put_off = town.state.due_at - town.bench.clock()
    assert usual < put_off <= TERMS.longest_poll
    town.round()
    assert town.state.due_at - town.bench.clock() == put_off


def test_polling_is_normal_again_once_it_finds_what_was_not_pushed(town: Town) -> None:
    town.subscribe()
    usual = town.state.due_at - town.bench.clock()
    town.push(town.body)
    town.later(usual * 2)
    town.round()
    town.put(("1", "Opening", "x"), ("2", "Not pushed", "x"))
    town.later(TERMS.longest_poll)
    town.round()
    assert town.lease.missed == 1
    assert town.state.due_at - town.bench.clock() <= usual * 1.5
    town.push(town.body)
    take(town.bench.tools, town.reception.drain())
    assert town.lease.missed == 0


def test_a_lease_is_renewed_in_time_and_when_it_runs_out_polling_is_due(town: Town) -> None:
    town.subscribe()
    town.push(town.body)
    town.later(timedelta(days=9, hours=1))
    town.round()
    assert len(asked(town)) == 2
    assert town.confirm() == "abc"
    town.later(timedelta(days=9, hours=1))
    town.round()
    town.later(timedelta(days=1))
    town.round()
    assert town.lease.standing is Standing.ASKED
    assert town.state.due_at <= town.bench.clock()


def test_a_hub_that_refuses_the_request(town: Town) -> None:
    del town.web.pages[HUB]
    town.round()
    assert town.lease.problem
    assert not town.lease.pending
    assert town.confirm() == ""


def test_a_feed_that_was_taken_out_is_unsubscribed(town: Town) -> None:
    town.subscribe()
    town.bench.change(feeds={name: feed for name, feed in town.bench.tools.feeds.items() if name != "courier"})
    town.round()
    assert asked(town)[-1]["hub.mode"] == "unsubscribe"
    assert town.confirm("unsubscribe") == "abc"
    with town.bench.store.read() as shelves:
        assert shelves.leases.all() == []


def test_a_feed_that_names_its_hub_no_more_is_unsubscribed(town: Town) -> None:
    town.subscribe()
    town.put(("1", "Opening", "x"), ("2", "Two", "x"), hub="")
    town.later(HOUR)
    town.round()
    assert asked(town)[-1]["hub.mode"] == "unsubscribe"


def test_what_a_poll_left_waiting_while_a_push_was_read_is_not_forgotten(town: Town) -> None:
    town.subscribe()
    feeds = {name: replace(feed, pages="always") for name, feed in town.bench.tools.feeds.items()}
    town.bench.change(limits=replace(town.bench.tools.limits, pages_per_visit=1), feeds=feeds)
    worker = replace(town.bench.tools, holder="worker")
    town.put(("1", "Opening", "x"), ("2", "Two", "x"), ("3", "Three", "x"))
    town.later(HOUR)

    class Meeting(FakeWeb):
        def visit(self, request: Request) -> Visit:
            if request.purpose == "page" and not town.state.waiting:
                assert poll(worker).left_over == 1
            return super().visit(request)

    town.bench.change(fetcher=Meeting(town.bench.clock, town.web.pages))
    town.push(rss(("2", "Two", "x")))
    take(town.bench.tools, town.reception.drain())
    assert [entry.id for entry in town.state.waiting] == ["3"]
    town.put(("9", "Nine", "x"))
    town.later(HOUR)
    poll(worker)
    poll(worker)
    assert known(town).keys() == {"1", "2", "3"}
