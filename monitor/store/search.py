"""Full-text search on SQLite's FTS5 (sqlite.org/fts5.html), or on a server by `tsearch`: the one shelf that speaks
a database's own dialect.

Indexed are the folded words of headline and text (`monitor.words`), so that case, accents and kinds of apostrophes do
not count. Inflected forms do: whoever wants "launcher" to find "launchers" asks `vocabulary` for the forms first.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, column, func, select, table, text

from monitor.model import Ask, Narrowed
from monitor.store import fts5, tsearch
from monitor.store.finding import hits, rank
from monitor.store.rows import Hit, Ranked
from monitor.store.schema import articles
from monitor.words import folded_words

_INDEX = table("article_words", column("rowid"))
_FEW = 5  # articles of a language, below which it may be a slip of its recognition
_ADD = "INSERT INTO article_words (rowid, title, text) VALUES (?, ?, ?)"
_REMOVE = text("DELETE FROM article_words WHERE rowid = :number")
_MERGE = text("INSERT INTO article_words (article_words, rank) VALUES ('merge', 500)")


class Search:
    """The shelf of the full-text index."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._on_server = connection.dialect.name != "sqlite"

    def add(self, *articles: tuple[int, str, str]) -> None:
        """Index articles: the number, headline and text of each."""
        if articles and self._on_server:
            tsearch.add(self._connection, articles)
        elif articles:
            rows = [(number, _folded(title), _folded(body)) for number, title, body in articles]
            self._connection.exec_driver_sql(_ADD, rows)

    def remove(self, numbers: Sequence[int]) -> None:
        """Take articles out of the index."""
        if numbers and self._on_server:
            tsearch.remove(self._connection, numbers)
        elif numbers:
            self._connection.execute(_REMOVE, [{"number": number} for number in numbers])

    def replace(self, number: int, title: str, body: str) -> None:
        """Index an edited article anew."""
        self.remove([number])
        self.add((number, title, body))

    def last(self) -> int:
        """The highest number that is indexed; 0 when nothing is."""
        if self._on_server:
            return self._connection.scalar(select(func.max(tsearch.INDEX.c.number))) or 0
        return self._connection.scalar(select(_INDEX.c.rowid).order_by(_INDEX.c.rowid.desc()).limit(1)) or 0

    def merge(self) -> None:
        """Put the index in better order, a bounded step at a time."""
        if not self._on_server:  # which does that by itself
            self._connection.execute(_MERGE)

    def ask(self, ask: Ask | None, narrowed: Narrowed, *, limit: int, skip: int = 0) -> list[Hit]:
        """Hits behind the first `skip`, the best first; None: everything it is narrowed to, the newest first.

        Without snippets, which are dear: see `monitor.store.finding.with_snippets`.
        """
        return hits(self._connection, rank(self._connection, ask, narrowed, limit, skip).places)

    def rank(self, ask: Ask | None, narrowed: Narrowed, *, limit: int, skip: int = 0) -> Ranked:
        """As `ask`, the numbers alone, for whoever looks at some of them; see `hits`."""
        return rank(self._connection, ask, narrowed, limit, skip)

    def hits(self, places: Sequence[tuple[int, float]]) -> list[Hit]:
        """The articles of these places, without snippets."""
        return hits(self._connection, places)

    def languages(self) -> frozenset[str]:
        """The languages of more than a few articles: of one in a thousand, and never of less than `_FEW`."""
        found, last = [], ""
        few = max(_FEW, (self._connection.scalar(select(func.max(articles.c.number))) or 0) // 1_000)
        by_language = select(articles.c.language).order_by(articles.c.language).limit(1)
        while last := self._connection.scalar(by_language.where(articles.c.language > last)) or "":
            if self._connection.scalar(by_language.where(articles.c.language == last).offset(few - 1)):
                found.append(last)
        return frozenset(found)

    def vocabulary(self, wanted: str) -> list[str]:
        """The indexed words that begin so, or with stars in it look so; at most 2,000."""
        if self._on_server:
            return tsearch.vocabulary(self._connection, wanted)
        return fts5.vocabulary(self._connection, wanted)


def _folded(prose: str) -> str:
    return " ".join(folded_words(prose))
