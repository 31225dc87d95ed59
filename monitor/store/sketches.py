"""Sketches: what articles are compared by, found by their rare terms; and how many articles held each term.

What one placement reads is bounded, however many articles there are: a few posting lists, of each its newest entries.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from struct import pack, unpack

from sqlalchemy import Connection, bindparam, delete, select, update

from monitor.model import Neighbour, Sketch
from monitor.store.bulk import slices, upsert
from monitor.store.codec import Row
from monitor.store.schema import articles, postings, reports, sketches, term_counts

_NEWEST = 60  # entries of one posting list
_MOST = 60  # neighbours
_TOTAL = 0  # the key under which the number of articles is counted; `stories.terms` makes none like it
_MOST_COUNTED = 20_000.0  # articles; then all counts are halved, so that old news weighs less and rare terms go
_HEADLINE = 0x8000_0000  # the sign of a key that stands in the headline
_LISTED = select(postings.c.article).where(postings.c.term == bindparam("key"))
_LIST = _LISTED.order_by(postings.c.article.desc()).limit(_NEWEST)


class Sketches:
    """The shelf of sketches and term counts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, keys: Collection[int]) -> tuple[dict[int, float], float]:
        """How many articles held each of these terms, and how many there were; recent ones count more."""
        counts: dict[int, float] = {}
        for part in slices([*keys, _TOTAL]):
            statement = select(term_counts.c.term, term_counts.c.articles).where(term_counts.c.term.in_(part))
            counts.update((row.term, row.articles) for row in self._connection.execute(statement))
        return counts, counts.pop(_TOTAL, 0.0)

    def learn(self, keys: Collection[int]) -> None:
        """One more article, with these terms."""
        every = [*keys, _TOTAL]
        upsert(self._connection, term_counts, [{"term": key, "articles": 0.0} for key in every])
        for part in slices(every):
            more = update(term_counts).where(term_counts.c.term.in_(part))
            self._connection.execute(more.values(articles=term_counts.c.articles + 1))
        if self.count(())[1] > _MOST_COUNTED:
            self._connection.execute(update(term_counts).values(articles=term_counts.c.articles / 2))
            self._connection.execute(delete(term_counts).where(term_counts.c.articles < 1))

    def near(self, rare: Mapping[int, float], since: datetime) -> list[Neighbour]:
        """Articles found at or after `since` that share terms of `rare` (key → weight), the heaviest shares first.

        At most 60, of each term the newest 60.
        """
        shares: Counter[int] = Counter()
        for key, weight in rare.items():
            for number in self._connection.scalars(_LIST, {"key": key}):
                shares[number] += weight  # type: ignore[assignment]
        best = sorted(shares, key=lambda number: (-shares[number], -number))[:_MOST]
        statement = (
            select(sketches, reports.c.story, reports.c.outlet, reports.c.at, articles.c.id, articles.c.title)
            .join(articles, articles.c.number == sketches.c.article)
            .join(reports, reports.c.article == articles.c.id)
            .where(sketches.c.article.in_(best), reports.c.at >= since)
            .order_by(sketches.c.article)
        )
        return [_to_neighbour(row) for row in self._connection.execute(statement).mappings()]

    def keep(self, article: str, kept: Sketch, norm: float, crowd: float, posted: Sequence[int]) -> None:
        """Remember the sketch of a placed article, to be found by the terms `posted`; replaces an earlier one."""
        number = self._connection.execute(select(articles.c.number).where(articles.c.id == article)).scalar_one()
        row = {
            "article": number,
            "terms": _packed(kept),
            "norm": norm,
            "crowd": crowd,
            "moment": kept.moment,
        }
        upsert(self._connection, sketches, row, ("terms", "norm", "crowd", "moment"))
        upsert(self._connection, postings, [{"term": key, "article": number} for key in dict.fromkeys(posted)])


def _packed(sketch: Sketch) -> bytes:
    """Six bytes a term: its key, with a sign where it stands in the headline, and its weight in half precision."""
    parts: list[float] = []
    for key, weight in sketch.terms.items():
        parts += (key | _HEADLINE if key in sketch.headline else key, min(weight, 60_000.0))
    return pack("<" + "Ie" * len(sketch.terms), *parts)


def _to_neighbour(row: Row) -> Neighbour:
    values = unpack("<" + "Ie" * (len(row["terms"]) // 6), row["terms"])
    signed: Iterable[tuple[int, float]] = zip(values[::2], values[1::2], strict=True)
    terms: dict[int, float] = {}
    headline = set()
    for key, weight in signed:
        terms[key & ~_HEADLINE] = weight
        if key & _HEADLINE:
            headline.add(key & ~_HEADLINE)
    known = Sketch(terms, frozenset(headline), {}, row["moment"])
    return Neighbour(row["id"], row["story"], known, row["norm"], row["crowd"], row["title"], row["outlet"], row["at"])
