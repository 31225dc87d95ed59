"""`run`, `once` and `health`: the daemon, one round of it, and whether it does its work."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import click
from msgspec.structs import replace

from monitor.cli.common import Exit, Paths, has_archive, hold_reloads, opened, place_of, read_settings, reading
from monitor.cli.deskprocess import desk_beside
from monitor.cli.output import bars, echo_json, say
from monitor.dates import ago
from monitor.errors import StoreError
from monitor.values import as_dict

if TYPE_CHECKING:
    from monitor.jobs.deliver import Delivered
    from monitor.jobs.drawing import Composed
    from monitor.jobs.poll import Progress, Round
    from monitor.model import Beat, Notice
    from monitor.settings import Settings
    from monitor.store import Refused

REMEMBERED = timedelta(days=7)  # how long a message that was given up counts as trouble
FAILURES_SHOWN = 10


@click.command()
@click.pass_obj
def run(paths: Paths) -> None:
    """Start the daemon: poll, judge, archive, digest and deliver until SIGTERM or Ctrl-C.

    SIGHUP reads the configuration again; a wrong one is reported and the last good one stays.
    """
    hold_reloads()
    from monitor.daemon import run_daemon

    with opened(paths) as app, desk_beside(app, paths) as desk:

        def read_again() -> "Settings":
            settings = read_settings(paths)
            if desk is not None:
                desk.reload()
            return settings

        run_daemon(app, read_again)


@click.command()
@click.option("--all", "force", is_flag=True, help="Visit every feed, also those that are not due yet.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
def once(paths: Paths, force: bool, as_json: bool) -> int:
    """One full round: poll what is due, ingest, compose due digests, deliver.

    Ends with code 1 when no feed could be reached or a message could not be delivered.
    """
    from monitor.store import ArchiveLock

    with (
        opened(paths) as app,
        ArchiveLock(app.settings.archive.folder, app.settings.archive.url),
        _progress(app.settings.log.form) as progress,
    ):
        done = app.poll(force=force, progress=progress)
        composed, delivered = app.digest(), app.deliver()
    if as_json:
        told = as_dict(replace(done, after={}))
        del told["after"]
        echo_json({"poll": told, "digests": [one.digest.key for one in composed if one.sent], "deliver": delivered})
    else:
        _tell_round(done)
        _tell_digests(composed, delivered)
    troubled = done.offline or delivered.postponed or delivered.refused
    return Exit.NOT_WELL if troubled else Exit.OK


def _tell_round(done: "Round") -> None:
    failed = done.due - done.read - done.unchanged
    if done.offline:
        say(
            "none of them could be reached; this looks like this machine's own network being down",
            after=f"Feeds   {done.due} due · ",
        )
        for problem in list(done.failed.values())[:1]:
            say(f"such as {problem}", after="        ")
        return
    say(f"Feeds   {done.due} due · {done.read} read · {done.unchanged} unchanged · {failed} failed")
    for outlet, problem in list(done.failed.items())[:FAILURES_SHOWN]:
        say(f"{outlet}: {problem}", after="        ")
    if failed > FAILURES_SHOWN:
        say(f"        … `monitor feeds --failing` shows all {failed}")
    more = f" · {done.left_over} wait for the next round" if done.left_over else ""
    say(f"Items   {done.new} new · {done.edited} edited · {done.matched} match a topic{more}")


def _tell_digests(composed: "list[Composed]", delivered: "Delivered") -> None:
    for receipt in delivered.receipts:
        say(f"{receipt.key} → {receipt.detail}", after="Sent    ")
    for key, problem in delivered.postponed.items():
        say(f"{key} is tried again later: {problem}", after="Unsent  ")
    for target, problem in delivered.switched_off.items():
        say(f"{target} is switched off: {problem}", after="Unsent  ")
    for key, problem in delivered.refused.items():
        say(f"{key} is given up: {problem}", after="Unsent  ")
    if not composed:
        say("none due; `monitor digest preview` shows what the next one would hold", after="Digest  ")
    for one in composed:
        if one.problem or not one.sent:
            say(f"{one.digest.key}: {one.problem or 'nothing to tell, so nothing was sent'}", after="Digest  ")


@contextmanager
def _progress(form: Literal["plain", "json"]) -> "Iterator[Progress]":
    """Bars on a terminal, with only what went wrong logged above them; elsewhere the log lines tell."""
    from monitor import logs

    with bars() as show:
        if sys.stderr.isatty():
            logs.configure(form, "error", sys.stderr)  # which is the bars' own meanwhile
        yield show


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the state as JSON.")
@click.pass_obj
def health(paths: Paths, as_json: bool) -> int:
    """Look at when each ticker last succeeded, what was given up, backups, evidence, disk; 0 if all is well, else 1.

    A process that is alive but blind (no feed can be reached) is not healthy. Trouble of single feeds is shown, but
    the daemon is healthy all the same.
    """
    from monitor.jobs.doctor import ailing
    from monitor.model import FEED_NOTICES
    from monitor.store import look

    settings = read_settings(paths)
    holding = look(settings.archive.folder, settings.archive.url)
    beats: dict[str, Beat] = {}
    waiting: dict[str, int] = {}
    refused: list[Refused] = []
    noticed: list[Notice] = []
    try:
        if has_archive(settings):
            with reading(settings) as store, store.read() as shelves:
                beats, waiting = dict(shelves.pulse.beats()), dict(shelves.outbox.counts())
                refused, noticed = shelves.outbox.refused(), shelves.notices.open()
    except StoreError as error:
        if as_json:
            troubles = {"archive": str(error)}
            echo_json({"healthy": False, "troubles": troubles, "tickers": {}, "outbox": {}, "notices": []})
        raise
    now = datetime.now(UTC)
    troubles = {name: trouble for name, beat in beats.items() if (trouble := ailing(beat, now, held=holding.held))}
    given_up = [f"{letter.message.key}: {letter.problem}" for letter in refused if now - letter.at <= REMEMBERED]
    if given_up:
        troubles["outbox"] = f"given up in the last {REMEMBERED.days} days: {'; '.join(given_up)}"
    troubles |= _around(settings, noticed, now)
    warnings = [notice for notice in noticed if notice.subject and notice.kind in FEED_NOTICES]
    if not beats:
        troubles["daemon"] = f"has never run on {place_of(settings)}; start it with `monitor run`"
    elif holding.left_by:
        troubles["daemon"] = f"process {holding.left_by} ended in the middle of its work; start it again"
    if as_json:
        echo_json(
            {"healthy": not troubles, "troubles": troubles, "tickers": beats, "outbox": waiting, "notices": noticed}
        )
        return Exit.NOT_WELL if troubles else Exit.OK
    for name, beat in sorted(beats.items()):
        well = f"last success {ago(beat.succeeded_at, now)}" + (f", then {beat.problem}" if beat.problem else "")
        say(troubles.get(name, well), after=f"{'✗' if name in troubles else '✓'} {name:<8} ")
    if waiting and not given_up:
        say(", ".join(f"{number} {state}" for state, number in waiting.items()), after=f"✓ {'outbox':<8} ")
    for name in sorted(troubles.keys() - beats.keys()):
        say(troubles[name], after=f"✗ {name:<8} ")
    for notice in warnings[:FAILURES_SHOWN]:
        say(notice.words, after=f"! {notice.subject}: ", style="yellow")
    if len(warnings) > FAILURES_SHOWN:
        say(f"  … `monitor feeds` shows all {len(warnings)}")
    say("not healthy" if troubles else "healthy", style="bold red" if troubles else "bold green")
    return Exit.NOT_WELL if troubles else Exit.OK


def _around(settings: "Settings", noticed: "list[Notice]", now: datetime) -> dict[str, str]:
    """What is wrong with what the daemon stands on, in words."""
    from monitor.app import backup_plan
    from monitor.jobs.backup import overdue
    from monitor.jobs.watch import short_of_room
    from monitor.model import NoticeKind

    words = {NoticeKind.OFF: "is switched off", NoticeKind.LATE: "could not be delivered for hours"}
    ill = [f"{one.subject} {words[one.kind]}: {one.words}" for one in noticed if one.kind in words]
    unproven = [f"cannot be kept: {one.words}" for one in noticed if one.kind is NoticeKind.NO_EVIDENCE]
    network = [f"{one.words}; noticed {ago(one.opened_at, now)}" for one in noticed if not one.subject]
    troubles = {
        "backup": overdue(backup_plan(settings), now),
        "disk": short_of_room(settings.archive.folder),
        "channels": "; ".join(ill),
        "evidence": "; ".join(unproven),
        "network": "; ".join(network),
        "template": _broken_templates(settings),
    }
    return {name: trouble for name, trouble in troubles.items() if trouble}


def _broken_templates(settings: "Settings") -> str:
    """What is wrong with own templates, in words: each is filled with a sample, where there are any."""
    from monitor.digests import Renderer, make_environment, sample
    from monitor.errors import TemplateError

    if not settings.templates.is_dir() or not any(settings.templates.glob("*.j2")):
        return ""
    renderer, now = Renderer(make_environment([settings.templates])), datetime.now(UTC)
    troubles = {}
    for name in {one.template for one in settings.subscriptions}:
        digest = sample("folder", now)
        try:
            renderer.render(replace(digest, subscription=replace(digest.subscription, template=name)), now)
        except TemplateError as error:
            troubles[name] = f"{error}; the built-in one is used"
    return "; ".join(troubles[name] for name in sorted(troubles))
