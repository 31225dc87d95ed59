"""What the pages of matched articles said later: their versions, and when each page is due to be looked at again."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, exists, select, update

from monitor.store.bulk import slices, upsert
from monitor.store.schema import articles, refetches, reports, revisions


class Version(Struct, frozen=True):
    """One wording of an article."""

    article: str  # id
    seen_at: datetime  # when it was first seen so
    title: str
    text: str
    hash: str  # of the content
    reason: str  # what it says otherwise than the one before; "" of the first, and of those that a feed brought


class Refetch(Struct, frozen=True):
    """Where looking again at an article's page stands."""

    article: str  # id
    feed: str
    url: str
    found_at: datetime
    due_at: datetime | None  # None = not looked at any more
    checked_at: datetime | None = None
    missing: int = 0  # answers in a row that there is no such page (404, 410)
    gone_at: datetime | None = None  # since when the page counts as deleted
    problem: str = ""  # of the last look; "" when all was well
    mark: str = ""  # of the page and the article that were compared then


class Versions:
    """The shelf of versions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, article: str) -> tuple[Version, ...]:
        """Every version of an article, the first first; none of an unknown one."""
        row = self._connection.execute(select(articles).where(articles.c.id == article)).mappings().one_or_none()
        if row is None:
            return ()
        found: list[Version] = []
        seen, reason = row["found_at"], ""
        earlier = select(revisions).where(revisions.c.article == article).order_by(revisions.c.number)
        for old in self._connection.execute(earlier).mappings():
            found.append(Version(article, seen, old["title"], old["text"], old["content_hash"], reason))
            seen, reason = old["replaced_at"], old["reason"]
        return (*found, Version(article, seen, row["title"], row["text"], row["content_hash"], reason))

    def edited(self, ids: Collection[str]) -> set[str]:
        """Those of these articles that have more than one version."""
        found: set[str] = set()
        for part in slices(ids):
            found.update(self._connection.scalars(select(revisions.c.article).where(revisions.c.article.in_(part))))
        return found

    def deleted(self, ids: Collection[str]) -> dict[str, datetime]:
        """Those of these articles whose page counts as deleted, and since when."""
        found: dict[str, datetime] = {}
        for part in slices(ids):
            gone = refetches.c.article.in_(part) & refetches.c.gone_at.is_not(None)
            rows = self._connection.execute(select(refetches.c.article, refetches.c.gone_at).where(gone))
            found |= {row.article: row.gone_at for row in rows}
        return found

    def explain(self, article: str, at: datetime, reason: str) -> None:
        """Note why the version that was replaced at that moment was."""
        which = (revisions.c.article == article, revisions.c.replaced_at == at)
        self._connection.execute(update(revisions).where(*which).values(reason=reason))

    def enlist(self, since: datetime, first: datetime, most: int) -> int:
        """Begin to look again at articles placed in stories after `since`, first at `first`; how many."""
        known = exists().where(refetches.c.article == reports.c.article)
        fresh = select(reports.c.article).where(reports.c.at > since, ~known).order_by(reports.c.at).limit(most)
        names = list(self._connection.scalars(fresh))
        upsert(
            self._connection,
            refetches,
            [{"article": name, "due_at": first, "missing": 0, "problem": ""} for name in names],
        )
        return len(names)

    def due(self, now: datetime, most: int) -> list[Refetch]:
        """Pages due to be looked at, the longest due first."""
        statement = _ALL.where(refetches.c.due_at <= now).order_by(refetches.c.due_at).limit(most)
        return [Refetch(**row) for row in self._connection.execute(statement).mappings()]

    def standing(self, article: str) -> Refetch | None:
        """Where an article stands; None when its page was never to be looked at again."""
        row = self._connection.execute(_ALL.where(refetches.c.article == article)).mappings().one_or_none()
        return Refetch(**row) if row else None

    def note(self, looked: Sequence[Refetch]) -> None:
        """Keep where these stand now."""
        for one in looked:
            facts = ("due_at", "checked_at", "missing", "gone_at", "problem", "mark")
            values = {name: getattr(one, name) for name in facts}
            self._connection.execute(update(refetches).where(refetches.c.article == one.article).values(**values))


_ALL = select(
    refetches.c.article,
    articles.c.feed,
    articles.c.url,
    articles.c.found_at,
    refetches.c.due_at,
    refetches.c.checked_at,
    refetches.c.missing,
    refetches.c.gone_at,
    refetches.c.problem,
    refetches.c.mark,
).join(articles, articles.c.id == refetches.c.article)
