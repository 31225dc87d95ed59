"""Whether a further page is of the same article as the page that leads to it, before their texts are joined.

WordPress gives a second post of the same title the first one's address with "-2" behind it, as others number the pages
of one article. So a title proves nothing there: only a link that looks like a pager's does.
"""

import re
from typing import Any
from urllib.parse import urljoin

from monitor import links
from monitor.extract.pages import page_html, page_tree
from monitor.model import Fresh
from monitor.words import folded_words

_SUFFIX = re.compile(r"[_-]\d{1,2}(?:/|\.\w{3,5})?$")
_PAGER = re.compile(r"pagin|pager|\bpag\b|page-?(?:links|nav|numbers)|multi-?page|seiten", re.IGNORECASE)
_PAGE = r"(?:page|seite|сторінк\w|страниц\w|strona|stronę|p[áa]gina|sida|strana|stránka|sayfa|sivu)"
_ONWARD = re.compile(
    rf"\W*(?:(?:{_PAGE} )?\d{{1,2}}"
    r"|(?:(?:next|read on|continued?|weiter\w*|(?:zur )?nächste\w*|далі|дальше|наступна|следующая|dalej|następna"
    rf"|suivante?|siguiente|seguinte|avanti|successiva|volgende|nästa|další|sonraki)(?: {_PAGE})?))?\W*",
    re.IGNORECASE,
)
_LEVELS = 3  # containers around a link that may be named for a pager


def goes_on(page: Fresh, title: str, part: Fresh, part_title: str) -> bool:
    """Whether `part` is a further page of the article on `page`, by their titles or by the link that leads there."""
    address = part.request.url
    if not _SUFFIX.search(address.partition("?")[0]) and _agree(title, part_title):
        return True
    tree = page_tree(page_html(page))
    return tree is not None and any(_is_pagers(link) for link in tree.iter("a") if _leads(link, page.url, address))


def _agree(one: str, other: str) -> bool:
    """Whether all words of one title are in the other, whatever the numbers; no title contradicts none."""
    here, there = ({word for word in folded_words(title) if not word.isdigit()} for title in (one, other))
    return here <= there or there <= here


def _leads(link: Any, base: str, address: str) -> bool:
    try:
        return links.url_key(urljoin(base, link.get("href") or "")) == links.url_key(address)
    except ValueError:
        return False


def _is_pagers(link: Any) -> bool:
    """Whether a link says no more than a number or "next", or stands in what is named for a pager."""
    text = " ".join(link.text_content().split())
    if text and _ONWARD.fullmatch(text):  # a picture alone may be a teaser's
        return True
    around = [link, *link.iterancestors()][: _LEVELS + 1]
    return any(_PAGER.search(f"{one.get('class') or ''} {one.get('id') or ''}") for one in around)
