"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/): a document's JSON as entries.

Wrong types are met as the specification asks of a lenient reader: a number as id is read as text, an item that is no
object is left out and named in the remark, everything else of a wrong type counts as absent. A document that does not
state its version is a feed where its items, or its addresses, say so.
"""

import html
import json
import re
from typing import Any

from monitor import dates
from monitor.model import Entry, Feed, FeedPage, Fresh, Unreadable
from monitor.sources.base import MOST_ENTRIES, MOST_HTML
from monitor.sources.fields import (
    absolute,
    author_names,
    is_simple_link,
    language_code,
    stated_language,
    stated_title,
    tag_names,
    without_repeats,
)
from monitor.sources.hints import hub_and_self

_DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_MOST_TRIED = 5  # lists called "items" of a broken document; the feed's own may stand behind another
_CONTENTS = frozenset(("content_html", "content_text"))  # what only items of a JSON Feed have
_TELLING = _CONTENTS | {"url", "external_url"}  # what an item has beside its id


def read_jsonfeed(feed: Feed, visit: Fresh, text: str, remark: str = "") -> FeedPage | Unreadable:
    """The entries of a JSON Feed, or why this JSON is none."""
    remarks = [remark] if remark else []
    try:
        document, end = _DECODER.raw_decode(text)
    except ValueError as error:
        document, end = _before_the_break(text), len(text)
        if document is None:
            return Unreadable("broken JSON", str(error)[:100])
        remarks.append(f"JSON broken after {len(document['items'])} items")
    except RecursionError:
        return Unreadable("broken JSON", "nested too deeply")
    if not isinstance(document, dict):
        return Unreadable("JSON that is no feed", "its root is no object")
    if not _is_feed(document):
        return Unreadable("JSON that is no feed", f"keys: {', '.join(sorted(map(str, document))[:6])}"[:100])
    items = document["items"]
    objects = [item for item in items if isinstance(item, dict)]
    if text[end:].strip():
        remarks.append("text behind the document")
    if len(objects) < len(items):
        remarks.append(f"{len(items) - len(objects)} items are no objects")
    if len(objects) > MOST_ENTRIES:
        remarks.append(f"only the first {MOST_ENTRIES} entries were read")
    language = stated_language(_text(document.get("language")), visit.headers)
    authors = _authors(document)
    hub, self_link = hub_and_self(_links(document), visit.headers, visit.url)
    entries = (_entry(item, feed, visit, language, authors) for item in objects[:MOST_ENTRIES])
    return FeedPage(
        title=_plain_line(document.get("title")),
        link=absolute(_text(document.get("home_page_url")), visit.url),
        language=language,
        entries=tuple(without_repeats(entries)),
        remark="; ".join(remarks),
        description=_as_html(document.get("description")),
        hub=hub,
        self_link=self_link,
    )


def _before_the_break(text: str) -> dict[str, Any] | None:
    """A document that was cut off, or holds a mistake, with the items before that; None where none is whole."""
    for _, found in zip(range(_MOST_TRIED), _ITEMS.finditer(text), strict=False):
        try:
            document = _DECODER.decode(f"{text[: found.end()]}]}}")
        except (ValueError, RecursionError):
            continue
        items: list[Any] = []
        at = found.end()
        try:
            while at < len(text):
                item, at = _DECODER.raw_decode(text, _BETWEEN.match(text, at).end())  # type: ignore[union-attr]
                items.append(item)
        except (ValueError, RecursionError):
            pass
        return document | {"items": items} if items and isinstance(document, dict) else None
    return None


def _links(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Its own address and its WebSub hubs as links; a hub of another type (rssCloud) is none."""
    hubs = document.get("hubs")
    listed = [hub for hub in hubs if isinstance(hub, dict)] if isinstance(hubs, list) else []
    found = [("hub", _text(hub.get("url"))) for hub in listed if _text(hub.get("type")).lower() == "websub"]
    return [("self", _text(document.get("feed_url"))), *found]


def _is_feed(document: dict[str, Any]) -> bool:
    """Whether it states that it is one or, where it does not, looks like one: many an API has a list of items too."""
    items = document.get("items")
    if not isinstance(items, list):
        return False
    if "jsonfeed" in _text(document.get("version")):
        return True
    if not items:
        return any(_text(document.get(name)) for name in ("home_page_url", "feed_url"))
    return all(
        isinstance(item, dict) and not (_TELLING if "id" in item else _CONTENTS).isdisjoint(item) for item in items
    )


def _entry(item: dict[str, Any], feed: Feed, visit: Fresh, language: str, authors: tuple[str, ...]) -> Entry:
    content = _text(item.get("content_html")) or _as_html(item.get("content_text"))
    updated = dates.parse(_text(item.get("date_modified")), now=visit.at, ahead=dates.FAR)
    tags = item.get("tags")
    tags = tags if isinstance(tags, list) else [tags]
    link = _link(item, visit.url)
    file = "" if link else _file(item, visit.url)
    return Entry(
        feed=feed.name,
        id=_id(item.get("id")),
        link=link or file,
        title=_plain_line(item.get("title")),
        summary=_as_html(item.get("summary"))[:MOST_HTML],
        content=content[:MOST_HTML],
        published=dates.parse(_text(item.get("date_published")), now=visit.at, ahead=dates.FAR) or updated,
        updated=updated,
        authors=_authors(item) or authors,
        language=language_code(_text(item.get("language"))) or language,
        tags=tag_names(map(_text, tags)),
        file=bool(file),
    )


def _link(item: dict[str, Any], base: str) -> str:
    """Its page, else the one it speaks of, else the id, which should be its address."""
    stated = (absolute(_text(item.get(name)), base) for name in ("url", "external_url"))
    own = _text(item.get("id"))
    return next(filter(None, stated), "") or (own if is_simple_link(own) else "")


def _file(item: dict[str, Any], base: str) -> str:
    """The address of the first file that is attached."""
    files = item.get("attachments")
    attached = [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    return next(filter(None, (absolute(_text(file.get("url")), base) for file in attached)), "")


def _text(value: object) -> str:
    """Text, or a number as text; "" for anything else."""
    return _id(value).strip()


def _id(value: object) -> str:
    """Text as it is, for ids are compared letter by letter; "" for blanks alone."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8") if value.strip() else ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _plain_line(value: object) -> str:
    """A title: plain text by the specification, with entities in practice; "<" is no tag in it."""
    return stated_title(_text(value), literal=True)


def _as_html(value: object) -> str:
    return html.escape(_text(value), quote=False)


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    """`authors` of 1.1, else `author` of 1.0; some give names for objects."""
    listed = holder.get("authors") or holder.get("author")
    stated = listed if isinstance(listed, list) else [listed]
    people = (person.get("name") if isinstance(person, dict) else person for person in stated)
    return author_names(name for name in people if isinstance(name, str))
