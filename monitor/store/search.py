"""Full-text search on SQLite's FTS5 (sqlite.org/fts5.html), or on a server by `tsearch`: the one shelf that speaks
a database's own dialect.

Indexed are the folded words of headline and text (`monitor.words`), so that case, accents and kinds of apostrophes do
not count. Inflected forms do: whoever wants "launcher" to find "launchers" asks `vocabulary` for the forms first.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, column, exists, func, literal, select, table, text

from monitor.model import Ask, Narrowed
from monitor.store import fts5, tsearch
from monitor.store.codec import Row, to_article
from monitor.store.finding import hits, rank
from monitor.store.rows import Hit, Ranked
from monitor.store.schema import articles, reports, verdicts
from monitor.store.searchwords import Query, Term, parse, snippet
from monitor.words import folded_words

_INDEX = table("article_words", column("rowid"))
_MATCHES: ColumnElement[str] = column("article_words")  # the table's name stands for all its columns
_WORTH = -func.bm25(_MATCHES, 6.0, 1.0)  # FTS5 counts the better as the smaller; a headline weighs six times a text

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

    def find(
        self,
        query: str,
        *,
        topic: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        feed: str | None = None,
        language: str | None = None,
        limit: int = 20,
    ) -> list[Hit]:
        """The articles with the words asked for, the best first; `since` < found <= `until`.

        Words must all occur, "phrases" as they stand, -word must not, OR between two takes either, word* takes what
        begins so. A query without a word that must occur gives everything else, the newest first. Never raises for a
        strange query; articles whose text was given up by retention are not found.
        """
        asked = parse(query)
        statement = _base(asked, self._on_server).where(*_filters(topic, since, until, feed, language)).limit(limit)
        return [_to_hit(row, asked) for row in self._connection.execute(statement).mappings()]


def _folded(prose: str) -> str:
    return " ".join(folded_words(prose))


def _base(asked: Query, on_server: bool) -> Select[Any]:
    outlet = func.coalesce(reports.c.outlet, articles.c.feed).label("outlet")
    placed = reports.c.article == articles.c.id
    newest = (articles.c.found_at.desc(), articles.c.number.desc())
    if asked.groups and on_server:
        said = tsearch.simple_query(asked)
        worth = tsearch.worth(said).label("worth")
        joined = tsearch.INDEX.join(articles, articles.c.number == tsearch.INDEX.c.number).outerjoin(reports, placed)
        statement = select(articles, outlet, worth).select_from(joined).where(tsearch.matching(said))
        return statement.order_by(worth.desc(), *newest)
    if asked.groups:
        worth = _WORTH.label("worth")
        joined = _INDEX.join(articles, articles.c.number == _INDEX.c.rowid).outerjoin(reports, placed)
        found = _MATCHES.op("MATCH")(literal(_fts(asked)))
        return select(articles, outlet, worth).select_from(joined).where(found).order_by(worth.desc(), *newest)
    statement = select(articles, outlet, literal(0.0).label("worth")).outerjoin(reports, placed)
    if asked.without:
        unwanted = select(_INDEX.c.rowid).where(_MATCHES.op("MATCH")(literal(_any(asked.without))))
        left = articles.c.number.not_in(unwanted)
        statement = statement.where(tsearch.among(tsearch.simple_query(asked)) if on_server else left)
    return statement.where(articles.c.forgotten.is_(False)).order_by(*newest)


def _filters(
    topic: str | None, since: datetime | None, until: datetime | None, feed: str | None, language: str | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if topic is not None:
        same = and_(verdicts.c.article == articles.c.id, verdicts.c.topic == topic, verdicts.c.matched)
        conditions.append(exists().where(same))
    if since is not None:
        conditions.append(articles.c.found_at > since)
    if until is not None:
        conditions.append(articles.c.found_at <= until)
    if feed is not None:
        conditions.append(articles.c.feed == feed)
    if language is not None:
        conditions.append(articles.c.language == language)
    return conditions


def _fts(asked: Query) -> str:
    wanted = " AND ".join(f"({_any(group)})" for group in asked.groups)
    return f"({wanted}) NOT ({_any(asked.without)})" if asked.without else wanted


def _any(terms: Sequence[Term]) -> str:
    return " OR ".join(f'"{" ".join(term.words)}"' + (" *" if term.prefix else "") for term in terms)


def _to_hit(row: Row, asked: Query) -> Hit:
    article = to_article(row)
    cut, marks = snippet(article.text or article.title, asked)
    return Hit(article, row["outlet"], row["worth"], cut, marks)
