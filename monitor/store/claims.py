"""Who visits which feed: batches of due feeds, handed out so that no two workers have one feed, or feeds of one host.

A claim is a lease. Whoever has one renews it while it works; when it dies, the feeds are free again once the lease has
ended, and are due as before. Noting what a visit brought ends the claim (see `Feeds.save`), and whoever lost it to
another meanwhile must not note anything: see `lost`. Who is alone with the archive needs none: see `due`.

On a server `take` is asked in a transaction of `Store.claiming`, which waits for no writer and keeps none waiting: what
another has locked is passed over (FOR UPDATE SKIP LOCKED). The order of the index is the order of the answer, and those
claimed stand elsewhere in it, so that a claim costs the same however many feeds there are and however many are due.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select, update

from monitor.model import FeedState
from monitor.store.bulk import ask, listed, slices
from monitor.store.codec import STATE_FIELDS
from monitor.store.columns import Moment
from monitor.store.pauses import paused_feeds
from monitor.store.schema import feed_states

FREE = ""  # nobody's
_FURTHEST = timedelta(hours=25)  # pacing leaves no feed alone for longer than a day...
_FURTHEST_GONE = timedelta(days=8)  # ...but one that is gone, for a week
_feed, _holder, _until = feed_states.c.feed, feed_states.c.claimed_by, feed_states.c.claimed_until
_theirs = feed_states.alias("theirs")
_MINE = select(_feed).where(_holder == bindparam("holder")).with_for_update()
_NOW = bindparam("now", type_=Moment)
_PAUSED = select(paused_feeds.c.feed)
_FREED = update(feed_states).values(claimed_by=FREE, claimed_until=None)
_FORGET = _FREED.where(_until.is_not(None))
_GIVE_BACK = _FORGET.where(_holder == bindparam("whose"))
_TAKE = update(feed_states).values(claimed_by=bindparam("holder"), claimed_until=bindparam("until", type_=Moment))
_FAR_OFF = bindparam("far", type_=Moment)
_EXPIRE, _EXPIRE_FAR = (
    _FREED.where(_feed.in_(select(_feed).where(ended).with_for_update(skip_locked=True)))
    for ended in (_until <= _NOW, _until > _FAR_OFF)
)


class Claims:
    """The shelf of claims."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(
        self, holder: str, now: datetime, limit: int, lease: timedelta, *, by_host: bool = True, due: bool = True
    ) -> list[FeedState]:
        """The states of at most `limit` due feeds that are `holder`'s until `now + lease`, the longest due first.

        Not among them are paused feeds, those of other holders, of a host of which another visits a feed now, and those
        whose server asked to be left alone (Retry-After): that is, with `by_host`, all feeds of it. A moment further
        off than any that is ever set comes from a clock that was wrong: it counts as past. Without `due`: all feeds.
        """
        far = now + _FURTHEST
        self._connection.execute(_EXPIRE, {"now": now})
        values = {"holder": holder, "now": now, "limit": limit, "far": far}
        if not due:
            return self._taken(_open(None, by_host), values, lease)
        found = self._taken(_open(_DUE, by_host), values, lease)
        if len(found) < limit:  # rarely anything; so it is asked when there is time for it
            self._connection.execute(_EXPIRE_FAR, {"far": far})
            late = {"gone": now + _FURTHEST_GONE, "limit": limit - len(found)}
            found += self._taken(_open(_FAR, by_host), values | late, lease)
        return found

    def due(self, now: datetime, limit: int, *, by_host: bool = True, due: bool = True) -> list[FeedState]:
        """The states that `take` would give, for who is alone with the archive: nobody has a claim, and none is made.

        Claims that are left of workers end with this.
        """
        self._connection.execute(_FORGET)
        values = {"now": now, "limit": limit, "far": now + _FURTHEST}
        if not due:
            return self._found(_open(None, by_host, alone=True), values)
        found = self._found(_open(_DUE, by_host, alone=True), values)
        if len(found) < limit:
            late = {"gone": now + _FURTHEST_GONE, "limit": limit - len(found)}
            found += self._found(_open(_FAR, by_host, alone=True), values | late)
        return found

    def keep(self, holder: str, feeds: Collection[str], until: datetime) -> None:
        """Renew the lease of those feeds that are the holder's."""
        self._change(holder, feeds, {"claimed_until": until})

    def release(self, holder: str, feeds: Collection[str] | None = None) -> None:
        """Give back those feeds (None: all) that are the holder's; they are due as they were."""
        if feeds is None:
            self._connection.execute(_GIVE_BACK, {"whose": holder})
            return
        self._change(holder, feeds, {"claimed_by": FREE, "claimed_until": None})

    def lost(self, holder: str, feeds: Collection[str]) -> set[str]:
        """Those of the feeds that are not the holder's (any more); of the others nobody can take one away meanwhile.

        Of nobody ("") none can be taken away: see `due`.
        """
        if holder == FREE:
            return set()
        mine: set[str] = set()
        for part in slices(feeds):
            mine.update(row[0] for row in ask(self._connection, *listed(_MINE, _feed, part, holder=holder)))
        return set(feeds) - mine

    def waiting(self, now: datetime) -> int:
        """How many feeds are due that nobody has (any more); what is paused waits for nothing."""
        free = (feed_states.c.active, or_(_holder == FREE, _until <= now), _DUE, _feed.not_in(_PAUSED))
        counted = select(func.count()).select_from(feed_states).where(*free)
        return self._connection.execute(counted, {"now": now}).scalar_one()

    def known(self) -> int:
        """How many feeds there are that may be due."""
        return self._connection.execute(select(func.count()).where(feed_states.c.active)).scalar_one()

    def held(self, now: datetime) -> dict[str, tuple[int, datetime]]:
        """Who has claims: (how many, the end of the last one), by holder."""
        found: dict[str, tuple[int, datetime]] = {}
        for row in self._connection.execute(select(_holder, _until).where(_until > now)):
            count, last = found.get(row.claimed_by, (0, now))
            found[row.claimed_by] = count + 1, max(last, row.claimed_until)
        return found

    def _taken(self, statement: Select[tuple[str]], values: dict[str, object], lease: timedelta) -> list[FeedState]:
        states = self._found(statement, values)
        until = values["now"] + lease  # type: ignore[operator]
        for part in slices(state.feed for state in states):
            ask(self._connection, *listed(_TAKE, _feed, part, holder=values["holder"], until=until))
        return states

    def _found(self, statement: Select[tuple[str]], values: dict[str, object]) -> list[FeedState]:
        return [FeedState(*row) for row in ask(self._connection, statement, values)]

    def _change(self, holder: str, feeds: Collection[str], values: dict[str, object]) -> None:
        for part in slices(feeds):
            mine = update(feed_states).where(_feed.in_(part), _holder == holder)
            self._connection.execute(mine.values(values))


