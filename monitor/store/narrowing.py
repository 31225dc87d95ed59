"""Which articles a search is narrowed to, as an index of words can use it: by their numbers."""

from msgspec import Struct
from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, func, select

from monitor.model import Narrowed
from monitor.store.schema import articles, reports, told, verdicts

Numbers = Select[int] | CompoundSelect[int]

MOST_RANKED = 10_000  # of more articles that hold what is asked for, the newest
_FEW = 50_000  # numbers of which a list is made; beyond that each article found is looked at


class Chosen(Struct, frozen=True):
    """In each of `among`, in none of `outside`, from number `first` to `last`."""

    among: tuple[Numbers, ...] = ()
    outside: tuple[Numbers, ...] = ()
    language: str | None = None
    first: int | None = None
    last: int | None = None


def moments(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    """When they were found."""
    since = [articles.c.found_at > narrowed.since] if narrowed.since is not None else []
    return since + ([articles.c.found_at <= narrowed.until] if narrowed.until is not None else [])


def chosen(connection: Connection, narrowed: Narrowed, *, spans: bool) -> Chosen:
    """What it is narrowed to; with `spans` also the span of time, as numbers."""
    among: list[Numbers] = []
    outside: list[Numbers] = []
    if narrowed.topic is not None:
        topical = (verdicts.c.topic == narrowed.topic, verdicts.c.matched)
        among.append(_numbers(select(verdicts.c.article).where(*topical)))
    if narrowed.story is not None:
        among.append(_numbers(select(reports.c.article).where(reports.c.story == narrowed.story)))
    if narrowed.outlet is not None:
        theirs = select(articles.c.number).where(articles.c.feed.in_((narrowed.outlet, *narrowed.outlet_feeds)))
        shown = select(reports.c.article).where(reports.c.outlet.in_(_spellings(connection, narrowed.outlet)))
        among.append(theirs.union(_numbers(shown)))
    if narrowed.feed is not None:
        among.append(select(articles.c.number).where(articles.c.feed == narrowed.feed))
    if narrowed.told is not None:
        was = _numbers(select(reports.c.article).where(reports.c.story.in_(select(told.c.story))))
        (among if narrowed.told else outside).append(was)
    language = narrowed.language
    if spans and language is not None:
        theirs = select(articles.c.number).where(articles.c.language == language)
        some = theirs.limit(_FEW + 1).subquery()
        if (connection.scalar(select(func.count()).select_from(some)) or 0) <= _FEW:
            among.append(theirs)
            language = None
    first = last = None
    if spans and (within := moments(narrowed)):
        numbers = articles.c.number
        span = select(func.min(numbers), func.max(numbers), func.count()).where(*within)
        first, last, size = connection.execute(span).one()
        if first is None:
            first, last = 1, 0
        elif last - first + 1 > size:  # others came between them, such as what a backfill brought
            among.append(select(numbers).where(*within))
    return Chosen(tuple(among), tuple(outside), language, first, last)


def _spellings(connection: Connection, outlet: str) -> list[str]:
    """The outlets of that name in any case, which the databases know of ASCII letters alone."""
    return [name for name in connection.scalars(select(reports.c.outlet).distinct()) if name.lower() == outlet.lower()]


def _numbers(ids: Select[str]) -> Select[int]:
    return select(articles.c.number).where(articles.c.id.in_(ids))
