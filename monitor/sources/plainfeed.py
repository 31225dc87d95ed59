"""RSS 2.0 and Atom 1.0 of the usual shapes, read straight from lxml's tree: most feeds, at a tenth of the cost.

Strict: anything that is not on its lists is "not mine" (None), and `feed` reads the document instead. What it does
read, it reads exactly as `feed` does, field by field; a differential test holds the two together.
"""

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from monitor.model import Entry, Feed, FeedPage, Fresh
from monitor.sources.aggregators import publishers_address
from monitor.sources.fields import (
    absolute,
    author_names,
    guid_as_link,
    language_code,
    outlet_elsewhere,
    stated_language,
    stated_title,
    summary_and_content,
    tag_names,
)
from monitor.sources.plainatom import read_atom
from monitor.sources.plainparts import (
    ATOM,
    DC,
    OTHER_LINKS,
    SY,
    Channel,
    Item,
    NotMineError,
    atom_link,
    feed_page,
    hear_channel,
    kept_items,
    moments,
    pass_over,
    repaired,
    resolved,
    text_of,
    without_media,
    without_other_link,
)

MOST_SIZE = 8 * 2**20  # characters; what is larger is read with more care

# The document up to its root: a declaration, instructions, comments; a DOCTYPE is none of ours.
_PROLOG = re.compile(r"(?:\s++|<\?[^?]*+\?>|<!--[^-]*+(?:-[^-]++)*-->)*(?=<(?:rss|feed)[\s>])")
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_FULL_TEXT = "{http://news.yandex.ru}full-text"  # what Russian and Ukrainian papers give aggregators


def read_plain(feed: Feed, visit: Fresh, text: str, remark: str = "") -> FeedPage | None:
    """The entries of a feed of a usual shape; None for any other document. `text` is the body, decoded."""
    start = _PROLOG.match(text)
    if start is None or len(text) > MOST_SIZE or "\x7f" in text or text.count("<![CDATA[") != text.count("]]>"):
        return None
    try:
        root = etree.fromstring(text[start.end() :].encode("utf-8"), _parser())
        if root.tag == "rss":
            return _read_rss(root, feed, visit, remark)
        if root.tag == f"{ATOM}feed":
            return read_atom(root, feed, visit, remark)
    except (etree.XMLSyntaxError, UnicodeEncodeError, NotMineError):
        pass
    return None


def _parser() -> etree.XMLParser:
    """A parser that resolves nothing, fetches nothing and keeps its own limits of depth and size."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )


def _read_rss(root: Any, feed: Feed, visit: Fresh, remark: str) -> FeedPage:
    if len(root) != 1 or root[0].tag != "channel" or set(root.attrib) - {"version"} or root[0].attrib:
        raise NotMineError
    channel, items = Channel(), []
    for element in root[0]:
        tag = element.tag
        if tag == "item":
            items.append(element)
        elif tag in _LANGUAGE:
            channel.once["language"] = text_of(element)
        elif tag in _RSS_CHANNEL:
            channel.put(_RSS_CHANNEL[tag], text_of(element))
        else:
            hear_channel(channel, element, tag)
    language = stated_language(channel.once.get("language", ""), visit.headers)
    link = absolute(resolved(channel.once.get("link", ""), visit.url), visit.url)
    entries = (_rss_entry(item, feed, visit, language) for item in kept_items(items))
    return feed_page(channel, visit, remark, language=language, link=link, entries=entries)


def _rss_entry(element: Any, feed: Feed, visit: Fresh, language: str) -> Entry:
    if element.attrib:
        raise NotMineError
    item = Item()
    for child in element:
        tag = child.tag
        name = _RSS_ITEM.get(tag)
        if name:
            item.put(name, text_of(child))
        else:
            _RSS_SPECIAL.get(tag, _rss_other)(item, child)
    once = item.once
    link = once.get("link")
    if link is None:
        link = once.get("guid link", "")
    elif link:
        link = resolved(link, visit.url)
    elif "guid link" in once:
        raise NotMineError
    if not link:
        without_other_link(element)
    if len(item.authors) > 1 and any("@" in name for name in item.authors):
        raise NotMineError
    whole = once.get("content") or once.get("full text", "")
    summary, content = summary_and_content(once.get("summary", once.get("content", "")), whole)
    if not once.get("title") or not (summary or content):
        without_media(element)
    published, updated = moments(once, visit)
    return Entry(
        feed=feed.name,
        id=once.get("guid", ""),
        link=publishers_address(absolute(link, visit.url)),
        title=stated_title(once.get("title", "")),
        summary=summary,
        content=content,
        published=published,
        updated=updated,
        authors=author_names(item.authors) if item.authors else (),
        language=language_code(once.get("language", "")) or language,
        tags=tag_names(item.tags) if item.tags else (),
        outlet=outlet_elsewhere(item.source, once.get("source", ""), visit.url) if item.source else "",
    )


def _rss_other(_item: Item, element: Any) -> None:
    pass_over(element)


def _rss_guid(item: Item, element: Any) -> None:
    attributes = dict(element.attrib)
    permanent = attributes.pop("isPermaLink", "true").strip().lower() == "true"
    if attributes or len(element):
        raise NotMineError
    value = (element.text or "").strip()
    item.put("guid", value)
    if permanent and guid_as_link(value):
        item.put("guid link", value)


def _rss_author(item: Item, element: Any) -> None:
    item.authors.append(text_of(element))


def _rss_category(item: Item, element: Any) -> None:
    if len(element) or (element.attrib and set(element.attrib) != {"domain"}):
        raise NotMineError
    item.tags.append(repaired((element.text or "").strip()))


def _rss_source(item: Item, element: Any) -> None:
    if len(element) or set(element.attrib) - {"url"}:
        raise NotMineError
    item.put("source", repaired((element.text or "").strip()))
    item.source = element.get("url", "")


def _rss_link(_item: Item, element: Any) -> None:
    if atom_link(element)[0] not in OTHER_LINKS:
        raise NotMineError


_LANGUAGE = ("language", f"{DC}language")
_RSS_CHANNEL = {
    "title": "title",
    "link": "link",
    "description": "description",
    "ttl": "ttl",
    f"{SY}updatePeriod": "period",
    f"{SY}updateFrequency": "frequency",
}
_RSS_ITEM = {
    "title": "title",
    "link": "link",
    "description": "summary",
    "pubDate": "published",
    f"{DC}date": "updated",
    f"{ATOM}updated": "updated",
    f"{DC}language": "language",
    _CONTENT: "content",
    _FULL_TEXT: "full text",
}
_RSS_SPECIAL: dict[str, Callable[[Item, Any], None]] = {
    "guid": _rss_guid,
    "author": _rss_author,
    f"{DC}creator": _rss_author,
    "category": _rss_category,
    f"{DC}subject": _rss_category,
    "source": _rss_source,
    f"{ATOM}link": _rss_link,
}
