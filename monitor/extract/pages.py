"""A page's bytes as a tree and its article's text, by trafilatura; read again only where the text looks wrong.

Decides nothing about walls or about which text is used; see `walls` and `article`.
"""

import re
from typing import Any

from lxml.etree import strip_elements, tostring
from msgspec import Struct

from monitor import charset
from monitor.extract.agreement import ENOUGH, agreed_share, trimmed
from monitor.extract.blocks import Block, outline
from monitor.extract.lines import begun, completed, doubtful, passed_over, placed, tidied
from monitor.model import Fresh

MOST_HTML = 3_000_000  # characters of a page that are looked at
_THIN = 250  # characters; a shorter text is worth a second, slower try
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_PROLOG = re.compile(r"\A\s*<\?xml[^>]*\?>", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SPANS = ("colspan", "rowspan")
_NEVER_TEXT = (
    "script style svg noscript iframe input select option button textarea link source canvas picture video audio head"
    " nav aside footer img figure map menu object"
).split()  # what trafilatura throws away too, but only after it has copied it several times
_EMBEDDED = re.compile(rb"data:[\w/+.;=-]{0,60},[\w+/=%]{1000,}")  # a picture within the page
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{4000,}")
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x1f\x8b")


class Body(Struct, frozen=True):
    """What was read of an article."""

    text: str  # a line a paragraph; "" when the page holds none
    anchors: tuple[str, ...] = ()  # the text of each link outside of the page's menus
    again: bool = False  # it looked wrong, so it was read more than once
    blocks: tuple[Block, ...] = ()  # where its lines stand


def page_html(page: Fresh) -> str:
    """The page as text, in whatever charset it came; "" when it is no text at all."""
    body = _EMBEDDED.sub(b"", page.body) if len(page.body) > MOST_HTML else page.body
    body = body[: MOST_HTML * 2]
    if body.startswith(_BINARY) or not body.strip(b" \t\r\n\x00"):
        return ""
    declared = _META.search(body[:8_000]) or _XML_CHARSET.search(body[:200])
    html, _ = charset.decode(
        body,
        header=charset.from_content_type(page.headers.get("content-type", "")),
        declared=declared.group(1).decode("ascii", "replace") if declared else "",
    )
    html = _PROLOG.sub("", html[:MOST_HTML].replace("\x00", ""))
    return _LONG_TAG.sub(_few_attributes, html)


def _few_attributes(tag: re.Match[str]) -> str:
    """A tag with hundreds of attributes loses them: reading them takes the square of their number."""
    return tag.group().partition(" ")[0] if tag.group().count("=") > 300 else tag.group()


def page_tree(html: str) -> Any | None:
    """lxml's tree of a page, or None where there is no markup.

    Tables that only lay out the page are plain blocks, and no cell spans more than 99 others: each would be written.
    """
    from trafilatura import load_html  # late, because it takes long and many a round needs no page

    tree = load_html(html) if "<" in html else None
    if tree is None:
        return None
    tables = tree.xpath("//table[.//td//p or .//td//h1]") if next(tree.iter("table"), None) is not None else ()
    for table in tables:
        for part in table.iter("table", "thead", "tbody", "tr", "td", "th"):
            part.tag = "div"
    for cell in tree.iter("td", "th"):
        for name in _SPANS:
            if len(cell.get(name, "").strip()) > 2:
                cell.set(name, "1")
    return tree


def article_text(html: str, tree: Any, url: str) -> Body:
    """The article's text as trafilatura reads it, tidied by where its lines stand; read again where that looks wrong.

    `tree` is of `html`, and is used up.
    """
    _lighten(tree)
    seen = outline(tree)
    text = _extracted(tree, url, fast=True)
    lines = tidied(placed(text, seen.blocks))
    doubt = len(text) < _THIN or doubtful(lines)
    if doubt:
        whole = page_tree(html)
        seen = outline(whole)
        lines = tidied(placed(_read_again(whole, url, text), seen.blocks))
    missed = passed_over(lines, seen.blocks)
    if missed:
        doubt = True
        slower = _extracted(page_tree(html), url, fast=False)
        if agreed_share(missed, slower) >= ENOUGH:
            lines = tidied(placed(slower, seen.blocks))
    lines = begun(completed(lines, seen.blocks), seen.blocks)
    return Body("\n".join(line.text for line in lines), tuple(seen.anchors), doubt, tuple(seen.blocks))


def _lighten(tree: Any) -> None:
    """Without what never is an article's text; figures that hold a table stay."""
    for table in tree.iter("table"):
        for figure in table.iterancestors("figure"):
            figure.tag = "div"
    strip_elements(tree, *_NEVER_TEXT, with_tail=False)


def _read_again(tree: Any, url: str, text: str) -> str:
    """The text trimmed to what a stricter reading holds too; where these disagree, a third and slower one decides."""
    if len(text) >= _THIN:
        stricter = _extracted(tree, url, fast=True, precision=True)
        if agreed_share(text, stricter) >= ENOUGH:
            return trimmed(text, stricter)
    slower = _extracted(tree, url, fast=False)
    if len(slower) > len(text) or (slower and agreed_share(text, slower) < 0.5):
        return slower
    return text


def _extracted(tree: Any, url: str, *, fast: bool, precision: bool = False) -> str:
    from trafilatura import bare_extraction

    document = bare_extraction(tree, url=url or None, fast=fast, favor_precision=precision, include_comments=False)
    text = _CONTROLS.sub("", getattr(document, "text", None) or "")
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)


def article_html(page: str) -> str:
    """The part of a page that holds most text of those called article or main; all of it where none is."""
    tree = page_tree(page) if page else None
    named = tree.xpath("//article | //main") if tree is not None else []
    if not named:
        return page
    part: str = tostring(
        max(named, key=lambda one: len(one.text_content())), method="html", encoding="unicode", with_tail=False
    )
    return part


def headings(tree: Any) -> str:
    """The page's title and first heading."""
    return " ".join(shown(part) for part in [*tree.iter("title"), *tree.iter("h1")][:2])


def shown(element: Any) -> str:
    """The text of an element in one line, without the styles and scripts within."""
    return " ".join("".join(element.xpath(".//text()[not(parent::style or parent::script)]")).split())
