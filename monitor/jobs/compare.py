"""What did a feed never show? Once a week its site's sitemap is laid beside what visits to the feed have seen."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from monitor.backfill import KINDS, within
from monitor.dates import stated_day
from monitor.jobs.climbing import Way, look, set_out
from monitor.jobs.filling import Patient
from monitor.jobs.toolbox import Toolbox
from monitor.links import url_key
from monitor.logs import get_logger
from monitor.model import Climb, ClimbState, Comparison, Feed, Via, Window

log = get_logger(job="compare")

EVERY = timedelta(days=7)
OVER = timedelta(days=7)  # the days that are compared
_AT_ONCE = 20  # feeds in one go
_DOCUMENTS = 40  # of a feed's sitemaps
_FRESH = timedelta(hours=6)  # what is so new may stand in the sitemap before the feed is visited


def compare(toolbox: Toolbox, pause: Callable[[float], object], *, force: bool = False) -> list[Comparison]:
    """Compare the feeds whose turn it is (`force`: all), and keep what came of it. `pause` waits so many seconds."""
    now = toolbox.now()
    with toolbox.store.read() as shelves:
        last = shelves.backfills.comparisons()
        states = shelves.feeds.states(toolbox.feeds.keys() - shelves.pauses.all().keys())
    long_read = [
        feed
        for feed in toolbox.feeds.values()
        if feed.kind in ("feed", "jsonfeed") and (state := states.get(feed.name)) is not None and state.news
    ]
    due = [feed for feed in long_read if force or feed.name not in last or now - last[feed.name].at >= EVERY]
    done = _compared(toolbox, due if force else due[:_AT_ONCE], now, pause)
    with toolbox.store.begin() as shelves:
        for one in done:
            shelves.backfills.compare(one)
    return done


def _compared(
    toolbox: Toolbox, feeds: Sequence[Feed], now: datetime, pause: Callable[[float], object]
) -> list[Comparison]:
    web = Patient(toolbox.fetcher, pause, toolbox.stopping)
    with toolbox.store.read() as shelves:
        began = {feed.name: shelves.backfills.first_seen(feed.name) for feed in feeds}
    spans = {name: Window(max(now - OVER, since), now - _FRESH) for name, since in began.items() if since}
    ways = [
        set_out(feed, feed.url, KINDS["sitemap"], spans[feed.name], Via.BACKFILL, Climb("", feed.name, "sitemap"))
        for feed in feeds
        if feed.name in spans and spans[feed.name].start < spans[feed.name].end
    ]
    while moving := [way for way in ways if way.open and way.asks and way.visited < _DOCUMENTS]:
        if toolbox.stopping():
            return []
        look(toolbox, web, moving)
    done: list[Comparison] = []
    for way in ways:
        listed = _listed(way, now)
        with toolbox.store.read() as shelves:
            shown = shelves.backfills.shown(way.feed.name, listed)
        place = next((ask.url for step in way.fresh for ask in step.asks if ask.form == "sitemap"), "")
        problem = "" if listed else "no sitemap with dates of these days was found"
        if way.climb.state is ClimbState.STOPPED:
            problem = way.climb.words
        done.append(Comparison(way.feed.name, now, place, len(listed), len(shown), problem))
        log.info("compared", feed=way.feed.name, listed=len(listed), shown=len(shown), problem=problem)
    return done


def _listed(way: Way, now: datetime) -> set[str]:
    """The pages that the sitemap has of these days, by their own dates; by their lastmods where none states a date.

    An old article that was edited has a new lastmod: so a lastmod counts only where nothing better does.
    """
    dated = {
        url_key(one.entry.link)
        for one in way.pending
        if (moment := one.entry.published or stated_day(one.entry.link, now)) and within(way.span, moment)
    }
    return dated or {
        url_key(one.entry.link) for one in way.pending if one.entry.updated and within(way.span, one.entry.updated)
    }
