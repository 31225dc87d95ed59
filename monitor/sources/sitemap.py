"""The kind "sitemap": a site's list of its addresses (https://www.sitemaps.org/protocol.html), best its news sitemap.

Reads `urlset` with the news extension, plain-text lists, feeds that serve as sitemaps, and an index with what it points
to. A sitemap lists all that a site ever had: what is dated and older than `NEWS_FOR` is left out, and of the rest the
newest are kept.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree
from msgspec.structs import replace

from monitor import dates
from monitor.model import Entry, Feed, FeedPage, Fresh, Leaf, Unreadable
from monitor.sources.base import MOST_ENTRIES
from monitor.sources.document import Opened, open_body
from monitor.sources.fields import absolute, headline, language_code, stated_language, tag_names, without_repeats
from monitor.sources.prolog import in_full, with_known_references
from monitor.sources.syndication import Syndication

NEWS_FOR = timedelta(days=14)
MOST_POINTERS = 5  # sitemaps of one index that are read in one visit, the newest first
MOST_ADDRESSES = 60_000  # that a visit looks at; the protocol allows 50,000 in a sitemap

_SITEMAP = re.compile(
    r"(?:\s++|<\?[^>]*+>|<!--[^-]*+(?:-(?!->)[^-]*+)*-->"
    r"|<!(?i:DOCTYPE)[^\[<>]*+(?:\[[^\]]*+(?:\](?!\s*+>)[^\]]*+)*\]\s*+)?>)*"
    r"(?=<(?:[\w.-]++:)?(?:urlset|sitemapindex)[\s>/])",
)
_END = re.compile(r"</(?:[\w.-]+:)?(?:urlset\s*>|sitemapindex\s*>|(?:url|sitemap)\s*>\s*\Z)")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Sitemap:
    """Reads sitemaps of all forms, and points to those of an index."""

    def pointers(self, feed: Feed, visit: Fresh, since: datetime | None) -> tuple[str, ...]:
        """The sitemaps of an index that may hold news since the last visit, the newest first, five at most."""
        root = _root(_opened(visit))
        if root is None or _name(root) != "sitemapindex":
            return ()
        earliest = max(since - timedelta(days=1), visit.at - NEWS_FOR) if since else visit.at - NEWS_FOR
        fresh = [part for part in _parts(root, visit) if part[1] is None or part[1] >= earliest]
        fresh.sort(key=lambda pair: pair[1] or datetime.min.replace(tzinfo=UTC), reverse=True)
        chosen = [place for place, changed in fresh if changed] or [place for place, _ in reversed(fresh)]
        news = [place for place in chosen if "news" in place.lower()]
        return tuple(dict.fromkeys([*news, *chosen]))[:MOST_POINTERS]

    def read(self, feed: Feed, visit: Fresh) -> FeedPage | Unreadable:
        """The addresses as entries, the newest first; of an index those of its parts."""
        opened = _opened(visit)
        if isinstance(opened, Unreadable):
            return opened
        root = _root(opened)
        if root is not None and _name(root) == "sitemapindex":
            return _joined(feed, visit, [self._part(feed, part) for part in visit.parts])
        if root is not None:
            return _page(feed, visit, _entries(root, feed, visit), opened.remark)
        if _SITEMAP.match(opened.text):
            return Unreadable("broken sitemap", "neither an address nor the end of it can be read")
        if lines := _lines(opened.text):
            return _page(feed, visit, (_entry(feed, visit, line) for line in lines), opened.remark)
        page = Syndication().read(feed, visit)
        return page if isinstance(page, FeedPage) else Unreadable("no sitemap", str(page))

    def _part(self, feed: Feed, visit: Fresh) -> FeedPage | Unreadable:
        root = _root(_opened(visit))
        if root is not None and _name(root) == "sitemapindex":
            return Unreadable("an index within an index", visit.url)
        return self.read(feed, visit)


def read_whole(feed: Feed, visit: Fresh) -> Leaf:
    """All of one sitemap, however old: its addresses, or the parts of an index with their lastmod.

    `Entry.published` is what the news extension or the address itself says; a lastmod is `Entry.updated` alone.
    """
    opened = _opened(visit)
    if isinstance(opened, Unreadable):
        return Leaf(visit.url, problem=str(opened))
    root = _root(opened)
    if root is None:
        if lines := _lines(opened.text, None):
            return Leaf(visit.url, tuple(_undated(_entry(feed, visit, line)) for line in lines))
        return Leaf(visit.url, problem="no sitemap")
    if not opened.text.rstrip().endswith((f"{_name(root)}>", "/>")):
        return Leaf(visit.url, problem="cut off before its end")
    if _name(root) == "sitemapindex":
        return Leaf(visit.url, parts=tuple(_parts(root, visit, None)))
    return Leaf(visit.url, tuple(without_repeats(map(_undated, _entries(root, feed, visit, None)))))


def _lines(text: str, most: int | None = MOST_ADDRESSES) -> list[str]:
    """The addresses of a plain-text list; none where it is anything else."""
    lines = text.split()[:most]
    return lines if all(line.startswith(("http://", "https://")) for line in lines[:50]) else []


def _parts(root: Any, visit: Fresh, most: int | None = MOST_ADDRESSES) -> list[tuple[str, datetime | None]]:
    """The sitemaps of an index with their lastmod."""
    listed = [(_field(node, "loc"), _field(node, "lastmod")) for node in _nodes(root, "sitemap", most)]
    return [(url, dates.parse(when, now=visit.at)) for place, when in listed if (url := absolute(place, visit.url))]


def _undated(entry: Entry) -> Entry:
    """Without a date of publication where that is but the lastmod."""
    same = entry.published is not None and entry.published == entry.updated
    return replace(entry, published=None) if same and not entry.title else entry


def _opened(visit: Fresh) -> Opened | Unreadable:
    """The body as text; a sitemap's DOCTYPE is taken off and its entities stand in full."""
    opened = open_body(visit)
    if isinstance(opened, Unreadable):
        return opened
    text = _HIDDEN.sub("", opened.text)
    start = _SITEMAP.match(text)
    if start is not None and "<!DOCTYPE" in start.group().upper():
        full = in_full(start.group(), text[start.end() :])
        if isinstance(full, Unreadable):
            return full
        text = full
    return Opened(text, opened.remark)


