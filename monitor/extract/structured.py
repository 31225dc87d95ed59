"""What a page states about its article for machines: JSON-LD (schema.org), Open Graph and meta tags.

Reads author, dates, canonical address, language and, where it stands there, the whole text; guesses nothing from the
looks of the page.
"""

import json
import re
from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from monitor import dates, links
from monitor.extract.pages import headings, shown
from monitor.extract.sites import one_site
from monitor.words import folded_words, plain

_ARTICLES = frozenset(
    "article newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle"
    " reviewnewsarticle asknewsarticle blogposting liveblogposting socialmediaposting report techarticle".split()
)
_PUBLISHED = (
    "article:published_time og:article:published_time og:published_time datepublished parsely-pub-date sailthru.date"
    " dc.date.issued dcterms.created dcterms.date dc.date pubdate publishdate publish_date publication_date"
    " article.published cxenseparse:recs:publishtime date"
).split()
_AUTHOR = "author article:author_name parsely-author sailthru.author dc.creator dcterms.creator byl".split()
_BYLINE = re.compile(r"^(?:by|von|par|autor|автор|текст)[:\s]+", re.IGNORECASE)
_NO_AUTHOR = frozenset(
    "admin administrator editor redaktion redakcja редакція редакция webmaster null undefined".split()
)
_LIVE = re.compile(r"/(?:live|live-?blog|live-?ticker|live-?updates?)(?:[/-]|$)", re.IGNORECASE)
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][^\d()\n—–:;.!?]{1,38}?[^\W\d_])(?:, [^()\n—–]{2,24})?(?: ?\([^()\n]{2,40}\))? ?(?:—|–|--| - )"
)
_MOST_SCRIPT = 1_000_000  # characters of one JSON-LD script


class Structured(Struct, frozen=True):
    """The stated facts of one page; "" or None where it states none."""

    title: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    language: str = ""
    canonical: str = ""
    is_article: bool = False  # it says of itself that it is one
    image: str = ""  # the header image's address
    section: str = ""
    dateline: str = ""
    live: bool = False  # a live blog, which goes on


def read_structured(tree: Any, url: str, now: datetime) -> Structured:
    """The facts that the page at `url` (after redirects) states; `tree` is lxml's, `now` bounds its dates."""
    metas = _metas(tree)
    canonical = _canonical(tree, metas, url)
    own = {_page_key(url, url), _page_key(canonical, url)}
    node = _article_node(tree, url, own, f"{metas.get('og:title', '')} {headings(tree)}")
    stated = [_string(node.get("datePublished")), *(metas.get(name, "") for name in _PUBLISHED), _time_element(tree)]
    published = next((moment for moment in (dates.parse(text, now=now) for text in stated if text) if moment), None)
    title = plain(_string(node.get("headline")) or metas.get("og:title", "") or _heading(tree))
    return Structured(
        title=title.replace("\n", " ")[:500],
        text=plain(_string(node.get("articleBody")) or _string(node.get("text"))),
        authors=_people(node.get("author")) or _names([metas.get(name, "") for name in _AUTHOR]),
        published=published or dates.stated_day(url, now),
        language=_language(tree, metas),
        canonical=canonical,
        image=_image(node, metas, url),
        section=plain(_string(node.get("articleSection")) or metas.get("article:section", ""))[:100],
        dateline=plain(_string(node.get("dateline")))[:100],
        live="liveblogposting" in _kinds(node) or bool(_LIVE.search(urlsplit(url).path)),
        is_article=bool(node) or metas.get("og:type", "").lower() == "article" or "article:published_time" in metas,
    )