_DUE: ColumnElement[bool] = feed_states.c.due_at <= _NOW
_FAR: ColumnElement[bool] = and_(
    feed_states.c.due_at > _FAR_OFF,
    or_(feed_states.c.due_at > bindparam("gone", type_=Moment), feed_states.c.gone_at.is_(None)),
)


@cache
def _open(when: ColumnElement[bool] | None, by_host: bool, *, alone: bool = False) -> Select[tuple[str]]:
    """The feeds that may be taken; they are locked, those that somebody else has locked are left out.

    `alone`: there is nobody else.
    """
    conditions = [feed_states.c.active, _holder == FREE, _feed.not_in(_PAUSED)]
    if not alone:
        busy = select(_theirs.c.host).where(_theirs.c.claimed_until > _NOW, _theirs.c.claimed_by != bindparam("holder"))
        conditions.append(feed_states.c.host.not_in(busy.where(_theirs.c.host != "")))
    held = feed_states.c.held_until
    conditions.append(or_(held.is_(None), held <= _NOW, held > _FAR_OFF))
    if by_host:
        closed = select(_theirs.c.host).where(_theirs.c.active, _theirs.c.host != "")
        closed = closed.where(_theirs.c.held_until > _NOW, _theirs.c.held_until <= _FAR_OFF)
        conditions.append(feed_states.c.host.not_in(closed))
    if when is not None:
        conditions.append(when)
    columns = [feed_states.c[name] for name in STATE_FIELDS]
    ordered = select(*columns).where(*conditions).order_by(feed_states.c.due_at, _feed)
    some = ordered.limit(bindparam("limit"))
    return some if alone else some.with_for_update(of=feed_states, skip_locked=True)
