"""What every kind of source makes of a title, an address and a language tag, so that all kinds give the same."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html.entities import html5
from urllib.parse import urljoin, urlsplit

from monitor.links import host_of
from monitor.model import Entry
from monitor.sources.base import MOST_HTML, MOST_TITLE
from monitor.words import plain

_ADDRESS = re.compile(r"(?:\bmailto:)?(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+|\bmailto:(?=\))", re.IGNORECASE)
# What joining with any base and taking apart again gives back as it was.
_SIMPLE_LINK = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[\w./%~+,@=!*'():-]*)?(?:\?[\w&=.%~+,/:@!*'()-]+)?", re.ASCII)
_SIMPLE_PATH = re.compile(r"/(?:[\w.%~+,@=-][\w./%~+,@=-]*)?(?:\?[\w&=.%~+,-]+)?", re.ASCII)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
HTML_TYPES = ("text/html", "application/xhtml+xml")
_CDATA = "<![CDATA["
_IANA = "http://www.iana.org/assignments/relation/"
_LANGUAGES = {"ua": "uk", "eng": "en", "ukr": "uk", "rus": "ru", "deu": "de", "ger": "de", "nb": "no", "nn": "no"}


def stated_language(tag: str, headers: Mapping[str, str]) -> str:
    """The document's own language, else the one that its Content-Language header names (RFC 9110 section 8.5)."""
    header = headers.get("content-language", "")
    return language_code(tag) or ("" if "," in header else language_code(header))


def is_simple_link(link: str) -> bool:
    """Whether resolving this address against any base would give it back letter by letter."""
    return _SIMPLE_LINK.fullmatch(link) is not None


def is_simple_path(link: str) -> bool:
    """Whether this is a path from a host's root without any oddity."""
    return _SIMPLE_PATH.fullmatch(link) is not None


def absolute(link: str, base: str) -> str:
    """`link` made absolute; "" for what is no http(s) address."""
    if is_simple_link(link):
        return link
    link = "".join(link.split()) if "\n" in link or "\t" in link else link.strip()
    if not link:
        return ""
    try:
        joined = urljoin(base, link)
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.netloc else ""


def guid_as_link(guid: str) -> str:
    """A guid that stands for the link where it is an address, or a path of the site; "" for a mere number or word."""
    return guid if guid.startswith("/") or guid[:8].lower().startswith(("http://", "https://")) else ""


@lru_cache(maxsize=1_024)
def language_code(tag: str) -> str:
    """ISO 639-1 of a language tag (RFC 5646): its first part, where that has two letters."""
    first = re.split(r"[-_]", tag.strip().lower())[0]
    first = _LANGUAGES.get(first, first)
    return first if len(first) == 2 and first.isascii() and first.isalpha() else ""


def unwrapped(text: str) -> str:
    """HTML without the marks of CDATA sections: what was wrapped twice shows them, and HTML takes them for comments."""
    return text.replace(_CDATA, "").replace("]]>", "") if _CDATA in text else text


def relation(rel: str) -> str:
    """A link's relation by its short name, in lower case; RFC 4287 section 4.2.7.2 lets it be an address of IANA.

    What is empty counts as not stated; of several, as HTML has them, "alternate" tells unless the feed itself is meant.
    """
    names = [name.removeprefix(_IANA) for name in rel.lower().split()]
    if not names or ("alternate" in names and "self" not in names and "hub" not in names):
        return "alternate"
    return " ".join(names)


def headline(title: str) -> str:
    """A title that may hold HTML or entities, as one line of plain text."""
    title = unwrapped(title[:MOST_TITLE])
    if "<" in title:
        return one_line(plain(title))
    return one_line(unescaped(title))


def stated_title(title: str, *, literal: bool = False) -> str:
    """A title within its limit; `literal`, where the format says that it is text and no HTML."""
    title = title[:MOST_TITLE]
    if literal and not title.lstrip().startswith(_CDATA):
        return one_line(unescaped(title))
    return headline(title)


def unescaped(text: str) -> str:
    """Plain text without references; HTML's laxness, by which "&copy=3" of an address is a sign, is not for it."""
    return _REFERENCE.sub(_letters, text) if "&" in text else text


def _letters(reference: re.Match[str]) -> str:
    known = reference[1] is None or f"{reference[1]};" in html5
    return html.unescape(reference.group()) if known else reference.group()


def text_as_html(value: str, kind: str) -> str:
    """A text of the media type `kind` as HTML."""
    return html.escape(value, quote=False) if kind in ("text/plain", "text") and re.search(r"[<&]", value) else value


def one_line(text: str) -> str:
    """`text` with every run of white space as one blank."""
    return " ".join(text.split())


def without_repeats(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries in order, each word-for-word repeat within the document left out."""
    seen: set[Entry] = set()
    for entry in entries:
        if entry not in seen:
            seen.add(entry)
            yield entry


def author_names(stated: Iterable[str]) -> tuple[str, ...]:
    """Names of people out of what feeds put there: without HTML, mail addresses and brackets, each once."""
    found = (_person(name[:MOST_TITLE]) for name in stated)
    return tuple(dict.fromkeys(name for name in found if name))


@lru_cache(maxsize=4_096)
def _person(stated: str) -> str:
    text = plain(stated)
    text = plain(text) if "</" in text else text  # escaped twice
    name = one_line(_ADDRESS.sub("", text).replace("()", "")).strip(" <>,;")
    bare = name.strip(" ()<>,;")
    return (bare if bare.count("(") == bare.count(")") else name)[:200]


def tag_names(stated: Iterable[str]) -> tuple[str, ...]:
    """Categories in their order, each once."""
    return tuple(dict.fromkeys(tag for tag in map(one_line, stated) if tag))


def outlet_elsewhere(address: str, title: str, feed_url: str) -> str:
    """The outlet that an aggregator took an item from (RSS 2.0 and Atom `source`), where it is on another host."""
    elsewhere = host_of(address) and host_of(address).removeprefix("www.") != host_of(feed_url).removeprefix("www.")
    return headline(title)[:200] if elsewhere else ""


def summary_and_content(summary: str, content: str) -> tuple[str, str]:
    """Both as HTML, told apart: what stands in both counts as content, and so does the longer of the two."""
    summary, content = unwrapped(summary), unwrapped(content)
    if content and (summary.strip() == content.strip() or not summary.strip()):
        return "", content[:MOST_HTML]
    if len(summary) > len(content) > 0:
        summary, content = content, summary  # some put the whole text into the description and the teaser into content
    return summary[:MOST_HTML], content[:MOST_HTML]
