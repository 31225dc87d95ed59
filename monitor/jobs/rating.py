"""What the archive knows of each feed's last two weeks, put together as its health; see `pacing.health`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from monitor.model import Feed, FeedState
from monitor.pacing import norm
from monitor.pacing.health import Facts, Health, health
from monitor.store import Figures, Shelves


class Rated(Struct, frozen=True):
    """A feed with its numbers of the last two weeks."""

    state: FeedState | None
    figures: Figures
    matches: Mapping[str, int] = field(default_factory=dict)  # topic → articles
    matching: int = 0  # articles that match any topic
    visits: int = 0
    failed: int = 0
    health: Health | None = None


class Numbers(Struct, frozen=True):
    """What the feeds brought in two weeks, by name: dear to add up, and true for a while."""

    figures: Mapping[str, Figures]
    matches: Mapping[str, Mapping[str, int]]
    matching: Mapping[str, int]
    tries: Mapping[str, tuple[int, int]]


def add_up(shelves: Shelves, now: datetime) -> Numbers:
    """The numbers of all feeds."""
    of = shelves.feeds
    return Numbers(of.figures(now), of.matches(now), of.matching(now), of.tries(now))


def rate(shelves: Shelves, feeds: Sequence[Feed], now: datetime, numbers: Numbers | None = None) -> dict[str, Rated]:
    """Every one of the feeds by its name. `numbers`: those of a while ago, else they are added up."""
    numbers = numbers or add_up(shelves, now)
    states = shelves.feeds.states([feed.name for feed in feeds])
    return {feed.name: _rated(numbers, feed.name, states.get(feed.name), now) for feed in feeds}


def _rated(numbers: Numbers, name: str, state: FeedState | None, now: datetime) -> Rated:
    brought, found = numbers.figures.get(name, Figures()), numbers.matches.get(name, {})
    made, failed = numbers.tries.get(name, (0, 0))
    facts = Facts(
        visits=made,
        failed=failed,
        gone=bool(state and state.gone_at),
        items=brought.items,
        known=brought.duplicates,
        delay=brought.delay,
        silent=now - state.news_at if state and state.news_at else None,
        usual=norm(state) if state else None,
        matches=numbers.matching.get(name, 0),
    )
    return Rated(state, brought, found, facts.matches, made, failed, health(facts))
