"""Where a site's feeds may be: what its page says (RSS autodiscovery), and where feeds usually are."""

import re
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from monitor.sources.document import has_monstrous_tag
from monitor.sources.fields import absolute, headline
from monitor.sources.page import html_tree

MOST_OFFERS = 20

_OWN_TYPE = re.compile(r"\b(?:rss|atom|rdf|feed)\b")  # application/rss+xml, and what is written for it
_TYPES = frozenset(("application/json", "text/xml", "application/xml"))  # of feeds, and of much else
_NO_FEED = "/wp-json/"  # the page itself, for programs
_FEED_LINK = re.compile(
    r"(?:(?:\A|[/.=_-])(?:rss|atom|rdf|feeds?)(?:2|\.xml|\.php|\.json|\.aspx)?/?|\.rss|\.atom)\Z", re.I
)
_USUAL = ("feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "rss/", "feeds/", "?feed=rss2")
_USUAL_SITEMAPS = ("news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml", "google-news-sitemap.xml")


class Offer(Struct, frozen=True):
    """An address that may be a feed."""

    url: str
    title: str = ""  # as the page names it
    kind: str = "feed"  # the kind of source to read it as

    @property
    def is_aside(self) -> bool:
        """Whether it is readers' comments and not the outlet's own words."""
        return "comment" in f"{self.title} {urlsplit(self.url).path}".lower()


def offered(text: str, base: str) -> tuple[Offer, ...]:
    """The feeds that a page names: those meant for readers of feeds first, then links that look like one."""
    if has_monstrous_tag(text):
        return ()
    root = html_tree(text[: 2 * 2**20])
    if root is None:
        return ()
    base = absolute(next(iter(root.xpath("//base/@href")), ""), base) or base
    found: dict[str, Offer] = {}
    for link in root.xpath("//link[@href]"):
        rel, kind = link.get("rel", "").lower().split(), link.get("type", "").split(";")[0].strip().lower()
        may_be = kind in _TYPES and not link.get("hreflang")
        may_be = may_be or (not kind and _FEED_LINK.search(link.get("href", "").strip()) is not None)
        if ("alternate" in rel and (may_be or _OWN_TYPE.search(kind))) or "feed" in rel:
            _add(found, link.get("href", ""), base, link.get("title", ""))
    for link in root.xpath("//a[@href]"):
        if _FEED_LINK.search(link.get("href", "").strip()) or _OWN_TYPE.search(link.get("type", "").lower()):
            _add(found, link.get("href", ""), base, "".join(link.itertext()))
    return tuple(sorted(found.values(), key=lambda offer: offer.is_aside))[:MOST_OFFERS]


def _add(found: dict[str, Offer], href: str, base: str, title: str) -> None:
    href = re.sub(r"\Afeed:(?://)?(?=https?:)|\Afeed:(?=//)", "", href.strip())  # feed:https://…, feed://…
    url = absolute(href, base).partition("#")[0]
    if url and _NO_FEED not in url:
        found.setdefault(url, Offer(url, headline(title)[:100]))


def usual_places(url: str) -> tuple[Offer, ...]:
    """Where software for newspapers and logs puts its feeds: at the address itself, then at the host's root."""
    here = url if url.endswith("/") else f"{url}/"
    roots = dict.fromkeys((here, urljoin(url, "/")))
    feeds = [Offer(urljoin(root, place)) for root in roots for place in _USUAL]
    sitemaps = [Offer(urljoin(url, f"/{place}"), kind="sitemap") for place in _USUAL_SITEMAPS]
    return tuple(dict.fromkeys(feeds))[: MOST_OFFERS - len(sitemaps)] + tuple(sitemaps)
