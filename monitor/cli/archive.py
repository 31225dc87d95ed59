"""`why`: what became of one address at each stage."""

from datetime import timedelta

import click

from monitor.cli.common import Exit, Paths, read_settings, reading
from monitor.cli.output import echo_json, minute, say
from monitor.values import as_dict


def advised(words: str) -> str:
    """Why a story stands in no digest, with what to do where it may still come."""
    from monitor.jobs.tracing import UNTOLD

    return f"{words}; `monitor digest preview` shows what the next one holds" if words == UNTOLD else words


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def why(paths: Paths, url: str, as_json: bool) -> int:
    """Say what became of URL (or of an article id) at each stage, and why it is or is not in a digest.

    Ends with code 1 when it was never seen.
    """
    from monitor.jobs.tracing import traces, unseen

    settings = read_settings(paths)
    with reading(settings) as store, store.read() as shelves:
        found = traces(shelves, url, timedelta(days=settings.digest.max_age_days), minute)
        unknown = "" if found else unseen(settings.feeds, shelves, url, minute)
    if as_json:
        echo_json([as_dict(one.history) | {"marks": one.marks} for one in found if one.history])
    elif not found:
        click.echo(f"{url} was never seen in any feed read so far.\n{unknown}", err=True)
    for one in () if as_json else found:
        say(f"“{one.title}”" if one.title else "(no headline)", style="bold")
        say(one.address)
        say()
        for stage in one.stages:
            sign = "" if stage.good is None else "✓" if stage.good else "✗"
            say(advised(stage.words), after=f"  {stage.name:<9}{sign or ' '}  ")
        say()
    return Exit.OK if found else Exit.NOT_WELL
