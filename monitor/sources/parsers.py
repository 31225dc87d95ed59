"""feedparser's two parsers, with what they lack and without what they change; `feed` makes entries of what they heard.

Knows how elements are heard, and what of broken XML can be mended; what an entry's fields mean is for `feed`.
"""

import io
import xml.sax
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import unescape

from monitor.sources.fields import relation
from monitor.sources.plainparts import known_spaces
from monitor.sources.prolog import with_known_references, with_own_ends, with_prefixes_declared

if TYPE_CHECKING:
    from feedparser.api import StrictFeedParser as _Parser
else:
    _Parser = object  # it is mixed into feedparser's two, which are loaded late

_PROLOG = "<?xml version='1.0' encoding='utf-8'?>\n"
MOST_OPEN = 1_000  # tags without an end bracket; the loose parser takes the square of their number
MOST_REFERENCES = 500_000  # the loose parser takes each by itself
PERMANENT = "permanent guid"  # the name, which no element can have, of what a guid's attribute says
_QUOTES = {"&quot;": '"', "&apos;": "'"}
_ENTRIES = ("item", "entry", "channel")  # what is heard wherever it stands in a feed
_OPEN = frozenset("skiphours skipdays br hr img input wbr".split())  # heard, or left open in broken documents


class _Additions(_Parser):  # type: ignore[misc]
    """What feedparser's parsers lack: they keep the last `hour` and `day` only, take captions and what stands within
    foreign elements for an item's own text, know no relation by its long name and no content that stands elsewhere.
    """

    _escaped: bool  # whether texts reach it with their references

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.hours: list[str] = []
        self.days: list[str] = []
        self._foreign = ""  # the element within which nothing is heard: it is of no format that feedparser knows
        self._within: Counter[str] = Counter()  # what is open in it

    def unknown_starttag(self, tag: str, attributes: Any) -> None:
        if self._foreign and (self._in_entry() or tag not in _ENTRIES):
            self._within[tag] += 1
            return
        self._foreign = ""
        super().unknown_starttag(tag, attributes)
        if self._is_foreign(tag):
            self._foreign = tag
            self._within.clear()

    def unknown_endtag(self, tag: str) -> None:
        if self._foreign:
            if self._within[tag] > 0:
                self._within[tag] -= 1
                return
            if tag != self._foreign and tag not in _ENTRIES:
                return
            self._foreign = ""
        super().unknown_endtag(tag)

    def _in_entry(self) -> bool:
        return bool(self.inentry)

    def _is_foreign(self, tag: str) -> bool:
        """Whether nothing that stands in this element of a feed or an entry says anything about these."""
        if self.incontent:
            return _is_document(str(self.contentparams.get("type") or ""))
        if not (self.infeed or self.inentry) or tag in _OPEN:
            return False
        prefix, _, name = tag.rpartition(":")
        prefix = self.namespacemap.get(prefix, prefix)
        handler = f"{prefix}_{name}" if prefix else name
        if handler == "image" and self._in_entry():
            return True
        return not hasattr(self, f"_start_{handler}") and not hasattr(self, f"_end_{handler}")

    def _start_image(self, attributes: Any) -> None:
        if not self._in_entry():
            super()._start_image(attributes)

    def _end_image(self) -> None:
        if not self._in_entry():
            super()._end_image()

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:
        """As feedparser, which mends what looks like a wrong charset; an id stays as it is."""
        stack = self.elementstack
        pieces = stack[-1][2] if element == "id" and stack else ()
        raw = "".join(one.decode("utf-8") if isinstance(one, bytes) else one for one in pieces).strip()
        value = super().pop(element, strip_whitespace)
        if not raw or not value:
            return value
        raw = unescape(raw, _QUOTES) if self._escaped else raw
        context = self._get_context()
        if context.get("id") == value:
            context["id"] = raw
        return raw

    def _start_rss(self, attributes: Any) -> None:
        super()._start_rss(attributes)
        self.infeed = 1  # some leave out the channel

    def _start_encoded(self, attributes: Any) -> None:
        self._start_content_encoded(attributes)

    def _end_encoded(self) -> None:
        self._end_content_encoded()

    def _start_dc_title(self, attributes: Any) -> None:
        self.push_content("dc_title", attributes, "text/plain", 1)

    def _end_dc_title(self) -> None:
        self.pop_content("dc_title")

    def _start_dc_description(self, attributes: Any) -> None:
        self.push_content("dc_description", attributes, "text/html", 1)

    def _end_dc_description(self) -> None:
        self.pop_content("dc_description")

    def _start_itunes_summary(self, attributes: Any) -> None:
        self.push_content("itunes_summary", attributes, "text/plain", 1)

    def _end_itunes_summary(self) -> None:
        self.pop_content("itunes_summary")

    def _start_itunes_subtitle(self, _attributes: Any) -> None:
        self.push("itunes_subtitle", 1)

    def _end_itunes_subtitle(self) -> None:
        self.pop("itunes_subtitle")

    def _start_channel(self, attributes: Any) -> None:
        super()._start_channel(attributes)
        self.title_depth = -1  # RDF may have its items before it

    def handle_data(self, text: str, escape: int = 1) -> None:
        if not (self._foreign and self.incontent):
            super().handle_data(text, escape)

    def _start_guid(self, attributes: Any) -> None:
        permanent = str(attributes.get("ispermalink", "true")).strip().lower()
        super()._start_guid({**attributes, "ispermalink": permanent})
        self._get_context()[PERMANENT] = permanent == "true"

    def _start_link(self, attributes: Any) -> None:
        if not str(attributes.get("href", "-")).strip():
            return
        if "rel" in attributes:
            attributes["rel"] = relation(attributes["rel"])
        context = self._get_context()
        before = context.get("link")
        super()._start_link(attributes)
        if before and before != context.get("id") and not self.version.startswith("atom"):
            context["link"] = before  # RSS's own goes before Atom's

    def _start_content(self, attributes: Any) -> None:
        if attributes.get("src"):
            self._get_context()["content_src"] = self.resolve_uri(attributes["src"])
        super()._start_content(attributes)

    def _sync_author_detail(self, key: str = "author") -> None:
        context = self._get_context()
        detail = context.get(f"{key}s", [{}])[-1]
        if detail:
            super()._sync_author_detail(key)
        elif context.get(key):
            # Whole: theirs cuts a mail address in two where its domain ends in a long word.
            detail["name"] = context[key]

    def _end_hour(self) -> None:
        self.hours.append(str(self.pop("hour") or ""))

    def _end_day(self) -> None:
        self.days.append(str(self.pop("day") or ""))

    def _start_media_title(self, _attributes: Any) -> None:
        self.push("media_title", 1)

    def _end_media_title(self) -> None:
        self.pop("media_title")

    def _start_media_description(self, _attributes: Any) -> None:
        self.push("media_description", 1)

    def _end_media_description(self) -> None:
        self.pop("media_description")


