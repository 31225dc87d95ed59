"""Makes an outlet out of any plain folder of texts, one article a file.

Such texts come from anywhere (clippings, exports, notes), so the title, and a date where one is plainly marked, are
read off the text itself. What cannot be known (language, author, most dates) stays unknown.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from textwrap import shorten

from monitor.newsroom.articles import ArticleError, Edition, Outlet, SampleArticle

_TITLE_LIMIT = 200
_FIRST_WORDS = 100  # characters
_TITLE_MARKS = re.compile(r"^(#+\s+)?((título|titulo|title)\s*:\s*)?", re.IGNORECASE)
_HEADING_MARK = re.compile(r"^#+\s+")
_DETAIL = re.compile(r"^>\s*\w+\s*:")
_ISO_TIME = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:[+-]\d{2}:?\d{2}|Z)?)?"
_DATE_DETAIL = re.compile(rf"^>\s*(?:data|date|datum|дата)\s*:\s*(?P<when>{_ISO_TIME})\s*$", re.IGNORECASE)
_DATE_PREFIX = re.compile(rf"^\s*date\s*:?\s+(?P<when>{_ISO_TIME})\s*", re.IGNORECASE)


def read_folder(folder: Path) -> Edition:
    """Read every `*.txt` file directly in `folder` as an article of the single outlet 'folder'.

    Raises ArticleError where there is no such folder, no such file in it, or only empty ones.
    """
    if not folder.is_dir():
        raise ArticleError(f"{folder}: no such folder; give a folder with one .txt file an article")
    articles: dict[str, SampleArticle] = {}
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text("utf-8-sig", errors="replace")
        if text.strip():
            slug = _free_slug(path.stem, articles)
            articles[slug] = parse_text(text, slug)
    if not articles:
        raise ArticleError(f"{folder}: no .txt file with text in it; give a folder with one .txt file an article")
    outlet = Outlet(
        name="folder",
        title=f"Folder {folder.resolve().name}",
        tagline="",
        language="",
        country="",
        feed="rss",
        feed_path="/feed.xml",
        path="/{slug}.html",
        template="folder.html",
    )
    printed = tuple(articles.values())
    return Edition((outlet,), printed, printed)


def parse_text(text: str, slug: str) -> SampleArticle:
    """Turn a plain text into an article: title, a marked date, and all of the rest as paragraphs.

    The title is the first line where that is short and does not end like a sentence, else the text's first words with
    an ellipsis, as feeds without headlines have it.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    published = None
    details = tuple(line for line in lines if _DETAIL.match(line))
    for line in details:
        if match := _DATE_DETAIL.match(line):
            published = _utc(match["when"])
    body = [_HEADING_MARK.sub("", line) for line in lines if not _DETAIL.match(line)] or list(details)
    if match := _DATE_PREFIX.match(body[0]):
        published = published or _utc(match["when"])
        body[0] = body[0][match.end() :] or body[0]
    title = _TITLE_MARKS.sub("", body[0]).strip() or body[0]
    if len(title) >= _TITLE_LIMIT or title.endswith("."):
        title = shorten(title, _FIRST_WORDS, placeholder="…")
    elif len(body) > 1:
        body = body[1:]
    return SampleArticle(
        outlet="folder",
        slug=slug,
        title=title,
        paragraphs=tuple(body),
        language="",
        published=published,
        details=tuple(line.lstrip("> ") for line in details),
    )


def _free_slug(stem: str, taken: Mapping[str, SampleArticle]) -> str:
    """An address for the file: its name in ASCII, numbered where another file already has it."""
    base = re.sub(r"[^\w-]+", "-", stem, flags=re.ASCII).strip("-") or "article"
    candidates = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(slug for slug in candidates if slug not in taken)


def _utc(text: str) -> datetime | None:
    """An aware time from an ISO date or time, UTC where it names no offset; None where there is no such day."""
    try:
        when = datetime.fromisoformat(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
