"""What evidence is kept, where it stands and how it is chained: the memory of the `evidence` folder.

Exhibits are added and never changed.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Table, func, select

from monitor.model import Exhibit, Proof
from monitor.store.bulk import fill, slices
from monitor.store.codec import Row
from monitor.store.columns import Moment, Words
from monitor.store.schema import articles, metadata, revisions

_NAMES = Exhibit.__struct_fields__

exhibits = Table(
    "exhibits",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("article", Words, nullable=False),  # id; outlives the article
    Column("proof", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("file", Words, nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("end", BigInteger, nullable=False),
    Column("response", BigInteger, nullable=False),
    Column("url", Words, nullable=False),
    Column("status", Integer, nullable=False),
    Column("fetched_at", Moment),
    Column("body_hash", Words, nullable=False),
    Column("text_hash", Words, nullable=False),
    Column("bytes_hash", Words, nullable=False),
    Column("problem", Words, nullable=False),
    Column("link", Words, nullable=False),
    Index("exhibits_article", "article"),
    Index("exhibits_file", "file", "end"),
)


class Exhibits:
    """The shelf of evidence."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *new: Exhibit) -> None:
        """Note exhibits that were written; they follow the last one."""
        fill(self._connection, exhibits, [_row(one) for one in new])

    def last(self) -> Exhibit | None:
        """The end of the chain; None before the first."""
        row = self._connection.execute(select(exhibits).order_by(exhibits.c.number.desc()).limit(1)).mappings().first()
        return _exhibit(row) if row else None

    def end_of(self, file: str) -> int:
        """How many bytes of a file the exhibits account for."""
        return int(self._connection.scalar(select(func.max(exhibits.c.end)).where(exhibits.c.file == file)) or 0)

    def of(self, article: str) -> list[Exhibit]:
        """Those of an article, the earliest first."""
        statement = select(exhibits).where(exhibits.c.article == article).order_by(exhibits.c.number)
        return [_exhibit(row) for row in self._connection.execute(statement).mappings()]

    def with_pages(self, ids: Iterable[str]) -> set[str]:
        """Those of the articles whose page was kept."""
        found: set[str] = set()
        for part in slices(dict.fromkeys(ids)):
            kept = exhibits.c.article.in_(part) & (exhibits.c.proof == Proof.PAGE.value)
            found.update(self._connection.scalars(select(exhibits.c.article).where(kept)))
        return found

    def all(self) -> Iterator[Exhibit]:
        """The whole chain, in order."""
        for row in self._connection.execute(select(exhibits).order_by(exhibits.c.number)).mappings():
            yield _exhibit(row)

    def texts(self, ids: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
        """article id → headline and text as they are now, and as they were before; nothing where they were given up."""
        found: dict[str, list[tuple[str, str]]] = {}
        for part in slices(dict.fromkeys(ids)):
            kept = select(articles.c.id, articles.c.title, articles.c.text).where(
                articles.c.id.in_(part), articles.c.forgotten.is_(False)
            )
            for row in self._connection.execute(kept):
                found[row.id] = [(row.title, row.text)]
            before = select(revisions.c.article, revisions.c.title, revisions.c.text).where(
                revisions.c.article.in_(part)
            )
            for row in self._connection.execute(before):
                if row.article in found:
                    found[row.article].append((row.title, row.text))
        return found


def _row(exhibit: Exhibit) -> dict[str, Any]:
    return {name: getattr(exhibit, name) for name in _NAMES} | {"proof": exhibit.proof.value}


def _exhibit(row: Row) -> Exhibit:
    facts: dict[str, Any] = {name: row[name] for name in _NAMES}
    return Exhibit(**facts | {"proof": _proof(row["proof"])})


def _proof(value: str) -> Proof:
    try:
        return Proof(value)
    except ValueError:  # tampered with, which the chain is there to say
        return Proof.MISSING