@cache
def _parsers() -> tuple[Any, Any]:
    """The strict and the loose one, loaded for the first document that the short way leaves to them."""
    from feedparser.api import LooseFeedParser, StrictFeedParser

    class Strict(_Additions, StrictFeedParser):  # type: ignore[misc]
        _matchnamespaces = known_spaces()
        _escaped = False

    class Loose(_Additions, LooseFeedParser):  # type: ignore[misc]
        _matchnamespaces = known_spaces()
        _escaped = True

    return Strict, Loose


def parsed(text: str, url: str) -> tuple[Any, str]:
    """feedparser's parser after its work, and what was odd; where the XML is broken, what can be made of it."""
    strict, error = _strictly(text, url)
    if error is None:
        return strict, ""
    odd = f"broken XML ({_reason(error)})"
    if text.count("<") > text.count(">") + MOST_OPEN or text.count("&") > MOST_REFERENCES:
        return strict, f"{odd}, the rest is lost"
    ended = with_own_ends(text)
    mended = with_prefixes_declared(with_known_references(ended))
    if mended != text:
        again, still = _strictly(mended, url)
        if still is None:
            return again, odd
    loose = _own(_parsers()[1](url, None, "utf-8", {}))
    loose.feed(ended)
    loose.close()
    return (loose, odd) if len(loose.entries) >= len(strict.entries) else (strict, f"{odd}, the rest is lost")


def _strictly(text: str, url: str) -> tuple[Any, Exception | None]:
    """The strict parser after its work, and what ended it early."""
    from feedparser.exceptions import UndeclaredNamespace

    parser = _own(_parsers()[0](url, None, "utf-8"))
    reader = xml.sax.make_parser()  # noqa: S317 - `document` has taken DOCTYPE and entities away
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO((_PROLOG + text).encode("utf-8", "replace")))
    try:
        reader.parse(source)
    except (xml.sax.SAXException, UndeclaredNamespace) as error:
        return parser, error
    return parser, None


def _own(parser: Any) -> Any:
    parser.resolve_relative_uris = False
    parser.sanitize_html = False
    parser.can_be_relative_uri = parser.can_be_relative_uri - {"id"}
    return parser


def _reason(error: Exception) -> str:
    if isinstance(error, xml.sax.SAXParseException):
        return f"line {error.getLineNumber()}: {error.getMessage()}"
    return str(error)


def _is_document(kind: str) -> bool:
    """Whether a content of this media type is a document of its own (RFC 4287 section 4.1.3.3) and no text."""
    return kind.endswith(("+xml", "/xml")) and "xhtml" not in kind
