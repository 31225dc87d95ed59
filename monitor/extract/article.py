"""An entry and, where it was fetched, its page: one article with the best text that either gives, and where it is from.

The order: the page's own text, the text it states for machines, the feed's full content, the feed's summary, the title
alone. A page that gives less than the feed loses to it.
"""

from collections.abc import Sequence, Set
from datetime import datetime

from monitor import links
from monitor.extract import language
from monitor.extract.blocks import Outline, outline
from monitor.extract.joining import goes_on
from monitor.extract.lists import NO_TEASERS, teasers
from monitor.extract.notices import NOTICES, paid, parted
from monitor.extract.pages import Body, article_text, headings, page_html, page_tree
from monitor.extract.repeats import marks, without_known
from monitor.extract.structured import Structured, dateline, read_structured
from monitor.extract.walls import SHORT, Looks, lost_its_path, wall
from monitor.model import Article, Entry, Fresh, How
from monitor.words import first_word, fold, folded_words, plain

_ENOUGH = 140  # characters; a shorter page text is no article if the feed says more
_LONGEST_BYLINE = 120  # characters
_BESIDE_NAMES = frozenset(
    "by and von und par et por y da di e od a i door en av och af og de la автор та и від text".split()
)
_MOST_TEXT = 200_000  # characters of an article that are kept


def extract(
    entry: Entry,
    page: Fresh | None,
    *,
    identity: str,
    found_at: datetime,
    problem: str = "",
    known: Set[int] = frozenset(),
) -> Article:
    """The article of an entry; always answers, whatever the page is.

    `page` is None where it was not wanted or could not be had, and `problem` says why in the latter case. `identity` is
    the entry's name within its feed (see `identity`). `found_at` bounds the dates that a page may state. `known` are
    the lines that the page's site repeats (`extract.repeats`); what the site may repeat comes back as `Article.ends`.
    """
    text, how = _feed_text(entry)
    stated, read = Structured(), False
    ends: tuple[int, ...] = ()
    if page is not None:
        stated, found, problem = _read_page(entry, page, found_at)
        better, how_better = _better(found, stated.text)
        if better and not problem:
            problem = _poorer(better, text, how)
            if not problem:
                ends = marks(better)
                text, how, read = without_known(better, known), how_better, True
                text = _without_byline(
                    _continued(text, page, stated.title, entry, known), (*entry.authors, *stated.authors)
                )
    url = _address(entry, page if read else None, stated if not problem else Structured())
    title = _without_outlet(entry) or stated.title or _first_words(text)
    hint = entry.language or stated.language
    return Article(
        id=links.article_id(url, entry.feed, identity),
        entry=entry,
        url=url,
        title=title,
        text=text[:_MOST_TEXT],
        language=language.detect(f"{title}\n{text}", hint),
        how=how,
        found_at=found_at,
        published=entry.published or (stated.published if read else None),
        authors=entry.authors or (stated.authors if read else ()),
        problem=problem,
        image=stated.image if read else "",
        section=stated.section if read else "",
        dateline=stated.dateline or dateline(text) if read else "",
        live=read and stated.live,
        headline=stated.title if read else "",
        ends=ends,
    )


def _feed_text(entry: Entry) -> tuple[str, How]:
    content, summary = plain(entry.content), plain(entry.summary)
    if content and len(content) >= len(summary):
        return content, How.FEED_CONTENT
    if summary and not _repeats(summary, entry):
        return summary, How.FEED_SUMMARY
    return "", How.TITLE


def _repeats(summary: str, entry: Entry) -> bool:
    """Whether the summary holds nothing but the title, or the title and the outlet as aggregators have it."""
    begins = first_word(summary)
    if begins not in (first_word(entry.title), first_word(entry.outlet)):  # as nearly always
        return False
    said = folded_words(f"{_without_outlet(entry)} {entry.outlet}")
    return folded_words(summary) in (said, folded_words(entry.title))


def _without_outlet(entry: Entry) -> str:
    """The title without the outlet's name that aggregators put after it."""
    ending = f" - {entry.outlet}"
    return entry.title.removesuffix(ending) if entry.outlet else entry.title


