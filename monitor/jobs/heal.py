"""Gaps between two visits are filled at once: the feed moved on faster than we looked, or we were not there to look.

    states of this round → gaps (which span was not seen?) → the ladder, all feeds side by side → what became of them

A gap is noted before it is tried, so that one whose healing was interrupted is tried again when the program starts.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from monitor.jobs.toolbox import Toolbox
from monitor.logs import get_logger
from monitor.model import Climb, ClimbState, FeedState, Gap, Via, Window

if TYPE_CHECKING:
    from monitor.jobs.backfill import Report

log = get_logger(job="heal")

LONGEST = timedelta(days=14)  # what was published longer ago is no news; `monitor backfill` brings it
_RUNGS = ("pages", "sitemap")
_FEWEST = 3  # items of a document; a shorter one has nothing in common with the one before on any quiet day
_ASIDE = timedelta(seconds=1)  # beyond the items at both ends, which are known


def heal(toolbox: Toolbox, after: Mapping[str, FeedState] | None, pause: Callable[[float], object]) -> list[Gap]:
    """Fill the gaps that showed in a round, by the states `after` it; None: look at every feed, as at a start.

    At most `limits.heal_requests` requests a gap. `pause` waits so many seconds.
    """
    if not toolbox.limits.heal_requests or toolbox.stopping():
        return []
    waiting = _noticed(toolbox, after)
    open_ = {gap.feed: gap for gap in waiting if gap.end > gap.start}
    if not open_:
        return []
    from monitor.jobs.backfill import Order, backfill, key_of  # most rounds leave no gap

    order = Order(
        feeds=tuple(toolbox.feeds[name] for name in open_),
        span=Window(min(gap.start for gap in open_.values()), max(gap.end for gap in open_.values())),
        words="gaps",
        key=key_of("gaps", *(f"{gap.feed} {gap.at.isoformat()}" for gap in open_.values())),
        budget=toolbox.limits.heal_requests * len(open_),
        ladder=_RUNGS,
        spans={name: Window(gap.start + _ASIDE, gap.end - _ASIDE) for name, gap in open_.items()},
        tag=Via.HEALED,
    )
    report = backfill(toolbox, order, pause, lambda _tally: None)
    if report.interrupted or report.offline:
        return []
    now = toolbox.now()
    healed = [replace(_outcome(gap, report), healed_at=now) for gap in open_.values()]
    with toolbox.store.begin() as shelves:
        for gap in healed:
            shelves.backfills.put_gap(gap)
        shelves.backfills.remove(order.key)
    for gap in healed:
        log.info("gap healed", feed=gap.feed, recovered=gap.recovered, whole=gap.closed, why=gap.words)
    return healed


def _noticed(toolbox: Toolbox, after: Mapping[str, FeedState] | None) -> list[Gap]:
    """What is to be filled; what is new of it is noted."""
    if after is not None and not any(_shows_gap(state) for state in after.values()):
        return []
    now = toolbox.now()
    with toolbox.store.read() as shelves:
        wanted = toolbox.feeds.keys() - shelves.pauses.all().keys()
        states = shelves.feeds.states(toolbox.feeds.keys()) if after is None else after
        known = {(gap.feed, gap.at): gap for gap in shelves.backfills.gaps(now - 2 * LONGEST, now)}
        new: list[Gap] = []
        for name, state in states.items():
            at = state.gap_at
            if at is None or at < now - LONGEST or (name, at) in known or name not in wanted:
                continue
            newest, oldest, items = shelves.backfills.edges(name, at)
            if newest is None or oldest is None or oldest - newest <= 2 * _ASIDE or items < _FEWEST:
                new.append(Gap(name, at, at, at, closed=True, words="nothing shows that there is one", healed_at=now))
            else:
                new.append(Gap(name, at, max(newest, at - LONGEST), oldest))
    if new:
        with toolbox.store.begin() as shelves:
            for gap in new:
                shelves.backfills.put_gap(gap)
    old = [gap for gap in known.values() if gap.healed_at is None and gap.feed in wanted]
    return [*old, *(gap for gap in new if gap.healed_at is None)]


def _shows_gap(state: FeedState) -> bool:
    """Whether the visit that led to this state found one."""
    return state.gap_at is not None and state.gap_at == state.visited_at


def _outcome(gap: Gap, report: "Report") -> Gap:
    climbs = [climb for climb in report.climbs if climb.feed == gap.feed]
    closed = any(climb.state is ClimbState.COVERED and not climb.failures for climb in climbs)
    recovered = sum(climb.new for climb in climbs)
    return replace(gap, recovered=recovered, closed=closed, words="" if closed else _why(climbs))


def _why(climbs: list[Climb]) -> str:
    """Why not all of a gap could be seen."""
    if any(climb.failures for climb in climbs):
        return "some pages could not be read"
    if any(climb.state is ClimbState.STOPPED for climb in climbs):
        return "its server wanted no more visits"
    if any(climb.state is ClimbState.OPEN for climb in climbs):
        return "it would have taken too many requests"
    return "neither older pages of the feed nor a sitemap reach back so far"
