"""Items as a feed in each form that readers know: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1.

An item is a mapping as JSON Feed 1.1 has it: `id`, `title`, `content_html`, `date_published`, `date_modified`,
`tags`, and `url` and `language` where they are known.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from msgspec import Struct

TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
_VERSION = "https://jsonfeed.org/version/1.1"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_FORMS = {"atom": Atom1Feed, "rss": Rss201rev2Feed}


class Head(Struct, frozen=True):
    """What a feed says of itself. `home`: the page it belongs to, `address`: where it is itself; "" = not said."""

    title: str
    id: str
    home: str = ""
    address: str = ""


def plain(text: str) -> str:
    """Without the characters that XML 1.0 has no place for."""
    return _CONTROLS.sub(" ", text)


def moment_of(text: str) -> datetime:
    """A date of an item; UTC where it names no zone. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def written(form: str, head: Head, items: Sequence[Mapping[str, Any]], fallback: str = "") -> bytes:
    """The document in a form of `TYPES`. `fallback`: the address of what has none, for XML must name one."""
    return _json(head, items) if form == "json" else _xml(_FORMS[form], head, items, fallback)


def _json(head: Head, items: Sequence[Mapping[str, Any]]) -> bytes:
    document: dict[str, Any] = {"version": _VERSION, "title": head.title}
    document |= {"home_page_url": head.home} if head.home else {}
    document |= {"feed_url": head.address} if head.address else {}
    return json.dumps(document | {"items": items}, ensure_ascii=False, indent=1).encode()


def _xml(form: type[SyndicationFeed], head: Head, items: Sequence[Mapping[str, Any]], fallback: str) -> bytes:
    home = head.home or fallback
    feed = form(
        title=head.title,
        link=home,
        description=head.title if form is Rss201rev2Feed else None,
        feed_url=head.address or None,
        feed_guid=head.id,
        author_name="News Monitor",
    )
    if not items:  # the library would say that it was changed just now, each time anew
        feed.latest_post_date = lambda: _BEGINNING
    for item in items:
        feed.add_item(
            title=item["title"],
            link=item.get("url") or home,
            description=item["content_html"],
            unique_id=item["id"],
            unique_id_is_permalink=False,
            pubdate=moment_of(item["date_published"]),
            updateddate=moment_of(item["date_modified"]),
            categories=item["tags"],
        )
    return str(feed.writeString("utf-8")).encode()
