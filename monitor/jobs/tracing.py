"""What became of one address at each stage, in words, out of what every stage wrote down; it decides nothing."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from monitor.jobs.drawing import never_told
from monitor.links import url_key
from monitor.model import Feed, FeedState
from monitor.store import ItemHistory, Mark, Shelves, StoredArticle, Told
from monitor.topics.reasons import by_clause

CLAUSES_SHOWN = 4
UNTOLD = "in no digest yet"

When = Callable[[datetime], str]
"""A moment in words."""


class Stage(Struct, frozen=True):
    """What one stage made of it; `good`: whether a topic matched."""

    name: str
    words: str
    good: bool | None = None


class Trace(Struct, frozen=True):
    """The way of one item of one feed; `history` is None of what waits for its page's turn."""

    title: str
    address: str
    stages: tuple[Stage, ...]
    history: ItemHistory | None = None
    marks: tuple[Mark, ...] = ()


def traces(shelves: Shelves, url: str, most: timedelta, when: When) -> list[Trace]:
    """One for each item under this address or article id; `most` is how old a story may be to be told."""
    found = [_trace(shelves, one, most, when) for one in shelves.articles.history(url)]
    return found or _waiting(shelves, url)


def unseen(feeds: Iterable[Feed], shelves: Shelves, url: str, when: When) -> str:
    """Why nothing is known of an address, as far as the list of feeds can tell."""
    host = url_key(url).partition("/")[0]
    if not host:
        return "That is neither an address (https://…) nor the id of an article in this archive."
    states = shelves.feeds.states()
    here = [one for one in feeds if _akin(host, url_key(one.url).partition("/")[0])]
    if not here:
        return f"No feed in feeds.toml has an address at {host}; `monitor feeds add {host}` looks for one."
    known = ", ".join(f"{one.name} ({_read(states, one.name, when)})" for one in here)
    more = "A feed shows only what its publisher puts into it; `monitor backfill` looks further."
    return f"Followed there: {known}. {more}"


def why_untold(shelves: Shelves, story: str, most: timedelta) -> str:
    """Why a story stands in no digest, as far as it can be told now."""
    never = never_told(shelves, story, most)
    return f"in no digest: {never}" if never else UNTOLD


def words_of_mark(mark: Mark, when: When) -> str:
    """What a reader said of an article."""
    return f"{'relevant' if mark.relevant else 'irrelevant'} for {mark.topic} on {when(mark.at)}"


def words_of_telling(told: Told, when: When) -> str:
    """By which message, and what became of it."""
    way = told.receipt.detail if told.receipt else told.problem or str(told.delivery or "no message")
    return f"{told.key} on {when(told.at)}: {way}"


def _akin(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _read(states: Mapping[str, FeedState], name: str, when: When) -> str:
    read = states[name].succeeded_at if name in states else None
    return f"last read {when(read)}" if read else "not read yet"


def _waiting(shelves: Shelves, url: str) -> list[Trace]:
    """Of the feeds in which the address waits for its page's turn."""
    key = url_key(url)
    words = "it has more new pages than one round fetches; this one waits for the next round"
    return [
        Trace(entry.title, entry.link, (Stage("feed", f"{state.feed}: {words}"),))
        for state in shelves.feeds.states().values()
        for entry in state.waiting
        if key and url_key(entry.link) == key
    ]


def _trace(shelves: Shelves, history: ItemHistory, most: timedelta, when: When) -> Trace:
    item, stored = history.item, history.stored
    marks = tuple(shelves.marks.of(stored.article.id)) if stored else ()
    by_page = stored.article.published if stored else None
    published = ", no date of publication stated"
    if moment := item.published or by_page:
        published = f", published {when(moment)}{'' if item.published else ' by its page'}"
    stages = [Stage("feed", f"{item.feed}: first seen {when(item.first_seen)}{published}")]
    stages += _of_article(stored, when) if stored else []
    stages += [Stage("marked", words_of_mark(mark, when)) for mark in marks]
    stages.append(Stage("fate", f"{item.fate}: {item.reason}"))
    if stored and stored.placement:
        stages.append(Stage("story", f"{stored.story}: {stored.placement.reason}"))
    for told in history.told:
        whose = "its story, before this report came, in " if told.at < item.first_seen else ""
        stages.append(Stage("told", f"{whose}{words_of_telling(told, when)}"))
    if stored and stored.story and not history.told:
        stages.append(Stage("told", why_untold(shelves, stored.story, most)))
    title = item.title or (stored.article.title if stored else "")  # a list of addresses names none
    return Trace(title, item.link or item.identity, tuple(stages), history, marks)


def _of_article(stored: StoredArticle, when: When) -> list[Stage]:
    article = stored.article
    trouble = f"; the page was not used: {article.problem}" if article.problem else ""
    length = "its text was forgotten after retention" if stored.forgotten else f"{len(article.text.split())} words"
    stages = [Stage("text", f"{length} from {article.how}, language {article.language or 'unknown'}{trouble}")]
    stated = (
        "a live blog" if article.live else "",
        f"from {article.dateline}" if article.dateline else "",
        f"section {article.section}" if article.section else "",
        f"by {', '.join(article.authors)}" if article.authors else "",
        f"image {article.image}" if article.image else "",
    )
    if any(stated):
        stages.append(Stage("page says", "; ".join(filter(None, stated))))
    for revision in stored.revisions:
        stages.append(Stage("edited", f"{when(revision.replaced_at)}: was “{revision.title}”"))
    for verdict in stored.verdicts:
        reasons = ", ".join(_reason(*one) for one in by_clause(verdict.evidence, CLAUSES_SHOWN))
        score = f"{verdict.score:.2f} of {verdict.threshold:.2f}"
        words = f"{verdict.topic} {score}: {reasons or 'nothing found'}"
        stages.append(Stage("judged", words, verdict.matched))
    return stages


def _reason(clause: str, weight: float, found: list[str]) -> str:
    if not weight:  # what it found would not tell which clause lacks
        return f"{clause}: {', '.join(found)}"
    return f"{found[0] if found else clause} {weight:+.1f}"
