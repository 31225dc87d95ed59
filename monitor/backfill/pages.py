"""The rung "pages": older documents of the feed itself.

In turn, as the documents offer it: archived documents (RFC 5005 section 4, `prev-archive`), paged ones (section 3,
`next`; `next_url` of JSON Feed), and the parameters of WordPress (`?paged=2`) and Blogger (`?start-index=26`).
A paged archive moves on while it is read: an item may come twice, and none is missed.
"""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec.structs import replace

from monitor.backfill.base import Ask, Step, in_span
from monitor.links import short_hash
from monitor.model import Entry, Failed, Feed, Leaf, Window

_BLOGGER = "blogger"
_PAGE = 100  # entries of a Blogger page
_PATIENCE = 3  # numbered pages in a row that cannot be read
_NO_SUCH_PAGE = (400, 404, 410)


class Pages:
    """Follows links from document to document, or counts."""

    def begin(self, feed: Feed, address: str, span: Window) -> Step:
        """The feed as it is today."""
        if feed.kind not in ("feed", "jsonfeed"):
            return Step(words=f"a {feed.kind} has no older pages")
        return Step((Ask(address, "feed", 1),))

    def read(self, feed: Feed, span: Window, ask: Ask, answer: Leaf | Failed) -> Step:
        """The document's entries, and the one before it."""
        if isinstance(answer, Failed) or answer.problem:
            return _missing(ask, answer)
        return replace(_read(span, ask, answer), shown=frozenset(entry.link for entry in answer.entries))


def _read(span: Window, ask: Ask, answer: Leaf) -> Step:
    mark = _mark(answer.entries)
    before, _, _ = ask.mark.partition(" ")
    paged = ask.number > 1 or (answer.entries and "prev-archive" not in answer.links)
    if mark == before and paged:
        if ask.number > 2:  # what lies beyond the last page is answered by that
            return Step(covered=True, words=_end(ask.number))
        return Step(words="every page shows the same entries, so there is no paging")
    found = in_span(span, answer.entries)
    dated = [entry.published for entry in answer.entries if entry.published]
    reached = min(dated, default=None)
    if dated and max(dated) < span.start:
        return Step(reached=reached, covered=True)
    if not answer.entries and ask.number > 1:
        return Step(covered=ask.number > 2, words=_end(ask.number))
    if not answer.entries and ask.number == 0 and "prev-archive" not in answer.links:
        return Step(covered=True, words="read to its first document")
    following = answer.links.get("prev-archive") or answer.links.get("next")
    if following:
        return Step((Ask(following, "feed", 0, mark),), found, reached)
    if ask.number == 0:
        return Step((), found, reached, covered=True, words="read to its first document")
    return Step((_counted(ask, answer, mark),), found, reached)


def _missing(ask: Ask, answer: Leaf | Failed) -> Step:
    """A page that is not there, or cannot be read: the end, or one to be skipped where pages are counted."""
    status = answer.status if isinstance(answer, Failed) else None
    problem = str(answer) if isinstance(answer, Failed) else answer.problem
    if ask.number > 1 and status in _NO_SUCH_PAGE:
        return Step(covered=ask.number > 2, words=_end(ask.number))
    mark, _, misses = ask.mark.partition(" ")
    missed = int(misses or 0) + 1
    if ask.number > 1 and missed < _PATIENCE and not _blogger(ask.url):
        following = Ask(_with(ask.url, paged=ask.number + 1), "feed", ask.number + 1, f"{mark} {missed}")
        return Step((following,), problem=problem)
    return Step(problem=problem, words="given up at a page that could not be read" if ask.number != 1 else "")


def _end(number: int) -> str:
    return f"read to its last page, {number - 1}" if number > 2 else "it has no second page"


def _counted(ask: Ask, leaf: Leaf, mark: str) -> Ask:
    if _blogger(ask.url) or _BLOGGER in leaf.generator.lower():
        start = int(dict(parse_qsl(urlsplit(ask.url).query)).get("start-index", "1")) + len(leaf.entries)
        url = _with(ask.url, **{"start-index": start, "max-results": _PAGE})
    else:
        url = _with(ask.url, paged=ask.number + 1)
    return Ask(url, "feed", ask.number + 1, mark)


def _blogger(url: str) -> bool:
    return "start-index=" in url or "/feeds/posts/" in url


def _with(url: str, **values: int) -> str:
    """The address with these parameters set."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values]
    return urlunsplit(parts._replace(query=urlencode([*kept, *values.items()])))


def _mark(entries: tuple[Entry, ...]) -> str:
    return short_hash(*(entry.id or entry.link for entry in entries))


def progress(span: Window, reached: datetime | None) -> float:
    """How much of the span is seen when everything from `reached` on is, 0–1."""
    if reached is None:
        return 0.0
    return min(1.0, max(0.0, (span.end - reached) / (span.end - span.start)))
