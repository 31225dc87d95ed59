"""What the reader said of articles: whether one belongs to a topic. Changes no verdict; for measuring and learning."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from monitor.store.bulk import upsert
from monitor.store.rows import Mark
from monitor.store.schema import marks


class Marks:
    """The shelf of marks; one for each article and topic."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, article: str, topics: Collection[str], *, relevant: bool, at: datetime) -> None:
        """Mark an article for these topics, in place of earlier ones. sqlalchemy IntegrityError for an unknown id."""
        rows = [{"article": article, "topic": topic, "relevant": relevant, "at": at} for topic in topics]
        upsert(self._connection, marks, rows, ("relevant", "at"))

    def remove(self, article: str, topic: str | None = None) -> int:
        """Take back the mark of one topic, or all marks of the article; how many there were."""
        statement = delete(marks).where(marks.c.article == article)
        if topic is not None:
            statement = statement.where(marks.c.topic == topic)
        return self._connection.execute(statement).rowcount

    def of(self, article: str) -> list[Mark]:
        """The marks of an article, by topic."""
        return self._found(article=article)

    def all(self, topic: str | None = None) -> list[Mark]:
        """Every mark (of one topic), the first made first."""
        return self._found(topic=topic)

    def _found(self, *, article: str | None = None, topic: str | None = None) -> list[Mark]:
        statement = select(marks).order_by(marks.c.at, marks.c.article, marks.c.topic)
        if article is not None:
            statement = statement.where(marks.c.article == article)
        if topic is not None:
            statement = statement.where(marks.c.topic == topic)
        return [Mark(**row) for row in self._connection.execute(statement).mappings()]
