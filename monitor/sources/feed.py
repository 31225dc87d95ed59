"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, RDF: a document's XML as entries, by feedparser.

feedparser gets no bytes to guess at and no address to fetch, only text that `document` has opened. What it changes is
undone or kept from happening: guids stay as the feed states them (RFC 4287 section 4.2.6: compared character by
character), dates are read by `dates`, HTML is neither sanitised nor rewritten.
"""

from collections.abc import Iterable
from datetime import datetime
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
    stated_language,
    stated_title,
    summary_and_content,
    tag_names,
    text_as_html,
    without_repeats,
)
from monitor.sources.parsers import PERMANENT, parsed

_RDF = ("rss090", "rss10")  # as feedparser calls them
_OTHER_DATES = ("prism_publicationdate", "dcterms_available")  # of a day or an issue, where no better one is stated
_TITLES = ("title", "dc_title", "itunes_title", "media_title")
_DESCRIPTIONS = ("subtitle", "summary", "itunes_summary", "dc_description", "itunes_subtitle")
_SPARE = ("itunes_summary", "dc_description")  # texts that most often repeat another
_PLAIN_TYPES = ("text/plain", "text")


def read_feed(feed: Feed, visit: Fresh, text: str, remark: str = "") -> FeedPage:
    """The entries of an XML feed; `text` starts with its root element and has no DOCTYPE."""
    heard, odd = parsed(text, visit.url)
    meta = heard.feeddata
    language = stated_language(str(meta.get("language") or ""), visit.headers)
    stated = [link for link in meta.get("links", ()) if link.get("href")]
    links = [(str(link.get("rel") or ""), str(link["href"])) for link in stated]
    hub, self_link = hints.hub_and_self(links, visit.headers, visit.url)
    atom = heard.version.startswith("atom")
    authors = _authors(meta) if atom else ()
    entries = (_entry(item, feed, visit, heard.version, language, authors) for item in heard.entries[:MOST_ENTRIES])
    return FeedPage(
        title=headline(str(meta.get("title") or meta.get("dc_title") or "")),
        link=absolute((_first_page(stated) if atom else "") or str(meta.get("link") or ""), visit.url),
        language=language,
        entries=tuple(without_repeats(entries)),
        ttl=hints.wished_pause(str(meta.get("ttl") or "")),
        remark="; ".join(part for part in (remark, odd) if part),
        description=next((str(meta[name]) for name in _DESCRIPTIONS if meta.get(name)), ""),
        update_every=hints.update_every(
            str(meta.get("sy_updateperiod") or ""), str(meta.get("sy_updatefrequency") or "")
        ),
        skip_hours=hints.skipped_hours(heard.hours),
        skip_days=hints.skipped_days(heard.days),
        hub=hub,
        self_link=self_link,
    )


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
    spare = next((_html(item.get(f"{name}_detail"), str(item[name])) for name in _SPARE if item.get(name)), "")
    detail, summary = item.get("summary_detail"), str(item.get("summary") or "")
    if detail or not item.get("content"):
        summary = _html(detail, summary) or spare
    else:
        summary = spare or _html(item["content"][0], summary)  # feedparser copies it from there
    if not summary and not content:
        return str(item.get("media_description") or "")[:MOST_HTML], ""
    return summary_and_content(summary, content or (spare if summary != spare else ""))


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
    permanent = guid_as_link(str(item.get("id") or "").strip()) if item.get(PERMANENT) else ""
    player = item.get("media_player", {}).get("url")  # a page too (Media RSS)
    for candidate in (first, stated, *others, permanent, named, burnt, elsewhere, player):
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
