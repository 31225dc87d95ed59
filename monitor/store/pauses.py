"""Which feeds are paused by hand, and since when."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, Connection, Table, delete, select

from monitor.store.bulk import upsert
from monitor.store.columns import Moment, Words
from monitor.store.schema import metadata

paused_feeds = Table(
    "paused_feeds",
    metadata,
    Column("feed", Words, primary_key=True),
    Column("since", Moment, nullable=False),
)


class Pauses:
    """The shelf of paused feeds."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Mapping[str, datetime]:
        """Every paused feed, with the moment from which it was."""
        return {row.feed: row.since for row in self._connection.execute(select(paused_feeds))}

    def pause(self, feed: str, at: datetime) -> bool:
        """Visit it no more; False where it was paused already, from whenever that was."""
        return upsert(self._connection, paused_feeds, {"feed": feed, "since": at}) > 0

    def resume(self, feed: str) -> bool:
        """Visit it again, from the next round on; False where it was not paused."""
        return self._connection.execute(delete(paused_feeds).where(paused_feeds.c.feed == feed)).rowcount > 0