def _article_node(tree: Any, url: str, own: Set[str], titles: str) -> Mapping[str, Any]:
    """The JSON-LD object that describes the page's article: of several the one that says most.

    One of another page (than those of the keys `own`) that is not under this page's titles is of another story.
    """
    found: list[Mapping[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text_content() or "").strip().removeprefix("<!--").removesuffix("-->").strip(" ;\n\t")
        try:
            found += _articles(json.loads(text[:_MOST_SCRIPT], strict=False))
        except (ValueError, RecursionError):
            continue
    wanted = ("headline", "datePublished", "author", "articleBody")
    shown = set(folded_words(titles))
    found = [node for node in found if not _of_another(node, url, own, shown)]
    return max(found, key=lambda node: sum(1 for key in wanted if node.get(key)), default={})


def _of_another(node: Mapping[str, Any], url: str, own: Set[str], shown: Set[str]) -> bool:
    """Whether it names another page, and a headline that has too few of the words shown."""
    headline = {word for word in folded_words(_string(node.get("headline"))) if len(word) > 3}
    if not headline or not shown or len(headline & shown) * 2 >= len(headline):
        return False
    page = node.get("mainEntityOfPage")
    stated = (node.get("url"), page.get("@id") or page.get("url") if isinstance(page, dict) else page)
    named = {_page_key(_string(address), url) for address in stated if _string(address)} - {""}
    return bool(named) and not named & own


def _page_key(address: str, url: str) -> str:
    """The host and path of an address, whatever its parameters; "" for what is none."""
    return links.url_key(links.canonical(address, url)).partition("?")[0]


def _articles(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for part in value[:200]:
            yield from _articles(part, depth + 1)
    elif isinstance(value, dict):
        if _kinds(value) & _ARTICLES:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles(value.get(key), depth + 1)


def _kinds(node: Mapping[str, Any]) -> set[str]:
    """The types of a JSON-LD object, in lower case and without their vocabulary."""
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return {name.rpartition("/")[2].lower() for name in names if isinstance(name, str)}


def _image(node: Mapping[str, Any], metas: Mapping[str, str], url: str) -> str:
    """The address of the header image, made absolute; "" when none is stated, or only one that is no web address."""
    stated = node.get("image")
    first = stated[0] if isinstance(stated, list) and stated else stated
    address = _string(first.get("url") or first.get("@id")) if isinstance(first, dict) else _string(first)
    try:
        found = urljoin(url, address or metas.get("og:image", ""))
    except ValueError:
        return ""
    return found if found != url and found.startswith(("https://", "http://")) and len(found) <= 2_000 else ""


def dateline(text: str) -> str:
    """Where a text says it was reported from, as agencies begin: "KYIV, Nov 22 (Agency) —"; "" when it does not."""
    match = _DATELINE.match(text)
    return match["place"] if match and match["place"].isupper() else ""


def _heading(tree: Any) -> str:
    """The page's only first heading; of several each may be another story's."""
    found = [shown(heading) for heading in tree.iter("h1")]
    return found[0] if len(found) == 1 else ""


def _metas(tree: Any) -> dict[str, str]:
    """The first content of each `<meta>`, by its name, property or itemprop in lower case."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _time_element(tree: Any) -> str:
    """The date of `<time itemprop="datePublished">`, or of the only `<time>` within the only article."""
    marked = tree.xpath("//time[@datetime][@itemprop='datePublished' or @pubdate]")
    articles = [] if marked else tree.xpath("(//article)[position() <= 2]")
    times = marked or (articles[0].xpath(".//time[@datetime]") if len(articles) == 1 else [])
    return str(times[0].get("datetime")) if marked or len(times) == 1 else ""


def _people(value: Any) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [value]
    names = [_string(person.get("name")) if isinstance(person, dict) else _string(person) for person in people[:20]]
    return _names(names)


def _names(raw: list[str]) -> tuple[str, ...]:
    names = (_BYLINE.sub("", " ".join(plain(name).split())) for name in raw)
    fitting = (name for name in names if name and "://" not in name and "@" not in name and len(name) <= 100)
    return tuple(dict.fromkeys(name for name in fitting if name.casefold() not in _NO_AUTHOR))


def _string(value: Any) -> str:
    if isinstance(value, list):
        value = next((part for part in value if isinstance(part, str)), "")
    return value.strip() if isinstance(value, str) else ""


def _language(tree: Any, metas: Mapping[str, str]) -> str:
    root = tree.getroottree().getroot()
    tag = root.get("lang") or root.get("xml:lang") or metas.get("og:locale") or metas.get("content-language") or ""
    first = re.split(r"[-_,]", tag.strip().lower())[0]
    return first if len(first) == 2 and first.isalpha() else ""


def _canonical(tree: Any, metas: Mapping[str, str], url: str) -> str:
    """The page's own word for its address, believed within its own site and unless it names the front page."""
    hrefs = [link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    for stated in (*hrefs[:1], metas.get("og:url", "")):
        address = links.canonical(stated, url) if stated else ""
        if address and one_site(address, url) and not (_front(address) and not _front(url)):
            return address
    return ""


def _front(url: str) -> bool:
    return "/" not in links.url_key(url).partition("?")[0]
