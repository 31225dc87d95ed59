"""What readers asked not to be told: stories they muted, subscriptions they left. Each can be taken back."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, exists, select

from monitor.store.bulk import slices, upsert
from monitor.store.columns import Moment, Words
from monitor.store.rows import Muted, Unsubscribed
from monitor.store.schema import metadata, reports

EVERYBODY = ""
"""In the place of a subscription: all of them; in the place of a target: all that its messages go to."""

muted = Table(
    "muted",
    metadata,
    Column("subscription", Words, primary_key=True),  # "" = all
    Column("story", Words, primary_key=True),
    Column("at", Moment, nullable=False),
)

unsubscribed = Table(
    "unsubscribed",
    metadata,
    Column("subscription", Words, primary_key=True),
    Column("target", Words, primary_key=True),  # of its channel; "" = all
    Column("at", Moment, nullable=False),
)


class Wishes:
    """The shelf of what is not to be told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mute(self, story: str, at: datetime, subscription: str = EVERYBODY) -> None:
        """Tell nothing more of a story to a subscription, or to any."""
        upsert(self._connection, muted, {"subscription": subscription, "story": story, "at": at})

    def unmute(self, story: str, subscription: str | None = None) -> int:
        """Take that back, for one subscription or (None) wherever it was said; how often it was."""
        statement = delete(muted).where(muted.c.story == story)
        if subscription is not None:
            statement = statement.where(muted.c.subscription == subscription)
        return self._connection.execute(statement).rowcount

    def muted(self, stories: Sequence[str] | None = None) -> list[Muted]:
        """What is muted (of these stories), the last said first."""
        rows: list[Muted] = []
        for part in [None] if stories is None else slices(stories):
            statement = select(muted) if part is None else select(muted).where(muted.c.story.in_(part))
            rows += [Muted(**row) for row in self._connection.execute(statement).mappings()]
        return sorted(rows, key=lambda one: (one.at, one.story, one.subscription), reverse=True)

    def mutes(self, subscription: str, stories: Collection[str]) -> set[str]:
        """Those of the stories that the subscription wants no more of."""
        return {one.story for one in self.muted(list(stories)) if one.subscription in (EVERYBODY, subscription)}

    def leave(self, subscription: str, at: datetime, target: str = EVERYBODY) -> None:
        """Send nothing of a subscription to a target of its channel, or to all."""
        upsert(self._connection, unsubscribed, {"subscription": subscription, "target": target, "at": at})

    def rejoin(self, subscription: str, target: str | None = None) -> int:
        """Take that back, for one target or (None) for all that left; how many had."""
        statement = delete(unsubscribed).where(unsubscribed.c.subscription == subscription)
        if target is not None:
            statement = statement.where(unsubscribed.c.target == target)
        return self._connection.execute(statement).rowcount

    def left(self, subscription: str | None = None) -> list[Unsubscribed]:
        """Who left (that subscription), by name."""
        statement = select(unsubscribed).order_by(unsubscribed.c.subscription, unsubscribed.c.target)
        if subscription is not None:
            statement = statement.where(unsubscribed.c.subscription == subscription)
        return [Unsubscribed(**row) for row in self._connection.execute(statement).mappings()]


def is_muted(subscription: str) -> ColumnElement[bool]:
    """Whether the story of a report is muted for a subscription."""
    return exists().where(muted.c.story == reports.c.story, muted.c.subscription.in_((EVERYBODY, subscription)))


def carry_mutes(connection: Connection, stories: Sequence[str], into: str) -> bool:
    """Who wanted no more of one of these stories wants no more of `into`; whether anybody did."""
    rows = connection.execute(select(muted).where(muted.c.story.in_(list(stories)))).mappings().all()
    upsert(connection, muted, [dict(row) | {"story": into} for row in rows])
    return bool(rows)


def drop_mutes(connection: Connection, stories: Sequence[str]) -> None:
    """These stories are no more."""
    connection.execute(delete(muted).where(muted.c.story.in_(list(stories))))
