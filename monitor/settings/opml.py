"""Lists of feeds as other readers write and read them (OPML 2.0, http://opml.org/spec2.opml): folders are tags.

What OPML has no word for (name, kind, language, country, pages, links) travels in attributes of a namespace of ours.
Secrets (headers, logins, cookies, proxies, the keys in an address) never leave feeds.toml.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from monitor import charset
from monitor.errors import MonitorError
from monitor.links import without_secrets
from monitor.model import Feed
from monitor.settings.feedsfile import NewFeed, web_address
from monitor.sources.prolog import with_known_references, with_prefixes_declared

MOST_FEEDS = 20_000
MOST_FOLDERS = 20  # within each other

_SPACE = "https://news-monitor.invalid/opml"
_DECLARATION = re.compile(r"<\?xml[^>]{0,200}?(?:encoding\s*=\s*[\"']([\w.:-]{1,40})[^>]{0,200})?>", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_OURS = ("name", "kind", "language", "country", "pages", "links")


class OpmlError(MonitorError):
    """A file that is no list of feeds, or would do harm."""


def read_opml(body: bytes) -> list[NewFeed]:
    """The feeds of a list, each address once; raises OpmlError with what is wrong."""
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", body.replace(b"\x00", b""), re.IGNORECASE):
        raise OpmlError("declares a document type, which no list of feeds needs; take the <!DOCTYPE …> out")
    root = _root(body.strip())
    if etree.QName(root).localname.lower() != "opml":
        raise OpmlError(f"is no OPML: its root is <{etree.QName(root).localname}>")
    found: dict[str, NewFeed] = {}
    for body_element in (child for child in root if _local(child) == "body"):
        for feed in _feeds(body_element, ()):
            found.setdefault(feed.url, feed)
            if len(found) > MOST_FEEDS:
                raise OpmlError(f"lists more than {MOST_FEEDS} feeds")
    return list(found.values())


def _root(body: bytes) -> Any:
    """The root of the list: as it is, else with what other readers let pass mended ("&" in addresses above all)."""
    try:
        return _parsed(body)
    except (etree.XMLSyntaxError, ValueError) as error:
        declared = _DECLARATION.match(body[:500].decode("latin-1"))
        text, _ = charset.decode(body, declared=(declared and declared[1]) or "")
        text = _CONTROLS.sub("", _DECLARATION.sub("", text, count=1)).strip()
        try:
            return _parsed(with_prefixes_declared(with_known_references(text)).encode())
        except (etree.XMLSyntaxError, ValueError):
            raise OpmlError(f"is no well-formed XML: {error}") from error


def _parsed(body: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(body, parser)


def _local(element: Any) -> str:
    """The element's name without namespace and in lower case; "" for what is no element."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _feeds(element: Any, folders: tuple[str, ...]) -> Iterator[NewFeed]:
    for outline in element:
        if _local(outline) != "outline":
            continue
        said = {etree.QName(key).localname.lower(): value.strip() for key, value in outline.attrib.items()}
        title = said.get("title") or said.get("text") or ""
        if said.get("type", "").lower() in ("rss", "atom"):
            said.setdefault("xmlurl", said.get("url", ""))
        if said.get("xmlurl"):
            yield _feed(outline, said, title, folders)
        if len(folders) < MOST_FOLDERS and len(outline):
            yield from _feeds(outline, (*folders, title) if title and not said.get("xmlurl") else folders)


def _feed(outline: Any, said: dict[str, str], title: str, folders: tuple[str, ...]) -> NewFeed:
    categories = [part for path in said.get("category", "").split(",") for part in path.split("/")]
    tags = dict.fromkeys(tag for tag in (" ".join(one.split()) for one in (*folders, *categories)) if tag)
    ours = {key: outline.get(f"{{{_SPACE}}}{key}", "") for key in _OURS}
    language = ours["language"] or said.get("language", "")[:2].lower()
    return NewFeed(
        url=web_address(said["xmlurl"]),
        title="" if title == ours["name"] else title,
        name=ours["name"],
        kind=ours["kind"] or "feed",
        language=language if re.fullmatch("[a-z]{2}", language) else "",
        country=ours["country"],
        tags=tuple(tags),
        pages=ours["pages"],
        links=ours["links"],
    )


def lacking(feeds: Iterable[Feed]) -> list[str]:
    """The names of the feeds whose address loses a login or a key in the list, and does not work without."""
    return [feed.name for feed in feeds if without_secrets(feed.url) != feed.url]


def write_opml(feeds: Iterable[Feed]) -> bytes:
    """The feeds as a list, in a folder after their first tag, which holds them in their order."""
    root = etree.Element("opml", version="2.0", nsmap={"monitor": _SPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Feeds of news-monitor"
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {"": body}
    for feed in feeds:
        tag = feed.tags[0] if feed.tags else ""
        if tag not in folders:
            folders[tag] = etree.SubElement(body, "outline", text=tag)
        address = without_secrets(feed.url)
        outline = etree.SubElement(folders[tag], "outline", type="rss", text=feed.outlet, xmlUrl=address)
        if feed.tags[1:]:
            outline.set("category", ",".join(f"/{one}" for one in feed.tags[1:]))
        for key in _OURS:
            value = getattr(feed, key)
            if value and (key, value) != ("kind", "feed") and (key != "pages" or feed.states_pages):
                outline.set(f"{{{_SPACE}}}{key}", value)
    answer: bytes = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    return answer
