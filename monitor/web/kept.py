"""An article's page as its outlet answered it, out of the evidence: cleaned, so that nothing in it acts or is loaded.

What is left is text in its order, with headings, lists, tables, quotes and links: no script, style, form or picture.
nh3 (ammonia, a parser of HTML by the standard) decides by a list of what may stay; the desk's policy would forbid the
rest once more.
"""

from collections.abc import Iterator
from urllib.parse import urljoin

import nh3
from fastapi import APIRouter
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.digests.languages import direction
from monitor.digests.wording import web_address
from monitor.extract.pages import article_html, page_html
from monitor.model import Exhibit, Fresh, Proof
from monitor.model import Request as Asked
from monitor.warcs import Page, read_warc
from monitor.web.room import Here, Room

router = APIRouter(include_in_schema=False)

LARGEST = 100_000  # characters of what is shown
_BLOCKS = "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre hr br table caption thead tbody tfoot tr th td"
_WORDS = "a abbr b cite code del em i ins mark q s small strong sub sup time u"
TAGS = frozenset(f"{_BLOCKS} {_WORDS} div section article figure figcaption".split())
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "time": {"datetime"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "*": {"lang", "dir"},
}
DROPPED = {
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "form",
    "nav",
    "button",
    "select",
}
"""Of these the content goes too: it is no part of what was reported."""


class Kept(Struct, frozen=True):
    """A cleaned page; `cut` where it was too long to be shown whole."""

    html: str
    exhibit: Exhibit
    cut: bool


@router.get("/articles/{article}/kept")
def kept(request: Request, room: Here, article: str) -> HTMLResponse:
    """The page of an article as it was kept for evidence, the last one of several."""
    with room.app.store.read() as shelves:
        stored, exhibits = shelves.articles.get(article), shelves.exhibits.of(article)
        story = shelves.stories.story_of(article)
    if stored is None:
        raise HTTPException(404, f"there is no article {article}")
    pages = [one for one in exhibits if one.proof is Proof.PAGE]
    if not pages:
        raise HTTPException(404, "no page of this article was kept: it did not match, or came with its feed alone")
    found = _kept(room, pages[-1])
    language = stored.article.language
    return room.page(
        request,
        "kept",
        article=stored.article,
        outlet=stored.outlet,
        story=story,
        kept=found,
        direction=direction(language),
        others=len(pages) - 1,
        largest=LARGEST,
    )


def _kept(room: Room, exhibit: Exhibit) -> Kept:
    path = room.archive / "evidence" / exhibit.file
    try:
        page = next(_pages(read_warc(path, lambda url: url == exhibit.url, max(0, exhibit.response))), None)
    except (OSError, ValueError) as error:
        raise HTTPException(
            409, f"{exhibit.file} cannot be read: {error}; `monitor evidence verify` says more"
        ) from error
    if page is None or page.place >= exhibit.end:
        raise HTTPException(409, f"the page does not stand in {exhibit.file}; `monitor evidence verify` says more")
    answer = Fresh(Asked(url=page.url, purpose="page", feed=""), page.url, 200, page.headers, page.body, page.at)
    html, cut = cleaned(page_html(answer), page.url)
    return Kept(html, exhibit, cut)


def _pages(items: Iterator[object]) -> Iterator[Page]:
    return (one for one in items if isinstance(one, Page))


def cleaned(html: str, url: str) -> tuple[str, bool]:
    """What of the page at `url` may be shown, and whether it was cut; its article alone where it names one.

    Links lead to the web, those within its site as well, and never into the desk.
    """
    shown = _clean(article_html(html), url)
    cut = len(shown) > LARGEST
    if cut:
        shown = _clean(shown[:LARGEST].rpartition("<")[0], url)
    # The desk's own page has the first heading.
    return shown.replace("<h1", "<h2").replace("</h1>", "</h2>"), cut


def _clean(html: str, url: str) -> str:
    def outward(_tag: str, name: str, value: str) -> str | None:
        return (_joined(url, value) or None) if name == "href" else value

    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        attribute_filter=outward,
        link_rel="noopener noreferrer nofollow",
    )


def _joined(url: str, link: str) -> str:
    try:
        return web_address(urljoin(url, link))
    except ValueError:  # such as a bracket that is no IPv6 address
        return ""
