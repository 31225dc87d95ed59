"""Prints an edition: every address of the newsroom and what it answers, as values.

Feeds come as RSS 2.0, RSS 1.0 (RDF), Atom (RFC 4287) or JSON Feed 1.1, pages as HTML5, each in its outlet's charset.
Nothing here listens on a socket; `server` does.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from msgspec import Struct

from monitor.newsroom.articles import FeedFormat, Outlet, SampleArticle

_FEED_TYPES: Mapping[FeedFormat, str] = {
    "rss": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "jsonfeed": "application/feed+json",
}
_RELATED = 4

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(("html", "xml")),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Resource(Struct, frozen=True):
    """What one address answers; `etag` is the opaque part of a weak validator (RFC 9110, 8.8.3)."""

    status: int
    content_type: str
    body: bytes
    etag: str
    modified: datetime | None


class Printed(Struct, frozen=True):
    """An article with its address, ready for a template; times are those shown to readers."""

    article: SampleArticle
    url: str

    @property
    def changed(self) -> datetime | None:
        """When this version appeared."""
        return self.article.updated or self.article.published

    @property
    def json_ld(self) -> dict[str, object]:
        """The page's schema.org NewsArticle."""
        article = self.article
        return {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "inLanguage": article.language,
            "mainEntityOfPage": self.url,
            "author": [{"@type": "Person", "name": article.author}] if article.author else [],
            "datePublished": article.published.isoformat() if article.published else None,
            "dateModified": self.changed.isoformat() if self.changed else None,
        }


def article_url(outlet: Outlet, base: str, article: SampleArticle) -> str:
    """The address of `article` on `outlet`, whose own address is `base` (no slash at its end)."""
    return base + outlet.path.format(slug=article.slug, date=article.published)


def print_outlet(
    outlet: Outlet, base: str, articles: Iterable[SampleArticle], opened_at: datetime
) -> dict[str, Resource]:
    """Everything `outlet` answers, by absolute URL: front page, feed and one page an article, newest first."""
    printed = sorted(
        (Printed(article, article_url(outlet, base, article)) for article in articles),
        key=lambda item: item.changed or opened_at,
        reverse=True,
    )
    changed = max((item.changed for item in printed if item.changed), default=opened_at)
    resources = {
        f"{base}/": _front_page(outlet, base, printed, changed),
        base + outlet.feed_path: _feed(outlet, base, printed, changed),
    }
    for number, item in enumerate(printed):
        related = (printed[number + 1 :] + printed[:number])[:_RELATED]
        resources[item.url] = _page(outlet, base, item, related)
    return resources


def robots(modified: datetime) -> Resource:
    """A robots.txt (RFC 9309) that keeps robots out of the search and lets them read the news."""
    text = "User-agent: *\nDisallow: /search\nDisallow: /wp-admin/\nAllow: /\n"
    return _resource(text.encode(), "text/plain; charset=utf-8", modified)


def _feed(outlet: Outlet, base: str, printed: Sequence[Printed], changed: datetime) -> Resource:
    if outlet.feed == "jsonfeed":
        body = json.dumps(_json_feed(outlet, base, printed), ensure_ascii=False, indent=1).encode()
        return _resource(body, _FEED_TYPES["jsonfeed"], changed)
    text = _render(f"{outlet.feed}.xml", outlet=outlet, base=base, printed=printed, changed=changed)
    body = text.encode(outlet.charset, "xmlcharrefreplace")
    return _resource(body, f"{_FEED_TYPES[outlet.feed]}; charset={outlet.charset}", changed)


def _json_feed(outlet: Outlet, base: str, printed: Sequence[Printed]) -> dict[str, object]:
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "home_page_url": f"{base}/",
        "feed_url": base + outlet.feed_path,
        "description": outlet.tagline,
        "language": outlet.language,
        "items": [_json_item(outlet, item) for item in printed],
    }


def _json_item(outlet: Outlet, item: Printed) -> dict[str, object]:
    article = item.article
    fields: dict[str, object] = {
        "id": item.url,
        "url": item.url,
        "title": article.title,
        "summary": article.summary,
        "content_html": _render("body.html", paragraphs=article.paragraphs[: None if outlet.full_text else 1]),
        "language": article.language,
    }
    if article.author:
        fields["authors"] = [{"name": article.author}]
    if article.published:
        fields["date_published"] = article.published.isoformat()
    if article.updated:
        fields["date_modified"] = article.updated.isoformat()
    return fields


def _front_page(outlet: Outlet, base: str, printed: Sequence[Printed], changed: datetime) -> Resource:
    text = _render("front.html", outlet=outlet, base=base, printed=printed, declared=outlet.charset)
    return _html(outlet, text, changed)


def _page(outlet: Outlet, base: str, item: Printed, related: Sequence[Printed]) -> Resource:
    """The page of one article, or the trouble its file asks for instead."""
    match item.article.page:
        case "broken":
            body = _render("broken.html", outlet=outlet).encode(outlet.charset, "xmlcharrefreplace")
            return _resource(body, f"text/html; charset={outlet.charset}", None, 500)
        case "wall":
            body = _render("wall.html", outlet=outlet).encode(outlet.charset, "xmlcharrefreplace")
            return _resource(body, f"text/html; charset={outlet.charset}", None, 403)
    text = _render(
        outlet.template,
        outlet=outlet,
        base=base,
        item=item,
        article=item.article,
        related=related,
        declared=outlet.charset,
    )
    if item.article.page == "truncated":
        # The connection of the outlet's own back end broke off inside the last paragraph.
        last = item.article.paragraphs[-1][:20]
        text = text[: text.index(last) + len(last)]
    return _html(outlet, text, item.changed, only_in_meta=item.article.page == "meta-charset")


def _html(outlet: Outlet, text: str, modified: datetime | None, *, only_in_meta: bool = False) -> Resource:
    content_type = "text/html" if only_in_meta else f"text/html; charset={outlet.charset}"
    return _resource(text.encode(outlet.charset, "xmlcharrefreplace"), content_type, modified)


def _resource(body: bytes, content_type: str, modified: datetime | None, status: int = 200) -> Resource:
    return Resource(status, content_type, body, hashlib.sha256(body).hexdigest()[:20], modified)


def _render(template: str, **values: object) -> str:
    return _templates.get_template(template).render(**values)


def http_date(when: datetime) -> str:
    """The IMF-fixdate of RFC 9110, 5.6.7, which RSS reads as RFC 822."""
    return format_datetime(when.astimezone(UTC), usegmt=True)


_templates.filters["http_date"] = http_date
_templates.filters["tojson_ld"] = lambda value: json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
