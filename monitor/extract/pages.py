"""A page's bytes as a tree and its article's text, by trafilatura, read twice and agreed.

Decides nothing about walls or about which text is used; see `walls` and `article`.
"""

import re
from typing import Any

from trafilatura import bare_extraction, load_html

from monitor import charset
from monitor.extract.agreement import trimmed
from monitor.model import Fresh

MOST_HTML = 3_000_000  # characters of a page that are looked at
_THIN = 250  # characters; a shorter text is worth a second, slower try
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_PROLOG = re.compile(r"\A\s*<\?xml[^>]*\?>", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SPAN = re.compile(r"((?:col|row)span\s*=\s*[\"']?\s*)[\d+-]{3,}", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{4000,}")
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x1f\x8b")


def page_html(page: Fresh) -> str:
    """The page as text, in whatever charset it came; "" when it is no text at all."""
    body = page.body[: MOST_HTML * 2]
    if body.startswith(_BINARY) or not body.strip(b" \t\r\n\x00"):
        return ""
    declared = _META.search(body[:8_000]) or _XML_CHARSET.search(body[:200])
    html, _ = charset.decode(
        body,
        header=charset.from_content_type(page.headers.get("content-type", "")),
        declared=declared.group(1).decode("ascii", "replace") if declared else "",
    )
    html = _PROLOG.sub("", html[:MOST_HTML].replace("\x00", ""))
    html = _LONG_TAG.sub(_few_attributes, html)
    return _SPAN.sub(r"\g<1>1", html) if "span" in html else html


def _few_attributes(tag: re.Match[str]) -> str:
    """A tag with hundreds of attributes loses them: reading them takes the square of their number."""
    return tag.group().partition(" ")[0] if tag.group().count("=") > 300 else tag.group()


def page_tree(html: str) -> Any | None:
    """lxml's tree of a page, or None where there is no markup; tables that only lay out the page are plain blocks."""
    tree = load_html(html) if "<" in html else None
    if tree is not None:
        for table in tree.xpath("//table[.//td//p or .//td//h1]"):
            for part in table.iter("table", "thead", "tbody", "tr", "td", "th"):
                part.tag = "div"
    return tree


def article_text(tree: Any, url: str) -> str:
    """The article's text, a line a paragraph; "" when the page holds none. Leaves `tree` as it is."""
    text = _extracted(tree, url, fast=True)
    if len(text) < _THIN:
        slower = _extracted(tree, url, fast=False)
        return slower if len(slower) > len(text) else text
    return trimmed(text, _extracted(tree, url, fast=True, precision=True))


def _extracted(tree: Any, url: str, *, fast: bool, precision: bool = False) -> str:
    document = bare_extraction(tree, url=url or None, fast=fast, favor_precision=precision, include_comments=False)
    text = _CONTROLS.sub("", getattr(document, "text", None) or "")
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)


def outline(tree: Any) -> tuple[str, str, list[str]]:
    """(title and first heading, all visible text, the text of each link), white space squeezed."""
    silent = {"script", "style", "noscript", "template", "svg"}
    title = " ".join(_squeezed(part) for part in (tree.xpath("//title") + tree.xpath("//h1"))[:2])
    visible = " ".join(
        text
        for element in tree.iter()
        if isinstance(element.tag, str)
        for text in ((element.text or "") if element.tag not in silent | {"title"} else "", element.tail or "")
        if text and not text.isspace()
    )
    return title, " ".join(visible.split())[:100_000], [_squeezed(link) for link in tree.iter("a")]


def _squeezed(element: Any) -> str:
    return " ".join(element.text_content().split())
