"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, RDF: a document's XML as entries, by feedparser.

feedparser gets no bytes to guess at and no address to fetch, only text that `document` has opened. What it changes is
undone or kept from happening: guids stay as the feed states them (RFC 4287 section 4.2.6: compared character by
character), dates are read by `dates`, HTML is neither sanitised nor rewritten.
"""

import io
import xml.sax
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from monitor import dates
from monitor.model import Entry, Feed, FeedPage, Fresh
from monitor.sources import hints
from monitor.sources.aggregators import publishers_address
from monitor.sources.base import MOST_ENTRIES, MOST_HTML
from monitor.sources.fields import (
    HTML_TYPES,
    absolute,
    author_names,
    guid_as_link,
    headline,
    language_code,
    outlet_elsewhere,
    relation,
    stated_language,
    stated_title,
    summary_and_content,
    tag_names,
    text_as_html,
    without_repeats,
)
from monitor.sources.plainparts import known_spaces
from monitor.sources.prolog import with_known_references

_PROLOG = "<?xml version='1.0' encoding='utf-8'?>\n"
MOST_OPEN = 1_000  # tags without an end bracket; the loose parser takes the square of their number
MOST_REFERENCES = 500_000  # the loose parser takes each by itself
_RDF = ("rss090", "rss10")  # as feedparser calls them
_OTHER_DATES = ("prism_publicationdate", "dcterms_available")  # of a day or an issue, where no better one is stated
_TITLES = ("title", "dc_title", "itunes_title", "media_title")
_PLAIN_TYPES = ("text/plain", "text")
_ENTRIES = ("item", "entry")
_OPEN = frozenset("skiphours skipdays br hr img input wbr".split())  # heard, or left open in broken documents


class _Additions:
    """What feedparser's parsers lack: they keep the last `hour` and `day` only, take captions and what stands within
    foreign elements for an item's own text, know no relation by its long name and no content that stands elsewhere.
    """

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
        super().unknown_starttag(tag, attributes)  # type: ignore[misc]
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
        super().unknown_endtag(tag)  # type: ignore[misc]

    def _in_entry(self) -> bool:
        return bool(self.inentry)  # type: ignore[attr-defined]

    def _is_foreign(self, tag: str) -> bool:
        """Whether nothing that stands in this element of a feed or an entry says anything about these."""
        if self.incontent or not (self.infeed or self.inentry) or tag in _OPEN:  # type: ignore[attr-defined]
            return False
        prefix, _, name = tag.rpartition(":")
        prefix = self.namespacemap.get(prefix, prefix)  # type: ignore[attr-defined]
        handler = f"{prefix}_{name}" if prefix else name
        if handler == "image" and self._in_entry():
            return True
        return not hasattr(self, f"_start_{handler}") and not hasattr(self, f"_end_{handler}")

    def _start_image(self, attributes: Any) -> None:
        if not self._in_entry():
            super()._start_image(attributes)  # type: ignore[misc]

    def _end_image(self) -> None:
        if not self._in_entry():
            super()._end_image()  # type: ignore[misc]

    def _start_rss(self, attributes: Any) -> None:
        super()._start_rss(attributes)  # type: ignore[misc]
        self.infeed = 1  # some leave out the channel

    def _start_encoded(self, attributes: Any) -> None:
        self._start_content_encoded(attributes)  # type: ignore[attr-defined]

    def _end_encoded(self) -> None:
        self._end_content_encoded()  # type: ignore[attr-defined]

    def _start_dc_title(self, attributes: Any) -> None:
        self.push_content("dc_title", attributes, "text/plain", 1)  # type: ignore[attr-defined]

    def _end_dc_title(self) -> None:
        self.pop_content("dc_title")  # type: ignore[attr-defined]

    def _start_itunes_subtitle(self, _attributes: Any) -> None:
        self.push("itunes_subtitle", 1)  # type: ignore[attr-defined]

    def _end_itunes_subtitle(self) -> None:
        self.pop("itunes_subtitle")  # type: ignore[attr-defined]

    def _start_guid(self, attributes: Any) -> None:
        permanent = str(attributes.get("ispermalink", "true")).strip().lower()
        super()._start_guid({**attributes, "ispermalink": permanent})  # type: ignore[misc]

    def _start_link(self, attributes: Any) -> None:
        if "rel" in attributes:
            attributes["rel"] = relation(attributes["rel"])
        context = self._get_context()  # type: ignore[attr-defined]
        before = context.get("link")
        super()._start_link(attributes)  # type: ignore[misc]
        if before and before != context.get("id") and not self.version.startswith("atom"):  # type: ignore[attr-defined]
            context["link"] = before  # RSS's own goes before Atom's

    def _start_content(self, attributes: Any) -> None:
        if attributes.get("src"):
            self._get_context()["content_src"] = self.resolve_uri(attributes["src"])  # type: ignore[attr-defined]
        super()._start_content(attributes)  # type: ignore[misc]

    def _sync_author_detail(self, key: str = "author") -> None:
        context = self._get_context()  # type: ignore[attr-defined]
        detail = context.get(f"{key}s", [{}])[-1]
        if detail:
            super()._sync_author_detail(key)  # type: ignore[misc]
        elif context.get(key):
            detail["name"] = context[
                key
            ]  # whole: theirs cuts a mail address in two where its domain ends in a long word

    def _end_hour(self) -> None:
        self.hours.append(str(self.pop("hour") or ""))  # type: ignore[attr-defined]

    def _end_day(self) -> None:
        self.days.append(str(self.pop("day") or ""))  # type: ignore[attr-defined]

    def _start_media_title(self, _attributes: Any) -> None:
        self.push("media_title", 1)  # type: ignore[attr-defined]

    def _end_media_title(self) -> None:
        self.pop("media_title")  # type: ignore[attr-defined]

    def _start_media_description(self, _attributes: Any) -> None:
        self.push("media_description", 1)  # type: ignore[attr-defined]

    def _end_media_description(self) -> None:
        self.pop("media_description")  # type: ignore[attr-defined]


@cache
def _parsers() -> tuple[Any, Any]:
    """The strict and the loose one, loaded for the first document that the short way leaves to them."""
    from feedparser.api import LooseFeedParser, StrictFeedParser

    class Strict(_Additions, StrictFeedParser):  # type: ignore[misc]
        _matchnamespaces = known_spaces()

    class Loose(_Additions, LooseFeedParser):  # type: ignore[misc]
        _matchnamespaces = known_spaces()

    return Strict, Loose


def read_feed(feed: Feed, visit: Fresh, text: str, remark: str = "") -> FeedPage:
    """The entries of an XML feed; `text` starts with its root element and has no DOCTYPE."""
    parsed, odd = _parsed(text, visit)
    meta = parsed.feeddata
    language = stated_language(str(meta.get("language") or ""), visit.headers)
    stated = [link for link in meta.get("links", ()) if link.get("href")]
    links = [(str(link.get("rel") or ""), str(link["href"])) for link in stated]
    hub, self_link = hints.hub_and_self(links, visit.headers, visit.url)
    atom = parsed.version.startswith("atom")
    authors = _authors(meta) if atom else ()
    entries = (_entry(item, feed, visit, parsed.version, language, authors) for item in parsed.entries[:MOST_ENTRIES])
    return FeedPage(
        title=headline(str(meta.get("title") or meta.get("dc_title") or "")),
        link=absolute((_first_page(stated) if atom else "") or str(meta.get("link") or ""), visit.url),
        language=language,
        entries=tuple(without_repeats(entries)),
        ttl=hints.wished_pause(str(meta.get("ttl") or "")),
        remark="; ".join(part for part in (remark, odd) if part),
        description=str(meta.get("subtitle") or meta.get("summary") or meta.get("itunes_subtitle") or ""),
        update_every=hints.update_every(
            str(meta.get("sy_updateperiod") or ""), str(meta.get("sy_updatefrequency") or "")
        ),
        skip_hours=hints.skipped_hours(parsed.hours),
        skip_days=hints.skipped_days(parsed.days),
        hub=hub,
        self_link=self_link,
    )


def _parsed(text: str, visit: Fresh) -> tuple[Any, str]:
    """feedparser's parser after its work, and what was odd; where the XML is broken, what can be made of it."""
    strict, error = _strictly(text, visit)
    if error is None:
        return strict, ""
    odd = f"broken XML ({_reason(error)})"
    if text.count("<") > text.count(">") + MOST_OPEN or text.count("&") > MOST_REFERENCES:
        return strict, f"{odd}, the rest is lost"
    mended = with_known_references(text)
    if mended != text:
        again, still = _strictly(mended, visit)
        if still is None:
            return again, odd
    loose = _own(_parsers()[1](visit.url, None, "utf-8", {}))
    loose.feed(text)
    loose.close()
    return (loose, odd) if len(loose.entries) >= len(strict.entries) else (strict, f"{odd}, the rest is lost")


