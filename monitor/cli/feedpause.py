"""`feeds pause` and `resume`: a feed is left alone for a while, and coverage says so."""

from datetime import UTC, datetime

import click

from monitor.cli.common import Exit, Paths, opened, unknown_feed
from monitor.cli.output import say


@click.command("pause", short_help="Visit a feed no more until it is resumed.")
@click.argument("names", metavar="FEED…", nargs=-1, required=True)
@click.pass_obj
def pause_feed(paths: Paths, names: tuple[str, ...]) -> int:
    """Visit FEED no more, from the next round on, until it is resumed; the foot of each digest says so."""
    return _set(paths, names, paused=True)


@click.command("resume", short_help="Visit a paused feed again.")
@click.argument("names", metavar="FEED…", nargs=-1, required=True)
@click.pass_obj
def resume_feed(paths: Paths, names: tuple[str, ...]) -> int:
    """Visit FEED again, from the next round on. What it dropped meanwhile is looked for as after any gap."""
    return _set(paths, names, paused=False)


def _set(paths: Paths, names: tuple[str, ...], *, paused: bool) -> int:
    with opened(paths, log_level="warning", workers=0) as app:
        known = [feed.name for feed in app.settings.feeds]
        for name in names:
            if name not in known:
                raise unknown_feed(name, known)
        with app.store.begin() as shelves:
            pauses, now = shelves.pauses, datetime.now(UTC)
            changed = {name: pauses.pause(name, now) if paused else pauses.resume(name) for name in names}
    for name, anew in changed.items():
        say(f"{name} {'' if anew else 'already '}{'is paused' if paused else 'is visited'}")
    return Exit.OK
