"""Edits: articles that were rewritten after a subscription was told them, with the words it was told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from sqlalchemy import Connection, func, select

from monitor.store.bulk import slices, upsert
from monitor.store.rows import ToldText
from monitor.store.schema import reports, revisions, told_articles


def mark_told(connection: Connection, articles: Mapping[str, Iterable[str]]) -> None:
    """Remember which articles each subscription (name → ids) was told, and that it was told them as they now are."""
    marks = [(name, article) for name, every in articles.items() for article in dict.fromkeys(every)]
    for part in slices(marks):
        count = (
            select(revisions.c.article, func.count())
            .where(revisions.c.article.in_({article for _, article in part}))
            .group_by(revisions.c.article)
        )
        earlier: dict[str, int] = {row[0]: row[1] for row in connection.execute(count)}
        rows = [{"subscription": name, "article": one, "version": earlier.get(one, 0)} for name, one in part]
        upsert(connection, told_articles, rows, ("version",))


class Edits:
    """The shelf of what was told otherwise than it now stands."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, subscription: str, since: datetime) -> list[ToldText]:
        """The told articles that were rewritten after `since` and after they were told; as told, in order of ids."""
        lately = self._connection.scalars(select(revisions.c.article).where(revisions.c.replaced_at > since)).all()
        told: list[tuple[str, str, int]] = []
        for part in slices(dict.fromkeys(lately)):  # few, while what was told is more from day to day
            edited = (
                select(reports.c.story, told_articles.c.article, told_articles.c.version)
                .join(reports, reports.c.article == told_articles.c.article)
                .where(told_articles.c.subscription == subscription, told_articles.c.article.in_(part))
            )
            told += [(row.story, row.article, row.version) for row in self._connection.execute(edited)]
        found = []
        for story, article, version in sorted(told, key=itemgetter(1)):
            texts = self._texts(article)
            if version < len(texts):
                found.append(ToldText(story, article, *texts[version]))
        return found

    def _texts(self, article: str) -> Sequence[tuple[str, str]]:
        """(title, text) of each version that was replaced, the oldest first."""
        statement = select(revisions.c.title, revisions.c.text).where(revisions.c.article == article)
        return [(row.title, row.text) for row in self._connection.execute(statement.order_by(revisions.c.number))]