def _read_page(entry: Entry, page: Fresh, now: datetime) -> tuple[Structured, str, str]:
    """(stated facts, text, problem); a problem in words means that the page is not to be used."""
    html = page_html(page)
    if not html:
        return Structured(), "", "no text page" if page.body.strip() else "empty page"
    tree = page_tree(html)
    if tree is None:
        return Structured(), "", "no text page"
    stated = read_structured(tree, page.url, now)
    titles = headings(tree)
    body = article_text(html, tree, page.url)
    text = body.text
    if len(text) < SHORT or not stated.is_article:
        obstacle = wall(_looks(titles, html, body, stated, page), page, entry.title)
        if obstacle in NOTICES and len(stated.text) >= SHORT:
            text = ""  # what it does not show it states
        elif obstacle:
            return stated, text, obstacle
    if not text and not stated.text:
        return stated, "", "no article text on the page"
    teaser, prompts = parted(text, entry.title)
    if prompts and paid(prompts, html[:100_000]):
        text = teaser
    return stated, _without_headline(text, entry.title, stated.title), ""


def _without_headline(text: str, *titles: str) -> str:
    """The text without a first line that only repeats the title."""
    first, _, rest = text.partition("\n")
    return rest if rest and fold(first) in {fold(title) for title in titles if title} else text


def _without_byline(text: str, authors: Sequence[str]) -> str:
    """The text without a first line that only names its authors, as in "By Ann Lee and Bo Ek |"."""
    first, _, rest = text.partition("\n")
    if not rest or len(first) > _LONGEST_BYLINE:
        return text
    named = {word for author in authors for word in folded_words(author)}
    said = set(folded_words(first))
    return rest if named & said and said <= named | _BESIDE_NAMES else text


def _continued(text: str, page: Fresh, title: str, entry: Entry, known: Set[int]) -> str:
    """The text with that of the article's further pages, without the lines that each of them repeats."""
    lines = dict.fromkeys(text.split("\n")) if page.parts else {}
    before = page
    for part in page.parts:
        stated, further, problem = _read_page(entry, part, part.at)
        new = [line for line in without_known(further, known).split("\n") if line and line not in lines]
        if problem or not new or not goes_on(before, title, part, stated.title):
            break
        before = part
        text = "\n".join([text, *new])
        lines |= dict.fromkeys(new)
    return text


def _looks(titles: str, html: str, body: Body, stated: Structured, page: Fresh) -> Looks:
    """What `wall` looks at. A long text can only be a list of links, so the whole page need not be gone through."""
    short = len(body.text) < SHORT
    seen = outline(page_tree(html)) if short or lost_its_path(page) else Outline([], list(body.anchors))
    return Looks(
        title=titles,
        markup=html[:100_000].lower() if short else "",
        text=body.text,
        visible=seen.visible[:100_000],
        anchors=frozenset(seen.anchors),
        is_article=stated.is_article,
        teasers=NO_TEASERS if stated.is_article else teasers(body, titles),
    )


def _better(text: str, body: str) -> tuple[str, How]:
    """The page's text, or what it states for machines where that says much more."""
    same = body and text.split() == body.split()  # trafilatura takes it from there too, where the page shows nothing
    if same or (len(body) > 2 * len(text) and len(body) >= _ENOUGH):
        return body, How.STRUCTURED
    return text, How.PAGE


def _poorer(text: str, feed_text: str, how: How) -> str:
    """Why the page's text is not used, in words; "" when it is at least as good as the feed's."""
    if how is How.FEED_CONTENT and len(text) < len(feed_text):
        return "the page holds less text than the feed" if len(feed_text) >= _ENOUGH or len(text) < _ENOUGH else ""
    if len(text) < _ENOUGH and len(text) < len(feed_text):
        return "the page holds less text than the feed"
    return ""


def _address(entry: Entry, page: Fresh | None, stated: Structured) -> str:
    """The page's own word for its address, else where the visit ended, else the entry's link."""
    return stated.canonical or (links.canonical(page.url) if page else "") or links.canonical(entry.link)


def _first_words(text: str) -> str:
    """A stand-in for a missing title."""
    line = text.partition("\n")[0]
    return line if len(line) <= 100 else line[:100].rpartition(" ")[0] + "…"
