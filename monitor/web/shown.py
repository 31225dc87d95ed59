"""Values made ready for the desk's templates: texts with their evidence marked, how feeds stand, times."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from monitor import dates
from monitor.jobs.rating import Rated
from monitor.model import Evidence, Feed, Notice

_SURE = 99  # per cent; nothing is certain


class Piece(Struct, frozen=True):
    """A stretch of text; `why` says which clause found something in it, "" where none did."""

    words: str
    why: str = ""
    against: bool = False


class FeedRow(Struct, frozen=True):
    """How a feed stands."""

    feed: Feed
    rated: Rated
    every: timedelta
    word: str
    rank: int  # 0 = in trouble, 1 = to be looked at, 2 = not visited yet, 3 = well, 4 = paused
    paused: datetime | None = None


def percent(score: float) -> int:
    """A score as people read it."""
    return min(_SURE, round(100 * score))


def pieces(text: str, evidence: Iterable[Evidence], fields: Sequence[str]) -> tuple[Piece, ...]:
    """`text` cut where the evidence of these fields stands in it; of findings that overlap the first counts."""
    found = sorted((one for one in evidence if one.field in fields and one.term), key=lambda one: one.position)
    cut: list[Piece] = []
    done = 0
    for one in found:
        end = one.position + len(one.term)
        if one.position < done or text[one.position : end] != one.term:
            continue
        cut.append(Piece(text[done : one.position]))
        cut.append(Piece(one.term, f"{one.clause} {one.weight:+.1f}", against=one.weight < 0))
        done = end
    return tuple(piece for piece in (*cut, Piece(text[done:])) if piece.words)


def paragraphs(cut: Iterable[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """The pieces of a text, one tuple for each of its lines."""
    lines: list[list[Piece]] = [[]]
    for piece in cut:
        first, *rest = piece.words.split("\n")
        if first:
            lines[-1].append(Piece(first, piece.why, piece.against))
        for more in rest:
            lines.append([Piece(more, piece.why, piece.against)] if more else [])
    return tuple(tuple(line) for line in lines if line)


def feed_row(
    feed: Feed, rated: Rated, notices: Sequence[Notice], every: timedelta, paused: datetime | None = None
) -> FeedRow:
    """How the feed stands, in a word and for the order of a list."""
    state = rated.state
    if paused:
        word, rank = "paused", 4
    elif state is None or state.visited_at is None:
        word, rank = "not visited yet", 2
    elif state.problem:
        times = f"{state.failures}× " if state.failures > 1 else ""
        word, rank = f"{'gone: ' if state.gone_at else ''}{times}{state.problem}", 0
    elif notices:
        word, rank = "; ".join(f"{notice.kind}: {notice.words}" for notice in notices), 1
    else:
        word, rank = "well", 3
    return FeedRow(feed, rated, every, word, rank, paused)


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago or in how long; "–" for never."""
    return "–" if moment is None else dates.ago(moment, now)


def span(time: timedelta) -> str:
    """A span of time in its largest fitting unit."""
    return dates.span(time.total_seconds())


def utc(moment: datetime) -> str:
    """A moment as HTML's `time` element wants it (RFC 3339)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sentence(words: str) -> str:
    """Words of an error as a sentence; a name that stands first stays as it is written."""
    first = words.partition(" ")[0]
    begun = words[:1].upper() + words[1:] if first.isalpha() else words
    return begun if begun.endswith((".", "!", "?")) or not begun else f"{begun}."
