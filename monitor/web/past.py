"""The room of the past: fill it from what feeds published before, judge it anew by the topics as they are now."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from fastapi import APIRouter
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from monitor.backfill import LADDER
from monitor.jobs.backfill import AUTO, Order, Report, Tally, backfill
from monitor.jobs.rejudge import AT_ONCE, Change, Rejudged, rejudge, replay
from monitor.jobs.toolbox import Toolbox
from monitor.model import Feed, Window
from monitor.web.room import Form, Here, Room
from monitor.web.works import Outcome, Work, events

router = APIRouter(include_in_schema=False)

_ORDERS = 10
_SHOWN = 50  # changes and feeds
_MOST_DAYS = 36_500


@router.get("/past")
def past(request: Request, room: Here) -> HTMLResponse:
    """What is worked on, what can be, and the last orders to fill the past."""
    with room.app.store.read() as shelves:
        orders = [(job, shelves.backfills.climbs(job.key)) for job in shelves.backfills.latest(_ORDERS)]
    feeds = sorted(room.app.settings.feeds, key=lambda feed: feed.outlet.lower())
    return room.page(request, "past", work=room.works.latest, orders=orders, feeds=feeds, ways=(AUTO, *LADDER))


@router.get("/past/{work}/events")
def told(room: Here, work: str) -> StreamingResponse:
    """How far that piece of work is, as it goes on."""
    latest = room.works.latest
    if latest is None or latest.id != work:
        raise HTTPException(404, "that work is over; a later one took its place")
    return StreamingResponse(events(latest), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


@router.post("/past/stop")
def stop(room: Here, _form: Form) -> Response:
    """Ask what goes on to end at its next safe point."""
    room.works.stop()
    return RedirectResponse("/past", 303)


@router.post("/past/backfill")
def fill(room: Here, form: Form) -> Response:
    """Fill the past of one feed or of all; the same order goes on where it was, here as on the command line."""
    since, until, via = form.get("since", ""), form.get("until", ""), form.get("via", AUTO)
    if via not in (AUTO, *LADDER):
        raise HTTPException(422, f"there is no way '{via}'; choose one of {', '.join((AUTO, *LADDER))}")
    feeds, span = _feeds(room, form.get("feed", "")), _span(room.now(), since, until)
    budget = _number(form.get("budget", ""), "budget", 1_000_000) or room.app.settings.backfill.requests
    order = Order.of(feeds, span, since, until, via=via, tell=form.get("tell") == "yes", budget=budget)
    toolbox = room.app.toolbox

    def run(work: Work) -> Outcome:
        own = _stoppable(toolbox, work)
        return _filled(backfill(own, order, work.wait, lambda tally: work.tell(tally.share, _how_far(tally))))

    return _begin(room, f"Backfill of {order.words}", run)


@router.post("/past/rejudge")
def judge_again(room: Here, form: Form) -> Response:
    """Judge what is remembered by the topics as they are now; with `dry` = yes only say what would change."""
    days = _number(form.get("days", ""), "days", _MOST_DAYS)
    dry = form.get("dry") == "yes"
    toolbox = room.app.toolbox
    since = toolbox.now() - timedelta(days=days) if days else None
    span = f"the last {days} days" if days else "everything remembered"

    def run(work: Work) -> Outcome:
        own = _stoppable(toolbox, work)
        with own.store.read() as shelves:
            first = next(iter(shelves.articles.remembered(since, after=0, limit=1)), None)
            last = next(iter(shelves.articles.latest(since, before=None, limit=1)), None)
        if first is None or last is None:
            return Outcome("nothing was found in that time")
        numbers = max(1, last.number - first.number + 1)
        if dry:
            return _judged(_replayed(own, work, since, numbers), dry=True)

        def watch(done: Rejudged, number: int) -> None:
            work.tell(
                (number - first.number + 1) / numbers, f"{done.articles:,} articles, {len(done.changes):,} changes"
            )

        return _judged(rejudge(own, since, watch), dry=False)

    return _begin(room, f"{'Trial of the topics on' if dry else 'Judging again'} {span}", run)


def _begin(room: Room, title: str, run: Callable[[Work], Outcome]) -> Response:
    if not room.works.start(Work(title, room.now()), run):
        raise HTTPException(409, "something is worked on already; stop it first, or wait for its end")
    return RedirectResponse("/past", 303)


def _stoppable(toolbox: Toolbox, work: Work) -> Toolbox:
    stopping = toolbox.stopping
    return replace(toolbox, stopping=lambda: work.stopping() or stopping())


def _replayed(toolbox: Toolbox, work: Work, since: datetime | None, numbers: int) -> Rejudged:
    parts = 0

    def enough() -> bool:
        nonlocal parts
        parts += 1
        work.tell(parts * AT_ONCE / numbers, f"about {parts * AT_ONCE:,} articles")
        return toolbox.stopping()

    return replay(toolbox.store, toolbox.topics, toolbox.feeds, since, enough)


def _judged(done: Rejudged, *, dry: bool) -> Outcome:
    would = "would " if dry else ""
    words = (
        f"{done.articles:,} articles looked at, {done.judged:,} {'to be judged' if dry else 'judged'} by new rules: "
    )
    words += f"{len(done.entered):,} {would}{'enter' if dry else 'entered'}, "
    words += f"{len(done.left):,} {would}{'leave' if dry else 'left'}"
    return Outcome(words, tuple(_line(change) for change in done.changes[:_SHOWN]))


def _line(change: Change) -> tuple[str, str]:
    sign = "+" if change.entered else "−"
    words = f"{sign} {change.after.topic}: {change.article.title} ({change.outlet})"
    return words, change.article.url


def _how_far(tally: Tally) -> str:
    where = tally.at_work[0] if len(tally.at_work) == 1 else f"{len(tally.at_work)} feeds at work"
    return f"{where} · {tally.new:,} new of {tally.found:,} found · {tally.asked:,} requests"


def _filled(report: Report) -> Outcome:
    found, new = sum(one.found for one in report.climbs), sum(one.new for one in report.climbs)
    words = f"{found:,} found, {new:,} new, {report.matching:,} of the span match; {report.asked:,} requests"
    if report.offline:
        words += f"; stopped: {report.offline}"
    elif report.spent:
        words += "; the budget is spent, the same order goes on from here"
    elif report.interrupted:
        words += "; stopped, the same order goes on from here"
    lines = []
    for climb in report.climbs[:_SHOWN]:
        why = f" ({climb.words})" if climb.words else ""
        lines.append((f"{climb.feed}, {climb.rung}: {climb.state}{why}, {climb.found:,} found, {climb.new:,} new", ""))
    return Outcome(words, tuple(lines))


def _feeds(room: Room, name: str) -> Sequence[Feed]:
    every = room.app.settings.feeds
    chosen = tuple(feed for feed in every if feed.name == name) if name else tuple(every)
    if not chosen:
        raise HTTPException(404, f"there is no feed {name}" if name else "no feed is configured yet")
    return chosen


def _span(now: datetime, since: str, until: str) -> Window:
    """From the first day (UTC) to the end of the last one, or to now."""
    start = _day(since, "the first day")
    end = min(now, _day(until, "the last day", whole=True)) if until else now
    if start >= end:
        raise HTTPException(422, "the first day must lie before the last one, and not in the future")
    return Window(start, end)


def _day(text: str, which: str, *, whole: bool = False) -> datetime:
    """The beginning of a day (UTC), or with `whole` its end."""
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=whole), time(), UTC)
    except (ValueError, OverflowError):
        raise HTTPException(422, f"{which} is no day; write one such as 2026-01-31") from None


def _number(text: str, which: str, most: int) -> int:
    """A number from 1 on; 0 where none was given."""
    digits = text.strip()
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and 0 < int(digits) <= most):
        raise HTTPException(422, f"{which} must be a number from 1 to {most:,}")
    return int(digits)
