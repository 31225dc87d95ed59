"""A toolbox of real parts on a fake web, for the tests of the jobs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from monitor.app import limits_of
from monitor.digests import Renderer, make_environment
from monitor.evidence import Vault
from monitor.jobs.toolbox import Toolbox
from monitor.model import Feed, Subscription
from monitor.settings.models import MainOptions
from monitor.sources import KINDS
from monitor.store import Store, open_store
from monitor.topics import load_topics
from tests.fakes import FakeWeb, FixedClock, HereExtractor, RecordingChannel

TOPICS = """
[topics.air-defence]
title = "Air defence"
threshold = 0.5
bias = -2
clauses = [{ name = "systems", query = '"air defence" OR nasams', weight = 6 }]

[topics.drones]
title = "Drones"
threshold = 0.5
bias = -2
clauses = [{ name = "drones", query = "drone OR drones", weight = 6 }]
"""
MATCHING = "Three NASAMS batteries were promised to the air defence of the capital on Monday, the ministry said. "
BORING = "The city library opens an hour later in winter, and the tram to the harbour runs every ten minutes. "


def rss(*items: tuple[str, str, str], title: str = "Courier") -> str:
    """A feed of (guid, headline, summary); each item's link is https://news.example/<guid>."""
    entries = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><link>https://news.example/{guid}</link>"
        f"<title>{headline}</title><description>{summary}</description></item>"
        for guid, headline, summary in items
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>{entries}</channel></rss>"


@dataclass
class Bench:
    """The toolbox and the fakes in it."""

    tools: Toolbox
    web: FakeWeb
    clock: FixedClock
    channel: RecordingChannel
    store: Store

    def change(self, **parts: Any) -> None:
        self.tools = replace(self.tools, **parts)


FEEDS = (
    Feed("courier", "https://courier.example/feed", "Courier", language="en", pages="never"),
    Feed("herald", "https://herald.example/feed", "Herald", language="en", pages="never"),
)
LIMITS = replace(limits_of(MainOptions()), canaries=())
DAILY = Subscription("daily", "Daily digest", ("air-defence", "drones"), "desk", "0 8 * * *", "Europe/Kyiv")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Two feeds, two topics, one daily subscription; feed text only, so that no page is needed."""
    clock, channel, store = FixedClock(), RecordingChannel(), open_store("sqlite://")
    web = FakeWeb(clock)
    tools = Toolbox(
        store=store,
        fetcher=web,
        sources=KINDS,
        extractor=HereExtractor(),
        topics=load_topics({"topics.toml": TOPICS}),
        feeds={feed.name: feed for feed in FEEDS},
        subscriptions=(DAILY,),
        channels={"desk": channel},
        renderer=Renderer(make_environment()),
        shipped_renderer=Renderer(make_environment()),
        limits=LIMITS,
        now=clock,
        evidence=Vault(tmp_path / "evidence"),
        jitter=lambda: 0.0,
    )
    yield Bench(tools, web, clock, channel, store)
    store.close()


@pytest.fixture
def publish(bench: Bench) -> Callable[..., None]:
    """Put items (guid, headline, summary) into the feed of an outlet."""

    def put(outlet: str, *items: tuple[str, str, str]) -> None:
        bench.web.pages[f"https://{outlet}.example/feed"] = rss(*items, title=outlet.title())

    return put
