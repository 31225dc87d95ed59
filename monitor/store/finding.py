"""What a search asks of the full-text index, as FTS5 writes it; ranked by BM25 among what it is narrowed to."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, column, exists, func, literal, or_, select, table, text

from monitor.model import AllOf, Ask, Narrowed, Term, terms_of
from monitor.store.codec import to_article
from monitor.store.engine import WRITING
from monitor.store.rows import Hit
from monitor.store.schema import articles, reports, told, verdicts
from monitor.store.searchwords import Query, snippet
from monitor.store.searchwords import Term as Shown

_INDEX = table("article_words", column("rowid"), column("rank"))
_MATCHES: ColumnElement[str] = column("article_words")  # the table's name stands for all its columns
_BM25 = _INDEX.c.rank.op("MATCH")(literal("bm25(6.0, 1.0)"))  # a headline weighs six times a text
_BEGINNING = text("SELECT term FROM article_words_seen WHERE term >= :low AND term < :high LIMIT :most")
_LIKE = text("SELECT term FROM article_words_seen WHERE term GLOB :like LIMIT :most")
_SHOWN = text("SELECT 1 FROM sqlite_master WHERE name = 'article_words_seen'")
_SHOW = text("CREATE VIRTUAL TABLE IF NOT EXISTS article_words_seen USING fts5vocab(article_words, row)")
_MOST_WORDS = 2_000
_LAST = "\U0010ffff"


def show_words(engine: Engine) -> None:
    """Make the index readable as a list of words, where it is not yet: a view of it (fts5vocab) that holds nothing."""
    with engine.connect() as connection, connection.begin():
        if connection.execute(_SHOWN).first():
            return
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        connection.execute(_SHOW)


def vocabulary(connection: Connection, wanted: str) -> list[str]:
    """The words of the index that begin so; with stars in it, that look so."""
    if "*" in wanted:
        pattern = wanted.replace("[", "").replace("?", "")
        rows = connection.execute(_LIKE, {"like": pattern, "most": _MOST_WORDS})
    else:
        rows = connection.execute(_BEGINNING, {"low": wanted, "high": wanted + _LAST, "most": _MOST_WORDS})
    return [row[0] for row in rows]


def find(connection: Connection, ask: Ask | None, narrowed: Narrowed, limit: int, skip: int) -> list[Hit]:
    """Hits without snippets, the best first; without anything to look for, the newest first."""
    conditions = _conditions(narrowed)
    number = articles.c.number.label("number")
    if ask is None:
        statement = select(number, literal(0.0).label("worth")).where(articles.c.forgotten.is_(False), *conditions)
        ordered = statement.order_by(articles.c.found_at.desc(), articles.c.number.desc())
    else:
        fts = _fts(ask)
        if not fts:
            return []
        worth = (-_INDEX.c.rank).label("worth")  # FTS5 counts the better as the smaller
        base = select(_INDEX.c.rowid.label("number"), worth).where(_MATCHES.op("MATCH")(literal(fts)), _BM25)
        if conditions:  # otherwise the index alone decides, and nothing else is read
            base = base.select_from(_INDEX.join(articles, articles.c.number == _INDEX.c.rowid)).where(*conditions)
        ordered = base.order_by(_INDEX.c.rank)
    ranked = connection.execute(ordered.limit(limit).offset(skip)).all()
    if not ranked:
        return []
    outlet = func.coalesce(reports.c.outlet, articles.c.feed).label("outlet")
    whole = select(articles, outlet).outerjoin(reports, reports.c.article == articles.c.id)
    rows = connection.execute(whole.where(articles.c.number.in_([row.number for row in ranked]))).mappings()
    found = {row["number"]: row for row in rows}
    return [_hit(found[row.number], row.worth) for row in ranked if row.number in found]


def with_snippets(hits: Iterable[Hit], ask: Ask | None) -> list[Hit]:
    """The hits with the stretch of each text that holds most of what was looked for."""
    terms = terms_of(ask) if ask is not None else ()
    shown = Query((tuple(Shown(term.words, term.prefix) for term in terms),) if terms else (), ())
    done = []
    for hit in hits:
        cut, marks = snippet(hit.article.text or hit.article.title, shown)
        done.append(replace(hit, snippet=cut, marks=marks))
    return done


def _hit(row: Any, worth: float) -> Hit:
    return Hit(to_article(row), row["outlet"], worth, "")


def _conditions(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.topic is not None:
        matched = (verdicts.c.article == articles.c.id, verdicts.c.topic == narrowed.topic, verdicts.c.matched)
        found.append(exists().where(*matched))
    if narrowed.story is not None:
        found.append(exists().where(reports.c.article == articles.c.id, reports.c.story == narrowed.story))
    if narrowed.outlet is not None:
        like = func.lower(reports.c.outlet) == narrowed.outlet.lower()
        shown = exists().where(reports.c.article == articles.c.id, like)
        found.append(or_(articles.c.feed.in_((narrowed.outlet, *narrowed.outlet_feeds)), shown))
    if narrowed.feed is not None:
        found.append(articles.c.feed == narrowed.feed)
    if narrowed.language is not None:
        found.append(articles.c.language == narrowed.language)
    if narrowed.since is not None:
        found.append(articles.c.found_at > narrowed.since)
    if narrowed.until is not None:
        found.append(articles.c.found_at <= narrowed.until)
    if narrowed.told is not None:
        placed = and_(reports.c.article == articles.c.id, reports.c.story == told.c.story)
        was = exists().where(placed)
        found.append(was if narrowed.told else ~was)
    return found


def _fts(ask: Ask) -> str:
    """In FTS5's own language; every word stands in quotes. "" for what nothing can hold."""
    if isinstance(ask, Term):
        words = " ".join(ask.words).replace('"', "")
        place = f"{ask.place} : " if ask.place else ""
        return f'{place}"{words}"{" *" if ask.prefix else ""}' if words else ""
    parts = [_fts(part) for part in ask.parts]
    if not isinstance(ask, AllOf):
        some = [part for part in parts if part]
        return f"({' OR '.join(some)})" if some else ""
    if not all(parts):
        return ""
    wanted = " AND ".join(parts)
    unwanted = [part for part in map(_fts, ask.without) if part]
    return f"(({wanted}) NOT ({' OR '.join(unwanted)}))" if unwanted else f"({wanted})"
