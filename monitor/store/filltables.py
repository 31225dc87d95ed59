"""The tables of what is filled in afterwards: orders, how far they got, gaps between visits, what sitemaps list."""

from typing import Any

from sqlalchemy import Boolean, Column, Integer, Table

from monitor.store.columns import Json, Moment, Words
from monitor.store.schema import metadata


def _words(name: str, **options: Any) -> Column[str]:
    return Column(name, Words, nullable=False, **options)


def _moment(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Moment, nullable=nullable)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


backfills = Table(
    "backfills",
    metadata,
    _words("key", primary_key=True),
    _words("words"),
    _moment("since"),
    _moment("until"),
    _moment("began_at"),
    Column("tell", Boolean, nullable=False),
    _moment("ended_at", nullable=True),
    Column("asked", Integer, nullable=False),
)

climbs = Table(
    "climbs",
    metadata,
    _words("job", primary_key=True),  # key of a backfill
    _words("feed", primary_key=True),
    _words("rung", primary_key=True),
    _words("state"),
    Column("cursor", Json, nullable=False),
    _moment("reached", nullable=True),
    _number("documents"),
    _number("found"),
    _number("new"),
    _number("matched"),
    _number("outside"),
    _number("empty"),
    Column("failed", Json, nullable=False),  # [address, why] of the first ones
    _number("failures"),
    _words("words"),
)

gaps = Table(
    "gaps",
    metadata,
    _words("feed", primary_key=True),
    Column("at", Moment, primary_key=True),
    _moment("start"),
    _moment("end"),
    _number("recovered"),
    Column("closed", Boolean, nullable=False),
    _words("words"),
    _moment("healed_at", nullable=True),
)

comparisons = Table(
    "comparisons",
    metadata,
    _words("feed", primary_key=True),
    _moment("at"),
    _words("sitemap"),
    Column("listed", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    _words("problem"),
)
