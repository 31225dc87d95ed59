"""What the short ways through RSS and Atom share: texts, links, silent elements, and saying "not mine".

Each piece gives what feedparser and `feed` would, or raises `NotMineError`; nothing is guessed here.
"""

import contextlib
import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct, field

from monitor import dates
from monitor.model import Entry, FeedPage, Fresh
from monitor.sources import hints
from monitor.sources.base import MOST_ENTRIES
from monitor.sources.fields import absolute, headline, is_simple_link, is_simple_path, relation, without_repeats

MOST_CHILDREN = 70  # of an item; honest ones have ten, `document` counts elements and we do not

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
SY = "{http://purl.org/rss/1.0/modules/syndication/}"
GEORSS = "{http://www.georss.org/georss}"
_ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
OTHER_LINKS = frozenset("self replies edit enclosure hub next prev previous first last license search".split())
_LINK_ATTRIBUTES = frozenset(("rel", "href", "type", "title", "hreflang", "length"))
MEDIA = "{http://search.yahoo.com/mrss/}"
# Elements that feedparser has a handler for, of which an entry has nothing all the same.
_SILENT = frozenset(
    ["comments", "enclosure", f"{ATOM}rights", f"{DC}publisher", f"{DC}rights"]
    + [f"{_ITUNES}{name}" for name in "image explicit block subtitle".split()]
    + [f"{GEORSS}{name}" for name in "point line polygon box".split()]
    + [f"{MEDIA}{name}" for name in "content thumbnail group credit rating title description player".split()]
)
_SILENT_CHANNEL = (_SILENT - {f"{_ITUNES}subtitle"}) | frozenset(
    ["pubDate", "lastBuildDate", "generator", "docs", "copyright", "managingEditor", "webMaster", "category", "cloud"]
    + [f"{ATOM}{name}" for name in "id updated author logo icon generator rights category name email uri".split()]
    + [f"{DC}{name}" for name in ("date", "creator", "subject")]
    + [f"{_ITUNES}{name}" for name in "author keywords owner name email category".split()]
)
_IMAGE = frozenset("url title link width height description".split())
_LOOKED_AT = frozenset(
    "id guid link links title title_detail summary summary_detail subtitle subtitle_detail description"
    " description_detail content published updated created date dc_date modified issued author authors"
    " news_source language dc_language tags source url href media_title media_description ttl hour day"
    " skiphours skipdays sy_updateperiod sy_updatefrequency channel items entries feed tagline copyright svg"
    " math prism_publicationdate dcterms_available encoded".split()
)
# C1 controls that were meant as letters.
_WINDOWS = {code: letter for code in range(0x80, 0xA0) if (letter := bytes([code]).decode("cp1252", "ignore"))}
_C1 = re.compile("[\x80-\x9f]")


class NotMineError(Exception):
    """Something unusual; the document is for `feed`."""


class Item(Struct):
    """What the elements of one item said, as text."""

    once: dict[str, str] = field(default_factory=dict)  # by the name of a field
    authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    source: str = ""  # the address of RSS `source`

    def put(self, name: str, value: str) -> None:
        if name in self.once:
            raise NotMineError
        self.once[name] = value


class Channel(Item):
    """What the elements about the feed itself said."""

    links: list[tuple[str, str]] = field(default_factory=list)
    hours: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)


def kept_items(items: list[Any]) -> list[Any]:
    """`items`, where they are not more than an honest feed has."""
    if len(items) > MOST_ENTRIES or any(len(item) > MOST_CHILDREN for item in items):
        raise NotMineError
    return items


def feed_page(
    channel: Channel, visit: Fresh, remark: str, *, language: str, link: str, entries: Iterable[Entry]
) -> FeedPage:
    """What the channel said and its entries, joined."""
    once = channel.once
    hub, self_link = hints.hub_and_self(
        [(rel, resolved(href, visit.url)) for rel, href in channel.links], visit.headers, visit.url
    )
    return FeedPage(
        title=headline(once.get("title", "")),
        link=link,
        language=language,
        entries=tuple(without_repeats(entries)),
        ttl=hints.wished_pause(once.get("ttl", "")),
        remark=remark,
        description=once.get("description", ""),
        update_every=hints.update_every(once.get("period", ""), once.get("frequency", "")),
        skip_hours=hints.skipped_hours(channel.hours),
        skip_days=hints.skipped_days(channel.days),
        hub=hub,
        self_link=self_link,
    )