def _strictly(text: str, visit: Fresh) -> tuple[Any, Exception | None]:
    """The strict parser after its work, and what ended it early."""
    from feedparser.exceptions import UndeclaredNamespace

    parser = _own(_parsers()[0](visit.url, None, "utf-8"))
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


def _entry(item: Any, feed: Feed, visit: Fresh, version: str, language: str, authors: tuple[str, ...]) -> Entry:
    """`authors` of the feed stand for those of an entry that names none (RFC 4287 section 4.2.1)."""
    atom = version.startswith("atom")
    literal = atom and _type(item.get("title_detail")) in _PLAIN_TYPES
    summary, content = _texts(item)
    published = _date(item, ("published", "dc_date", "created"), visit.at)
    updated = _date(item, ("updated",), visit.at)
    link = _link(item, visit.url, version)
    file = "" if link else _file(item, visit.url)
    return Entry(
        feed=feed.name,
        id=str(item.get("id") or "").strip(),
        link=publishers_address(link) or file,
        title=stated_title(next((str(item[name]) for name in _TITLES if item.get(name)), ""), literal=literal),
        summary=summary,
        content=content,
        published=published or updated or _date(item, _OTHER_DATES, visit.at),
        updated=updated,
        authors=_authors(item) or (atom and _authors(item.get("source") or {})) or authors,
        language=language_code(_item_language(item)) or language,
        tags=tag_names(str(tag.get("term") or "") for tag in item.get("tags", ())),
        file=bool(file),
        outlet=_outlet(item.get("source"), visit.url) or headline(str(item.get("news_source") or ""))[:200],  # Bing's
    )


