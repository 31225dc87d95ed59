"""The kind "page": the headlines of an HTML section page as entries, for sites without a feed.

By the selectors of feeds.toml, or of itself: links whose addresses and words are an article's, in runs of one section.
Reads what stands on the page and no more; what scripts would add it does not see.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from lxml.cssselect import CSSSelector

from monitor import dates
from monitor.model import Entry, Feed, FeedPage, Fresh, Selection, Unreadable
from monitor.shields import shield_alone
from monitor.sources.addresses import looks_like_an_article, section
from monitor.sources.base import MOST_HTML
from monitor.sources.document import has_monstrous_tag, open_body
from monitor.sources.fields import absolute, headline, one_line, stated_language, text_as_html, without_repeats

MOST_LINKS = 5_000  # looked at; a section page has some hundreds
MOST_FOUND = 300
MOST_SIZE = 4 * 2**20  # characters
FEWEST = 3  # links of one section that make a run
FEWEST_LETTERS = 20  # of a headline; scripts without spaces say in ten what others do in thirty

_HEADINGS = ".//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]"
_ASIDE = frozenset(("nav", "footer", "form", "button"))
_SCREAM = re.compile(r"\b(?:cookies?|javascript|newsletter|subscribe|sign (?:in|up)|log ?in)\b", re.IGNORECASE)
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


class Page:
    """Reads a section page."""

    def pointers(self, feed: Feed, visit: Fresh, since: datetime | None) -> tuple[str, ...]:
        """None: what stands on further pages was on this one before."""
        return ()

    def read(self, feed: Feed, visit: Fresh) -> FeedPage | Unreadable:
        """The headlines in their order; Unreadable where there are none: a page that lost its shape must be told."""
        opened = open_body(visit)
        if isinstance(opened, Unreadable):
            return opened
        if has_monstrous_tag(opened.text):
            return Unreadable("forbidden HTML (too many attributes)")
        if not re.search(r"<\s*(?:html|body|head|div|a)\b", opened.text[:200_000], re.IGNORECASE):
            return Unreadable("no HTML page", " ".join(opened.text[:60].split()))
        root = html_tree(opened.text[:MOST_SIZE])
        if root is None:
            return Unreadable("broken HTML", f"{len(opened.text)} characters")
        base = absolute(next(iter(root.xpath("//base/@href")), ""), visit.url) or visit.url
        wanted = re.compile(feed.links) if feed.links else None
        found = _selected(root, feed.select, base) if feed.select.item else _automatic(root, base, wanted)
        entries = [_entry(feed, visit, *one) for one in found if wanted is None or wanted.search(one[0])]
        kept = tuple(without_repeats(entries))[:MOST_FOUND]
        if not kept:
            if wall := shield_alone(opened.text):
                return Unreadable("bot wall instead of the page", wall)
            return Unreadable("no headlines on the page", _advice(feed))
        return FeedPage(
            title=headline(next(iter(root.xpath("//title/text()")), "")),
            link=visit.url,
            language=stated_language(next(iter(root.xpath("/html/@lang")), ""), visit.headers),
            entries=kept,
            remark=opened.remark,
        )


def compiled(selector: str) -> Callable[[Any], Any]:
    """A CSS selector or an XPath as a function of an element; ValueError with what is wrong with it."""
    try:
        if selector.startswith(("/", ".//", "./", "(")):
            xpath: Callable[[Any], Any] = etree.XPath(selector)
            return xpath
        css: Callable[[Any], Any] = CSSSelector(selector, translator="html")
    except (etree.XPathError, SyntaxError, RuntimeError, ValueError) as error:
        raise ValueError(f"'{selector}' is neither a CSS selector nor an XPath: {error}") from error
    return css


def _advice(feed: Feed) -> str:
    if feed.select.item:
        return f"nothing with a link fits select.item = '{feed.select.item}'"
    return "give the feed select.item, or links with the pattern of its articles' addresses"


def html_tree(text: str) -> Any:
    """The root element of a page; None where there is none."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


# An entry found: address, title, summary as text, date as text.
_Found = tuple[str, str, str, str]


def _selected(root: Any, select: Selection, base: str) -> Iterator[_Found]:
    for item in compiled(select.item)(root)[:MOST_LINKS]:
        if not isinstance(item.tag, str):
            continue
        anchor = _first(item, select.link) if select.link else _anchor(item)
        link = _link(anchor, base)
        title = _words(_first(item, select.title)) if select.title else _title(item, anchor)
        if link and title:
            summary = _words(_first(item, select.summary)) if select.summary else _summary(item, title)
            stated = _stated(_first(item, select.date)) if select.date else _stated(next(iter(item.iter("time")), None))
            yield link, title, summary, stated