def hear_channel(channel: Channel, element: Any, tag: str) -> None:
    """What an element beside the entries says about the feed."""
    if tag in ("skipHours", "skipDays"):
        name, kept = ("hour", channel.hours) if tag == "skipHours" else ("day", channel.days)
        for part in element:
            if part.tag != name:
                raise NotMineError
            kept.append(text_of(part))
    elif tag == f"{ATOM}link":
        rel, href, _ = atom_link(element)
        if rel not in OTHER_LINKS:
            raise NotMineError
        channel.links.append((rel, href))
    elif tag == "image":
        if element.attrib or any(part.tag not in _IMAGE or part.attrib or len(part) for part in element):
            raise NotMineError
    else:
        pass_over(element, _SILENT_CHANNEL)
        if any(part.tag.rpartition("}")[2].lower() in ("item", "entry") for part in element.iter()):
            raise NotMineError


def pass_over(element: Any, silent: frozenset[str] = _SILENT) -> None:
    """Accept an element of which an entry has nothing; whatever stands in a known one must be of that sort too."""
    if element.tag not in silent:
        if not _is_unknown(element.tag, element.prefix or ""):
            raise NotMineError
        return
    for child in element:
        pass_over(child, silent)


@cache
def known_spaces() -> dict[str, str]:
    """feedparser's prefix of each namespace, in small letters; also of one written with https, or a slash too few."""
    from feedparser.api import StrictFeedParser

    stated = {space.lower(): prefix for space, prefix in StrictFeedParser.namespaces.items()}
    bare = {space.removeprefix("http:").rstrip("/"): prefix for space, prefix in stated.items() if space}
    return {
        f"{way}{space}{end}": bare[space] for space in bare for way in ("http:", "https:") for end in ("", "/")
    } | stated


@cache
def _known_to_feedparser() -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    """Its prefix of each namespace, all of these prefixes, and the elements that it has a handler for."""
    from feedparser.api import StrictFeedParser

    spaces = known_spaces()
    prefixes = frozenset(filter(None, map(str.lower, spaces.values())))
    handlers = (name for name in dir(StrictFeedParser) if name.startswith(("_start_", "_end_")))
    return spaces, prefixes, frozenset(one.removeprefix("_start_").removeprefix("_end_").lower() for one in handlers)


@lru_cache(maxsize=4_096)
def _is_unknown(tag: str, prefix: str) -> bool:
    """Whether feedparser has no handler for this element, and files it under a name that `feed` never looks at."""
    space, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    spaces, prefixes, handled = _known_to_feedparser()
    if "backend.userland.com" in space.lower() or (prefix.lower() in prefixes and space.lower() not in spaces):
        return False
    prefix = spaces.get(space.lower(), prefix).lower()
    name = f"{prefix}_{local.lower()}" if prefix else local.lower()
    return name not in handled and name not in _LOOKED_AT and prefix not in ("xhtml", "xml", "rdf", "soap")


def without_media(element: Any) -> None:
    """An entry without title or text may take that of a sound or film (Media RSS, iTunes); not mine."""
    if (
        element.find(f"{_ITUNES}title") is not None
        or element.find(f".//{MEDIA}title") is not None
        or element.find(f".//{MEDIA}description") is not None
    ):
        raise NotMineError


def without_other_link(element: Any) -> None:
    """An entry without link may have its address from elsewhere; that is not mine."""
    elsewhere = any(child.tag in ("enclosure", f"{ATOM}link") or child.tag.endswith("}origLink") for child in element)
    if elsewhere or element.find(f".//{MEDIA}player") is not None:
        raise NotMineError


def text_of(element: Any) -> str:
    """The text of an element that has neither attributes nor elements, as feedparser gives it."""
    return repaired(raw_text_of(element))


def raw_text_of(element: Any) -> str:
    """The text of such an element as it stands there: that of an id."""
    if len(element) or element.attrib:
        raise NotMineError
    return (element.text or "").strip()


def repaired(text: str) -> str:
    """feedparser's mending: UTF-8 that was taken for ISO-8859-1, C1 controls that are windows-1252 in truth."""
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS) if _C1.search(text) else text


def resolved(link: str, base: str) -> str:
    """A link that resolving leaves as it is, or a path of the feed's own host; any other is for `feed`."""
    if not link or is_simple_link(link):
        return link
    if is_simple_path(link):
        return absolute(link, base)
    raise NotMineError


def atom_link(element: Any) -> tuple[str, str, str]:
    """(rel, href, type)"""
    attributes = element.attrib
    rel, href, kind = (
        relation(attributes.get("rel", "alternate")),
        attributes.get("href", ""),
        attributes.get("type", ""),
    )
    if not href or len(element) or (element.text or "").strip() or set(attributes) - _LINK_ATTRIBUTES:
        raise NotMineError
    return rel, href, kind


def moments(once: dict[str, str], visit: Fresh) -> tuple[datetime | None, datetime | None]:
    """(published, updated)"""
    updated = dates.parse(once["updated"], now=visit.at, ahead=dates.FAR) if "updated" in once else None
    published = dates.parse(once["published"], now=visit.at, ahead=dates.FAR) if "published" in once else None
    return published or updated, updated
