"""What is remembered of feeds: when each is due, how it went, and what a window of time did and did not see."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, and_, bindparam, case, delete, func, insert, select, update

from monitor.model import Coverage, Feed, FeedState, How, Window
from monitor.store.bulk import upsert
from monitor.store.codec import state_row, to_state
from monitor.store.rows import Fate
from monitor.store.schema import Moment, articles, feed_states, items, visits

_STATE_COLUMNS = tuple(column.name for column in feed_states.c if column.name not in ("feed", "active"))
_READ = ("read", "unchanged")
_OWN_PAGE = (How.PAGE.value, How.STRUCTURED.value)


def _within(column: Column[datetime]) -> ColumnElement[bool]:
    return and_(column > bindparam("start", type_=Moment), column <= bindparam("end", type_=Moment))


_SET_ACTIVE = update(feed_states).where(feed_states.c.feed == bindparam("name")).values(active=bindparam("on"))
_VISITED = (
    select(visits.c.feed, func.max(case((visits.c.outcome.in_(_READ), 1), else_=0)).label("read"))
    .where(_within(visits.c.at))
    .group_by(visits.c.feed)
)
_PROBLEMS = select(visits.c.feed, visits.c.problem).where(_within(visits.c.at)).order_by(visits.c.at)
_FATES = (
    select(items.c.feed, items.c.fate, func.count().label("number"))
    .where(_within(items.c.first_seen))
    .group_by(items.c.feed, items.c.fate)
)
_OWN_PAGES = (
    select(articles.c.feed, func.count().label("number"))
    .where(_within(articles.c.found_at), articles.c.how.in_(_OWN_PAGE))
    .group_by(articles.c.feed)
)


class Feeds:
    """The shelf of feed states and the log of visits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sync(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make `feeds` the ones that can be due: new ones are so at once; the states of all others rest."""
        active = {name for (name,) in self._connection.execute(select(feed_states.c.feed).where(feed_states.c.active))}
        wanted = {feed.name for feed in feeds}
        gone, come = active - wanted, wanted - active
        if gone:
            self._connection.execute(_SET_ACTIVE, [{"name": name, "on": False} for name in sorted(gone)])
        if come:
            fresh = [state_row(FeedState(name, now)) | {"active": True} for name in sorted(come)]
            upsert(self._connection, feed_states, fresh, ("active",))

    def due(self, names: Collection[str], now: datetime, limit: int) -> list[FeedState]:
        """The states of at most `limit` of the feeds `names` that are due, the longest due first."""
        wanted = frozenset(names)
        found: list[FeedState] = []
        statement = (
            select(feed_states)
            .where(feed_states.c.active, feed_states.c.due_at <= now)
            .order_by(feed_states.c.due_at, feed_states.c.feed)
        )
        for row in self._connection.execute(statement).mappings():
            if len(found) >= limit:
                break
            if row["feed"] in wanted:
                found.append(to_state(row))
        return found

    def states(self, names: Collection[str] | None = None) -> dict[str, FeedState]:
        """The state of every feed that was ever known, or of `names` only, by name."""
        wanted = None if names is None else frozenset(names)
        rows = self._connection.execute(select(feed_states).order_by(feed_states.c.feed)).mappings()
        return {row["feed"]: to_state(row) for row in rows if wanted is None or row["feed"] in wanted}

    def save(self, state: FeedState) -> None:
        """Replace what was remembered of the feed."""
        upsert(self._connection, feed_states, state_row(state) | {"active": True}, _STATE_COLUMNS)

    def log_visit(self, feed: str, at: datetime, outcome: str, entries: int, new: int, problem: str) -> None:
        """Note one visit. `outcome`: "read", "unchanged", "failed" or "unreadable"; `entries` in the document."""
        row = {"feed": feed, "at": at, "outcome": outcome, "entries": entries, "new": new, "problem": problem}
        self._connection.execute(insert(visits), row)

    def forget_visits(self, before: datetime) -> int:
        """Delete the log of visits before that moment; how many there were."""
        return self._connection.execute(delete(visits).where(visits.c.at < before)).rowcount

    def coverage(self, window: Window, feeds: Sequence[Feed], too_old: int = 0) -> Coverage:
        """What was seen of `feeds` in the window. Whether a story is too old to tell is not known here: `too_old`."""
        names = {feed.name for feed in feeds}
        tried = {row.feed: bool(row.read) for row in self._connection.execute(_VISITED, _span(window))}
        failing = [feed for feed in feeds if feed.name in tried and not tried[feed.name]]
        problems = self._last_problems(window) if failing else {}
        entries = matched = 0
        for row in self._connection.execute(_FATES, _span(window)):
            if row.feed in names:
                entries += row.number
                matched += row.number if row.fate == Fate.MATCHED.value else 0
        own = self._connection.execute(_OWN_PAGES, _span(window))
        return replace(
            Coverage(too_old=too_old),
            feeds=len(feeds),
            read=sum(tried.get(feed.name, False) for feed in feeds),
            failed=tuple((feed.outlet, problems.get(feed.name, "")) for feed in failing),
            unvisited=tuple(feed.outlet for feed in feeds if feed.name not in tried),
            entries=entries,
            articles=sum(row.number for row in own if row.feed in names),
            matched=matched,
        )

    def _last_problems(self, window: Window) -> dict[str, str]:
        return {row.feed: row.problem for row in self._connection.execute(_PROBLEMS, _span(window))}


def _span(window: Window) -> dict[str, datetime]:
    return {"start": window.start, "end": window.end}
