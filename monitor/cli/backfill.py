"""`backfill`: fill the archive with what feeds published before they were followed, or while they were not."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.common import Exit, MisuseError, Paths, opened, unknown, unknown_feed
from monitor.cli.output import console, counted, echo_json, say
from monitor.dates import span
from monitor.model import Climb, ClimbState, Feed, Window
from monitor.values import as_dict

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.jobs.backfill import Estimate, Order, Report, Tally, Watch
    from monitor.settings import Settings

VIAS = ("auto", "pages", "sitemap", "wayback", "warc", "list")
_OF_FILES = {"list": "text with one address a line", "warc": "as crawls write them, .warc or .warc.gz"}
_SHOWN = 5  # failed addresses, thin days and feeds of a list
_STYLES = {ClimbState.COVERED: "green", ClimbState.STOPPED: "yellow", ClimbState.OPEN: "yellow"}


@click.command(short_help="Fill the archive with what was published before.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--feed", "names", multiple=True, metavar="NAME", help="A feed of feeds.toml; may be given again.")
@click.option("--all", "every", is_flag=True, help="Every feed.")
@click.option("--topic", metavar="T", help="Every feed; the report counts what matches this topic.")
@click.option("--since", required=True, metavar="DATE", help="From this day on, such as 2024-01-01 (UTC).")
@click.option("--until", metavar="DATE", help="Up to and with this day.  [default: now]")
@click.option(
    "--via", type=click.Choice(VIAS), default="auto", show_default=True, help="One way instead of the ladder."
)
@click.option("--tell", is_flag=True, help="Tell what matches in the next digest; else it is archived silently.")
@click.option("--budget", type=click.IntRange(min=1), metavar="N", help="At most so many requests in this run.")
@click.option("--queue", is_flag=True, help="Leave it to the workers (`monitor worker`), slice by slice.")
@click.option("--dry-run", is_flag=True, help="Say how many requests and items to expect, and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def backfill(
    paths: Paths,
    files: tuple[Path, ...],
    *,
    names: tuple[str, ...],
    every: bool,
    topic: str | None,
    since: str,
    until: str | None,
    via: str,
    tell: bool,
    budget: int | None,
    queue: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Go back through each feed's own older pages, its site's sitemaps and the Wayback Machine, in that order.

    The ladder ends where the span is covered. FILES are lists of addresses, one a line, or WARC files. What is found
    is read, judged and grouped as ever, and raises no alert. The same command goes on where it was; it may be
    interrupted at any time, and a daemon may run beside it. Code 1 when something is left to do.
    """
    now = datetime.now(UTC)
    window = _window(since, until, now)
    with opened(paths, log_level="warning") as app:
        chosen = _feeds(app.settings.feeds, names, every=every, topic=topic)
        if topic is not None:
            _known_topic(topic, [one.name for one in app.settings.topics.topics])
        if queue:
            return _leave(app.settings, chosen, window, (since, until or "", via, topic or ""), tell=tell, files=files)
        order = _order(app, chosen, window, files, since, until or "", via, topic or "", tell=tell, budget=budget)
        if dry_run:
            return _foretell(app, order, as_json=as_json)
        with _interruptible(app), _bars(app.settings.log.form) as watch:
            report = app.backfill(order, watch)
    if as_json:
        echo_json({**as_dict(report), "complete": _complete(report)})
    else:
        _tell(report, order)
    if report.interrupted:
        return Exit.INTERRUPTED
    return Exit.OK if _complete(report) else Exit.NOT_WELL


def _leave(
    settings: "Settings",
    feeds: Sequence[Feed],
    window: Window,
    words: tuple[str, str, str, str],
    *,
    tell: bool,
    files: Sequence[Path],
) -> int:
    """Put one errand a feed into the workers' queue; they go on with it even where they are killed."""
    if files:
        raise MisuseError("--queue takes no FILES, which other machines do not see; leave one of them out")
    if find_spec("procrastinate") is None:
        raise MisuseError("a queue needs one more package: pip install 'news-monitor[postgres]'")
    from monitor.cluster import hand_out
    from monitor.jobs.backfill import Errand

    since, until, via, topic = words
    start, end = window.start.isoformat(), window.end.isoformat()
    errands = [Errand(feed.name, since, until, start, end, via, topic, tell) for feed in feeds]
    new = hand_out(settings.archive.url, errands)
    waits = f", {len(errands) - new} waited there already" if new < len(errands) else ""
    say(f"{counted(new, 'feed')} left to the workers{waits}; what they find is in `monitor search` as it comes")
    return Exit.OK


def _window(since: str, until: str | None, now: datetime) -> Window:
    start = _day(since, "--since")
    if start > now:
        raise MisuseError(f"--since {since} lies in the future; give a day up to today")
    last = _day(until, "--until") if until else None
    if last is not None and last > now:
        raise MisuseError(f"--until {until} lies in the future; leave it out to fill up to now")
    end = min(now, last + timedelta(days=1)) if last is not None else now
    if start >= end:
        raise MisuseError(f"--since {since} is after --until {until}; give the earlier day first")
    return Window(start, end)


