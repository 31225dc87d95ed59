"""A search of the archive: a query in the language of the topics, what narrows it, and a page of what was found."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from monitor.model import Feed, Narrowed
from monitor.store import Hit, Store
from monitor.store.finding import with_snippets
from monitor.topics.asking import Question, stated
from monitor.topics.concepts import Concepts
from monitor.topics.query import Mistake, parse

MOST_LOOKED_AT = 5_000  # candidates that are looked at closely
AT_ONCE = 200
PREFIXES = ("topic", "story", "outlet", "feed", "date", "since", "until", "told")
_PREFIX = re.compile(rf'(?<!\S)({"|".join(PREFIXES)}):("[^"]*"|\S+)')
_TOKEN = re.compile(r'-?"[^"\n]*"|[()]|\^[\d.]+|\{[^}]*\}|[^\s()"^{]+')
_BETWEEN = re.compile(r"AND|OR|NOT|NEAR/\d+|~[a-z]")
_PROSE = re.compile(r"(?<=\w)[?!,;]+(?=\s|$)")  # signs of a sentence, as people type one
_QUOTES = str.maketrans("“”„«»", '"""""')
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


class Found(Struct, frozen=True):
    """One page of what was found."""

    hits: tuple[Hit, ...]
    more: bool  # whether there is another page
    cut: bool = False  # there is too much of it: only the newest were ranked, or MOST_LOOKED_AT candidates looked at


class Search(Struct, frozen=True):
    """A query understood; None: everything that is narrowed to."""

    question: Question | None
    narrowed: Narrowed


def understand(
    text: str, concepts: Concepts, languages: frozenset[str], narrowed: Narrowed
) -> tuple[Search | None, list[Mistake]]:
    """The search that a person typed, or every mistake in it. Words without an operator between them must all occur.

    They count in all forms of these languages, unless the search is narrowed to one.
    """
    narrowed, mistakes = _narrowed_by(text, narrowed)
    rest = _plain(_PREFIX.sub(lambda match: " " * len(match.group()), text))
    if not rest.strip():
        return (None, mistakes) if mistakes else (Search(None, narrowed), [])
    query, added = _with_and(rest)
    node, wrong = parse(query, concepts.names, PREFIXES)
    mistakes += [replace(one, offset=one.offset - sum(more for at, more in added if at < one.offset)) for one in wrong]
    if node is None or mistakes:
        return None, mistakes
    language = stated(node).get("lang") or narrowed.language
    spoken = frozenset({language}) if language else languages
    return Search(Question(node, concepts, spoken), replace(narrowed, language=language)), []


def _narrowed_by(text: str, narrowed: Narrowed) -> tuple[Narrowed, list[Mistake]]:
    """What a query says beside its words: topic:, since: and the like."""
    mistakes: list[Mistake] = []
    said: set[str] = set()
    at = 0
    for match in _PREFIX.finditer(text):
        name, at = match[1], match.start()
        sides = {"since", "until"} if name == "date" else {name}
        if said & sides:
            mistakes.append(Mistake(at, f"'{match[0]}' says again what was said before it", "say it once"))
        said |= sides
        try:
            narrowed = _narrow(narrowed, name, match[2].strip('"'))
        except ValueError as error:
            mistakes.append(Mistake(match.start(2), str(error)))
    if not mistakes and narrowed.since and narrowed.until and narrowed.since >= narrowed.until:
        mistakes.append(Mistake(at, "no day lies between since and until", "since: takes the earlier day"))
    return narrowed, mistakes


def as_query(text: str) -> str:
    """A search as a query of a topic: with its ANDs, without what only searches know (topic:, date:, told: …)."""
    query, _ = _with_and(" ".join(_PREFIX.sub(" ", _plain(text)).split()))
    return query


def _plain(text: str) -> str:
    """With straight quotes and without the marks of a sentence; every character keeps its place."""
    return _PROSE.sub(lambda match: " " * len(match.group()), text.translate(_QUOTES))


def newest(store: Store, wanted: Search, feeds: Mapping[str, Feed], now: datetime, most: int) -> list[Hit]:
    """The hits that were found last, the newest first: of as many days as it takes, and of 60 at most."""
    hits: list[Hit] = []
    for days in (1, 4, 15, 60):
        since = max(wanted.narrowed.since or now - timedelta(days=days), now - timedelta(days=days))
        lately = replace(wanted, narrowed=replace(wanted.narrowed, since=since))
        hits = list(search(store, lately, feeds, limit=4 * most).hits)
        if len(hits) >= most:
            break
    return sorted(hits, key=lambda hit: (hit.article.found_at, hit.article.id), reverse=True)[:most]


