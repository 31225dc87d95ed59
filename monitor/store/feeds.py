"""What is remembered of feeds: when each is due, how it went, and what a window of time did and did not see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import compress
from operator import is_not, itemgetter
from statistics import median_low
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict, astuple
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    select,
    type_coerce,
    update,
)

from monitor.links import host_of
from monitor.model import LEFT_ALONE, Coverage, Feed, FeedState, How, Via, Window, known_as
from monitor.store.bulk import amend, ask, fill, listed, read_all, upsert
from monitor.store.claims import FREE
from monitor.store.codec import STATE_FIELDS, Row, state_row
from monitor.store.columns import Moment
from monitor.store.pauses import Pauses
from monitor.store.rows import Fate, Figures, Visited
from monitor.store.schema import articles, feed_states, items, revisions, verdicts, visits

_BLIND = timedelta(hours=3)  # so long without any feed read is longer than any rhythm
_LATELY = timedelta(hours=6)  # a feed that fails is missing in a window when it was last read longer before the end
_STATE_COLUMNS = tuple(name for name in STATE_FIELDS if name != "feed")
_FEW = 50  # feeds whose states are looked up; for more the whole table is read
_STATES = select(*(feed_states.c[name] for name in STATE_FIELDS))
_PLACES = range(len(STATE_FIELDS))
_FEED = STATE_FIELDS.index("feed")
_UNCLAIMED = {"claimed_by": FREE, "claimed_until": None}  # a visit that is noted ends the claim to it
_READ = ("read", "unchanged")
_OFFLINE = "offline"
_UNREACHED = "unreached"  # while part of the own network was down
_RECENT = timedelta(days=14)  # what figures are of
_BACKLOG = timedelta(days=2)  # found so long after its publication, it is no news that came late
_ENOUGH_DATES = 5
_OWN_PAGE = tuple(how.value for how in How if how.is_page)


def _within(column: Column[datetime]) -> ColumnElement[bool]:
    return and_(column > bindparam("start", type_=Moment), column <= bindparam("end", type_=Moment))


_ACTIVE = select(feed_states.c.feed, feed_states.c.url, feed_states.c.address, feed_states.c.host).where(
    feed_states.c.active
)
_SET_ACTIVE = update(feed_states).where(feed_states.c.feed == bindparam("name")).values(active=bindparam("on"))
_VISITS = (
    select(visits.c.feed, visits.c.at, visits.c.outcome, visits.c.problem)
    .where(_within(visits.c.at))
    .order_by(visits.c.at, visits.c.number)
)
_FIRST_READINGS = (
    select(items.c.feed, func.min(type_coerce(items.c.first_seen, BigInteger)))
    .where(items.c.via == "")
    .group_by(items.c.feed)
)
_NOT_FILLED = ("", Via.HEALED.value)  # what a backfill brought is not of the window
_ENTRIES = (
    select(items.c.feed, func.count().label("number"))
    .where(_within(items.c.first_seen), items.c.via.in_(_NOT_FILLED))
    .group_by(items.c.feed)
)
_OWN_PAGES = (
    select(articles.c.feed, func.count().label("number"))
    .where(_within(articles.c.found_at), articles.c.how.in_(_OWN_PAGE), articles.c.via.in_(_NOT_FILLED))
    .group_by(articles.c.feed)
)
_LEFT_ALONE = (
    select(articles.c.feed, func.count().label("number"))
    .where(_within(articles.c.found_at), articles.c.problem.startswith(LEFT_ALONE))
    .where(articles.c.via.in_(_NOT_FILLED))
    .group_by(articles.c.feed)
)
_EDITED = (
    select(articles.c.feed, articles.c.id, articles.c.found_at)
    # With an inner join SQLite begins with the articles.
    .select_from(revisions.outerjoin(articles, articles.c.id == revisions.c.article))
    .where(_within(revisions.c.replaced_at))
)
_MATCHED = (
    select(articles.c.feed, func.count(articles.c.id.distinct()).label("number"))
    .join(verdicts, verdicts.c.article == articles.c.id)
    .where(verdicts.c.matched, _within(verdicts.c.at), articles.c.via.in_(_NOT_FILLED))
    .group_by(articles.c.feed)
)


class _Log(Struct):
    """What the visits of a window tell."""

    tried: set[str] = field(default_factory=set)
    read: dict[str, datetime] = field(default_factory=dict)  # feed → the last time
    problems: dict[str, str] = field(default_factory=dict)  # feed → what the last visit failed with
    offline: Window | None = None
    unseen: timedelta = timedelta()


class Feeds:
    """The shelf of feed states and the log of visits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sync(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make `feeds` the ones that can be due: new ones are so at once; the states of all others rest.

        One whose address was edited starts anew, for all that is remembered is about another.
        """
        found = ask(self._connection, _ACTIVE, {})
        if _stand(tuple(found), tuple([(feed.name, feed.url) for feed in feeds])):
            return
        wanted = {feed.name: feed.url for feed in feeds}
        known = {name: url for name, url, _, _ in found}
        gone, come = known.keys() - wanted.keys(), wanted.keys() - known.keys()
        if gone:
            self._connection.execute(_SET_ACTIVE, [{"name": name, "on": False} for name in sorted(gone)])
        if come:
            fresh = [state_row(FeedState(name, now)) | {"active": True} for name in sorted(come)]
            upsert(self._connection, feed_states, fresh, ("active",))
            known |= {name: state.url for name, state in self.states(come).items()}
        edited = [name for name, url in wanted.items() if known.get(name, url) not in ("", url)]
        before = self.states(edited)  # what waits was read, and is not to be lost
        self.save(*(FeedState(name, now, url=wanted[name], waiting=before[name].waiting) for name in edited))
        # Two workers must not visit one host at once.
        rows = ask(self._connection, _ACTIVE, {}) if come or edited else found
        noted = {name: (address, host) for name, _, address, host in rows}
        hosts = {name: host_of(noted[name][0] or url) for name, url in wanted.items()}
        if moved := [(host, name) for name, host in hosts.items() if noted[name][1] != host]:
            amend(self._connection, feed_states, ("host",), moved)

    def last_read(self, limit: int) -> list[FeedState]:
        """The states of the feeds that answered last, the latest first."""
        latest = select(feed_states.c.feed).where(feed_states.c.active, feed_states.c.succeeded_at.is_not(None))
        names = list(
            self._connection.execute(latest.order_by(feed_states.c.succeeded_at.desc()).limit(limit)).scalars()
        )
        states = self.states(names)
        return [states[name] for name in names]

    def figures(self, now: datetime) -> dict[str, Figures]:
        """What each feed brought in the last two weeks, by name; feeds that brought nothing are missing.

        What stood in it when it was read first was late for us, and not by its doing: it counts for no delay.
        """
        first = {row[0]: row[1] for row in self._connection.execute(_FIRST_READINGS)}
        # Whole microseconds and no datetimes: there may be very many.
        late = type_coerce(items.c.first_seen, BigInteger) - type_coerce(items.c.published, BigInteger)
        seen = type_coerce(items.c.first_seen, BigInteger)
        recent = select(items.c.feed, items.c.fate == Fate.SAME.value, late, seen)
        found: dict[str, tuple[list[bool], list[int]]] = defaultdict(lambda: ([], []))
        most = _BACKLOG // timedelta(microseconds=1)
        for feed, same, delay, at in self._connection.execute(
            recent.where(items.c.first_seen > now - _RECENT, items.c.via == "")
        ):
            known, delays = found[feed]
            known.append(same)
            if delay is not None and 0 <= delay <= most and at != first[feed]:
                delays.append(delay)
        return {feed: _figures(*each) for feed, each in found.items()}

    def matches(self, now: datetime) -> dict[str, dict[str, int]]:
        """feed → topic → articles of the last two weeks that match it; feeds without any are missing."""
        statement = (
            select(articles.c.feed, verdicts.c.topic, func.count().label("number"))
            .join(verdicts, verdicts.c.article == articles.c.id)
            .where(verdicts.c.matched, articles.c.found_at > now - _RECENT, articles.c.via == "")
            .group_by(articles.c.feed, verdicts.c.topic)
        )
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for row in self._connection.execute(statement):
            found[row.feed][row.topic] = row.number
        return dict(found)

    def matching(self, now: datetime) -> dict[str, int]:
        """feed → articles of the last two weeks that match any topic; feeds without any are missing."""
        statement = (
            select(articles.c.feed, func.count(articles.c.id.distinct()).label("number"))
            .join(verdicts, verdicts.c.article == articles.c.id)
            .where(verdicts.c.matched, articles.c.found_at > now - _RECENT, articles.c.via == "")
            .group_by(articles.c.feed)
        )
        return {row.feed: row.number for row in self._connection.execute(statement)}

    def tries(self, now: datetime) -> dict[str, tuple[int, int]]:
        """feed → (visits of the last two weeks, how many of them failed), but for those in an outage of our network."""
        statement = (
            select(visits.c.feed, visits.c.outcome, func.count().label("number"))
            .where(visits.c.at > now - _RECENT, visits.c.outcome.not_in((_OFFLINE, _UNREACHED)))
            .group_by(visits.c.feed, visits.c.outcome)
        )
        found: dict[str, tuple[int, int]] = {}
        for row in self._connection.execute(statement):
            made, failed = found.get(row.feed, (0, 0))
            found[row.feed] = made + row.number, failed + (0 if row.outcome in _READ else row.number)
        return found

    def states(self, names: Collection[str] | None = None) -> dict[str, FeedState]:
        """The state of every feed that was ever known, or of `names` only, by name."""
        if names is not None and not names:
            return {}
        if names is not None and len(names) <= _FEW:
            rows = ask(self._connection, *listed(_STATES, feed_states.c.feed, sorted(names)))
            return {row[0]: FeedState(*row) for row in sorted(rows)}
        wanted = None if names is None else frozenset(names)
        return {row[0]: FeedState(*row) for row in read_all(self._connection, feed_states, STATE_FIELDS, wanted)}

    def save(self, *states: FeedState) -> None:
        """Replace what was remembered of these feeds."""
        rows = [state_row(state) | {"active": True} | _UNCLAIMED for state in states]
        fill(self._connection, feed_states, rows, (*_STATE_COLUMNS, *_UNCLAIMED))

    def amend(self, *steps: tuple[FeedState, FeedState], claimed: bool = True) -> None:
        """Note of feeds that are known what has changed: (as it is remembered, as it is now); ends claims to them, but
        for those of who is not `claimed`.
        """
        free = _UNCLAIMED if claimed else {}
        changes: dict[tuple[int, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for before, after in steps:
            old, new = astuple(before), astuple(after)
            differing = tuple([at for at in compress(_PLACES, map(is_not, old, new)) if old[at] != new[at]])
            changes[differing].append((*new, *free.values()))
        for places, states in changes.items():
            if names := [*(STATE_FIELDS[at] for at in places), *free]:
                wanted = (*places, *range(len(STATE_FIELDS), len(STATE_FIELDS) + len(free)), _FEED)
                amend(self._connection, feed_states, names, list(map(itemgetter(*wanted), states)))

    def log_visits(self, *made: Visited) -> None:
        """Note visits."""
        fill(self._connection, visits, [asdict(visit) for visit in made])

    def forget_visits(self, before: datetime) -> int:
        """Delete the log of visits before that moment; how many there were."""
        return self._connection.execute(delete(visits).where(visits.c.at < before)).rowcount

    def visits_before(self, before: datetime) -> int:
        """How many visits `forget_visits` would delete."""
        return self._connection.scalar(select(func.count()).select_from(visits).where(visits.c.at < before)) or 0

    def coverage(
        self, window: Window, feeds: Sequence[Feed], topics: Collection[str] = (), too_old: int = 0
    ) -> Coverage:
        """What was seen of `feeds` in the window and matched one of `topics`.

        Whether a story is too old to tell is not known here: `too_old`.
        """
        names = [feed.name for feed in feeds]
        states = self.states(names)
        before = {
            name: state.succeeded_at
            for name, state in states.items()
            if state.succeeded_at and state.succeeded_at <= window.start
        }
        rows = self._connection.execute(_VISITS, _span(window)).mappings()
        log = _log(rows, window, max(before.values(), default=window.start))
        since = Pauses(self._connection).all()
        paused = {name: since[name] for name in names if name in since}
        untried = [feed for feed in feeds if feed.name not in log.tried and feed.name not in paused]
        due = [feed for feed in untried if feed.name not in states or states[feed.name].due_at <= window.end]
        troubled = [feed for feed in feeds if feed.name in log.problems and feed.name not in paused]
        failing = [feed for feed in troubled if not _lately(log.read.get(feed.name), window)]
        label = known_as(feeds)
        return Coverage(
            feeds=len(feeds) - sum(name not in log.read for name in paused),
            read=sum(name in log.read for name in names),
            failed=tuple(
                (label[feed.name], log.problems[feed.name], log.read.get(feed.name) or before.get(feed.name))
                for feed in failing
            ),
            unvisited=tuple(label[feed.name] for feed in due),
            not_due=len(untried) - len(due),
            paused=tuple((label[name], at) for name, at in paused.items()),
            unseen=log.unseen if self._at_work(window.start) else timedelta(),
            offline=log.offline,
            entries=self._count(_ENTRIES, window, names),
            edited=self._edited(window, names),
            articles=self._count(_OWN_PAGES, window, names) if any(feed.pages != "never" for feed in feeds) else None,
            left_alone=self._count(_LEFT_ALONE, window, names),
            matched=self._count(_MATCHED.where(verdicts.c.topic.in_(list(topics))), window, names),
            too_old=too_old,
            several={label[feed.name]: (feed.outlet, feed.name) for feed in feeds if label[feed.name] != feed.outlet},
        )

    def _at_work(self, at: datetime) -> bool:
        """Whether anything was visited up to then: a first window begins before there was anything to see."""
        return self._connection.execute(select(visits.c.at).where(visits.c.at <= at).limit(1)).first() is not None

    def _edited(self, window: Window, names: Collection[str]) -> int:
        rows = self._connection.execute(_EDITED, _span(window))
        return len({row.id for row in rows if row.feed in names and row.found_at <= window.start})

    def _count(self, statement: Select[tuple[str, int]], window: Window, names: Collection[str]) -> int:
        rows = self._connection.execute(statement, _span(window))
        return sum(row.number for row in rows if row.feed in names)


@lru_cache(maxsize=2)  # asked each minute, and mostly about the same
def _stand(found: tuple[tuple[Any, ...], ...], feeds: tuple[tuple[str, str], ...]) -> bool:
    """Whether the active feeds as found (name, url, address, host) are these (name, url), each with its host."""
    wanted = dict(feeds)
    return len(found) == len(wanted) and all(
        wanted.get(name) == url and host == host_of(address or url) for name, url, address, host in found
    )


def _log(rows: Iterable[Row], window: Window, reached: datetime) -> _Log:
    """Read the visits of a window, which come in order of time. `reached`: when anything was last read before it.

    A visit while the own network was down says nothing of its feed.
    """
    log = _Log()
    down, seen = False, window.start
    for row in rows:
        log.tried.add(row["feed"])
        if row["outcome"] == _OFFLINE:
            down = True
            continue
        if row["outcome"] == _UNREACHED:
            continue
        if down:
            log.offline = _longer(log.offline, Window(reached, row["at"]))
        reached, down = row["at"], False
        if row["outcome"] in _READ:
            log.unseen += _blind_time(seen, row["at"])
            seen = row["at"]
            log.read[row["feed"]] = row["at"]
            log.problems.pop(row["feed"], None)
        else:
            log.problems[row["feed"]] = row["problem"]
    if down:  # the one that goes on matters more than any before
        log.offline = Window(reached, window.end)
    log.unseen += _blind_time(seen, window.end)
    return log


def _blind_time(seen: datetime, at: datetime) -> timedelta:
    return at - seen if at - seen > _BLIND else timedelta()


def _figures(known: Sequence[bool], delays: Sequence[int]) -> Figures:
    return Figures(
        items=len(known),
        duplicates=sum(known) / len(known),
        delay=timedelta(microseconds=median_low(delays)) if len(delays) >= _ENOUGH_DATES else None,
    )


def _lately(read: datetime | None, window: Window) -> bool:
    return read is not None and read >= window.end - _LATELY


def _longer(one: Window | None, other: Window) -> Window:
    return one if one is not None and one.end - one.start >= other.end - other.start else other


def _span(window: Window) -> dict[str, datetime]:
    return {"start": window.start, "end": window.end}