def _day(text: str, option: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise MisuseError(f"{option} '{text}' is no day; write it as year-month-day, such as 2024-01-31") from None


def _feeds(feeds: Sequence[Feed], names: Sequence[str], *, every: bool, topic: str | None) -> tuple[Feed, ...]:
    if sum((bool(names), every, topic is not None and not names)) != 1:
        raise MisuseError("say what to fill: one of --feed NAME, --all and --topic T")
    known = {feed.name: feed for feed in feeds}
    for name in names:
        if name not in known:
            raise unknown_feed(name, list(known))
    return tuple(known[name] for name in dict.fromkeys(names)) if names else tuple(feeds)


def _known_topic(topic: str, topics: Sequence[str]) -> None:
    if topic not in topics:
        raise unknown("topic", topic, topics)


def _order(
    app: "App",
    feeds: tuple[Feed, ...],
    window: Window,
    files: Sequence[Path],
    since: str,
    until: str,
    via: str,
    topic: str,
    *,
    tell: bool,
    budget: int | None,
) -> "Order":
    from monitor.jobs.backfill import Order

    if files and via not in (*_OF_FILES, "auto"):
        raise MisuseError(f"--via {via} reads no files; use --via list or --via warc")
    if not files and via in _OF_FILES:
        raise MisuseError(f"--via {via} needs FILES: {_OF_FILES[via]}")
    warcs = [file for file in files if via == "warc" or (via == "auto" and _is_warc(file))]
    for file in warcs:
        _readable(file)
    return Order.of(
        feeds,
        window,
        since,
        until,
        files=files,
        via=via,
        topic=topic,
        tell=tell,
        budget=budget or app.settings.backfill.requests,
        listed=_listed([file for file in files if file not in warcs], feeds),
        warcs=tuple(file.resolve() for file in warcs),
    )


def _is_warc(file: Path) -> bool:
    return file.name.lower().endswith((".warc", ".warc.gz"))


def _readable(file: Path) -> None:
    """Raise MisuseError for what is no WARC file, or cannot be read."""
    try:
        with file.open("rb") as opened_:
            head = opened_.read(4)
    except OSError as error:
        raise MisuseError(f"{file} cannot be read: {error.strerror}; give a WARC file") from error
    if not head.startswith((b"WARC", b"\x1f\x8b")):
        raise MisuseError(f"{file} is no WARC file: neither a record nor a gzip member begins it")


def _listed(files: Sequence[Path], feeds: Sequence[Feed]) -> dict[str, list[str]]:
    """The addresses of the files by feed; what cannot be used is said at once."""
    from monitor.backfill.addresses import shared_out

    lines: list[str] = []
    for file in files:
        try:
            lines += file.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            raise MisuseError(f"{file} cannot be read: {reason}; give a text file with one address a line") from error
    listed, refused = shared_out(lines, feeds)
    for line, why in refused[:_SHOWN]:
        say(f"{line}: {why}", after="– ")
    if len(refused) > _SHOWN:
        say(f"– … and {len(refused) - _SHOWN} more lines that cannot be used")
    if files and not listed:
        raise MisuseError(f"no address in {', '.join(map(str, files))} can be used")
    return listed


def _foretell(app: "App", order: "Order", *, as_json: bool) -> int:
    estimates = app.estimate(order)
    if as_json:
        echo_json(estimates)
        return Exit.OK
    wide = max(len(one.feed) for one in estimates)
    for one in estimates:
        say(_expected(one), after=f"{one.feed:<{wide}}  ", style="" if one.rung else "yellow")
    requests = sum(one.requests for one in estimates)
    seconds = _least_seconds(app, estimates)
    say(
        f"\nabout {requests:,} requests for {sum(one.new for one in estimates):,} new items, at least {span(seconds)}"
        f" at the set pace; the budget is {order.budget:,} requests a run",
        style="bold",
    )
    return Exit.OK


def _expected(one: "Estimate") -> str:
    if not one.rung:
        return one.words
    return (
        f"{one.rung}: about {one.items:,} items in {counted(one.documents, 'document')}, "
        f"{one.new:,} of them new · {one.requests:,} requests"
    )


def _least_seconds(app: "App", estimates: "Sequence[Estimate]") -> float:
    """The longest of the feeds, for they are filled side by side, each at its host's pace; the Wayback Machine's."""
    gap, slow = app.settings.fetch.host_gap_seconds, 60 / app.settings.backfill.wayback_per_minute
    archived = sum(one.requests for one in estimates if one.rung == "wayback") * slow
    return max([archived, *(one.requests * gap for one in estimates if one.rung != "wayback")])


def _complete(report: "Report") -> bool:
    """Whether nothing is left to do: a rung of each feed covers the span."""
    last = {climb.feed: climb for climb in report.climbs}
    best = {climb.feed for climb in report.climbs if climb.state is ClimbState.COVERED}
    return not (report.spent or report.interrupted or report.offline) and last.keys() == best


def _tell(report: "Report", order: "Order") -> None:
    start, end = f"{report.span.start:%Y-%m-%d}", f"{report.span.end - timedelta(microseconds=1):%Y-%m-%d}"
    say(f"Backfill {order.words}: {start} to {end}", style="bold")
    feeds = {climb.feed for climb in report.climbs}
    for feed in sorted(feeds):
        say()
        say(feed or "files", style="bold")
        for climb in report.climbs:
            if climb.feed == feed:
                _tell_climb(climb)
        _tell_thin(report, feed)
    _sum_up(report, order)


def _tell_climb(climb: Climb) -> None:
    words = climb.words
    if climb.reached and climb.state is ClimbState.ENDED:
        words = f"{words + ', ' if words else ''}back to {climb.reached:%Y-%m-%d}"
    say(
        f"{climb.state}{f' ({words})' if words else ''}",
        after=f"  {climb.rung:<8} ",
        style=_STYLES.get(climb.state, "dim"),
    )
    if climb.found or climb.failed or not climb.feed:
        more = [
            f"{climb.found:,} found in {counted(climb.documents, 'document')}",
            f"{climb.new:,} new",
            f"{climb.known:,} known before",
            f"{climb.matched:,} matched",
        ]
        more += [f"{climb.outside:,} of another time"] if climb.outside else []
        more += [f"{climb.empty:,} without text"] if climb.empty else []
        more += [f"{climb.failures:,} failed"] if climb.failures else []
        if not climb.feed:
            more = [counted(climb.documents, "page") + " of the feeds", counted(climb.failures, "damaged record")]
        say(" · ".join(more), after="           ")
    for url, why in climb.failed[:_SHOWN]:
        say(f"{why}: {url}", after="           ✗ ", style="red")
    if len(climb.failed) > _SHOWN:
        say(f"           … {len(climb.failed) - _SHOWN} more; --json has them")


def _tell_thin(report: "Report", feed: str) -> None:
    thin = report.thin.get(feed, ())
    if thin:
        shown = ", ".join(f"{one.day:%Y-%m-%d} {one.items} of about {one.usual:g}" for one in thin[:_SHOWN])
        more = f", … and {len(thin) - _SHOWN} more" if len(thin) > _SHOWN else ""
        say(f"{counted(len(thin), 'day')} with suspiciously few items: {shown}{more}", after="  ! ", style="yellow")


def _sum_up(report: "Report", order: "Order") -> None:
    found, new = sum(one.found for one in report.climbs), sum(one.new for one in report.climbs)
    about = f"match {order.topic}" if order.topic else "match a topic"
    say()
    say(
        f"{found:,} found · {new:,} new · {report.matching:,} articles of the span {about} · "
        f"{counted(report.asked, 'request')}",
        style="bold",
    )
    if report.interrupted:
        say("interrupted; the same command goes on from here", style="yellow")
    elif report.offline:
        say(f"stopped: {report.offline}", style="red")
    elif report.spent:
        say("the budget is spent; the same command goes on from here", style="yellow")
    elif not _complete(report):
        say("not all of it could be had; the same command tries again", style="yellow")


@contextmanager
def _interruptible(app: "App") -> "Iterator[None]":
    """Ctrl-C and SIGTERM end the work at its next safe point, so that there is a report."""
    import signal

    def stop(*_: object) -> None:
        app.stop()

    before = [(one, signal.signal(one, stop)) for one in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield
    finally:
        for one, handler in before:
            signal.signal(one, handler)


@contextmanager
def _bars(form: str) -> "Iterator[Watch]":
    """A bar on a terminal; elsewhere nothing but what goes wrong."""
    if not sys.stderr.isatty():
        yield lambda _tally: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (BarColumn(bar_width=8), TaskProgressColumn(), TextColumn("{task.description}"))  # within 80 columns
    started = datetime.now(UTC)
    with Progress(*columns, console=console(stderr=True), transient=True) as bars:
        task = bars.add_task("looking for the way", total=1.0)

        def watch(tally: "Tally") -> None:
            bars.update(task, completed=tally.share, description=_progress(tally, datetime.now(UTC) - started))

        yield watch


def _progress(tally: "Tally", gone: timedelta) -> str:
    """Where it is, how fast, and how long it takes from here on."""
    seconds = gone.total_seconds()
    rate = f"{tally.new / seconds:.1f}/s" if seconds >= 1 else "–"
    left = f" · {span(seconds / tally.share * (1 - tally.share))} left" if 0.01 < tally.share < 1 else ""
    where = tally.at_work[0] if len(tally.at_work) == 1 else f"{len(tally.at_work) or 'all'} feeds"
    return f"{where} · {tally.new:,} new of {tally.found:,} ({rate}) · {tally.asked:,} requests{left}"
