"""Values made ready for the desk's templates: texts with their evidence marked, timelines, how feeds stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor import dates
from monitor.digests.languages import direction, language_name
from monitor.digests.wording import web_address
from monitor.model import Copy, Evidence, Feed, FeedState, Notice, Report, Story, Verdict
from monitor.store import Figures, Mark

_SURE = 99  # per cent; nothing is certain


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `why` says which clause found something in it, "" where none did."""

    words: str
    why: str = ""
    against: bool = False


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report of a story's timeline."""

    id: str
    title: tuple[Piece, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]
    url: str
    outlet: str
    at: datetime
    dated: bool
    role: str  # "first", "own words", "copy"
    reason: str
    language: str
    language_name: str
    direction: str
    how: str
    problem: str
    verdicts: tuple[Verdict, ...]
    marks: dict[str, bool]  # by topic


@dataclass(frozen=True, slots=True)
class FeedRow:
    """How a feed stands."""

    feed: Feed
    state: FeedState | None
    notices: tuple[Notice, ...]
    figures: Figures
    every: timedelta
    word: str
    rank: int  # 0 = in trouble, 1 = to be looked at, 2 = not visited yet, 3 = well


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


def timeline(story: Story, marks: dict[str, list[Mark]]) -> list[ReportView]:
    """The story's reports in order of time: who was first, who repeats whom, why each stands there."""
    originals = [report.article.id for report in story.originals]
    in_time = sorted(story.reports, key=lambda one: (one.article.published or one.article.found_at, one.article.id))
    return [_report(report, originals, marks.get(report.article.id, [])) for report in in_time]


def _report(report: Report, originals: Sequence[str], marks: Sequence[Mark]) -> ReportView:
    article = report.article
    evidence = [one for verdict in report.verdicts for one in verdict.evidence]
    return ReportView(
        id=article.id,
        title=pieces(article.title, evidence, ("title",)) or (Piece("(no headline)"),),
        paragraphs=paragraphs(pieces(article.text, evidence, ("lead", "body"))),
        url=web_address(article.url or article.entry.link),
        outlet=report.outlet,
        at=article.published or article.found_at,
        dated=article.published is not None,
        role="copy" if article.id not in originals else "first" if article.id == originals[0] else "own words",
        reason=_reason(report, first=article.id == originals[0]),
        language=article.language,
        language_name=language_name(article.language) if article.language else "",
        direction=direction(article.language),
        how=str(article.how),
        problem=article.problem,
        verdicts=report.verdicts,
        marks={mark.topic: mark.relevant for mark in marks},
    )


def _reason(report: Report, *, first: bool) -> str:
    """Why it stands there; one that was found after its own copies was published before them all the same."""
    reason = report.placement.reason
    return f"{reason}, which was published later" if first and isinstance(report.placement, Copy) else reason


def feed_row(
    feed: Feed, state: FeedState | None, notices: Sequence[Notice], figures: Figures, every: timedelta
) -> FeedRow:
    """How the feed stands, in a word and for the order of a list."""
    if state is None or state.visited_at is None:
        word, rank = "not visited yet", 2
    elif state.problem:
        times = f"{state.failures}× " if state.failures > 1 else ""
        word, rank = f"{'gone: ' if state.gone_at else ''}{times}{state.problem}", 0
    elif notices:
        word, rank = "; ".join(f"{notice.kind}: {notice.words}" for notice in notices), 1
    else:
        word, rank = "well", 3
    return FeedRow(feed, state, tuple(notices), figures, every, word, rank)


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago or in how long; "–" for never."""
    return "–" if moment is None else dates.ago(moment, now)


def span(time: timedelta) -> str:
    """A span of time in its largest fitting unit."""
    return dates.span(time.total_seconds())


def utc(moment: datetime) -> str:
    """A moment as HTML's `time` element wants it (RFC 3339)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def place_of(cursor: str) -> tuple[datetime, str]:
    """Where a page of stories begins, as the page before it wrote it. ValueError when it is damaged."""
    moment, _, name = cursor.partition("/")
    at = datetime.fromisoformat(moment.replace(" ", "+"))  # a plus that nobody quoted arrives as a space
    if at.tzinfo is None or not name:
        raise ValueError("no zone, or no story")
    return at, name
