"""Reads the sample articles and their outlets from disk.

An article is one text file, `articles/<outlet>/<slug>.txt`: a block of `Name: value` headers as in mail (RFC 5322
without folding rules of its own), a blank line, then paragraphs parted by blank lines. `<slug>.v2.txt` beside it is
the edited version. `outlets.toml` describes who prints what and how. Nothing here renders or serves anything.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.errors import MonitorError

ARTICLES = Path(__file__).parent / "articles"

FeedFormat = Literal["rss", "rdf", "atom", "jsonfeed"]
PageState = Literal["whole", "broken", "wall", "truncated", "meta-charset"]

_PAGE_STATES: tuple[PageState, ...] = get_args(PageState)
# Relative times count back from the opening as if it were this time of the newsroom's last day, so that no article is
# ever from the future, at whatever hour the newsroom opens.
_OPENING = timedelta(hours=20)
_RELATIVE = re.compile(r"day (?P<day>0|-\d+) (?P<hour>\d{2}):(?P<minute>\d{2})")
_HEADERS = frozenset(("Title", "Author", "Published", "Updated", "Language", "Topics", "Page", "Retells", "Note"))


class ArticleError(MonitorError):
    """A sample article or the list of outlets cannot be used; the text says which file, what and why."""


class Outlet(Struct, frozen=True):
    """A publication and its habits.

    `path` is the address of an article below the outlet's own, with `{slug}` and (where articles are dated)
    `{date:%Y/%m}`; `words` are the site's own phrases around an article (navigation, cookie note, footer).
    """

    name: str
    title: str
    tagline: str
    language: str
    country: str
    feed: FeedFormat
    feed_path: str
    path: str
    template: str
    charset: str = "utf-8"
    full_text: bool = False
    metadata: Literal["json-ld", "opengraph", "none"] = "none"
    words: Mapping[str, str] = field(default_factory=dict)
    sections: tuple[str, ...] = ()


class SampleArticle(Struct, frozen=True):
    """One version of one article; `published` is None where the text does not tell.

    `topics` is the truth for tests and `retells` names the article (`outlet/slug how`) that this one takes over:
    neither is ever printed. `details` are lines that belong to the page but not to the running text.
    """

    outlet: str
    slug: str
    title: str
    paragraphs: tuple[str, ...]
    language: str
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    topics: frozenset[str] = frozenset()
    page: PageState = "whole"
    retells: str = ""
    details: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """What a feed without full text says: the lead."""
        return self.paragraphs[0]


class Edition(Struct, frozen=True):
    """The outlets and their articles, as first printed and as corrected later."""

    outlets: tuple[Outlet, ...]
    first: tuple[SampleArticle, ...]
    corrected: tuple[SampleArticle, ...]


def read_edition(folder: Path, opened_at: datetime) -> Edition:
    """Read `folder/outlets.toml` and every article below `folder/<outlet>/`.

    Raises ArticleError for a broken file, OSError where the folder cannot be read.
    """
    outlets = read_outlets(folder / "outlets.toml")
    first: dict[tuple[str, str], SampleArticle] = {}
    edits: dict[tuple[str, str], SampleArticle] = {}
    for outlet in outlets:
        for path in sorted((folder / outlet.name).glob("*.txt")):
            slug, _, version = path.stem.partition(".")
            article = parse_article(path.read_text("utf-8"), outlet.name, slug, opened_at, str(path))
            (edits if version else first)[outlet.name, slug] = article
    if orphans := edits.keys() - first.keys():
        raise ArticleError(f"{folder}: edited versions without a first version: {sorted(orphans)}")
    # An edit keeps the address and the first printing's time.
    corrected = {
        key: replace(edits[key], published=article.published) if key in edits else article
        for key, article in first.items()
    }
    return Edition(outlets, tuple(first.values()), tuple(corrected.values()))


def read_outlets(path: Path) -> tuple[Outlet, ...]:
    """Read the `[[outlet]]` tables; raises ArticleError on unknown keys and on unknown feed formats."""
    outlets = []
    for table in tomllib.loads(path.read_text("utf-8")).get("outlet", []):
        table["sections"] = tuple(table.get("sections", ()))
        try:
            outlet = Outlet(**table)
        except TypeError as error:
            raise ArticleError(f"{path}: outlet {table.get('name', '?')}: {error}") from error
        if outlet.feed not in get_args(FeedFormat):
            raise ArticleError(f"{path}: outlet {outlet.name}: unknown feed format {outlet.feed!r}")
        outlets.append(outlet)
    if not outlets:
        raise ArticleError(f"{path}: no [[outlet]] table")
    return tuple(outlets)


def parse_article(text: str, outlet: str, slug: str, opened_at: datetime, source: str) -> SampleArticle:
    """Turn one file's text into an article; `source` names the file in errors (ArticleError)."""
    headers = Parser().parsestr(text)
    if unknown := set(headers.keys()) - _HEADERS:
        raise ArticleError(f"{source}: unknown headers {sorted(unknown)}; known are {sorted(_HEADERS)}")
    asked = headers.get("Page", "whole")
    page = next((state for state in _PAGE_STATES if state == asked), None)
    if page is None:
        raise ArticleError(f"{source}: Page is {asked!r}; possible are {', '.join(_PAGE_STATES)}")
    body = str(headers.get_payload())
    paragraphs = tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", body) if part.strip())
    if not paragraphs:
        raise ArticleError(f"{source}: no text below the headers")
    return SampleArticle(
        outlet=outlet,
        slug=slug,
        title=_required(headers, "Title", source),
        paragraphs=paragraphs,
        language=_required(headers, "Language", source),
        author=headers.get("Author", ""),
        published=moment(_required(headers, "Published", source), opened_at, source),
        updated=moment(headers["Updated"], opened_at, source) if "Updated" in headers else None,
        topics=frozenset(headers.get("Topics", "").replace(",", " ").split()),
        page=page,
        retells=headers.get("Retells", ""),
    )


def moment(text: str, opened_at: datetime, source: str) -> datetime:
    """Read an ISO 8601 time with offset, or `day -2 09:30` counted back from the opening (which is `day 0 20:00`)."""
    if match := _RELATIVE.fullmatch(text):
        told = timedelta(days=int(match["day"]), hours=int(match["hour"]), minutes=int(match["minute"]))
        return opened_at.replace(second=0, microsecond=0) + told - _OPENING
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise ArticleError(f"{source}: {text!r} is neither an ISO time with offset nor 'day -2 09:30'")
    return when


def _required(headers: Message, name: str, source: str) -> str:
    value = headers.get(name, "").strip()
    if not value:
        raise ArticleError(f"{source}: header {name} is missing or empty")
    return str(value)
