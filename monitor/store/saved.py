"""Searches that somebody saved, and the secret addresses under which feed readers find a search or a topic."""

import hmac
import secrets
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Column, Connection, Table, delete, select

from monitor.links import short_hash
from monitor.store.bulk import upsert
from monitor.store.columns import Moment, Words
from monitor.store.schema import metadata

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", Words, primary_key=True),
    Column("title", Words, nullable=False),
    Column("query", Words, nullable=False),
    Column("topic", Words, nullable=False),  # narrowed to; "" = any
    Column("language", Words, nullable=False),  # likewise
    Column("at", Moment, nullable=False),
)

feed_addresses = Table(
    "feed_addresses",
    metadata,
    Column("subject", Words, primary_key=True),  # "topic:NAME" or "search:ID"
    Column("token", Words, nullable=False),
    Column("at", Moment, nullable=False),
)


class SavedSearch(Struct, frozen=True):
    """A search as it was typed; see `jobs.searching`."""

    id: str
    title: str
    query: str
    topic: str
    language: str
    at: datetime


class Saved:
    """The shelf of saved searches and of addresses for feed readers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, title: str, query: str, topic: str, language: str, at: datetime) -> str:
        """Save a search, under its id, which it answers; the same search again has the new title."""
        name = short_hash("\n".join((query, topic, language)))
        row = {"id": name, "title": title, "query": query, "topic": topic, "language": language, "at": at}
        upsert(self._connection, saved_searches, row, ["title", "at"])
        return name

    def searches(self) -> list[SavedSearch]:
        """All of them, by their titles."""
        rows = self._connection.execute(select(saved_searches)).mappings()
        return sorted((SavedSearch(**row) for row in rows), key=lambda one: (one.title.casefold(), one.id))

    def remove(self, name: str) -> bool:
        """Forget a search and its address; False where there is none such."""
        self.close(f"search:{name}")
        return self._connection.execute(delete(saved_searches).where(saved_searches.c.id == name)).rowcount > 0

    def open(self, subject: str, at: datetime) -> str:
        """A new token for the address of a search or topic; the one before is good no longer."""
        token = secrets.token_urlsafe(24)
        upsert(self._connection, feed_addresses, {"subject": subject, "token": token, "at": at}, ["token", "at"])
        return token

    def close(self, subject: str) -> bool:
        """Take the address back; False where there is none."""
        return self._connection.execute(delete(feed_addresses).where(feed_addresses.c.subject == subject)).rowcount > 0

    def tokens(self) -> dict[str, str]:
        """subject → token."""
        return {row.subject: row.token for row in self._connection.execute(select(feed_addresses))}

    def subject(self, token: str) -> str:
        """Whose address that is; "" where it is nobody's. Each is compared in full, so that time tells nothing."""
        found = [name for name, one in self.tokens().items() if hmac.compare_digest(one.encode(), token.encode())]
        return found[0] if found else ""