def search(store: Store, wanted: Search, feeds: Mapping[str, Feed], *, limit: int, page: int = 1) -> Found:
    """The page of hits, the best first; `page` counts from 1."""
    skip = limit * (page - 1)
    outlet = (wanted.narrowed.outlet or "").lower()
    theirs = tuple(feed.name for feed in feeds.values() if outlet and feed.outlet.lower() == outlet)
    narrowed = replace(wanted.narrowed, outlet_feeds=theirs)
    with store.read() as shelves:
        shelf = shelves.search
        question = wanted.question
        if question and not narrowed.language:  # feeds need not say theirs
            question = replace(question, languages=question.languages | shelf.languages())
        ask, exact = question.ask(shelf.vocabulary) if question else (None, True)
        if question is None or exact:
            ranked = shelf.rank(ask, narrowed, limit=limit + 1, skip=skip)
            hits = [_named(hit, feeds) for hit in shelf.hits(ranked.places[:limit])]
            return Found(tuple(with_snippets(hits, ask)), len(ranked.places) > limit, ranked.cut)
        ranked = shelf.rank(ask, narrowed, limit=MOST_LOOKED_AT)
        held: list[Hit] = []
        looked_at, at_once = 0, 2 * limit
        while looked_at < len(ranked.places) and len(held) <= skip + limit:
            part = shelf.hits(ranked.places[looked_at : looked_at + min(at_once, AT_ONCE)])
            looked_at += min(at_once, AT_ONCE)
            at_once *= 2
            held += [hit for hit in part if _holds(question, hit, feeds)]
    page_of = tuple(with_snippets([_named(hit, feeds) for hit in held[skip : skip + limit]], ask))
    more = len(held) > skip + limit
    return Found(page_of, more, ranked.cut or (not more and looked_at >= MOST_LOOKED_AT))


def _named(hit: Hit, feeds: Mapping[str, Feed]) -> Hit:
    """With its outlet as readers know it; what stands in no story was found with its feed's name alone."""
    entry = hit.article.entry
    feed = feeds.get(entry.feed)
    return replace(hit, outlet=entry.outlet or feed.outlet) if feed and hit.outlet == entry.feed else hit


def _holds(question: Question, hit: Hit, feeds: Mapping[str, Feed]) -> bool:
    article = hit.article
    feed = feeds.get(article.entry.feed)
    return question.holds(
        article.title,
        article.text,
        language=article.language,
        source=article.entry.outlet or (feed.outlet if feed else hit.outlet),
        url=article.url,
        country=feed.country if feed else "",
    )


def _narrow(narrowed: Narrowed, name: str, value: str) -> Narrowed:
    """Raises ValueError, in words for people."""
    if name == "told":
        if value not in ("yes", "no"):
            raise ValueError(f"told: takes yes or no, not '{value}'")
        return replace(narrowed, told=value == "yes")
    if name in ("date", "since", "until"):
        start, end = span_of(value)
        since = narrowed.since if name == "until" else start
        until = narrowed.until if name == "since" else end
        return replace(narrowed, since=since, until=until)
    changes: dict[str, str] = {name: value}
    return replace(narrowed, **changes)


def span_of(text: str) -> tuple[datetime, datetime]:
    """The last moment (UTC) before a day, month or year, and its own last. Raises ValueError, in words for people."""
    match = _DAY.fullmatch(text)
    try:
        if match is None or match[1].startswith("0"):
            raise ValueError
        year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
        start = datetime(year, month, day, tzinfo=UTC)
        if match[3]:
            end = start + timedelta(days=1)
        elif match[2]:
            end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        else:
            end = datetime(year + 1, 1, 1, tzinfo=UTC)
        return start - timedelta(microseconds=1), end - timedelta(microseconds=1)
    except (ValueError, OverflowError):
        raise ValueError(f"'{text}' is no day; write 2026-03-02, 2026-03 or 2026") from None


def _with_and(query: str) -> tuple[str, list[tuple[int, int]]]:
    """The query with AND where two parts stand side by side and NOT for a minus, and (place, characters) put in."""
    pieces: list[str] = []
    added: list[tuple[int, int]] = []
    end = size = 0
    open_end = True  # whether what stands before wants a part
    for match in _TOKEN.finditer(query):
        piece = match.group()
        between = _BETWEEN.fullmatch(piece) is not None
        starts = not between and piece != ")" and piece[0] not in "^{"
        if piece == "NOT":
            starts = True
        gap = query[end : match.start()]
        if starts and not open_end:
            added.append((size + len(gap), 4))
            gap += "AND "
        if len(piece) > 1 and piece[0] == "-":
            added.append((size + len(gap), 3))
            piece = "NOT " + piece[1:]
        pieces += [gap, piece]
        size += len(gap) + len(piece)
        end = match.end()
        open_end = between or piece == "(" or piece.endswith(":")
    return "".join(pieces) + query[end:], added
