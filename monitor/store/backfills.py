"""What is filled in afterwards: the orders and how far each got, gaps between visits, and what sitemaps list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from monitor.model import Backfill, Climb, ClimbState, Comparison, Gap, Via
from monitor.store.bulk import slices, upsert
from monitor.store.codec import Row
from monitor.store.filltables import backfills, climbs, comparisons, gaps
from monitor.store.schema import articles, items, verdicts
from monitor.values import as_dict

_MOST_FAILED = 50  # that are kept by their addresses
_JOB = Backfill.__struct_fields__
_CLIMB = Climb.__struct_fields__
_GAP = Gap.__struct_fields__
_COMPARISON = Comparison.__struct_fields__


class Backfills:
    """The shelf of what is filled in afterwards."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def job(self, key: str) -> Backfill | None:
        """The order of that key."""
        row = self._connection.execute(select(backfills).where(backfills.c.key == key)).mappings().first()
        return None if row is None else Backfill(**{name: row[name] for name in _JOB})

    def latest(self, limit: int) -> list[Backfill]:
        """The last orders, the newest first."""
        columns = [backfills.c[name] for name in _JOB]
        statement = select(*columns).order_by(backfills.c.began_at.desc(), backfills.c.key).limit(limit)
        return [Backfill(**row) for row in self._connection.execute(statement).mappings()]

    def begin(self, job: Backfill) -> None:
        """Keep a new order, in place of an earlier one of its key with all that it noted."""
        self._connection.execute(delete(climbs).where(climbs.c.job == job.key))
        self.put(job)

    def put(self, job: Backfill) -> None:
        """Keep how far an order got."""
        upsert(self._connection, backfills, [as_dict(job)], _JOB[1:])

    def remove(self, key: str) -> None:
        """Forget an order and all that it noted."""
        self._connection.execute(delete(climbs).where(climbs.c.job == key))
        self._connection.execute(delete(backfills).where(backfills.c.key == key))

    def climbs(self, job: str) -> list[Climb]:
        """What an order noted, by feed and rung."""
        rows = self._connection.execute(select(climbs).where(climbs.c.job == job).order_by(climbs.c.feed)).mappings()
        return [_climb(row) for row in rows]

    def note(self, *noted: Climb) -> None:
        """Keep where climbs are."""
        upsert(self._connection, climbs, [_climb_row(one) for one in noted], _CLIMB[3:])

    def tag(self, feed: str, identities: Iterable[str], ids: Iterable[str], via: Via) -> None:
        """Note how these items of a feed, and these articles, came."""
        for part in slices(identities):
            mine = (items.c.feed == feed, items.c.identity.in_(part))
            self._connection.execute(update(items).where(*mine).values(via=via.value))
        for part in slices(ids):
            self._connection.execute(update(articles).where(articles.c.id.in_(part)).values(via=via.value))

    def told_late(self, ids: Iterable[str]) -> set[str]:
        """Those of these articles that a backfill brought to be told, however old they are."""
        found: set[str] = set()
        for part in slices(ids):
            wanted = (articles.c.id.in_(part), articles.c.via == Via.TOLD.value)
            found.update(self._connection.scalars(select(articles.c.id).where(*wanted)))
        return found

    def matched(self, feeds: Iterable[str], start: datetime, end: datetime, topic: str = "") -> int:
        """How many articles of these feeds, published in that span, match (the topic)."""
        number = 0
        for part in slices(feeds):
            statement = (
                select(func.count(articles.c.id.distinct()))
                .join(verdicts, verdicts.c.article == articles.c.id)
                .where(articles.c.feed.in_(part), verdicts.c.matched)
                .where(articles.c.published >= start, articles.c.published <= end)
            )
            if topic:
                statement = statement.where(verdicts.c.topic == topic)
            number += self._connection.scalar(statement) or 0
        return number

    def published(self, feed: str, start: datetime, end: datetime) -> list[datetime]:
        """When each article of the feed was published, of those in that span."""
        between = (articles.c.published >= start, articles.c.published <= end)
        return list(self._connection.scalars(select(articles.c.published).where(articles.c.feed == feed, *between)))

    def put_gap(self, gap: Gap) -> None:
        """Keep a gap, or what became of it."""
        upsert(self._connection, gaps, [as_dict(gap)], _GAP[2:])

    def gaps(self, start: datetime, end: datetime) -> list[Gap]:
        """What was tried to be healed after `start` and up to `end`, and what waits for it."""
        wanted = gaps.c.healed_at.is_(None) | ((gaps.c.healed_at > start) & (gaps.c.healed_at <= end))
        rows = self._connection.execute(select(gaps).where(wanted, gaps.c.at <= end).order_by(gaps.c.at)).mappings()
        return [Gap(**{name: row[name] for name in _GAP}) for row in rows]

    def edges(self, feed: str, at: datetime) -> tuple[datetime | None, datetime | None, int]:
        """(the newest item seen before `at`, the oldest first seen at it) by their own dates; how many these are."""
        dated = (items.c.feed == feed, items.c.published.is_not(None))
        before = select(func.max(items.c.published)).where(*dated, items.c.first_seen < at)
        after = select(func.min(items.c.published)).where(*dated, items.c.first_seen == at)
        count = select(func.count()).select_from(items).where(items.c.feed == feed, items.c.first_seen == at)
        return self._connection.scalar(before), self._connection.scalar(after), self._connection.scalar(count) or 0

    def compare(self, comparison: Comparison) -> None:
        """Keep what a feed's sitemap lists, in place of the last time."""
        upsert(self._connection, comparisons, [as_dict(comparison)], _COMPARISON[1:])

    def comparisons(self) -> dict[str, Comparison]:
        """The last comparison of each feed."""
        rows = self._connection.execute(select(comparisons).order_by(comparisons.c.feed)).mappings()
        return {row["feed"]: Comparison(**{name: row[name] for name in _COMPARISON}) for row in rows}

    def first_seen(self, feed: str) -> datetime | None:
        """When the feed's first item was seen."""
        first: datetime | None = self._connection.scalar(
            select(func.min(items.c.first_seen)).where(items.c.feed == feed)
        )
        return first

    def shown(self, feed: str, keys: Iterable[str]) -> set[str]:
        """Those of the pages (`links.url_key`) that visits to the feed have shown."""
        found: set[str] = set()
        for part in slices(keys):
            visited = (items.c.feed == feed, items.c.via == "", items.c.url_key.in_(part))
            found.update(self._connection.scalars(select(items.c.url_key).where(*visited)))
        return found


def _climb_row(climb: Climb) -> dict[str, Any]:
    facts = {name: getattr(climb, name) for name in _CLIMB}
    kept = [list(one) for one in climb.failed[:_MOST_FAILED]]
    return facts | {"state": climb.state.value, "cursor": [list(one) for one in climb.cursor], "failed": kept}


def _climb(row: Row) -> Climb:
    facts = {name: row[name] for name in _CLIMB}
    cursor = tuple((str(url), str(form), int(number), str(mark)) for url, form, number, mark in row["cursor"])
    failed = tuple((str(url), str(why)) for url, why in row["failed"])
    return Climb(**facts | {"state": ClimbState(row["state"]), "cursor": cursor, "failed": failed})