def _first(item: Any, selector: str) -> Any:
    found = compiled(selector)(item)
    return next(iter(found), None) if isinstance(found, list) else found


def _anchor(item: Any) -> Any:
    """The item's own link: itself, that of its heading, or its first."""
    if item.tag == "a":
        return item
    headed = item.xpath(f"{_HEADINGS}//a[@href] | .//a[@href][{_HEADINGS}]")
    return next(iter(headed or item.xpath(".//a[@href]")), None)


def _link(anchor: Any, base: str) -> str:
    """The address of a link; an attribute (of an XPath) is one too."""
    href = anchor if isinstance(anchor, str) else anchor.get("href", "") if anchor is not None else ""
    return absolute(str(href).partition("#")[0], base)


def _title(item: Any, anchor: Any) -> str:
    heading = next(iter(item.xpath(_HEADINGS)), None)
    return _words(heading) or _words(anchor)


def _words(node: Any) -> str:
    if node is None or isinstance(node, str):
        return one_line(str(node or ""))
    return one_line(" ".join(part for part in node.itertext() if part.strip()))


def _stated(node: Any) -> str:
    """A date as the page states it: the machine's form before the words."""
    if node is None or isinstance(node, str):
        return str(node or "")
    return node.get("datetime") or node.get("content") or _words(node)


def _automatic(root: Any, base: str, wanted: re.Pattern[str] | None) -> Iterator[_Found]:
    """Links whose words are a headline's, in runs of one section; the first place of each address counts."""
    best: dict[str, tuple[str, Any]] = {}
    own = base.split("/")[2].lower().removeprefix("www.")
    for anchor in root.xpath("//a[@href]")[:MOST_LINKS]:
        link = _link(anchor, base)
        host = link.split("/")[2].lower().removeprefix("www.") if link else ""
        if not link or (host != own and not host.endswith(f".{own}")) or link.rstrip("/") == base.rstrip("/"):
            continue
        if not (wanted.search(link) if wanted else looks_like_an_article(link)):
            continue
        if any(above.tag in _ASIDE for above in anchor.iterancestors()):
            continue
        title = _title(anchor, anchor)
        if link not in best or len(title) > len(best[link][0]):
            best[link] = (title, anchor)
    runs: dict[str, list[str]] = defaultdict(list)
    for link, (title, _) in best.items():
        if _is_headline(title):
            runs[section(link)].append(link)
    several = any(len(links) >= FEWEST for links in runs.values())
    for link, (title, anchor) in best.items():
        run = runs.get(section(link), [])
        if _is_headline(title) and (len(run) >= FEWEST or wanted or (several and _is_numbered(link))):
            block = _block(anchor)
            yield link, title, _summary(block, title), _stated(next(iter(block.iter("time")), None))


def _is_numbered(link: str) -> bool:
    """Whether a number of an article stands in the address, so that it need not be one of a run."""
    return re.search(r"\d{4,}", link) is not None


def _is_headline(title: str) -> bool:
    wide = len(_WIDE.findall(title))
    return len(title) + 2 * wide >= FEWEST_LETTERS and (wide > 6 or title.count(" ") >= 2) and not _SCREAM.search(title)


def _block(anchor: Any) -> Any:
    """What belongs to one link: the largest element around it that holds no other article's link."""
    href, block = anchor.get("href"), anchor
    for above in anchor.iterancestors():
        others = (other.get("href", "") for other in above.iter("a"))
        if above.tag == "body" or any(one != href and looks_like_an_article(f"//x/{one}") for one in others):
            break
        block = above
    return block


def _summary(item: Any, title: str) -> str:
    """The first paragraph of some length that is not the headline again."""
    for paragraph in item.iter("p"):
        words = _words(paragraph)
        if len(words) >= 40 and words not in title and title not in words:
            return words
    return ""


def _entry(feed: Feed, visit: Fresh, link: str, title: str, summary: str, stated: str) -> Entry:
    return Entry(
        feed=feed.name,
        id=link,
        link=link,
        title=headline(text_as_html(title, "text")),
        summary=text_as_html(summary, "text")[:MOST_HTML],
        published=dates.parse(stated, now=visit.at) or dates.stated_day(link, visit.at),
    )
