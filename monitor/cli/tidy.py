"""`tidy`: retention at once, or what it would remove."""

from dataclasses import asdict

import click

from monitor.cli.common import Exit, Paths, opened
from monitor.cli.output import counted, echo_json, say, sized


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def tidy(paths: Paths, dry_run: bool, as_json: bool) -> int:
    """Forget what tidy.keep_days allows to be forgotten; the daemon does the same once a day.

    Texts of articles that matched no topic, stand in no story and were not marked, notes of visits and of troubles that
    are over. What matched stays, and so does the identity of every item, so that nothing old comes back as new.
    """
    from monitor.jobs.tidy import forget

    with opened(paths, workers=0, existing=True) as app:
        done = forget(app.toolbox, dry_run=dry_run)
        if not dry_run:
            app.store.optimise()
        days = app.settings.tidy.keep_days
    if as_json:
        echo_json(asdict(done) | {"dry_run": dry_run, "keep_days": days})
        return Exit.OK
    say(f"{'would be forgotten' if dry_run else 'forgotten'}, being older than {counted(days, 'day')}:", style="bold")
    texts, visits = counted(done.texts, "text"), counted(done.visits, "visit")
    say(f"{texts} of articles that matched nothing, notes of {visits}, {counted(done.notices, 'notice')}", after="  ")
    say(f"{sized(done.freed)} of the database can be used anew", after="  ")
    return Exit.OK
