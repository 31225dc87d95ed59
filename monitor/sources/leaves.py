"""Documents on the way into a feed's past, read with what leads on: links to older ones, the parts of an index."""

import json
import re
from typing import Literal

from monitor.model import Feed, FeedPage, Fresh, Leaf, Unreadable
from monitor.sources.document import open_body
from monitor.sources.fields import absolute
from monitor.sources.sitemap import read_whole
from monitor.sources.syndication import Syndication

_ENTRY = re.compile(r"<(/?)((?:[\w.-]++:)?(?:item|entry))(?=[\s>])", re.IGNORECASE)
_LINK = re.compile(r"<(?:[\w.-]++:)?link\b([^<>]*)>", re.IGNORECASE)
_PART = re.compile(r"(?<![\w:-])([\w:-]++)\s*+=\s*(?:\"([^\"]*)\"|'([^']*)')")
_GENERATOR = re.compile(r"<generator\b[^<>]*+>([^<]{0,200})", re.IGNORECASE)
_HEADER = re.compile(r"<([^<>]+)>\s*;[^,]*\brel\s*=\s*\"?([\w -]+)", re.IGNORECASE)  # RFC 8288
_LEADING = ("prev-archive", "next")
_MOST_HEADER = 4_000  # characters
_MOST_TEXT = 4_000_000  # characters of a list of snapshots


def read_leaf(feed: Feed, visit: Fresh, form: Literal["feed", "sitemap", "text"]) -> Leaf:
    """The document with all its entries, however old; `Leaf.problem` says why it could not be read."""
    if form == "sitemap":
        return read_whole(feed, visit)
    opened = open_body(visit)
    if isinstance(opened, Unreadable):
        return Leaf(visit.url, problem=str(opened))
    if form == "text":
        return Leaf(visit.url, text=opened.text[:_MOST_TEXT])
    page = Syndication().read(feed, visit)
    if not isinstance(page, FeedPage):
        return Leaf(visit.url, problem=str(page))
    generator = _GENERATOR.search(opened.text)
    return Leaf(
        visit.url,
        page.entries,
        links=_links(visit, opened.text),
        generator=generator[1].strip() if generator else "",
        problem=page.remark if "cut off" in page.remark and not page.entries else "",
    )


def _links(visit: Fresh, text: str) -> dict[str, str]:
    """Where the document says that older ones are, by relation."""
    found: dict[str, str] = {}
    for target, relations in _HEADER.findall(visit.headers.get("link", "")[:_MOST_HEADER]):
        for relation in relations.lower().split():
            found.setdefault(relation, absolute(target, visit.url))
    if text.lstrip().startswith("{"):
        following = _next_of_json(text)
        return {"next": absolute(following, visit.url)} if following else found
    for match in _LINK.finditer(_without_entries(text)):
        parts = {name.lower(): double or single for name, double, single in _PART.findall(match[1])}
        if parts.get("rel") and parts.get("href"):
            found[parts["rel"].lower()] = absolute(parts["href"].replace("&amp;", "&"), visit.url)
    return {name: url for name, url in found.items() if name in _LEADING and url}


def _without_entries(text: str) -> str:
    """What stands beside the entries; one that was cut off counts as that."""
    kept, at, begun, name = [], 0, 0, ""
    for mark in _ENTRY.finditer(text):
        if not name and not mark[1]:
            begun, name = mark.start(), mark[2].lower()
        elif name == mark[2].lower() and mark[1]:
            kept.append(text[at:begun])
            at, name = mark.end(), ""
    return "".join([*kept, text[at:]])


def _next_of_json(text: str) -> str:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    following = document.get("next_url") if isinstance(document, dict) else ""
    return following if isinstance(following, str) else ""
