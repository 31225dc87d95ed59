"""What a search finds: the numbers of articles in order, and hits made of those that are looked at or shown."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, func, literal, select

from monitor.model import Ask, Narrowed, terms_of
from monitor.store import fts5, tsearch
from monitor.store.codec import to_article
from monitor.store.narrowing import chosen, moments
from monitor.store.rows import Hit, Ranked
from monitor.store.schema import articles, reports
from monitor.store.snippets import snippet


def rank(connection: Connection, ask: Ask | None, narrowed: Narrowed, limit: int, skip: int) -> Ranked:
    """What is found behind the first `skip`, the best first; None: everything it is narrowed to, the newest first."""
    if ask is not None and connection.dialect.name == "sqlite":
        return fts5.rank(connection, ask, chosen(connection, narrowed, spans=True), limit, skip)
    conditions = _conditions(connection, narrowed)
    if ask is not None:
        return tsearch.rank(connection, ask, conditions, limit, skip)
    conditions.append(articles.c.forgotten.is_(False))
    newest = select(articles.c.number, literal(0.0).label("worth")).where(*conditions)
    ordered = newest.order_by(articles.c.found_at.desc(), articles.c.number.desc()).limit(limit).offset(skip)
    return Ranked(tuple((row.number, row.worth) for row in connection.execute(ordered)))


def _conditions(connection: Connection, narrowed: Narrowed) -> list[ColumnElement[bool]]:
    these = chosen(connection, narrowed, spans=False)
    conditions = moments(narrowed)
    conditions += [articles.c.number.in_(numbers) for numbers in these.among]
    conditions += [articles.c.number.not_in(numbers) for numbers in these.outside]
    if these.language is not None:
        conditions.append(articles.c.language == these.language)
    return conditions


def hits(connection: Connection, places: Sequence[tuple[int, float]]) -> list[Hit]:
    """The articles with these numbers, in this order, without snippets."""
    if not places:
        return []
    outlet = func.coalesce(reports.c.outlet, articles.c.feed).label("outlet")
    whole = select(articles, outlet).outerjoin(reports, reports.c.article == articles.c.id)
    rows = connection.execute(whole.where(articles.c.number.in_([number for number, _ in places]))).mappings()
    found = {row["number"]: row for row in rows}
    return [
        Hit(to_article(found[number]), found[number]["outlet"], worth, "")
        for number, worth in places
        if number in found
    ]


def with_snippets(hits: Iterable[Hit], ask: Ask | None) -> list[Hit]:
    """The hits with the stretch of each text that holds most of what was looked for."""
    terms = terms_of(ask) if ask is not None else ()
    done = []
    for hit in hits:
        cut, marks = snippet(hit.article.text or hit.article.title, terms)
        done.append(replace(hit, snippet=cut, marks=marks))
    return done
