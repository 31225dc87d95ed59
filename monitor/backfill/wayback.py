"""The rung "wayback": what the Wayback Machine kept, found by its CDX server.

Snapshots of the feed bring the entries of their time, whose pages are read at the site and, where they are gone, from
the Wayback Machine; snapshots of the site's pages bring what no feed showed. Answers are asked for as JSON, in portions
with a resume key. How often may be asked is kept by the fetch door.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from monitor.backfill.base import Ask, Found, Step, in_span
from monitor.links import canonical
from monitor.model import Entry, Failed, Feed, Leaf, Window

_PORTION = 2_000  # rows of an answer
_FEEDS, _PAGES, _SNAPSHOT = "feeds", "pages", "snapshot"


class Wayback:
    """`base` is the service's address; `is_article` tells articles from a site's other pages by the address."""

    def __init__(self, base: str, is_article: Callable[[str], bool]) -> None:
        self._base = base.rstrip("/")
        self._is_article = is_article

    def begin(self, feed: Feed, address: str, span: Window) -> Step:
        """Both lists of snapshots."""
        feeds = Ask(self._list(address, span, "digest"), "text", 0, _FEEDS)
        site = f"{urlsplit(address).netloc}/*"
        pages = Ask(self._list(site, span, "urlkey") + "&filter=mimetype:text/html", "text", 0, _PAGES)
        return Step((feeds, pages) if feed.kind in ("feed", "jsonfeed") else (pages,))

    def read(self, feed: Feed, span: Window, ask: Ask, answer: Leaf | Failed) -> Step:
        """Snapshots to visit, or the entries of one."""
        if isinstance(answer, Failed):
            return Step(problem=str(answer))
        if ask.mark == _SNAPSHOT:
            if answer.problem:
                return Step(problem=answer.problem)
            return Step((), tuple(self._of_entry(ask, one) for one in in_span(span, answer.entries)))
        try:
            rows, key = _rows(answer.text)
        except ValueError as error:
            return Step(problem=f"no answer of a CDX server: {error}")
        again = f"{ask.url.partition('&resumeKey=')[0]}&resumeKey={quote(key)}"
        more = (Ask(again, "text", 0, ask.mark),) if key else ()
        if ask.mark == _FEEDS:
            snapshots = tuple(Ask(self._at(stamp, url), "feed", 0, _SNAPSHOT) for stamp, url in rows)
            return Step((*snapshots, *more))
        found = [self._of_page(feed, stamp, url) for stamp, url in rows if self._is_article(url)]
        return Step(more, tuple(one for one in found if one.entry.link))

    def _list(self, what: str, span: Window, collapse: str) -> str:
        return (
            f"{self._base}/cdx/search/cdx?url={quote(what, safe='')}&output=json&fl=timestamp,original"
            f"&from={span.start:%Y%m%d%H%M%S}&to={span.end:%Y%m%d%H%M%S}&filter=statuscode:200"
            f"&collapse={collapse}&limit={_PORTION}&showResumeKey=true"
        )

    def _at(self, stamp: str, url: str) -> str:
        return f"{self._base}/web/{stamp}id_/{url}"

    def _of_entry(self, ask: Ask, found: Found) -> Found:
        stamp = ask.url.removeprefix(f"{self._base}/web/").partition("id_/")[0]
        link = found.entry.link
        return Found(found.entry, (link, self._at(stamp, link)))

    def _of_page(self, feed: Feed, stamp: str, url: str) -> Found:
        link = canonical(url)
        entry = Entry(feed.name, link, link, "", updated=_moment(stamp))
        return Found(entry, (self._at(stamp, url),))


def _rows(text: str) -> tuple[list[tuple[str, str]], str]:
    """(timestamp, address) of each row, and the key to go on with; ValueError for what is no such answer."""
    if not text.strip():
        return [], ""
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
        raise ValueError("not a list of rows")
    rows, key = found[1:], ""
    if [] in rows:
        at = rows.index([])
        key = str(rows[at + 1][0]) if rows[at + 1 :] and rows[at + 1] else ""
        rows = rows[:at]
    pairs = [(str(row[0]), str(row[1])) for row in rows if len(row) >= 2]
    return [(stamp, url) for stamp, url in pairs if _moment(stamp)], key


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
