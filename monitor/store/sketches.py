"""Sketches: what articles are compared by, found by their rare terms; and how many articles held each term.

What one placement reads is bounded, however many articles there are: a few posting lists, of each its newest entries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from struct import pack, unpack
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    bindparam,
    delete,
    literal_column,
    select,
    union_all,
    update,
)

from monitor.model import Link, Neighbour, Sketch
from monitor.store.bulk import add_up, ask, existing, fill, places, slices
from monitor.store.schema import articles, postings, reports, rulings, sketches, term_counts, told_articles

_NEWEST = 60  # entries of one posting list
_MOST = _MOST_READ = 60  # neighbours; places for them in a statement
_FIRST = 0x8000_0000  # the sign of a link to the first of a story
_MOST_STORIES = 8  # looked at again, and
_MOST_MEMBERS = 12  # of the reports of each, the newest
_TOTAL = 0  # the key under which the number of articles is counted; `stories.terms` makes none like it
_MOST_COUNTED = 20_000.0  # articles; then all counts are halved, so that old news weighs less and rare terms go
_HEADLINE = 0x8000_0000  # the sign of a key that stands in the headline
_AT_ONCE = 100  # terms counted, and
_LISTS = 24  # lists read by one statement
_COUNTS = select(term_counts.c.term, term_counts.c.articles).where(
    term_counts.c.term.in_(places(term_counts.c.term, "key", _AT_ONCE))
)

_NUMBER = select(articles.c.number).where(articles.c.id == bindparam("id"))


def _list(key: BindParameter[int]) -> Select[tuple[int, int]]:
    """The newest entries of one posting list."""
    entries = select(postings.c.term, postings.c.article).where(postings.c.term == key)
    return select(entries.order_by(postings.c.article.desc()).limit(literal_column(str(_NEWEST))).subquery())


_LISTED = union_all(*map(_list, places(postings.c.term, "key", _LISTS)))
_SKETCHED = (
    select(
        sketches.c.article,
        articles.c.id,
        reports.c.story,
        sketches.c.terms,
        sketches.c.moment,
        sketches.c.norm,
        sketches.c.links,
        reports.c.title_key,
        articles.c.title,
        reports.c.outlet,
        reports.c.at,
    )
    .join(articles, articles.c.number == sketches.c.article)
    .join(reports, reports.c.article == articles.c.id)
    .where(reports.c.at >= bindparam("since"))
)
_NEIGHBOURS = _SKETCHED.where(sketches.c.article.in_(places(sketches.c.article, "number", _MOST_READ))).order_by(
    sketches.c.article
)


def _newest_of(story: BindParameter[str]) -> Select[Any]:
    """The newest reports of a story in own words."""
    own = _SKETCHED.where(reports.c.story == story, reports.c.placement != "copy")
    return select(own.order_by(sketches.c.article.desc()).limit(literal_column(str(_MOST_MEMBERS))).subquery())


_MEMBERS = union_all(*map(_newest_of, places(reports.c.story, "story", _MOST_STORIES)))
_RULED = select(rulings.c.one, rulings.c.other).where(
    rulings.c.one.in_(places(rulings.c.one, "one", _MOST_STORIES))
    | rulings.c.other.in_(places(rulings.c.other, "other", _MOST_STORIES))
)


class Sketches:
    """The shelf of sketches and term counts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, keys: Collection[int]) -> tuple[dict[int, float], float]:
        """How many articles held each of these terms, and how many there were; recent ones count more."""
        counts: dict[int, float] = {}
        for part in slices([*keys, _TOTAL], _AT_ONCE):
            counts.update(ask(self._connection, _COUNTS, _filled("key", part, _AT_ONCE)))
        return counts, counts.pop(_TOTAL, 0.0)

    def learn(self, keys: Collection[int]) -> None:
        """One more article, with these terms."""
        add_up(self._connection, term_counts, [(key, 1.0) for key in dict.fromkeys([*keys, _TOTAL])], "articles")
        if self.count(())[1] > _MOST_COUNTED:
            self._connection.execute(update(term_counts).values(articles=term_counts.c.articles / 2))
            self._connection.execute(delete(term_counts).where(term_counts.c.articles < 1))

    def near(self, rare: Mapping[int, float], since: datetime) -> list[Neighbour]:
        """Articles found at or after `since` that share terms of `rare` (key → weight), the heaviest shares first.

        At most 60, of each term the newest 60.
        """
        shares: dict[int, float] = defaultdict(float)
        for part in slices(rare, _LISTS):
            for key, number in ask(self._connection, _LISTED, _filled("key", part, _LISTS)):
                shares[number] += rare[key]
        best = sorted(shares, key=lambda number: (-shares[number], -number))[:_MOST]
        if not best:
            return []
        rows = ask(self._connection, _NEIGHBOURS, _filled("number", best, _MOST_READ) | {"since": since})
        return [_to_neighbour(*row) for row in rows]

    def members(self, stories: Sequence[str], since: datetime) -> tuple[list[Neighbour], set[str], set[str]]:
        """The reports in own words, found at or after `since`, of the first eight of these stories; the earliest first.

        Also which of these articles any subscription was told, and of which of the stories a person has said something.
        Of each story at most the newest 12 reports.
        """
        asked = stories[:_MOST_STORIES]
        filled = [*asked, *[""] * (_MOST_STORIES - len(asked))]
        rows = ask(
            self._connection, _MEMBERS, {f"story{at}": name for at, name in enumerate(filled)} | {"since": since}
        )
        found = [_to_neighbour(*row) for row in sorted(rows, key=itemgetter(0))]
        told = set(existing(self._connection, told_articles.c.article, [each.article for each in found]))
        both = {f"{side}{at}": name for at, name in enumerate(filled) for side in ("one", "other")}
        ruled = {name for row in ask(self._connection, _RULED, both) for name in row}
        return found, told, ruled & set(asked)

    def number(self, article: str) -> int:
        """The number by which links know the article."""
        ((number,),) = ask(self._connection, _NUMBER, {"id": article})
        return int(number)

    def keep(self, article: str, kept: Sketch, norm: float, links: Mapping[int, Link], posted: Sequence[int]) -> None:
        """Remember the sketch of a placed article, to be found by the terms `posted`; replaces an earlier one."""
        number = self.number(article)
        row = {
            "article": number,
            "terms": _packed(kept),
            "norm": norm,
            "links": _packed_links(links),
            "moment": kept.moment,
        }
        fill(self._connection, sketches, [row], ("terms", "norm", "links", "moment"))
        fill(self._connection, postings, [{"term": key, "article": number} for key in dict.fromkeys(posted)], ())


