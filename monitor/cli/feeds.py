"""`feeds`: every feed with its state, and what a single address would give."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from rich.cells import cell_len

from monitor.cli.common import Exit, Group, MisuseError, Paths, has_archive, read_settings, reading
from monitor.cli.feedcard import show_feed
from monitor.cli.feedcoverage import show_coverage
from monitor.cli.feedlist import add_feed, export_feeds, import_feeds
from monitor.cli.feedpause import pause_feed, resume_feed
from monitor.cli.output import counted, echo_json, say, width
from monitor.dates import ago, span
from monitor.errors import nearest
from monitor.links import without_login
from monitor.model import Entry, Feed, FeedPage, FeedState, Fresh, Notice, Unreadable, Visit
from monitor.values import open_facts

if TYPE_CHECKING:
    from monitor.pacing import Pace
    from monitor.store import Figures

OUTLETS_FROM = 110  # columns of a terminal that has room for the outlets' names, each in so many:
OUTLET_WIDTH = 36
OFFERS_SHOWN = 5
STATE_WIDTH = 30  # columns; where there are fewer, a long state gets lines of its own


class Row(Struct, frozen=True):
    """A feed, what is remembered of it, and what is noticed now."""

    feed: Feed
    state: FeedState | None
    noticed: list[Notice]
    paused: datetime | None = None


@click.group(cls=Group, invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--failing", is_flag=True, help="Only feeds whose last visit failed.")
@click.pass_context
def feeds(context: click.Context, as_json: bool, failing: bool) -> None:
    """List the feeds with their state: last success, next visit, the time between two, trouble in words."""
    if context.invoked_subcommand is None:
        _list(context.obj, as_json, failing)


def _list(paths: Paths, as_json: bool, failing: bool) -> None:
    from monitor.app import limits_of

    settings, now = read_settings(paths), datetime.now(UTC)
    states: Mapping[str, FeedState] = {}
    figures: Mapping[str, Figures] = {}
    paused: Mapping[str, datetime] = {}
    noticed: dict[str, list[Notice]] = {}
    if has_archive(settings):
        with reading(settings) as store, store.read() as shelves:
            states = shelves.feeds.states()
            figures = shelves.feeds.figures(now) if as_json else {}
            paused = shelves.pauses.all()
            for notice in shelves.notices.open():
                noticed.setdefault(notice.subject, []).append(notice)
    rows = [
        Row(feed, states.get(feed.name), noticed.get(feed.name, []), paused.get(feed.name)) for feed in settings.feeds
    ]
    if failing:
        rows = [row for row in rows if row.state and row.state.problem]
    if as_json:
        echo_json(
            [
                {
                    "feed": open_facts(row.feed),
                    "state": row.state and open_facts(row.state),
                    "figures": figures.get(row.feed.name),
                    "notices": row.noticed,
                    "paused": row.paused,
                }
                for row in rows
            ]
        )
    else:
        _table(rows, limits_of(settings).pace, now, outlets=width() - OUTLETS_FROM + OUTLET_WIDTH)
        _sum_up(rows, failing)


def _table(rows: Sequence[Row], pace: "Pace", now: datetime, *, outlets: int) -> None:
    """A line a feed, its trouble in words last; where `outlets` columns are left also the names that readers know."""
    outlets = outlets if outlets >= OUTLET_WIDTH else 0
    cells = [_cells(row, pace, now, outlets) for row in rows]
    if not cells:
        return
    headings = ["feed", *(["outlet"] if outlets else []), "lang", "read", "next", "every"]
    widths = [max(cell_len(cell[column]) for cell in [headings, *cells]) for column in range(len(headings))]
    say("state", after=_line(headings, widths), style="bold")
    for cell, row in zip(cells, rows, strict=True):
        word, style = _state_word(row)
        line = _line(cell, widths)
        room = width() - cell_len(line)
        if cell_len(word) <= room or room >= STATE_WIDTH:
            say(word, after=line, style=style)
        else:
            say(line, style=style)
            say(word, after="    ", style=style)


def _cells(row: Row, pace: "Pace", now: datetime, outlets: int) -> list[str]:
    from monitor.pacing import interval_of

    feed, state = row.feed, row.state
    read, due, every = "–", "–", "–"
    if state is not None and state.visited_at is not None:
        read = ago(state.succeeded_at, now)
        due = "due" if state.due_at <= now else ago(state.due_at, now)
        every = span(interval_of(feed, state, pace).total_seconds())
    outlet = feed.outlet if cell_len(feed.outlet) <= outlets else f"{feed.outlet[: outlets - 1].rstrip()}…"
    return [feed.name, *([outlet] if outlets else []), feed.language, read, due, every]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(cell + " " * (wide - cell_len(cell) + 2) for cell, wide in zip(row, widths, strict=True))


def _sum_up(rows: Sequence[Row], failing: bool) -> None:
    every, rows = rows, [row for row in rows if failing or not row.paused]
    troubled = sum(bool(row.state and row.state.problem) for row in rows)
    if failing:
        say(f"{counted(troubled, 'feed')} failing" if troubled else "no feed is failing")
        return
    visited = sum(bool(row.state and row.state.visited_at) for row in rows)
    noticed = sum(bool(row.noticed) and not (row.state and row.state.problem) for row in rows)
    more = f", {noticed} to be looked at" if noticed else ""
    resting = f", {len(every) - len(rows)} paused" if len(every) > len(rows) else ""
    say(
        f"\n{counted(len(every), 'feed')}: {visited - troubled - noticed} well{more}, {troubled} in trouble, "
        f"{len(rows) - visited} not visited yet{resting}"
    )


def _state_word(row: Row) -> tuple[str, str]:
    state = row.state
    if row.paused:
        return f"paused since {row.paused:%Y-%m-%d}", "dim"
    if state is None or state.visited_at is None:
        return "not visited yet", "dim"
    if state.problem:
        times = f"{state.failures}× " if state.failures > 1 else ""
        return f"{'gone: ' if state.gone_at else ''}{times}{state.problem}", "red"
    if row.noticed:
        return "; ".join(f"{notice.kind}: {notice.words}" for notice in row.noticed), "yellow"
    return "ok", ""


for command in (show_feed, show_coverage, add_feed, import_feeds, export_feeds, pause_feed, resume_feed):
    feeds.add_command(command)


@feeds.command("test", short_help="Visit an address and show what would be read.")
@click.argument("url", metavar="URL|FEED")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option(
    "--entries", type=click.IntRange(min=0), default=5, show_default=True, metavar="N", help="How many entries to show."
)
@click.pass_obj
def test_feed(paths: Paths, url: str, as_json: bool, entries: int) -> int:
    """Visit URL (or a feed of feeds.toml by its name) as the daemon would, and show what would be read.

    Nothing is stored. Ends with code 1 when it cannot be read as a feed.
    """
    from monitor.fetch import Fetcher
    from monitor.jobs.follow import follow
    from monitor.jobs.planning import request_for
    from monitor.settings.feedsfile import web_address
    from monitor.sources import KINDS
    from monitor.sources.document import HTML_PAGE

    settings, url = read_settings(paths, feedless=True), web_address(url)
    feed = next((feed for feed in settings.feeds if url in (feed.url, feed.name)), None)
    if feed is None and not url.startswith(("http://", "https://")):
        hint = nearest(url, [feed.name for feed in settings.feeds]) or "give an http(s) address"
        raise MisuseError(f"'{url}' is no address and no feed of that name is in feeds.toml; {hint}")
    feed = feed or Feed("test", url)
    with Fetcher(settings.fetch, lambda: datetime.now(UTC)) as fetcher:
        source = KINDS[feed.kind]
        (visit,) = follow(
            fetcher,
            [fetcher.visit(request_for(feed, feed.url, "feed"))],
            lambda visit: [request_for(feed, place, "feed") for place in source.pointers(feed, visit, None)],
        )
    page = KINDS[feed.kind].read(feed, visit) if isinstance(visit, Fresh) else None
    if as_json:
        echo_json({"url": without_login(feed.url), "visit": _visit_facts(visit), "feed": page})
    else:
        _show(feed, visit, page, entries)
        if isinstance(visit, Fresh) and isinstance(page, Unreadable) and page.reason == HTML_PAGE:
            _show_way(visit, listed=feed in settings.feeds)
    return Exit.OK if isinstance(page, FeedPage) else Exit.NOT_WELL


def _visit_facts(visit: Visit) -> dict[str, object]:
    if isinstance(visit, Fresh):
        return {
            "status": visit.status,
            "url": without_login(visit.url),
            "bytes": len(visit.body),
            "headers": dict(visit.headers),
        }
    return {"problem": str(visit)}


def _show(feed: Feed, visit: Visit, page: FeedPage | Unreadable | None, most: int) -> None:
    if not isinstance(visit, Fresh):
        say(f"✗ {without_login(feed.url)}", style="red")
        say(str(visit), after="  ")
        return
    kind = visit.headers.get("content-type", "no type")
    say(f"{visit.status} {without_login(visit.url)} · {len(visit.body):,} bytes · {kind}")
    validators = [name for name in ("etag", "last-modified") if visit.headers.get(name)]
    say(f"conditional requests: {', '.join(validators) or 'not offered'}")
    if visit.moved_to and not isinstance(page, Unreadable):
        say(f"moved for good to {without_login(visit.moved_to)}: change the url in feeds.toml")
    if isinstance(page, Unreadable):
        say(f"not readable as a feed: {page}", after="✗ ", style="red")
    elif page is not None:
        dated = sum(entry.published is not None for entry in page.entries)
        remark = f" · {page.remark}" if page.remark else ""
        say(f"“{page.title}” · {len(page.entries)} entries, {dated} of them dated{remark}", after="✓ ", style="green")
        for entry in page.entries[:most]:
            _show_entry(entry)


def _show_way(visit: Fresh, *, listed: bool) -> None:
    """From a page to its feeds, so that nobody has to look for them in its source."""
    from monitor.sources.discovery import offered
    from monitor.sources.document import open_body

    named = [offer.url for offer in offered(getattr(open_body(visit), "text", ""), visit.url)][:OFFERS_SHOWN]
    for url in named:
        say(without_login(url), after="  it names  ")
    if listed:
        say("change its url in feeds.toml to that of a feed" + ("" if named else ", or remove it"), after="  ")
    else:
        say(f"`monitor feeds add {without_login(visit.url)}` looks for its feeds, tries them and adds one", after="  ")


def _show_entry(entry: Entry) -> None:
    when = f"{entry.published:%Y-%m-%d %H:%M} UTC" if entry.published else "no date"
    carried = "full content" if entry.content else "summary" if entry.summary else "title only"
    say(entry.title, after=f"  {when:<20}  ")
    say(f"{entry.link or 'no link'} · {carried}", after=" " * 24)
