"""From a body as a server sent it to text that a feed reader may be given, or a named reason why it is no feed.

Opens unmarked gzip, decodes by `charset`, cuts junk before the document, refuses entity bombs and endless nesting,
mends a document that was cut off, and tells what a body is that is no feed. Reads no entry.
"""

import re
import zlib
from typing import Literal

from msgspec import Struct

from monitor import charset
from monitor.model import Fresh, Unreadable
from monitor.shields import shield_alone
from monitor.sources.base import MOST_ENTRIES
from monitor.sources.prolog import in_full, junk, without_comments
from monitor.words import plain

HTML_PAGE = "HTML page instead of a feed"
MOST_UNPACKED = 32 * 2**20  # bytes of a gzip body that nobody marked as one
MOST_DEPTH = 300  # elements within elements; honest feeds stay below fifty, HTML without end tags included
MOST_ELEMENTS = 150_000  # seventy-five for each of the most entries that are read
MOST_PROLOG = 200_000  # characters before a root or, of a page, with its title
MOST_ATTRIBUTES = 500  # of one element; reading them takes the square of their number

_PROLOG = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_ROOT = re.compile(r"<(?:(?P<prefix>[\w.-]{1,40}):)?(?P<name>rss|feed|rdf|channel|entry)(?=[\s>/])", re.IGNORECASE)
_FIRST_TAG = re.compile(r"<([A-Za-z_][\w:.-]*)")
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"
    "|&#(?:0*(?:[0-8]|1[124-9]|2\\d|3[01])|x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));"
)
_ITEM = re.compile(r"<((?:[\w.-]{1,40}:)?(?:item|entry))(?=[\s>/])", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>", re.IGNORECASE)
_TAGS = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][\w:.-]*+)([^<>]*+)>", re.DOTALL)
_TITLE = re.compile(r"<title[^<>]*+>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_OPENED = re.compile(r"<([A-Za-z][\w:.-]*+)(?:\s[^<>]*+)?>\s*+<!\[CDATA\[")
_MARKUP = re.compile(r"\s*+<")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{4000,}")
_EMPTY_ROOT = re.compile(r"<[^<>]*/>\s*")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_BINARY = ((b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"PK\x03\x04", "ZIP"))


class Document(Struct, frozen=True):
    """What a body turned out to be, as text without control characters."""

    form: Literal["xml", "json"]
    text: str
    remark: str = ""


class Opened(Struct, frozen=True):
    """A body as text, whatever it may be."""

    text: str
    remark: str = ""


def open_body(visit: Fresh) -> Opened | Unreadable:
    """The body without unmarked gzip and decoded; else why there is no text in it."""
    body, remark = visit.body, ""
    if body[:2] == b"\x1f\x8b":
        unpacked = _unpacked(body)
        if isinstance(unpacked, Unreadable):
            return unpacked
        body, remark = unpacked, "gzip that is not marked as such"
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return Unreadable("empty body", f"{len(body)} bytes" if body else "")
    for magic, name in _BINARY:
        if body.startswith(magic):
            return Unreadable("binary file instead of a feed", name)
    text, odd = charset.decode(
        body,
        header=charset.from_content_type(visit.headers.get("content-type", "")),
        declared=_declared(body),
    )
    return Opened(text, _joined(remark, odd))


def understand(opened: Opened) -> Document | Unreadable:
    """XML that starts with a feed's root (the DOCTYPE taken off), or JSON; else why it is neither."""
    text, remark = _CONTROLS.sub("", opened.text).strip(), opened.remark
    if text[:1] in ("{", "["):
        return Document("json", text, remark)
    return _open_xml(text, remark)


def _declared(body: bytes) -> str:
    """The encoding that the XML declaration or a page's `<meta>` names, however wide its letters; "" for none."""
    head = body[:1000].replace(b"\x00", b"")
    if head.startswith(charset.EBCDIC):
        head = head.decode("cp037").encode("ascii", "replace")
    declared = _PROLOG.search(head)
    if declared is None and b"<html" in body[:2000].lower():
        declared = _META.search(body[:4096])
    return declared.group(1).decode("ascii", "replace") if declared else ""


def _unpacked(body: bytes) -> bytes | Unreadable:
    opener = zlib.decompressobj(wbits=31)
    try:
        unpacked = opener.decompress(body, MOST_UNPACKED)
    except zlib.error as error:
        return Unreadable("broken gzip", str(error))
    if not unpacked and not opener.eof:
        return Unreadable("broken gzip", "cut off before any text")
    if opener.unconsumed_tail:
        return Unreadable("too large", f"more than {MOST_UNPACKED >> 20} MB out of a gzip body")
    return unpacked


def _open_xml(text: str, remark: str) -> Document | Unreadable:
    start = _root(text)
    if start is None:
        return _no_feed(text)
    prolog, document = text[: start.start()], text[start.start() :]
    full = in_full(prolog, document)
    if isinstance(full, Unreadable):
        return full
    closed = _closed(full)
    if closed != full:
        full, remark = closed, _joined(remark, "CDATA without an end")
    if junk(prolog):
        remark = _joined(remark, "text before the document")
    mended = _mended(full, start)
    if isinstance(mended, Unreadable):
        return mended
    hostile = _hostile(mended.text)
    if hostile:
        return hostile
    return Document("xml", mended.text, _joined(remark, mended.remark))


def _closed(document: str) -> str:
    """The document with an end to each CDATA section that has none within its element, and would swallow what follows.

    An element's end tag that stands in its own CDATA is its end when further markup comes after it.
    """
    if document.count("<![CDATA[") == document.count("]]>"):
        return document
    parts: list[str] = []
    done, ended = 0, -1
    for opened in _OPENED.finditer(document):
        if opened.start() < done:
            continue
        if ended < opened.end():
            ended = document.find("]]>", opened.end())
            ended = ended if ended >= 0 else len(document)
        tag = f"</{opened[1]}>"
        at = document.find(tag, opened.end(), ended)
        if at >= 0 and _MARKUP.match(document, at + len(tag)):
            parts += document[done:at], "]]>"
            done = at
        else:
            parts.append(document[done:ended])
            done = ended
    return "".join([*parts, document[done:]])


def _root(text: str) -> re.Match[str] | None:
    """Where the feed starts: its root is the first element, or comes soon after text that is no markup of a page."""
    shadow = without_comments(text[:MOST_PROLOG], in_place=True)
    first = _FIRST_TAG.search(shadow)
    root = _ROOT.search(shadow)
    if root is None or first is None or first.start() == root.start():
        return root  # one entry alone is an Atom document too (RFC 4287 section 2)
    opening = shadow[root.start() : root.start() + 300]
    declared = root["name"].lower() not in ("channel", "entry") and ("xmlns" in opening or "version" in opening)
    return root if declared else None


def _hostile(document: str) -> Unreadable | None:
    """Why reading this XML would cost more than any honest feed's; None when it would not."""
    if has_monstrous_tag(document):
        return Unreadable("forbidden XML (too many attributes)", f"more than {MOST_ATTRIBUTES} on one element")
    depth, floor, elements = 0, 0, 0
    for match in _TAGS.finditer(document):
        end, name, rest = match.groups()
        elements += name is not None and not end
        if name is None or rest.endswith("/") or name.lower() in _VOID:
            continue
        item = name.lower().endswith(("item", "entry"))
        if end:
            depth = floor if item else max(0, depth - 1)
            continue
        if item:
            floor = depth if depth < 50 else floor
        depth += 1
        if depth > MOST_DEPTH:
            return Unreadable("forbidden XML (nested too deeply)", f"more than {MOST_DEPTH} elements within each other")
    if elements > MOST_ELEMENTS:
        return Unreadable("forbidden XML (too many elements)", f"{elements} elements")
    return None


def has_monstrous_tag(text: str) -> bool:
    """Whether an element has more attributes than any honest one: parsers take the square of their number."""
    long = (tag.group() for tag in _LONG_TAG.finditer(text))
    return any(tag.count("=") > MOST_ATTRIBUTES or len(tag.split()) > 4 * MOST_ATTRIBUTES for tag in long)


def _mended(document: str, root: re.Match[str]) -> Document | Unreadable:
    """The document with all its ends: an entry that was cut off is left out (the next visit brings it whole)."""
    qualified = root.group()[1:]
    if _EMPTY_ROOT.fullmatch(document):
        return Document("xml", document)
    ended = document.lower().rfind(f"</{qualified.lower()}")
    starts = [match.start() for match in _ITEM.finditer(document)]
    if ended >= 0 and len(starts) <= MOST_ENTRIES:
        end = document.find(">", ended) + 1 or len(document)
        if without_comments(document[end:]).strip():
            return Document("xml", document[:end], "text behind the document")
        return Document("xml", document)
    ends = [match.end() for match in _ITEM_END.finditer(document)]
    if not ends:
        if not starts and ended < 0:
            return Unreadable("XML cut off and no entry readable", f"{len(document)} characters")
        return Document("xml", document) if ended >= 0 else Unreadable("XML cut off and no entry readable")
    kept = ends[: min(len(ends), MOST_ENTRIES)]
    inner = document[: starts[0]].lower() if starts else ""
    channel = "</channel>" if root["name"].lower() == "rss" and "</channel" not in inner else ""
    remark = (
        f"only the first {MOST_ENTRIES} entries were read" if ended >= 0 else f"XML cut off after {len(kept)} entries"
    )
    return Document("xml", f"{document[: kept[-1]]}{channel}</{qualified}>", remark)


def _no_feed(text: str) -> Unreadable:
    lowered = text[:4000].lower()
    page = ("<html", "<!doctype html", "<body", "<head")
    if "<opml" not in lowered and any(mark in lowered for mark in page):
        if wall := shield_alone(text):
            return Unreadable("bot wall instead of a feed", wall)
        title = _TITLE.search(text[:MOST_PROLOG])
        return Unreadable(HTML_PAGE, plain(title.group(1)).replace("\n", " ") if title else "")
    first = _FIRST_TAG.search(without_comments(text[:20_000]))
    if first and text.startswith("<"):
        return Unreadable("XML that is no feed", f"its root is <{first.group(1)[:60]}>")
    return Unreadable("not a feed", " ".join(text[:60].split()))


def _joined(*remarks: str) -> str:
    return "; ".join(remark for remark in remarks if remark)