def _type(detail: Any) -> str:
    return str(detail.get("type") or "") if detail else ""


def _texts(item: Any) -> tuple[str, str]:
    """Summary and content as HTML; what stands in both counts as content."""
    contents = [_html(part, str(part.get("value") or "")) for part in item.get("content", ()) if _readable(part)]
    content = max(contents, key=len, default="") or str(item.get("yandex_full-text") or "")
    detail = item.get("summary_detail") or next(iter(item.get("content", ())), None)  # feedparser copies it from there
    summary = _html(detail, str(item.get("summary") or ""))
    if not summary and not content:
        return str(item.get("media_description") or "")[:MOST_HTML], ""
    return summary_and_content(summary, content)


def _readable(part: Any) -> bool:
    kind = _type(part)
    return not kind or kind.startswith("text") or kind.endswith(("html", "xml"))


def _html(detail: Any, value: str) -> str:
    return text_as_html(value, _type(detail))


def _link(item: Any, base: str, version: str) -> str:
    """The article's address: the link (feedparser: or a guid that is one), else the first fitting of several.

    Of the alternates of an Atom entry the first counts, feedparser takes the last. RSS 1.0 section 5.5: `rdf:about` is
    the item's address.
    """
    links = [link for link in item.get("links", ()) if link.get("href")]
    stated = str(item.get("link") or "")
    if stated == str(item.get("id") or "").strip():
        stated = guid_as_link(stated)
    first = _first_page(links) if version.startswith("atom") else ""
    others = (link["href"] for link in links if link.get("rel", "alternate") in ("alternate", "related", "via"))
    named = item.get("id") if version in _RDF else ""
    burnt, elsewhere = item.get("feedburner_origlink"), item.get("content_src")
    for candidate in (first, stated, *others, named, burnt, elsewhere):
        found = absolute(str(candidate or ""), base)
        if found:
            return found
    return ""


def _file(item: Any, base: str) -> str:
    """The address of the first file that is enclosed."""
    files = (link.get("href") for link in item.get("links", ()) if link.get("rel") == "enclosure")
    return next(filter(None, (absolute(str(address or ""), base) for address in files)), "")


def _first_page(links: Iterable[Any]) -> str:
    pages = (link for link in links if link.get("rel", "alternate") == "alternate")
    return next((str(link["href"]) for link in pages if link.get("type", "text/html") in HTML_TYPES), "")


def _date(item: Any, names: Iterable[str], now: datetime) -> datetime | None:
    found = (dates.parse(str(item.get(name) or ""), now=now, ahead=dates.FAR) for name in names if name in item)
    return next((moment for moment in found if moment), None)


def _authors(item: Any) -> tuple[str, ...]:
    named = [str(author.get("name") or "") for author in item.get("authors", ())]
    return author_names(named if len(named) > 1 else [str(item.get("author") or "")])


def _outlet(source: Any, feed_url: str) -> str:
    if not source:
        return ""
    address = str(source.get("href") or source.get("link") or source.get("id") or "")
    return outlet_elsewhere(address, str(source.get("title") or source.get("value") or ""), feed_url)


def _item_language(item: Any) -> str:
    detail = next(iter(item.get("content", ())), None) or item.get("summary_detail") or item.get("title_detail")
    return str(item.get("dc_language") or item.get("language") or (detail.get("language") if detail else "") or "")
