"""Every match as one flat row: an article and one topic that it matches, with what was decided about it. Read only."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, func, select

from monitor.store.codec import to_verdict
from monitor.store.schema import articles, digests, reports, told, verdicts


class Match(Struct, frozen=True):
    """A row of the table; its fields are the columns, and are explained in docs/commands.md."""

    article: str
    topic: str
    matched_at: datetime
    score: float
    threshold: float
    title: str
    url: str
    outlet: str
    feed: str
    language: str
    authors: tuple[str, ...]
    published: datetime | None
    found_at: datetime
    story: str
    placement: str
    copy_of: str
    told_at: datetime | None
    evidence: tuple[str, ...]
    passage: str
    text: str


class Matches:
    """The shelf of matches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(
        self, *, topic: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Match]:
        """In the order in which they came to match; `since` <= matched_at < `until`. Read as they are taken."""
        first_told = (
            select(func.min(digests.c.composed_at))
            .where(told.c.story == reports.c.story, digests.c.key == told.c.key)
            .scalar_subquery()
            .label("told_at")
        )
        placed = (reports.c.outlet, reports.c.story, reports.c.placement, reports.c.copy_of, first_told)
        known = [one for one in articles.c if one.name not in ("number", "entry", "facts")]
        statement = (
            select(verdicts, *(one.label(f"its_{one.name}") for one in known), *placed)
            .join(articles, articles.c.id == verdicts.c.article)
            .outerjoin(reports, reports.c.article == verdicts.c.article)
            .where(verdicts.c.matched)
            .order_by(verdicts.c.at, verdicts.c.article, verdicts.c.topic)
        )
        if topic is not None:
            statement = statement.where(verdicts.c.topic == topic)
        if since is not None:
            statement = statement.where(verdicts.c.at >= since)
        if until is not None:
            statement = statement.where(verdicts.c.at < until)
        for row in self._connection.execution_options(yield_per=500).execute(statement).mappings():
            yield _match(row)

    def of_others(self, topics: Collection[str], since: datetime) -> dict[str, int]:
        """Matches since that moment of any but these topics, by topic: nobody tells what of them is untold."""
        statement = (
            select(verdicts.c.topic, func.count())
            .where(verdicts.c.matched, verdicts.c.at > since, verdicts.c.topic.not_in(list(topics)))
            .group_by(verdicts.c.topic)
            .order_by(verdicts.c.topic)
        )
        return {row[0]: row[1] for row in self._connection.execute(statement)}


def _match(row: Any) -> Match:
    verdict = to_verdict(row)
    weights: dict[str, float] = {}
    terms: dict[str, list[str]] = {}
    for one in verdict.evidence:
        weights[one.clause] = weights.get(one.clause, 0.0) + one.weight
        terms.setdefault(one.clause, []).extend([one.term] if one.term and one.term not in terms[one.clause] else [])
    return Match(
        article=row["article"],
        topic=row["topic"],
        matched_at=row["at"],
        score=row["score"],
        threshold=row["threshold"],
        title=row["its_title"],
        url=row["its_url"],
        outlet=row["outlet"] or row["its_feed"],
        feed=row["its_feed"],
        language=row["its_language"],
        authors=tuple(row["its_authors"]),
        published=row["its_published"],
        found_at=row["its_found_at"],
        story=row["story"] or "",
        placement=row["placement"] or "",
        copy_of=row["copy_of"] or "",
        told_at=row["told_at"],
        evidence=tuple(f"{name} {weight:+.2f}: {', '.join(terms[name])}" for name, weight in weights.items()),
        passage=row["passage"],
        text=row["its_text"],
    )
