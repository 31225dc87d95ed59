"""A feed with a hub over real HTTP: the daemon's parts listen, a hub asks back and pushes, or breaks its word."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.app import App, open_app
from monitor.model import Lease, Standing
from monitor.settings import load_settings
from tests.fakes import FixedClock
from tests.hubserver import HubServer, hub_server
from tests.newsserver import Answer, NewsServer
from tests.unit.store.searched import holding

TOPICS = '[topics.drones]\ntitle = "Drones"\nbias = -2\nclauses = [{ name = "d", query = "drone", weight = 6 }]\n'


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as plug:
        return int(plug.getsockname()[1])


class Town:
    """One feed, its hub, and the daemon's parts."""

    def __init__(self, folder: Path, stack: ExitStack, allow: str = '["127.0.0.0/8"]') -> None:
        self.news = stack.enter_context(NewsServer())
        self.hub: HubServer = stack.enter_context(hub_server())
        self.feed = self.news.url("/feed")
        self.put("one")
        self.clock = FixedClock()
        self.port = free_port()
        config = folder / "config"
        config.mkdir()
        (config / "topics.toml").write_text(TOPICS)
        (config / "subscriptions.toml").write_text("")
        (config / "feeds.toml").write_text(f'[[feed]]\nname = "courier"\nurl = "{self.feed}"\npages = "never"\n')
        (config / "monitor.toml").write_text(
            f"[fetch]\nallow_private = {allow}\nhost_gap_seconds = 0.0\n"
            f'[websub]\ncallback = "http://127.0.0.1:{self.port}/hubs"\nlisten = "127.0.0.1:{self.port}"\n'
        )
        self.app: App = stack.enter_context(open_app(load_settings(config, {}), now=self.clock, workers=0))
        stack.enter_context(self.app.listening())

    def document(self, *titles: str) -> bytes:
        items = "".join(f"<item><guid>{title}</guid><title>A drone: {title}</title></item>" for title in titles)
        links = f"<a:link rel='hub' href='{self.hub.url}'/><a:link rel='self' href='{self.feed}'/>"
        head = "<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><title>Courier</title>"
        return f"{head}{links}{items}</channel></rss>".encode()

    def put(self, *titles: str) -> None:
        self.news.put("/feed", Answer(body=self.document(*titles), headers={"Content-Type": "application/rss+xml"}))

    @property
    def lease(self) -> Lease | None:
        with self.app.store.read() as shelves:
            return shelves.leases.of("courier")

    def stored(self) -> int:
        with self.app.store.read() as shelves:
            return len(holding(shelves, "drone"))


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def town(tmp_path: Path, stack: ExitStack) -> Town:
    return Town(tmp_path, stack)


def test_from_the_feed_to_the_push_and_to_the_end(town: Town) -> None:
    town.app.poll()
    assert [asked.mode for asked in town.hub.asked] == ["subscribe"]
    assert town.hub.verify() == [200]
    assert town.lease is not None
    assert town.lease.standing is Standing.ACTIVE
    for method in ("sha1", "sha256", "sha384", "sha512"):
        assert town.hub.publish(town.feed, town.document("one", method), method=method) == [202]
    visits = town.news.count("/feed")
    town.app.poll()
    assert town.stored() == 5
    assert town.news.count("/feed") == visits
    town.app.reload(replace(town.app.settings, feeds=()))
    town.app.poll()
    assert town.hub.asked[-1].mode == "unsubscribe"
    assert town.hub.verify() == [200]
    assert town.hub.subscribers == {}
    with town.app.store.read() as shelves:
        assert shelves.leases.all() == []
    town.hub.subscribers[town.feed, town.hub.asked[0].callback] = town.hub.asked[0]
    assert town.hub.publish(town.feed, b"<rss/>") == [410]


def test_a_forger_is_thanked_and_ignored(town: Town) -> None:
    town.app.poll()
    town.hub.verify()
    assert town.hub.publish(town.feed, town.document("forged"), secret="guessed") == [202]
    callback = town.hub.asked[0].callback
    assert town.hub.ask("POST", callback, town.document("unsigned"))[0] == 202
    assert town.hub.ask("POST", callback + "x", town.document("lost"))[0] == 410
    town.app.poll()
    assert town.stored() == 1


@pytest.mark.parametrize(
    "changed", [{"topic": "https://other.example/"}, {"mode": "unsubscribe"}, {"challenge": ""}, {"mode": "publish"}]
)
def test_a_question_that_does_not_fit_is_not_confirmed(town: Town, changed: dict[str, str]) -> None:
    town.app.poll()
    assert town.hub.verify(**changed) == [404]
    assert town.hub.publish(town.feed, town.document("early")) == []


def test_a_hub_that_never_pushes_costs_nothing_but_the_asking(town: Town) -> None:
    town.app.poll()
    town.hub.verify()
    for number in range(4):
        town.put(*(f"item {one}" for one in range(number + 2)))
        town.clock.forward(hours=1, minutes=6)
        town.app.poll()
    assert town.news.count("/feed") == 5
    assert town.stored() == 6


def test_a_hub_that_is_down_is_asked_again(town: Town) -> None:
    town.hub.status = 500
    town.app.poll()
    assert town.lease is not None
    assert "HTTP 500" in town.lease.problem
    town.hub.status = 202
    town.clock.forward(hours=2)
    town.app.poll()
    assert town.hub.verify() == [200]


def test_a_private_hub_is_not_asked(tmp_path: Path, stack: ExitStack) -> None:
    """The feed may be read, its hub stands elsewhere on the private network."""
    with hub_server() as hub:
        town = Town(tmp_path, stack, allow='["127.0.0.1/32"]')
        town.hub = HubServer(hub.port)
        body = town.document("one").replace(b"127.0.0.1:%d/hub" % hub.port, b"127.0.0.9:%d/hub" % hub.port)
        town.news.put("/feed", Answer(body=body))
        town.app.poll()
        assert town.lease is not None
        assert "private or forbidden address" in town.lease.problem
        assert hub.asked == []