def _filled(name: str, values: Sequence[int], count: int) -> dict[str, int]:
    """The values of a list of `count` places; those left over hold a number that no row has."""
    return {f"{name}{at}": values[at] if at < len(values) else -1 for at in range(count)}


def _packed(sketch: Sketch) -> bytes:
    """Six bytes a term: its key, with a sign where it stands in the headline, and its weight in half precision."""
    parts: list[float] = []
    for key, weight in sketch.terms.items():
        parts += (key | _HEADLINE if key in sketch.headline else key, min(weight, 60_000.0))
    return pack("<" + "Ie" * len(sketch.terms), *parts)


def _packed_links(links: Mapping[int, Link]) -> bytes:
    """Eight bytes a link: the other's number, with a sign where it is the first of its story, and both shares in half
    precision."""
    parts: list[float] = []
    for number, link in links.items():
        parts += (number | _FIRST if link.first else number, link.alike, link.close)
    return pack("<" + "Iee" * len(links), *parts)


def _to_neighbour(
    number: int,
    article: str,
    story: str,
    terms: bytes,
    moment: datetime | None,
    norm: float,
    links: bytes,
    *named: Any,
) -> Neighbour:
    return Neighbour(number, article, story, _to_sketch(terms, moment), norm, _to_links(links), *named)


@lru_cache(maxsize=2_048)
def _to_links(packed: bytes) -> Mapping[int, Link]:
    values = unpack("<" + "Iee" * (len(packed) // 8), packed)
    return {
        number & ~_FIRST: Link(alike, close, bool(number & _FIRST))
        for number, alike, close in zip(values[::3], values[1::3], values[2::3], strict=True)
    }


@lru_cache(maxsize=2_048)  # the newest ones are near to many
def _to_sketch(packed: bytes, moment: datetime | None) -> Sketch:
    values = unpack("<" + "Ie" * (len(packed) // 6), packed)
    signed: Iterable[tuple[int, float]] = zip(values[::2], values[1::2], strict=True)
    terms: dict[int, float] = {}
    headline = set()
    for key, weight in signed:
        terms[key & ~_HEADLINE] = weight
        if key & _HEADLINE:
            headline.add(key & ~_HEADLINE)
    return Sketch(terms, frozenset(headline), {}, moment)
