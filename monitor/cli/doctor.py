"""`doctor`: looks at everything the daemon stands on and says what to do."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import chain
from typing import TYPE_CHECKING

import click

from monitor.cli.common import Exit, Paths, opened
from monitor.cli.output import counted, echo_json, say
from monitor.cli.web import missing_extra
from monitor.errors import ConfigError, StoreError
from monitor.store import look, read_key

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.jobs.doctor import Finding

_ANSWER_WITHIN = 5.0  # seconds


@click.command(short_help="Look at everything it stands on, and say what to do.")
@click.option("--offline", is_flag=True, help="Visit nothing and ask no channel.")
@click.option("--all", "every", is_flag=True, help="Show what is well, too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def doctor(paths: Paths, offline: bool, every: bool, as_json: bool) -> int:
    """Check configuration, archive, disk, tickers, clock, every feed with its robots.txt and certificate, channels
    (SMTP login, Slack auth.test), templates and the desk. Changes and sends nothing.

    Ends with code 1 when something is in trouble; a warning alone is no trouble.
    """
    from monitor.fetch.certificate import expiries
    from monitor.fetch.names import unresolved
    from monitor.jobs.doctor import Finding, State, examine

    marks = {State.WELL: ("✓", ""), State.WARNING: ("!", "yellow"), State.TROUBLE: ("✗", "red")}
    found: list[Finding] = []
    try:
        with opened(paths, workers=0, log_level="error") as app:
            certificates = partial(expiries, allow=app.settings.fetch.allow_private)
            looked_at = examine(app.toolbox, app.settings.archive.folder, certificates, unresolved, network=not offline)
            for one in chain([_configuration(app)], _learning(app), looked_at, [_desk(app)]):
                found.append(one)
                if as_json or (one.state is State.WELL and not every):
                    continue
                mark, style = marks[one.state]
                say(one.words, after=f"{mark} {one.subject}: ", style=style)
                if one.hint:
                    say(one.hint, after="    → ")
    except StoreError as error:
        if as_json:
            found.append(Finding("archive", State.TROUBLE, str(error), "see docs/operating.md"))
            echo_json({"well": False, "findings": found})
        raise
    counts = Counter(one.state for one in found)
    if as_json:
        echo_json({"well": not counts[State.TROUBLE], "findings": found})
    else:
        say(
            f"{counts[State.WELL]} well, {counts[State.WARNING]} to be looked at, {counts[State.TROUBLE]} in trouble",
            style="bold",
        )
    return Exit.NOT_WELL if counts[State.TROUBLE] else Exit.OK


def _configuration(app: "App") -> "Finding":
    """That it can be used: of a wrong one every mistake was told already, with code 2."""
    from monitor.jobs.doctor import Finding, State

    settings = app.settings
    parts = ((settings.feeds, "feed"), (settings.topics.topics, "topic"), (settings.subscriptions, "subscription"))
    what = f"{', '.join(counted(len(part), word) for part, word in parts)} in {settings.folder}"
    if not settings.feeds or not settings.subscriptions:
        hint = "`monitor feeds add SITE` adds a feed; subscriptions.toml says who is told what"
        return Finding("configuration", State.WARNING, what, hint)
    return Finding("configuration", State.WELL, what)


def _learning(app: "App") -> "Iterator[Finding]":
    """What was learned from marks, where there is any, and whether it is used."""
    from monitor.jobs.doctor import Finding, State
    from monitor.settings.learned import with_learning
    from monitor.topics.learn import LearnedTopics

    judge, unused = with_learning(app.settings.topics, app.settings)
    for problem in unused:
        words = f"{problem.where} {problem.message}" if problem.where else f"{problem.file}: {problem.message}"
        yield Finding("learning", State.WARNING, words, problem.hint)
    if isinstance(judge, LearnedTopics) and judge.learned:
        yield Finding("learning", State.WELL, f"corrects {', '.join(sorted(judge.learned))}")


def _desk(app: "App") -> "Finding":
    """Whether the desk answers, or would open where the daemon does not run."""
    from monitor.jobs.doctor import Finding, State

    options, archive = app.settings.web, app.settings.archive
    if app.settings.digest.desk_url:
        try:
            read_key(archive.folder)
        except StoreError as error:
            return Finding("desk", State.TROUBLE, str(error), "mend it, and start the daemon anew: it does without")
    if not options.enabled:
        return Finding("desk", State.WELL, "is not asked for ([web] enabled)")
    if missing := missing_extra():
        words = f"needs {', '.join(missing)}, not installed"
        return Finding("desk", State.TROUBLE, words, "pip install 'news-monitor[web]'")
    from monitor.web.desk import access_of

    try:
        access_of(app.settings)
    except (ConfigError, StoreError) as error:
        return Finding("desk", State.TROUBLE, str(error), "`monitor web --password` makes a password")
    place = options.listen
    if problem := _silent(*options.place):
        if look(archive.folder, archive.url).held:
            hint = "look into the daemon's log; another program may have the port ([web] listen)"
            return Finding(
                "desk", State.TROUBLE, f"does not answer at {place}, though the daemon runs: {problem}", hint
            )
        return Finding("desk", State.WELL, f"will be at {place} when the daemon runs")
    return Finding("desk", State.WELL, f"answers at {place}")


def _silent(host: str, port: int) -> str:
    """Why no desk answers there; "" when one does."""
    connection = HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=_ANSWER_WITHIN)  # noqa: S104
    try:
        connection.request("GET", "/health/live")
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        return str(error)
    finally:
        connection.close()
    # A desk behind a proxy knows only the names that `hosts` lists, and says so with 421.
    return "" if status in (200, 421) else f"what answers is no desk ({status})"
