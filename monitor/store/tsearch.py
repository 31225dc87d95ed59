"""Full-text search on PostgreSQL (postgresql.org/docs/current/textsearch.html): the twin of what FTS5 does in a file.

The words that are indexed are the same, folded and in their places. They come as a ready tsvector, so that neither the
server's parser nor its dictionaries and languages have a say (which is what the configuration `simple` is meant for,
but its parser cuts some scripts into letters). Headlines have weight A, texts B. What begins so, or looks so, is asked
of a table of all words that ever were indexed.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Float, Text, cast, column, func, literal, select, table
from sqlalchemy.types import UserDefinedType

from monitor.model import AllOf, AnyOf, Ask, Term
from monitor.store import narrowing
from monitor.store.fts5 import MOST_WORDS
from monitor.store.rows import Ranked
from monitor.store.schema import articles
from monitor.store.searchwords import Query
from monitor.words import folded_words


class _Of(UserDefinedType[Any]):
    """A type of the server by its name; SQLAlchemy's own come with all drivers, for which no file should wait."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_options: Any) -> str:
        """The name as it stands in SQL."""
        return self.name


INDEX = table("article_words", column("number", BigInteger), column("words", _Of("tsvector")))
_SEEN = table("article_words_seen", column("term", Text))
_WEIGHTS = "{0, 0, 0.1667, 1}"  # of D, C, B and A: a headline weighs six times a text
_BY_LENGTH = 1  # divide a rank by 1 + the logarithm of the length
_GAP = 20  # places between headline and text, for phrases do not reach across
_LAST_PLACE, _LONGEST_WORD, _MOST_BYTES = 16_383, 500, 900_000  # a tsvector's limits: 16383, 2046, 1 MB
_PIECE = re.compile(r"[^\W_]+")
_MARKS = {"title": "A", "text": "B", "": ""}

_ADD = (
    "INSERT INTO article_words (number, words) VALUES (%s, CAST(%s AS tsvector))"
    " ON CONFLICT (number) DO UPDATE SET words = excluded.words"
)
_NOTE = "INSERT INTO article_words_seen (term) SELECT unnest(CAST(%s AS text[])) ON CONFLICT DO NOTHING"


def add(connection: Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Index articles: the number, headline and text of each."""
    seen: set[str] = set()
    ready = [(number, _vector(title, body, seen)) for number, title, body in rows]
    connection.exec_driver_sql(_ADD, ready)
    if seen:
        connection.exec_driver_sql(_NOTE, (sorted(seen),))  # in one order, so that two writers cannot block each other


def remove(connection: Connection, numbers: Sequence[int]) -> None:
    """Take articles out of the index."""
    connection.exec_driver_sql("DELETE FROM article_words WHERE number = ANY(%s)", (list(numbers),))


def vocabulary(connection: Connection, wanted: str) -> list[str]:
    """The words of the index that begin so; with stars in it, that look so."""
    plain = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = plain.replace("*", "%") if "*" in wanted else plain + "%"
    statement = select(_SEEN.c.term).where(_SEEN.c.term.like(pattern)).order_by(_SEEN.c.term).limit(MOST_WORDS)
    return list(connection.scalars(statement))


def rank(connection: Connection, ask: Ask, conditions: Sequence[ColumnElement[bool]], limit: int, skip: int) -> Ranked:
    """The numbers of articles that hold what is asked for, the best first: of too many the newest are ranked."""
    asked = query(ask)
    if not asked:
        return Ranked(())
    holding = select(INDEX.c.number).where(matching(asked))
    if conditions:
        joined = INDEX.join(articles, articles.c.number == INDEX.c.number)
        holding = holding.select_from(joined).where(*conditions)
    newest = list(connection.scalars(holding.order_by(INDEX.c.number.desc()).limit(narrowing.MOST_RANKED)))
    value = worth(asked).label("worth")
    ranked = select(INDEX.c.number, value).where(INDEX.c.number == func.any(cast(literal(newest), _Of("bigint[]"))))
    rows = connection.execute(ranked.order_by(value.desc(), INDEX.c.number.desc()).limit(limit).offset(skip))
    return Ranked(tuple((row.number, row.worth) for row in rows), len(newest) == narrowing.MOST_RANKED)


def matching(asked: str) -> ColumnElement[bool]:
    """Whether a row of the index holds what is asked for."""
    return INDEX.c.words.op("@@", is_comparison=True)(cast(literal(asked), _Of("tsquery")))


def worth(asked: str) -> ColumnElement[float]:
    """How well a row of the index fits; higher is better."""
    weights, query_ = cast(literal(_WEIGHTS), _Of("real[]")), cast(literal(asked), _Of("tsquery"))
    return func.ts_rank(weights, INDEX.c.words, query_, _BY_LENGTH, type_=Float)


def among(asked: str) -> ColumnElement[bool]:
    """Whether an article is among those that hold what is asked for."""
    return articles.c.number.in_(select(INDEX.c.number).where(matching(asked)))


def query(ask: Ask) -> str:
    """In the language of tsquery; every word stands in quotes. "" for what nothing can hold."""
    if isinstance(ask, Term):
        parts = [_quoted(one) + ":" for word in ask.words for one in _pieces(word.replace('"', ""))]
        if not parts:
            return ""
        marks = _MARKS[ask.place]
        ready = [(part + marks).removesuffix(":") for part in parts]
        if ask.prefix:
            ready[-1] = f"{parts[-1]}*{marks}"
        return f"({' <-> '.join(ready)})"
    found = [query(part) for part in ask.parts]
    if not isinstance(ask, AllOf):
        some = [part for part in found if part]
        return f"({' | '.join(some)})" if some else ""
    if not all(found):
        return ""
    unwanted = [f"!{part}" for part in map(query, ask.without) if part]
    return f"({' & '.join([*found, *unwanted])})"


def simple_query(asked: Query) -> str:
    """`query` for what `searchwords` understood."""
    groups = tuple(AnyOf(tuple(Term(one.words, one.prefix) for one in group)) for group in asked.groups)
    return query(AllOf(groups, tuple(Term(one.words, one.prefix) for one in asked.without)))


def _vector(title: str, body: str, seen: set[str]) -> str:
    """The words of an article with their places, as a tsvector is written; they are added to `seen`."""
    places: dict[str, list[str]] = {}
    at, size = 0, 0
    for prose, mark in ((title, "A"), (body, "B")):
        for word in folded_words(prose):
            for piece in _pieces(word):
                at += 1
                known = places.get(piece)
                if known is None:
                    size += len(piece.encode()) + 8
                    if size > _MOST_BYTES:
                        continue
                    known = places[piece] = []
                if len(known) < 250:
                    size += 2
                    known.append(f"{min(at, _LAST_PLACE)}{mark}")
        at += _GAP
    seen.update(places)
    return " ".join(f"{_quoted(word)}:{','.join(where)}" for word, where in places.items())


def _pieces(word: str) -> list[str]:
    """A word as FTS5 has it: cut at apostrophes and the like; without what is longer than any word."""
    pieces = [word] if word.isalnum() else _PIECE.findall(word)
    return [piece for piece in pieces if len(piece) <= _LONGEST_WORD]


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
