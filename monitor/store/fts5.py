"""What a search asks of SQLite's full-text index (sqlite.org/fts5.html), and in which order it gives the answers.

BM25 has a price for every article that holds a word, and of a common one most do. So it ranks the newest `MOST_RANKED`
of them, which are found without reading more: the index keeps its articles in the order in which they came.
"""

import json
from collections.abc import Sequence
from itertools import product

from msgspec.structs import replace
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)

from monitor.model import AllOf, AnyOf, Ask, Term
from monitor.store import narrowing
from monitor.store.engine import writing
from monitor.store.narrowing import Chosen
from monitor.store.rows import Ranked
from monitor.store.schema import articles

_INDEX = table("article_words", column("rowid"))
_MATCHES: ColumnElement[str] = column("article_words")  # the table's name stands for all its columns
_WORTH = -func.bm25(_MATCHES, 6.0, 1.0)  # FTS5 counts the better as the smaller; a headline weighs six times a text
_FILTERED: ColumnElement[int] = literal_column("+article_words.rowid")  # looked up among numbers, not one by one
_BEGINNING = text("SELECT term FROM article_words_seen WHERE term >= :low AND term < :high LIMIT :most")
_LIKE = text("SELECT term FROM article_words_seen WHERE term GLOB :like LIMIT :most")
_SHOWN = text("SELECT 1 FROM sqlite_master WHERE name = 'article_words_seen'")
_SHOW = text("CREATE VIRTUAL TABLE IF NOT EXISTS article_words_seen USING fts5vocab(article_words, row)")
MOST_WORDS = 2_000
_MOST_PAIRS = 150  # of words asked for near each other; beyond that it is enough that both occur
_LAST = "\U0010ffff"


def show_words(engine: Engine) -> None:
    """Make the index readable as a list of words, where it is not yet: a view of it (fts5vocab) that holds nothing."""
    with engine.connect() as connection, connection.begin():
        if connection.execute(_SHOWN).first():
            return
    with writing(engine) as connection:
        connection.execute(_SHOW)


def vocabulary(connection: Connection, wanted: str) -> list[str]:
    """The words of the index that begin so; with stars in it, that look so."""
    if "*" in wanted:
        pattern = wanted.replace("[", "").replace("?", "")
        rows = connection.execute(_LIKE, {"like": pattern, "most": MOST_WORDS})
    else:
        rows = connection.execute(_BEGINNING, {"low": wanted, "high": wanted + _LAST, "most": MOST_WORDS})
    return [row[0] for row in rows]


def rank(connection: Connection, ask: Ask, chosen: Chosen, limit: int, skip: int) -> Ranked:
    """The numbers of articles that hold what is asked for, the best first."""
    found, near, ranked_by = _fts(ask), _fts(ask, near=True), _fts(ask, bare=True)
    if not found:
        return Ranked(())
    newest = _holding(found, chosen).order_by(_INDEX.c.rowid.desc())
    if near == found == ranked_by:
        # Of too many the oldest that is ranked.
        floor = connection.scalar(newest.limit(1).offset(narrowing.MOST_RANKED - 1))
        cut = floor is not None
        ranked = _holding(found, chosen if floor is None else replace(chosen, first=floor))
    else:
        numbers = _numbers(connection, newest.limit(narrowing.MOST_RANKED))
        cut = len(numbers) == narrowing.MOST_RANKED
        span = Chosen(first=min(numbers, default=1), last=max(numbers, default=0))
        if near != found:
            numbers = sorted(set(numbers).intersection(_numbers(connection, _holding(near, span))))
        these = func.json_each(json.dumps(numbers)).table_valued("value")
        ranked = _holding(ranked_by, replace(span, among=(select(these.c.value),)))
    ordered = ranked.add_columns(_WORTH.label("worth")).order_by(text("worth DESC"), _INDEX.c.rowid.desc())
    rows = connection.execute(ordered.limit(limit).offset(skip))
    return Ranked(tuple((row.rowid, row.worth) for row in rows), cut)


def _numbers(connection: Connection, found: Select[int]) -> list[int]:
    """All of them in one row: ten thousand rows cost more than what is found in them."""
    listed = found.subquery()
    numbers: list[int] = json.loads(connection.scalar(select(func.json_group_array(listed.c.rowid))) or "[]")
    return numbers


def _holding(fts: str, chosen: Chosen) -> Select[int]:
    """The numbers of the articles that FTS5 finds, among those that come into question."""
    found = select(_INDEX.c.rowid).where(_MATCHES.op("MATCH")(literal(fts)))
    if chosen.first is not None:
        found = found.where(_INDEX.c.rowid >= chosen.first)
    if chosen.last is not None:
        found = found.where(_INDEX.c.rowid <= chosen.last)
    for numbers in chosen.among:
        found = found.where(_FILTERED.in_(numbers))
    for numbers in chosen.outside:
        found = found.where(_FILTERED.not_in(numbers))
    if chosen.language is not None:  # most have it: no list of them is made
        joined = _INDEX.join(articles, articles.c.number == _INDEX.c.rowid)
        found = found.select_from(joined).where(articles.c.language == chosen.language)
    return found


def _fts(ask: Ask, *, near: bool = False, bare: bool = False) -> str:
    """In FTS5's own language; every word stands in quotes. "" for what nothing can hold.

    With `near` also that words stand near each other; `bare`: without what must not occur. Nothing is ranked by either,
    and BM25 would count through all articles that hold such a word.
    """
    if isinstance(ask, Term):
        return _place(ask) + _phrase(ask) if ask.words else ""
    parts = [_fts(part, near=near, bare=bare) for part in ask.parts]
    if not isinstance(ask, AllOf):
        some = [part for part in parts if part]
        return f"({' OR '.join(some)})" if some else ""
    if not all(parts):
        return ""
    wanted = (near and ask.within and _near(ask)) or f"({' AND '.join(parts)})"
    unwanted = [] if bare else [part for part in map(_fts, ask.without) if part]
    return f"({wanted} NOT ({' OR '.join(unwanted)}))" if unwanted else wanted


def _near(ask: AllOf) -> str:
    """Every pair of words near each other; "" where FTS5 cannot say that."""
    left, right = (_plain(part) for part in ask.parts)
    if not left or not right or len(left) * len(right) > _MOST_PAIRS:
        return ""
    # What FTS5 cuts at an apostrophe is two words to it, hence the double.
    pairs = [
        f"{_place(one)}NEAR({_phrase(one)} {_phrase(other)}, {2 * ask.within + 2})"
        for one, other in product(left, right)
        if one.place == other.place
    ]
    return f"({' OR '.join(pairs)})" if pairs else ""


def _plain(ask: Ask) -> Sequence[Term]:
    """The terms of which one must occur; none where it is more than that."""
    if isinstance(ask, Term):
        return (ask,)
    parts = [_plain(part) for part in ask.parts] if isinstance(ask, AnyOf) else []
    return [term for part in parts for term in part] if all(parts) else ()


def _place(term: Term) -> str:
    return f"{term.place} : " if term.place else ""


def _phrase(term: Term) -> str:
    words = " ".join(term.words).replace('"', "")
    return f'"{words}"{" *" if term.prefix else ""}'
