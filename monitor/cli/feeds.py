"""`feeds`: every feed with its state, and what a single address would give."""

from collections.abc import Iterable
from datetime import UTC, datetime

import click

from monitor.cli.common import Exit, Paths, ago, console, echo_json, read_settings
from monitor.model import Entry, Feed, FeedPage, FeedState, Fresh, Request, Unreadable, Visit


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--failing", is_flag=True, help="Only feeds whose last visit failed.")
@click.pass_context
def feeds(context: click.Context, as_json: bool, failing: bool) -> None:
    """List the feeds with their state: last success, next visit, trouble in words."""
    if context.invoked_subcommand is None:
        _list(context.obj, as_json, failing)


def _list(paths: Paths, as_json: bool, failing: bool) -> None:
    from monitor.store import open_store

    settings = read_settings(paths)
    store = open_store(settings.archive.url)
    try:
        with store.read() as shelves:
            states = shelves.feeds.states()
    finally:
        store.close()
    rows = [(feed, states.get(feed.name)) for feed in settings.feeds]
    if failing:
        rows = [(feed, state) for feed, state in rows if state and state.problem]
    if as_json:
        echo_json([{"feed": feed, "state": state} for feed, state in rows])
        return
    _table(rows, datetime.now(UTC))


def _table(rows: Iterable[tuple[Feed, FeedState | None]], now: datetime) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("feed", "outlet", "lang", "read", "next", "state"):
        table.add_column(heading, no_wrap=heading not in ("state", "outlet"), overflow="fold")
    shown = troubled = 0
    for feed, state in rows:
        shown += 1
        word, style = _state_word(state)
        troubled += style == "red"
        read = ago(state.succeeded_at, now) if state else "never"
        due = "due" if state is None or state.due_at <= now else ago(state.due_at, now)
        table.add_row(feed.name, feed.outlet, feed.language, read, due, word, style=style)
    out = console()
    out.print(table)
    out.print(f"{shown} feeds, {troubled} in trouble")


def _state_word(state: FeedState | None) -> tuple[str, str]:
    if state is None or state.visited_at is None:
        return "not visited yet", "dim"
    if state.problem:
        times = f"{state.failures}× " if state.failures > 1 else ""
        return f"{times}{state.problem}", "red"
    return "ok", ""


@feeds.command("test")
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--entries", default=5, show_default=True, help="How many entries to show.")
@click.pass_obj
def test_feed(paths: Paths, url: str, as_json: bool, entries: int) -> int:
    """Visit URL as the daemon would and show what would be read. Nothing is stored."""
    from monitor.fetch import Fetcher
    from monitor.sources import KINDS

    settings = read_settings(paths)
    feed = next((feed for feed in settings.feeds if feed.url == url or feed.name == url), Feed("test", url))
    with Fetcher(settings.fetch, lambda: datetime.now(UTC)) as fetcher:
        visit = fetcher.visit(Request(url=feed.url, purpose="feed", feed=feed.name, headers=feed.headers))
    page = KINDS[feed.kind].read(feed, visit) if isinstance(visit, Fresh) else None
    if as_json:
        echo_json({"url": feed.url, "visit": _visit_facts(visit), "feed": page})
    else:
        _show(feed, visit, page, entries)
    return Exit.OK if isinstance(page, FeedPage) else Exit.NOT_WELL


def _visit_facts(visit: Visit) -> dict[str, object]:
    if isinstance(visit, Fresh):
        return {"status": visit.status, "url": visit.url, "bytes": len(visit.body), "headers": dict(visit.headers)}
    return {"problem": str(visit)}


def _show(feed: Feed, visit: Visit, page: FeedPage | Unreadable | None, most: int) -> None:
    out = console()
    if not isinstance(visit, Fresh):
        out.print(f"✗ {feed.url}\n  {visit}")
        return
    out.print(
        f"{visit.status} {visit.url} · {len(visit.body):,} bytes · {visit.headers.get('content-type', 'no type')}"
    )
    validators = [name for name in ("etag", "last-modified") if visit.headers.get(name)]
    out.print(f"conditional requests: {', '.join(validators) or 'not offered'}")
    if visit.moved_to:
        out.print(f"moved for good to {visit.moved_to}: change the url in feeds.toml")
    if isinstance(page, Unreadable):
        out.print(f"✗ not readable as a feed: {page}")
        return
    if page is None:
        return
    dated = sum(entry.published is not None for entry in page.entries)
    out.print(
        f"✓ “{page.title}” · {len(page.entries)} entries, {dated} of them dated"
        + (f" · {page.remark}" if page.remark else "")
    )
    for entry in page.entries[:most]:
        _show_entry(entry)


def _show_entry(entry: Entry) -> None:
    when = f"{entry.published:%Y-%m-%d %H:%M} UTC" if entry.published else "no date"
    carried = "full content" if entry.content else "summary" if entry.summary else "title only"
    click.echo(f"  {when:<20} {entry.title}\n  {'':<20} {entry.link or 'no link'} · {carried}")
