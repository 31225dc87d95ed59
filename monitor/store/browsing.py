"""What somebody who looks around asks: stories page by page, how many a day, what was sent. Reads only."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, Connection, exists, func, select, tuple_, type_coerce

from monitor.model import Story
from monitor.store.rows import Delivery
from monitor.store.schema import articles, digests, messages, reports, revisions, told, verdicts, visits
from monitor.store.stories import Stories


class Wanted(Struct, frozen=True):
    """Which stories; what is empty does not count."""

    topics: tuple[str, ...] = ()
    outlet: str = ""
    language: str = ""  # ISO 639-1, of any of its reports
    since: datetime | None = None  # a report came to match after
    until: datetime | None = None
    told: Literal["", "yes", "no"] = ""  # to anybody


class Letter(Struct, frozen=True):
    """A message and how far it got."""

    key: str
    subscription: str
    channel: str
    subject: str
    created_at: datetime
    state: Delivery
    attempts: int
    next_try: datetime
    settled_at: datetime | None
    detail: str  # the receiving side's words, or why it was not delivered


Place = tuple[datetime, str]
"""Where a page of stories ended: when the last one came to match, and its id."""


_MATCHES_PER_STORY = 8  # that are looked at before all are
_OF_ARTICLE = ("number", "id", "feed", "url", "title", "language", "how", "found_at", "published", "problem")


class Browsing:
    """The shelf of what is looked at."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stories(self, wanted: Wanted, limit: int, after: Place | None = None) -> tuple[list[Story], Place | None]:
        """The stories wanted, the latest match first, complete with all reports; where the next page begins, if any."""
        newest = self._newest(wanted, limit) if after is None else None
        rows = self._by_match(wanted, limit, after) if newest is None else newest
        shown = [name for name, _ in rows[:limit]]
        found = {story.id: story for story in Stories(self._connection).with_ids(shown)}
        more = (rows[limit - 1][1], rows[limit - 1][0]) if len(rows) > limit else None
        return [found[name] for name in shown if name in found], more

    def _newest(self, wanted: Wanted, limit: int) -> list[tuple[str, datetime]] | None:
        """The latest stories by their latest matches alone; None where these are of too few stories to tell."""
        enough = _MATCHES_PER_STORY * (limit + 1)
        statement = (
            select(reports.c.story, verdicts.c.at)
            .join(verdicts, verdicts.c.article == reports.c.article)
            .where(verdicts.c.matched, *_conditions(wanted))
            .order_by(verdicts.c.at.desc())
            .limit(enough)
        )
        matches = [(row.story, row.at) for row in self._connection.execute(statement)]
        latest = dict(reversed(matches))
        if len(matches) == enough:  # of that last moment there may be more
            latest = {story: at for story, at in latest.items() if at > matches[-1][1]}
            if len(latest) <= limit:
                return None
        return sorted(latest.items(), key=lambda one: (one[1], one[0]), reverse=True)[: limit + 1]

    def _by_match(self, wanted: Wanted, limit: int, after: Place | None) -> list[tuple[str, datetime]]:
        at = func.max(verdicts.c.at)
        statement = (
            select(reports.c.story, at.label("at"))
            .join(verdicts, verdicts.c.article == reports.c.article)
            .where(verdicts.c.matched, *_conditions(wanted))
            .group_by(reports.c.story)
            .order_by(at.desc(), reports.c.story.desc())
            .limit(limit + 1)
        )
        if after is not None:
            statement = statement.having(tuple_(at, reports.c.story) < after)
        return [(row.story, row.at) for row in self._connection.execute(statement)]

    def articles(
        self,
        limit: int,
        below: int | None = None,
        *,
        feed: str = "",
        language: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[list[dict[str, Any]], int | None]:
        """Articles without their texts, the latest found first, from below a number; where the next page begins."""
        statement = (
            select(*(articles.c[name] for name in _OF_ARTICLE), reports.c.story)
            .join(reports, reports.c.article == articles.c.id, isouter=True)
            .order_by(articles.c.number.desc())
            .limit(limit + 1)
        )
        wanted = {articles.c.feed: feed, articles.c.language: language}
        statement = statement.where(*(column == value for column, value in wanted.items() if value))
        if below is not None:
            statement = statement.where(articles.c.number < below)
        if since is not None:
            statement = statement.where(articles.c.found_at > since)
        if until is not None:
            statement = statement.where(articles.c.found_at <= until)
        rows = [dict(row) for row in self._connection.execute(statement).mappings()]
        more = rows[limit - 1]["number"] if len(rows) > limit else None
        return [{name: row[name] for name in row if name != "number"} for row in rows[:limit]], more

    def a_day(self, topic: str, since: datetime, zone: tzinfo) -> Counter[date]:
        """How many stories of the topic began on each day of `zone`."""
        return Counter(moment.astimezone(zone).date() for moment in Stories(self._connection).begun(topic, since))

    def outlets(self, since: datetime) -> list[str]:
        """The outlets with a report in a story since that moment, by name."""
        statement = select(reports.c.outlet).where(reports.c.at > since).distinct().order_by(reports.c.outlet)
        return list(self._connection.scalars(statement))

    def languages(self, since: datetime) -> list[str]:
        """The languages of articles in stories since that moment."""
        # An outer join, sorted here: else SQLite begins with the articles and reads them all.
        joined = reports.outerjoin(articles, reports.c.article == articles.c.id)
        statement = select(articles.c.language).distinct().select_from(joined).where(reports.c.at > since)
        return sorted({language for language in self._connection.scalars(statement) if language})

    def letters(
        self, limit: int, subscriptions: Collection[str] | None = None, after: Place | None = None
    ) -> list[Letter]:
        """The last messages (of these subscriptions), the newest first; those after a place (moment, key)."""
        columns = [messages.c[name] for name in Letter.__struct_fields__]
        statement = select(*columns).order_by(messages.c.created_at.desc(), messages.c.key).limit(limit)
        if subscriptions is not None:
            statement = statement.where(messages.c.subscription.in_(list(subscriptions)))
        if after is not None:
            at, key = after
            earlier = messages.c.created_at < at
            statement = statement.where(earlier | ((messages.c.created_at == at) & (messages.c.key > key)))
        rows = self._connection.execute(statement).mappings()
        return [Letter(**{**row, "state": Delivery(row["state"])}) for row in rows]

    def told(self, stories: Sequence[str]) -> dict[str, list[str]]:
        """The keys of the digests that told each of these stories."""
        found: dict[str, list[str]] = {}
        statement = select(told.c.story, told.c.key).where(told.c.story.in_(list(stories))).order_by(told.c.key)
        for row in self._connection.execute(statement):
            found.setdefault(row.story, []).append(row.key)
        return found

    def visits(self, since: datetime) -> dict[tuple[str, ...], float]:
        """How many visits to feeds were made since then, by (outcome,)."""
        statement = select(visits.c.outcome, func.count()).where(visits.c.at > since).group_by(visits.c.outcome)
        return {(outcome,): number for outcome, number in self._connection.execute(statement).all()}

    def lags(self, since: datetime) -> list[float]:
        """Seconds from publication to finding of each article found since then, where a feed said when it was."""
        shown = articles.c.published.is_not(None) & (articles.c.via == "")  # by a visit
        # Whole microseconds and no datetimes: there may be very many.
        lag = type_coerce(articles.c.found_at, BigInteger) - type_coerce(articles.c.published, BigInteger)
        statement = select(lag).where(articles.c.found_at > since, shown)
        return [max(0, microseconds) / 1e6 for microseconds in self._connection.scalars(statement)]

    def matches(self, since: datetime) -> dict[tuple[str, ...], float]:
        """How many verdicts said yes since then, by (topic,)."""
        made = verdicts.c.matched & (verdicts.c.at > since)
        statement = select(verdicts.c.topic, func.count()).where(made).group_by(verdicts.c.topic)
        return {(topic,): number for topic, number in self._connection.execute(statement).all()}

    def settled(self, since: datetime) -> dict[tuple[str, ...], float]:
        """How many messages were delivered or given up since then, by (channel, state)."""
        columns = (messages.c.channel, messages.c.state)
        statement = select(*columns, func.count()).where(messages.c.settled_at > since).group_by(*columns)
        return {(channel, state): number for channel, state, number in self._connection.execute(statement).all()}

    def oldest_waiting(self) -> datetime | None:
        """When the message that waits longest was composed."""
        waiting = messages.c.state == Delivery.WAITING.value
        found: datetime | None = self._connection.scalar(select(func.min(messages.c.created_at)).where(waiting))
        return found

    def totals(self) -> dict[str, int]:
        """How much is kept: articles and their earlier versions ever made, reports in stories, digests."""
        last = {"articles": func.max(articles.c.number), "revisions": func.max(revisions.c.number)}
        kept = {name: self._connection.scalar(select(number)) or 0 for name, number in last.items()}
        counted = {"reports": reports, "digests": digests}
        return kept | {
            name: self._connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in counted.items()
        }


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.topics:
        conditions.append(verdicts.c.topic.in_(wanted.topics))
    if wanted.since is not None:
        conditions.append(verdicts.c.at > wanted.since)
    if wanted.until is not None:
        conditions.append(verdicts.c.at <= wanted.until)
    if wanted.told:
        known = exists().where(told.c.story == reports.c.story)
        conditions.append(known if wanted.told == "yes" else ~known)
    if wanted.outlet or wanted.language:
        beside = reports.alias()
        held = exists().where(beside.c.story == reports.c.story)
        if wanted.outlet:
            held = held.where(beside.c.outlet == wanted.outlet)
        if wanted.language:
            held = held.where(articles.c.id == beside.c.article, articles.c.language == wanted.language)
        conditions.append(held)
    return conditions
