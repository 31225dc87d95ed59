"""Full-text search on PostgreSQL (postgresql.org/docs/current/textsearch.html): the twin of what FTS5 does in a file.

The words that are indexed are the same, folded and in their places. They come as a ready tsvector, so that neither the
server's parser nor its dictionaries and languages have a say (which is what the configuration `simple` is meant for,
but its parser cuts some scripts into letters). Headlines have weight A, texts B. What begins so, or looks so, is asked
of a table of all words that ever were indexed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import accumulate, chain, islice, repeat
from operator import add as add_to
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Float,
    Select,
    Text,
    cast,
    column,
    func,
    literal,
    select,
    table,
)
from sqlalchemy.types import UserDefinedType

from monitor.model import AllOf, Ask, Term
from monitor.store.fts5 import MOST_WORDS
from monitor.store.rows import Ranked
from monitor.store.schema import articles
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
MOST_RANKED = 2_000  # of more articles that hold what is asked for, the newest: each one's words are fetched for it
_SLICES, _LAYER = 8, 100  # of so many times as many words are looked at; further only where fewer were found
_GAP = 20  # places between headline and text, for phrases do not reach across
_LAST_PLACE, _LONGEST_WORD = 16_383, 500  # a tsvector's limits: 16383, 2046 bytes
_MOST_BYTES, _BESIDE = 450_000, 6  # of headline and of text, and what a word takes beside its letters; 1 MB in all
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
    if not query(ask):
        return Ranked(())
    layers, cut = _layers(connection, ask, conditions, skip + limit)
    value = worth(" | ".join(_wanted(ask))).label("worth")
    places: list[tuple[int, float]] = []
    for layer in layers:
        if skip < len(layer) and len(places) < limit:
            ranked = _those(layer).add_columns(value).order_by(value.desc(), INDEX.c.number.desc())
            rows = connection.execute(ranked.limit(limit - len(places)).offset(skip))
            places += ((row.number, row.worth) for row in rows)
        skip = max(skip - len(layer), 0)
    return Ranked(tuple(places), cut)


def _layers(
    connection: Connection, ask: Ask, conditions: Sequence[ColumnElement[bool]], wanted: int
) -> tuple[list[list[int]], bool]:
    """What holds it, the newest first, until so many are found, and whether there may be more.

    In layers of which each is ranked by itself: where one ends no page has a say, so that pages neither repeat nor miss
    anything, though a later one looks further.
    """
    asked, loose = query(ask), query(ask, loose=True)
    layers: list[list[int]] = [[]]
    for looked_at, part in enumerate(_slices(connection, loose, conditions), start=1):
        newest = part if loose == asked else connection.scalars(_those(part).where(matching(asked)))
        layers[-1] += sorted(newest, reverse=True)
        found = sum(map(len, layers))
        if found >= MOST_RANKED:
            del layers[-1][len(layers[-1]) - (found - MOST_RANKED) :]
            return layers, True
        if looked_at % _SLICES == 0 and len(layers[-1]) >= _LAYER:
            if found >= wanted:
                return layers, True
            layers.append([])
    return layers, False


def _slices(connection: Connection, asked: str, conditions: Sequence[ColumnElement[bool]]) -> Iterator[list[int]]:
    """The numbers of articles that the index names, the newest first, `MOST_RANKED` at a time."""
    found = select(INDEX.c.number).where(matching(asked)).offset(0).subquery()
    holding = select(found.c.number)
    if conditions:
        joined = found.join(articles, articles.c.number == found.c.number)
        holding = holding.select_from(joined).where(*conditions)
    newest = holding.order_by(found.c.number.desc()).limit(MOST_RANKED)
    part: list[int] = []
    while not part or len(part) == MOST_RANKED:
        with by_index(connection):
            part = list(connection.scalars(newest.where(found.c.number < part[-1]) if part else newest))
        if not part:
            return
        yield part


def _those(numbers: Sequence[int]) -> Select[int]:
    return select(INDEX.c.number).where(INDEX.c.number == func.any(cast(literal(list(numbers)), _Of("bigint[]"))))


@contextmanager
def by_index(connection: Connection) -> Iterator[None]:
    """Within: the index says what holds a word, and no article's words are read that it does not name.

    The planner takes a comparison with a tsvector for as cheap as one of two numbers, though its words have to be
    fetched from beside the table and unpacked; so it would rather go through all articles.
    """
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    yield
    connection.exec_driver_sql("SET LOCAL enable_seqscan = DEFAULT")


def matching(asked: str) -> ColumnElement[bool]:
    """Whether a row of the index holds what is asked for."""
    return INDEX.c.words.op("@@", is_comparison=True)(cast(literal(asked), _Of("tsquery")))


def worth(asked: str) -> ColumnElement[float]:
    """How well a row of the index fits; higher is better."""
    weights, query_ = cast(literal(_WEIGHTS), _Of("real[]")), cast(literal(asked), _Of("tsquery"))
    return func.ts_rank(weights, INDEX.c.words, query_, _BY_LENGTH, type_=Float)


def query(ask: Ask, *, loose: bool = False) -> str:
    """In the language of tsquery; every word stands in quotes. "" for what nothing can hold.

    `loose` asks for the words of phrases and of headlines wherever they stand: what the index alone can tell, where
    for all else each article's words have to be fetched.
    """
    if isinstance(ask, Term):
        parts = [_quoted(one) + ":" for word in ask.words for one in _pieces(word.replace('"', ""))]
        if not parts:
            return ""
        marks = "" if loose else _MARKS[ask.place]
        ready = [(part + marks).removesuffix(":") for part in parts]
        if ask.prefix:
            ready[-1] = f"{parts[-1]}*{marks}"
        return f"({(' & ' if loose else ' <-> ').join(ready)})"
    found = [query(part, loose=loose) for part in ask.parts]
    if not isinstance(ask, AllOf):
        some = [part for part in found if part]
        return f"({' | '.join(some)})" if some else ""
    if not all(found):
        return ""
    unwanted = [
        f"!{said}" for part in ask.without if (said := query(part)) and (not loose or said == query(part, loose=True))
    ]
    return f"({' & '.join([*found, *unwanted])})"


def _wanted(ask: Ask) -> list[str]:
    """Each word or phrase that speaks for an article: it ranks by their sum, as BM25 does, not by how near they are."""
    if isinstance(ask, Term):
        return [query(ask)] if query(ask) else []
    return [said for part in ask.parts for said in _wanted(part)]


def _vector(title: str, body: str, seen: set[str]) -> str:
    """The words of an article with their places, as a tsvector is written; they are added to `seen`.

    A word that stands at several places is named as often; the server puts them together.
    """
    headline, prose = _fitting(_indexed(title), 0), _indexed(body)
    begins = len(headline) + _GAP
    prose = _fitting(prose, begins)
    seen.update(headline, prose)
    return " ".join([*map(add_to, headline, _marked("A")), *map(add_to, prose, islice(_marked("B"), begins, None))])


def _indexed(prose: str) -> list[str]:
    words = folded_words(prose)
    if "".join(words).isalnum() and max(map(len, words)) <= _LONGEST_WORD:  # nearly always
        return words
    return [piece for word in words for piece in _pieces(word)]


def _fitting(words: list[str], begins: int) -> list[str]:
    """The words that a tsvector has room for: each only once behind its last place, for all are one there."""
    room = max(_LAST_PLACE - begins, 0)
    if len(words) > room:
        words = [*words[:room], *dict.fromkeys(words[room:])]
    if sum(map(len, words)) * 4 + len(words) * _BESIDE <= _MOST_BYTES:
        return words
    sizes = accumulate(len(word.encode()) + _BESIDE for word in words)
    return words[: sum(size <= _MOST_BYTES for size in sizes)]


def _marked(mark: str) -> Iterator[str]:
    """`:1A`, `:2A`, … without end, the last place again and again."""
    return chain(_places(mark), repeat(f":{_LAST_PLACE}{mark}"))


@cache
def _places(mark: str) -> tuple[str, ...]:
    return tuple(f":{at}{mark}" for at in range(1, _LAST_PLACE + 1))


def _pieces(word: str) -> list[str]:
    """A word as FTS5 has it: cut at apostrophes and the like; without what is longer than any word."""
    pieces = [word] if word.isalnum() else _PIECE.findall(word)
    return [piece for piece in pieces if len(piece) <= _LONGEST_WORD]


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
