"""Tells what stands in the way where an article should be: a challenge, a captcha, a consent page, a login, an error.

Each kind has several independent signs, and it takes two of them: one word on a page proves nothing, and an article
about captchas is an article. What a page says of itself and nothing else (`notices`) and the marks of a shield's page
(`shields`) are enough. Of pages that hold a real text (see `SHORT`) only a list or a front page is no article.
"""

import re
from urllib.parse import urlsplit

from msgspec import Struct

from monitor import links
from monitor.extract.lists import NO_TEASERS, Teasers
from monitor.extract.notices import notice, paid, parted
from monitor.extract.signs import KINDS
from monitor.model import Fresh
from monitor.shields import shield_alone
from monitor.words import fold, folded_words, words

SHORT = 1_200  # characters; a longer text is an article whatever else the page carries


class Looks(Struct, frozen=True):
    """What of a page is looked at."""

    title: str  # of the document, with its first heading
    markup: str  # the head of the HTML, lower case
    text: str  # the article's text as found, maybe nothing
    visible: str  # all text of the page
    anchors: frozenset[str]  # the text of each link
    is_article: bool  # it says of itself that it is one
    teasers: Teasers = NO_TEASERS  # what of the text leads elsewhere; not looked at where it is an article


_FRONT = "front page instead of the article"
_BRIEF = 40  # characters; the shortest paragraph that is news under its headline
_META = re.compile(r"<meta\b[^<>]*+", re.IGNORECASE)
_REFRESH = re.compile(r"\shttp-equiv=[\"']?refresh\b", re.IGNORECASE)


def wall(looks: Looks, page: Fresh, headline: str) -> str:
    """What the page is instead of an article, in words; "" when it may be one.

    `headline` is the entry's: a page that does not carry its words is all the more suspicious.
    """
    if _is_list(looks, headline):
        return "list of articles"
    shown = _shows(looks, headline)
    if not shown and _leads_on(looks, page, headline):
        return "list of articles"
    if len(looks.text) >= SHORT:
        lost = not shown and not looks.is_article and lost_its_path(page) and not _carries(looks, headline)
        return _FRONT if lost else ""
    said = notice(looks.text, headline)
    if shown and any(len(line) >= _BRIEF for line in looks.text.split("\n")):
        return said or ("login wall" if _asks_for_login(looks, headline) else "")
    return _by_signs(looks, page, headline) or said


def _by_signs(looks: Looks, page: Fresh, headline: str) -> str:
    """As `wall`, of a page without much text that is not under the headline."""
    strange = not _carries(looks, headline) and not looks.is_article
    for reason, kind in KINDS.items():
        signs = sum(1 for sign in kind.title if sign.search(looks.title))
        signs += sum(1 for sign in kind.text if sign.search(looks.visible[:6_000]))
        if signs or strange or len(looks.text) < 300:
            signs += sum(1 for sign in kind.markup if sign.search(looks.markup))
        signs += reason == "Cloudflare challenge" and page.headers.get("cf-mitigated", "") == "challenge"
        if signs >= 2 and (strange or signs >= 3 or len(looks.text) < 300):
            return reason
        if signs == 1 and strange and len(looks.visible) < 600 and any(sign.search(looks.title) for sign in kind.title):
            return reason
    if not looks.is_article and (strange or len(looks.text) < 300):
        marks = shield_alone(looks.markup)
        if marks and marks != "captcha":  # which stands in many a letter box
            return marks
    if len(looks.visible) < 300 and _forwards(looks.markup):
        return "page that only forwards to another"
    if strange and lost_its_path(page):
        return _FRONT
    return ""


def _forwards(markup: str) -> bool:
    """Whether a `<meta>` sends the reader on to another address."""
    for tag in _META.finditer(markup):
        refresh = _REFRESH.search(tag.group())
        if refresh and "url=" in tag.group()[refresh.end() :].lower():
            return True
    return False


def _longer_words(text: str) -> list[str]:
    """Those of more than three letters, folded; the others stand in any headline."""
    return [word.folded for word in words(text) if word.end - word.start > 3]


def _shows(looks: Looks, headline: str) -> bool:
    """Whether the page's own title or first heading is the headline, in at least three of five of its longer words."""
    if fold(headline) and fold(headline) in fold(looks.title):
        return True
    wanted, shown = set(_longer_words(headline)), set(folded_words(looks.title))
    return len(wanted) >= 2 and len(wanted & shown) * 5 >= len(wanted) * 3


def _asks_for_login(looks: Looks, headline: str) -> bool:
    """Whether at the end of a teaser or beside it a page says that the rest is for those who log in."""
    text, prompts = parted(looks.text, headline)
    if paid(prompts, looks.markup):
        return True
    beside = looks.visible
    for line in text.split("\n"):
        beside = beside.replace(line.removeprefix("- "), " ", 1)
    kind = KINDS["login wall"]
    said = [bool(sign.search(beside)) for sign in kind.text]
    return said[0] and sum(said) + sum(1 for sign in kind.markup if sign.search(looks.markup)) >= 2


def _leads_on(looks: Looks, page: Fresh, headline: str) -> bool:
    """Whether another page came than was asked for, or one under another title, and its text is teasers of others."""
    if looks.is_article:
        return False
    if links.url_key(page.url) != links.url_key(page.request.url):
        return looks.teasers.around >= 5 and looks.teasers.share >= 0.6
    strange = len(_longer_words(headline)) >= 3
    return strange and looks.teasers.count >= 8 and looks.teasers.share >= 0.8


def _is_list(looks: Looks, headline: str) -> bool:
    """Whether the text is mostly headlines that lead elsewhere, or there is none beside many of them."""
    if looks.is_article:
        return False
    shown = _shows(looks, headline)
    lines = [line.lstrip("-•* ") for line in looks.text.split("\n")]
    linked = [line for line in lines if line in looks.anchors and line.count(" ") >= 3]
    headlines = [anchor for anchor in looks.anchors if anchor.count(" ") >= 3]
    if len(headlines) < 8:
        return False
    if not looks.text:
        return sum(map(len, headlines)) * 2 > len(looks.visible)
    if len(linked) < 8:
        return False
    # Headlines alone, or each with its teaser; an article that has so many linked headings is under its own headline.
    return sum(map(len, linked)) * 2 > len(looks.text) or (not shown and len(linked) * 3 >= len(lines))


def _carries(looks: Looks, headline: str) -> bool:
    """Whether the page shows at least half of the headline's longer words; True when there are too few to tell."""
    wanted = set(_longer_words(headline))
    if len(wanted) < 3:
        return True
    shown = set(folded_words(f"{looks.title} {looks.visible[:20_000]}"))
    return len(wanted & shown) * 2 >= len(wanted)


def lost_its_path(page: Fresh) -> bool:
    """Whether an article's address was asked for and the front page came."""
    try:
        asked, came = urlsplit(page.request.url), urlsplit(page.url)
    except ValueError:
        return False
    return len(asked.path) > 8 and came.path in ("", "/") and not came.query
