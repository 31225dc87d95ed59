"""What the archive knows of each feed's last two weeks, put together as its health; see `pacing.health`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model import Feed, FeedState
from monitor.pacing import norm
from monitor.pacing.health import Facts, Health, health
from monitor.store import Figures, Shelves


@dataclass(frozen=True, slots=True)
class Rated:
    """A feed with its numbers of the last two weeks."""

    state: FeedState | None
    figures: Figures
    matches: Mapping[str, int] = field(default_factory=dict)  # topic → articles
    visits: int = 0
    failed: int = 0
    health: Health | None = None


def rate(shelves: Shelves, feeds: Iterable[Feed], now: datetime) -> dict[str, Rated]:
    """Every one of the feeds by its name."""
    states, figures = shelves.feeds.states(), shelves.feeds.figures(now)
    matches, tries = shelves.feeds.matches(now), shelves.feeds.tries(now)
    rated = {}
    for feed in feeds:
        state, brought = states.get(feed.name), figures.get(feed.name, Figures())
        made, failed = tries.get(feed.name, (0, 0))
        found = matches.get(feed.name, {})
        facts = Facts(
            visits=made,
            failed=failed,
            gone=bool(state and state.gone_at),
            items=brought.items,
            known=brought.duplicates,
            delay=brought.delay,
            silent=now - state.news_at if state and state.news_at else None,
            usual=norm(state) if state else None,
            matches=sum(found.values()),
        )
        rated[feed.name] = Rated(state, brought, found, made, failed, health(facts))
    return rated