def _root(opened: Opened | Unreadable) -> Any:
    """The root of a sitemap's tree, mended where it was cut off; None for whatever is none."""
    start = None if isinstance(opened, Unreadable) else _SITEMAP.match(opened.text)
    if isinstance(opened, Unreadable) or start is None:
        return None
    body = opened.text[start.end() :]
    try:
        root = _tree(body, mend=False)
    except etree.XMLSyntaxError:
        try:
            root = _tree(with_known_references(body), mend=True)
        except etree.XMLSyntaxError:
            return None
        if root is not None and len(root) and not _END.search(body):
            root.remove(root[-1])  # half an address is none
    return root if root is not None and _name(root) in ("urlset", "sitemapindex") else None


def _tree(body: str, *, mend: bool) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=mend, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(body.encode("utf-8", "replace"), parser)


def _name(node: Any) -> str:
    """The element's name without its namespace, or without a prefix that none was declared for."""
    return node.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(node.tag, str) else ""


def _nodes(root: Any, name: str, most: int | None = MOST_ADDRESSES) -> list[Any]:
    return [node for node in root if _name(node) == name][:most]


def _field(node: Any, name: str) -> str:
    """The text of the first child of this name, in whatever namespace (many sites mistype it)."""
    return next(((child.text or "").strip() for child in node if _name(child) == name), "")


def _entries(root: Any, feed: Feed, visit: Fresh, most: int | None = MOST_ADDRESSES) -> Iterator[Entry]:
    for node in _nodes(root, "url", most):
        said = {_name(child): child for child in reversed(node)}
        news = said.get("news", said.get("video"))
        yield _entry(feed, visit, _field(node, "loc"), _field(node, "lastmod"), news)


def _entry(feed: Feed, visit: Fresh, place: str, changed: str = "", news: Any = None) -> Entry:
    said = news if news is not None else ()
    publication = next((child for child in said if _name(child) == "publication"), ())
    updated = dates.parse(changed, now=visit.at)
    published = dates.parse(_field(said, "publication_date"), now=visit.at)
    return Entry(
        feed=feed.name,
        id=place,
        link=absolute(place, visit.url),
        title=headline(_field(said, "title")),
        published=published or dates.stated_day(place, visit.at) or updated,
        updated=updated,
        language=language_code(_field(publication, "language")),
        tags=tag_names(_field(said, "keywords").split(",")),
    )


def _page(feed: Feed, visit: Fresh, entries: Iterable[Entry], remark: str) -> FeedPage:
    wanted = re.compile(feed.links) if feed.links else None
    found = [entry for entry in entries if entry.link and (wanted is None or wanted.search(entry.link))]
    kept = _newest(found, visit.at)
    return FeedPage(title=feed.title, link="", language=stated_language("", visit.headers), entries=kept, remark=remark)


def _newest(entries: Iterable[Entry], now: datetime) -> tuple[Entry, ...]:
    fresh = [entry for entry in entries if entry.published is None or entry.published >= now - NEWS_FOR]
    unknown = now - NEWS_FOR
    fresh.sort(key=lambda entry: entry.published or unknown, reverse=True)
    return tuple(without_repeats(fresh))[:MOST_ENTRIES]


def _joined(feed: Feed, visit: Fresh, parts: list[FeedPage | Unreadable]) -> FeedPage | Unreadable:
    pages = [part for part in parts if isinstance(part, FeedPage)]
    troubles = [str(part) for part in parts if isinstance(part, Unreadable)]
    troubles += visit.missing
    if troubles and not pages:
        return Unreadable("no sitemap of the index could be read", troubles[0])
    entries = _newest((entry for page in pages for entry in page.entries), visit.at)
    remark = (
        f"{len(troubles)} of {len(parts) + len(visit.missing)} sitemaps not read: {troubles[0]}" if troubles else ""
    )
    return FeedPage(title=feed.title, link="", language="", entries=entries, remark=remark)
