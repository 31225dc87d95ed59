"""`run`, `once` and `health`: the daemon, one round of it, and whether it does its work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from monitor.cli.common import Exit, Paths, ago, console, echo_json, opened, read_settings

GRACE = timedelta(minutes=10)  # beyond three missed rounds of a ticker


@click.command()
@click.pass_obj
def run(paths: Paths) -> None:
    """Start the daemon: poll, judge, archive, digest and deliver until SIGTERM or Ctrl-C.

    SIGHUP reads the configuration again; a wrong one is reported and the last good one stays.
    """
    from monitor.daemon import run_daemon

    with opened(paths) as app:
        run_daemon(app, app.settings.archive.folder, lambda: read_settings(paths))


@click.command()
@click.option("--all", "force", is_flag=True, help="Visit every feed, also those that are not due yet.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
def once(paths: Paths, force: bool, as_json: bool) -> int:
    """One full round: poll what is due, ingest, compose due digests, deliver.

    Ends with code 1 when no feed could be reached or a message could not be delivered.
    """
    from monitor.store import ArchiveLock

    with opened(paths) as app, ArchiveLock(app.settings.archive.folder):
        with _progress() as progress:
            done = app.poll(force=force, progress=progress)
        composed, delivered = app.digest(), app.deliver()
    if as_json:
        echo_json({"poll": done, "digests": [one.digest.key for one in composed if one.sent], "deliver": delivered})
    else:
        out = console()
        out.print(
            f"Feeds   {done.due} due · {done.read} read · {done.unchanged} unchanged · {len(done.failed)} failed\n"
            f"Items   {done.new} new · {done.edited} edited · {done.matched} match a topic"
            + (f" · {done.left_over} wait for the next round" if done.left_over else "")
        )
        for outlet, problem in list(done.failed.items())[:10]:
            out.print(f"        {outlet}: {problem}")
        if len(done.failed) > 10:
            out.print(f"        … and {len(done.failed) - 10} more; see `monitor feeds`")
        if done.offline:
            out.print("No feed could be reached. This looks like this machine's own network being down.")
        for receipt in delivered.receipts:
            out.print(f"Sent    {receipt.key} → {receipt.detail}")
        for key, problem in (delivered.postponed | delivered.refused).items():
            out.print(f"Unsent  {key}: {problem}")
        if not composed:
            out.print("Digest  none due; `monitor digest preview` shows what the next one would hold")
        for one in composed:
            if not one.sent:
                out.print(f"Digest  {one.digest.key}: {one.problem or 'nothing to tell, so nothing was sent'}")
    troubled = done.offline or delivered.postponed or delivered.refused
    return Exit.NOT_WELL if troubled else Exit.OK


@contextmanager
def _progress() -> Iterator[Any]:
    """A progress bar on a terminal; silence elsewhere, where the log lines tell."""
    from monitor.jobs.poll import silent

    out = console(stderr=True)
    if not out.is_terminal:
        yield silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield show


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the state as JSON.")
@click.pass_obj
def health(paths: Paths, as_json: bool) -> int:
    """Look at when each ticker last succeeded; code 0 when all did lately, 1 when one did not.

    A process that is alive but blind (no feed can be reached) is not healthy.
    """
    from monitor.store import open_store

    settings = read_settings(paths)
    store = open_store(settings.archive.url)
    try:
        with store.read() as shelves:
            beats, waiting = shelves.pulse.beats(), shelves.outbox.counts()
    finally:
        store.close()
    now = datetime.now(UTC)
    troubles = {name: trouble for name, beat in beats.items() if (trouble := _trouble(beat, now))}
    if not beats:
        troubles["daemon"] = "has never run on this archive; start it with `monitor run`"
    if as_json:
        echo_json({"healthy": not troubles, "troubles": troubles, "tickers": beats, "outbox": waiting})
        return Exit.NOT_WELL if troubles else Exit.OK
    out = console()
    for name, beat in sorted(beats.items()):
        mark = "✗" if name in troubles else "✓"
        out.print(
            f"{mark} {name:<8} last success {ago(beat.succeeded_at, now)}{': ' + beat.problem if beat.problem else ''}"
        )
    for name in troubles.keys() - beats.keys():
        out.print(f"✗ {name:<8} {troubles[name]}")
    out.print("healthy" if not troubles else "not healthy")
    return Exit.NOT_WELL if troubles else Exit.OK


def _trouble(beat: Any, now: datetime) -> str:
    longest = 3 * beat.every + GRACE
    since = beat.succeeded_at
    if since is None:
        if now - beat.started_at <= longest and not beat.problem:
            return ""
        return f"never succeeded: {beat.problem or 'no reason noted'}"
    if now - since > longest:
        return f"last success {ago(since, now)}" + (f": {beat.problem}" if beat.problem else "")
    return ""
