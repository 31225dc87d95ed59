"""Atom 1.0 of the usual shapes, read straight from lxml's tree; see `plainfeed`."""

from typing import Any

from monitor.model import Entry, Feed, FeedPage, Fresh
from monitor.sources.aggregators import publishers_address
from monitor.sources.fields import (
    HTML_TYPES,
    absolute,
    author_names,
    stated_language,
    stated_title,
    summary_and_content,
    tag_names,
    text_as_html,
)
from monitor.sources.plainparts import (
    ATOM,
    OTHER_LINKS,
    Channel,
    Item,
    NotMineError,
    atom_link,
    feed_page,
    hear_channel,
    kept_items,
    moments,
    pass_over,
    raw_text_of,
    repaired,
    resolved,
    text_of,
    without_media,
)

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CATEGORY_ATTRIBUTES = frozenset(("term", "scheme", "label"))
_TYPES = {"text": "text/plain", "html": "text/html"}
_CHANNEL = {f"{ATOM}title": "title", f"{ATOM}subtitle": "description"}
_ITEM = {f"{ATOM}published": "published", f"{ATOM}updated": "updated"}
_TEXTS = {f"{ATOM}{name}": name for name in ("title", "summary", "content")}


def read_atom(root: Any, feed: Feed, visit: Fresh, remark: str) -> FeedPage:
    """The entries of an Atom feed; raises `NotMineError`."""
    attributes = dict(root.attrib)
    language = stated_language(attributes.pop(_LANG, ""), visit.headers)
    if attributes:
        raise NotMineError
    channel, items, alternates = Channel(), [], []  # of its `authors`: those of entries that name none
    for element in root:
        tag = element.tag
        if tag == f"{ATOM}entry":
            items.append(element)
        elif tag in _CHANNEL:
            channel.put(_CHANNEL[tag], _stated(element)[0])
        elif tag == f"{ATOM}link":
            rel, href, kind = atom_link(element)
            channel.links.append((rel, href))
            if rel == "alternate" and (not kind or kind in HTML_TYPES):
                alternates.append(href)
        elif tag == f"{ATOM}author":
            channel.authors.append(_person(element))
        else:
            hear_channel(channel, element, tag)
    if not alternates or (len(channel.authors) > 1 and any("@" in name for name in channel.authors)):
        raise NotMineError  # feedparser takes the id for it
    link = absolute(resolved(alternates[0], visit.url), visit.url)
    authors = author_names(channel.authors)
    entries = (_entry(item, feed, visit, language, authors) for item in kept_items(items))
    return feed_page(channel, visit, remark, language=language, link=link, entries=entries)


def _stated(element: Any) -> tuple[str, str]:
    """The text and the media type of an Atom text construct (RFC 4287 section 3.1); xhtml is not mine."""
    if len(element) or set(element.attrib) - {"type"}:
        raise NotMineError
    kind = _TYPES.get(element.get("type", "text"))
    if kind is None:
        raise NotMineError
    return repaired((element.text or "").strip()), kind


def _entry(element: Any, feed: Feed, visit: Fresh, language: str, authors: tuple[str, ...]) -> Entry:
    if element.attrib:
        raise NotMineError
    item, kinds, alternates = Item(), {}, []
    for child in element:
        tag = child.tag
        if tag in _ITEM:
            item.put(_ITEM[tag], text_of(child))
        elif tag == f"{ATOM}id":
            item.put("guid", raw_text_of(child))
        elif tag in _TEXTS:
            value, kinds[tag] = _stated(child)
            item.put(_TEXTS[tag], value)
        elif tag == f"{ATOM}link":
            rel, href, kind = atom_link(child)
            if rel == "alternate" and (not kind or kind in HTML_TYPES):
                alternates.append(href)
            elif rel not in OTHER_LINKS:
                raise NotMineError
        elif tag == f"{ATOM}author":
            item.authors.append(_person(child))
        elif tag == f"{ATOM}category":
            if len(child) or child.text or not child.get("term") or set(child.attrib) - _CATEGORY_ATTRIBUTES:
                raise NotMineError
            item.tags.append(child.get("term"))
        else:
            pass_over(child)
    once = item.once
    if len(alternates) != 1 or (len(item.authors) > 1 and any("@" in name for name in item.authors)):
        raise NotMineError
    content = text_as_html(once.get("content", ""), kinds.get(f"{ATOM}content", ""))
    summary = text_as_html(once["summary"], kinds[f"{ATOM}summary"]) if "summary" in once else content
    summary, content = summary_and_content(summary, content)
    if not once.get("title") or not (summary or content):
        without_media(element)
    published, updated = moments(once, visit)
    return Entry(
        feed=feed.name,
        id=once.get("guid", ""),
        link=publishers_address(absolute(resolved(alternates[0], visit.url), visit.url)),
        title=stated_title(once.get("title", ""), literal=kinds.get(f"{ATOM}title") == "text/plain"),
        summary=summary,
        content=content,
        published=published,
        updated=updated,
        authors=(author_names(item.authors) if item.authors else ()) or authors,
        language=language,
        tags=tag_names(item.tags) if item.tags else (),
    )


def _person(element: Any) -> str:
    """An Atom person as feedparser names it: `name (email)`."""
    said: dict[str, str] = {}
    for part in element:
        name = part.tag.removeprefix(ATOM)
        if name in said or name not in ("name", "email", "uri"):
            raise NotMineError
        said[name] = text_of(part)
    if element.attrib or (element.text or "").strip():
        raise NotMineError
    name, email = said.get("name", ""), said.get("email", "")
    return f"{name} ({email})" if name and email else name or email
