"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/): a document's JSON as entries.

Wrong types are met as the specification asks of a lenient reader: a number as id is read as text, an item that is no
object is left out and named in the remark, everything else of a wrong type counts as absent.
"""

import html
import json
from typing import Any

from monitor import dates
from monitor.model import Entry, Feed, FeedPage, Fresh, Unreadable
from monitor.sources.base import MOST_ENTRIES, MOST_HTML
from monitor.sources.fields import absolute, author_names, headline, language_code, stated_language, without_repeats
from monitor.sources.hints import hub_and_self


def read_jsonfeed(feed: Feed, visit: Fresh, text: str, remark: str = "") -> FeedPage | Unreadable:
    """The entries of a JSON Feed, or why this JSON is none."""
    try:
        document = json.loads(text, parse_constant=lambda _: None, strict=False)
    except ValueError as error:
        return Unreadable("broken JSON", str(error)[:100])
    except RecursionError:
        return Unreadable("broken JSON", "nested too deeply")
    if not isinstance(document, dict):
        return Unreadable("JSON that is no feed", "its root is no object")
    items = document.get("items")
    version = _text(document.get("version"))
    if not isinstance(items, list) or ("jsonfeed" not in version and not _looks_like_items(items)):
        return Unreadable("JSON that is no feed", f"keys: {', '.join(sorted(map(str, document))[:6])}"[:100])
    objects = [item for item in items if isinstance(item, dict)]
    remarks = [remark] if remark else []
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


def _links(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Its own address and its WebSub hubs as links; a hub of another type (rssCloud) is none."""
    hubs = document.get("hubs")
    listed = [hub for hub in hubs if isinstance(hub, dict)] if isinstance(hubs, list) else []
    found = [("hub", _text(hub.get("url"))) for hub in listed if _text(hub.get("type")).lower() == "websub"]
    return [("self", _text(document.get("feed_url"))), *found]


def _looks_like_items(items: list[Any]) -> bool:
    """Without the version a list of items is a feed only if each says what an item must."""
    return bool(items) and all(isinstance(item, dict) and "id" in item and "url" in item for item in items)


def _entry(item: dict[str, Any], feed: Feed, visit: Fresh, language: str, authors: tuple[str, ...]) -> Entry:
    content = _text(item.get("content_html")) or _as_html(item.get("content_text"))
    updated = dates.parse(_text(item.get("date_modified")), now=visit.at, ahead=dates.FAR)
    tags = item.get("tags")
    return Entry(
        feed=feed.name,
        id=_text(item.get("id")),
        link=absolute(_text(item.get("url")), visit.url) or absolute(_text(item.get("external_url")), visit.url),
        title=_plain_line(item.get("title")),
        summary=_as_html(item.get("summary"))[:MOST_HTML],
        content=content[:MOST_HTML],
        published=dates.parse(_text(item.get("date_published")), now=visit.at, ahead=dates.FAR) or updated,
        updated=updated,
        authors=_authors(item) or authors,
        language=language_code(_text(item.get("language"))) or language,
        tags=tuple(dict.fromkeys(_text(tag) for tag in tags if _text(tag))) if isinstance(tags, list) else (),
    )


def _text(value: object) -> str:
    """Text, or a number as text (ids); "" for anything else."""
    if isinstance(value, str):
        return value.strip().encode("utf-8", "replace").decode("utf-8")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _plain_line(value: object) -> str:
    """A title: plain text by the specification, with entities or HTML in practice."""
    return headline(_text(value))


def _as_html(value: object) -> str:
    return html.escape(_text(value), quote=False)


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    """`authors` of 1.1, else `author` of 1.0; some give names for objects."""
    listed = holder.get("authors")
    stated = [holder.get("author")] if listed is None else listed if isinstance(listed, list) else [listed]
    people = (person.get("name") if isinstance(person, dict) else person for person in stated)
    return author_names(name for name in people if isinstance(name, str))
