"""`tidy`: retention at once, or what it would remove."""

from typing import TYPE_CHECKING

import click

from monitor.cli.common import Exit, MisuseError, Paths, opened, want_file
from monitor.cli.output import counted, echo_json, say, sized
from monitor.values import as_dict

if TYPE_CHECKING:
    from monitor.jobs.tidy import Tidied
    from monitor.settings.models import TidyOptions

_ON_A_SERVER = "VACUUM FULL does the same there"


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--compact", is_flag=True, help="Write the archive's file anew as well, without gaps.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def tidy(paths: Paths, dry_run: bool, compact: bool, as_json: bool) -> int:
    """Forget what [tidy] of monitor.toml allows to be forgotten; the daemon does the same once a day.

    Texts of articles that matched no topic, stand in no story and were not marked; notes of visits and of troubles that
    are over; texts of matches where tidy.matches_days says so. The identity of every item stays, so that nothing old
    comes back as new. Room that becomes free is given back to the disk, a small step at a time.

    --compact needs as much room again, on the disk and in memory, and nobody else can write meanwhile; an archive
    that an older version made needs it once before it can shrink by steps.
    """
    from monitor.jobs.tidy import Tidied
    from monitor.jobs.tidy import tidy as tidied

    if dry_run and compact:
        raise MisuseError("--compact cannot be tried; leave out --dry-run, or --compact")
    with opened(paths, workers=0, existing=True) as app:
        if compact:
            want_file(app.settings, _ON_A_SERVER)
        done = tidied(app.toolbox, dry_run=dry_run)
        if compact:
            done += Tidied(returned=app.store.compact())
        stuck, options = app.store.is_stuck(), app.settings.tidy
    if as_json:
        echo_json(as_dict(done) | {"dry_run": dry_run} | options.model_dump())
    else:
        _say(done, options, dry_run=dry_run, stuck=stuck)
    return Exit.OK


def _say(done: "Tidied", options: "TidyOptions", *, dry_run: bool, stuck: bool) -> None:
    def older(days: int) -> str:
        return f"older than {counted(days, 'day')}"

    say("would be forgotten:" if dry_run else "forgotten:", style="bold")
    texts, notices = counted(done.texts, "text"), counted(done.notices, "notice")
    say(f"{texts} of articles that matched nothing, {older(options.keep_days)}", after="  ")
    if options.matches_days:
        matches = counted(done.matches, "text")
        say(f"{matches} of articles that matched, {older(options.matches_days)}", after="  ")
    say(f"notes of {counted(done.visits, 'visit')}, {notices}, {older(options.notes_days)}", after="  ")
    if done.returned > 0:
        say(f"the database is {sized(done.returned)} smaller", after="  ")
    elif done.freed or dry_run:
        about = "about " if dry_run and done.freed else ""
        say(
            f"{about}{sized(done.freed)} of the database {'would hold' if dry_run else 'hold'} nothing more", after="  "
        )
    if stuck:
        say("an older version made this database: run `monitor tidy --compact` once, so that it can shrink", after="  ")
