"""What the archive remembers of a site: which lines stood at the ends of its articles, and at how many of the last.

Bounded: counts are halved after every hundred articles, and what falls to nothing is forgotten.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Float, bindparam, delete, func, select, update

from monitor.store.bulk import ask, listed, slices, upsert
from monitor.store.schema import site_lines

ARTICLES = 100  # of one site, after which all counts are halved
_REPEATED = 3  # articles; a line that stood at the ends of so many may be the site's and not theirs,
_SHARE = 0.15  # if these are such a share of the last ones: background that a few articles repeat is text
_COPY = 5  # lines of an article that stood in another; where there are as many, or its beginning, it is a copy
_ALL = -1  # stands in the place of a line, for the number of articles itself
_COUNT = select(site_lines.c.line, site_lines.c.articles).where(site_lines.c.site == bindparam("site"))
_FREQUENT = select(site_lines.c.line).where(
    site_lines.c.site == bindparam("site"),
    site_lines.c.line != _ALL,
    site_lines.c.articles >= bindparam("least", type_=Float),
)


class Sites:
    """The shelf of what sites repeat."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def repeated(self, sites: Iterable[str]) -> dict[str, frozenset[int]]:
        """Of each of these sites the marks of the lines that it puts under, or over, its articles."""
        found: dict[str, frozenset[int]] = {}
        for site in dict.fromkeys(sites):
            least = max(_REPEATED, _SHARE * self._counts(site, [_ALL]).get(_ALL, 0))
            if lines := frozenset(row[0] for row in ask(self._connection, _FREQUENT, {"site": site, "least": least})):
                found[site] = lines
        return found

    def learn(self, site: str, articles: Sequence[Sequence[int]], at: datetime) -> None:
        """Count the lines of new articles of a site, each given by the marks of its ends.

        An article that begins as another did, or shares many lines with it, is its copy and counts nothing.
        """
        counts = self._counts(site, {_ALL, *(line for lines in articles for line in lines)})
        new: Counter[int] = Counter()
        for lines in articles:
            own = [line for line in lines if counts.get(line, 0) < _REPEATED]
            seen = [line for line in own if counts.get(line, 0) or new[line]]
            if own and (own[:2] == seen[:2] or len(seen) >= _COPY):
                continue
            new.update([_ALL, *lines])
        rows = [
            {"site": site, "line": line, "articles": counts.get(line, 0) + more, "seen_at": at}
            for line, more in new.items()
        ]
        upsert(self._connection, site_lines, rows, ("articles", "seen_at"))
        if counts.get(_ALL, 0) + new[_ALL] >= ARTICLES:
            of_site = site_lines.c.site == site
            self._connection.execute(update(site_lines).where(of_site).values(articles=site_lines.c.articles // 2))
            self._connection.execute(delete(site_lines).where(of_site, site_lines.c.articles == 0))

    def forget(self, before: datetime) -> None:
        """Give up what was not seen since that moment."""
        self._connection.execute(delete(site_lines).where(site_lines.c.seen_at < before))

    def size(self, site: str) -> int:
        """How many lines are remembered of a site."""
        statement = select(func.count()).select_from(site_lines).where(site_lines.c.site == site)
        return self._connection.scalar(statement) or 0

    def _counts(self, site: str, lines: Iterable[int]) -> dict[int, int]:
        counts: dict[int, int] = {}
        for part in slices(lines):
            counts.update(ask(self._connection, *listed(_COUNT, site_lines.c.line, part, site=site)))
        return counts
