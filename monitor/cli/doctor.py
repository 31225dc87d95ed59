"""`doctor`: looks at everything the daemon stands on and says what to do."""

from collections import Counter
from functools import partial

import click

from monitor.cli.common import Exit, Paths, opened
from monitor.cli.output import echo_json, say


@click.command(short_help="Look at everything it stands on, and say what to do.")
@click.option("--offline", is_flag=True, help="Visit nothing and ask no channel.")
@click.option("--all", "every", is_flag=True, help="Show what is well, too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def doctor(paths: Paths, offline: bool, every: bool, as_json: bool) -> int:
    """Check configuration, archive, disk, tickers, clock, every feed with its robots.txt and certificate, channels
    (SMTP login, Slack auth.test) and templates. Changes and sends nothing.

    Ends with code 1 when something is in trouble; a warning alone is no trouble.
    """
    from monitor.fetch.certificate import expiries
    from monitor.jobs.doctor import Finding, State, examine

    marks = {State.WELL: ("✓", ""), State.WARNING: ("!", "yellow"), State.TROUBLE: ("✗", "red")}
    found: list[Finding] = []
    with opened(paths, workers=0, log_level="error") as app:
        certificates = partial(expiries, allow=app.settings.fetch.allow_private)
        for one in examine(app.toolbox, app.settings.archive.folder, certificates, network=not offline):
            found.append(one)
            if as_json or (one.state is State.WELL and not every):
                continue
            mark, style = marks[one.state]
            say(one.words, after=f"{mark} {one.subject}: ", style=style)
            if one.hint:
                say(one.hint, after="    → ")
    counts = Counter(one.state for one in found)
    if as_json:
        echo_json({"well": not counts[State.TROUBLE], "findings": found})
    else:
        say(
            f"{counts[State.WELL]} well, {counts[State.WARNING]} to be looked at, {counts[State.TROUBLE]} in trouble",
            style="bold",
        )
    return Exit.NOT_WELL if counts[State.TROUBLE] else Exit.OK
