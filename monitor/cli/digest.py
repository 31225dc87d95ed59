"""`digest`: look at the next digest before it goes out, send one now, or try again what was given up."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from monitor.cli.common import Exit, Group, MisuseError, Paths, choose, opened
from monitor.cli.output import counted, echo_json, say
from monitor.errors import LockedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.app import App
    from monitor.jobs.deliver import Delivered
    from monitor.jobs.toolbox import Toolbox
    from monitor.model import Digest, Subscription


@click.group(cls=Group)
def digest() -> None:
    """Preview the next digest, send one now, or try again what was given up."""


@digest.command(short_help="What the next digest would hold if it were due now.")
@click.argument("subscription", required=False)
@click.option(
    "--open", "browse", is_flag=True, help="Write it as a page (the mail, or Slack's) and open it in the browser."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "slack", "slack-html"]), default="text", show_default=True
)
@click.option("--why", is_flag=True, help="Also say what gave each story its rank.")
@click.option("--template", metavar="FILE|NAME", help="Fill this template instead of the subscription's.")
@click.pass_obj
def preview(paths: Paths, subscription: str | None, browse: bool, form: str, why: bool, template: str | None) -> None:
    """Show what the next digest of SUBSCRIPTION (default: the first) would hold if it were due now.

    Nothing is sent and nothing is marked as told. As Slack payloads: one JSON object a line; slack-html draws them as a
    page. --template takes a name, or a file such as brief.html.j2; what is wrong with it is told with its line.
    """
    from monitor.digests import slack_page
    from monitor.jobs.digest import preview as draw_preview
    from monitor.jobs.drawing import tiers

    with opened(paths, workers=0, log_level="error", existing=True) as app:
        chosen = choose(app.settings.subscriptions, subscription)
        toolbox, chosen = _filling(app, chosen, template) if template else (app.toolbox, chosen)
        composed, message = draw_preview(toolbox, chosen)
        ranks = order_of(composed, tiers(toolbox)) if why else []
        channel = app.settings.channels[chosen.channel]
    threaded = bool(getattr(getattr(channel, "options", None), "token", ""))
    drawn = slack_page(message.slack, threaded=threaded) if form.startswith("slack") else message.html
    if browse:
        with tempfile.NamedTemporaryFile("w", suffix=".html", delete=False, encoding="utf-8") as page:
            page.write(drawn)
        click.echo(f"{message.subject}\n{page.name}")
        if click.launch(page.name):
            click.echo("no browser could be started; open that file in one", err=True)
    elif form == "slack":
        click.echo("\n".join(message.slack))
    elif form == "text":
        click.echo(f"Subject: {message.subject}\n\n{message.text}")
    else:
        click.echo(drawn)
    for line in ranks:
        click.echo(line, err=form != "text")


def order_of(drawn: "Digest", tiers: "Mapping[str, int]") -> list[str]:
    """What gave each story its rank, part by part, best first; as narrow as the digest's text."""
    from monitor.digests import wrap
    from monitor.stories import standing

    window = drawn.window
    found = [(story, standing(story, window.end, tiers, window.end - window.start)) for story in drawn.stories]
    lines = [
        wrap(one.originals[0].article.title, f"{number}. ", "   ") + "\n" + wrap(str(parts), "   ", "   ")
        for number, (one, parts) in enumerate(found, 1)
    ]
    return ["WHY IN THIS ORDER", *lines] if lines else []


def _filling(app: "App", chosen: "Subscription", template: str) -> "tuple[Toolbox, Subscription]":
    """A toolbox whose renderer knows `template`, a name or a file, and the subscription with it."""
    from monitor.digests import trial_environment

    renderer, name = app.toolbox.renderer, template
    if template.endswith(".j2") or Path(template).name != template:
        own = app.settings.templates / template
        file = own if own.is_file() and not Path(template).is_file() else Path(template)
        environment, name = trial_environment(file, [app.settings.templates])
        renderer = replace(renderer, environment=environment)
    renderer.check(name)
    return replace(app.toolbox, renderer=renderer), replace(chosen, template=name)


@digest.command(short_help="Compose one up to this moment and deliver it.")
@click.argument("subscription", required=False)
@click.option("--now", is_flag=True, required=True, help="Yes, now: what is sent is marked as told.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def send(paths: Paths, subscription: str | None, now: bool, as_json: bool) -> int:
    """Compose SUBSCRIPTION's digest up to this moment and deliver it, whatever its schedule says.

    While a daemon runs, it is the daemon that delivers it, within a minute. Ends with code 1 when it was not delivered.
    """
    from monitor.jobs.digest import compose_now

    with opened(paths, workers=0, log_level="error") as app:
        chosen = choose(app.settings.subscriptions, subscription)
        composed = compose_now(app.toolbox, chosen)
        delivered, daemon = _deliver(app)
    key, stories = composed.digest.key, counted(len(composed.digest.stories), "story", "stories")
    receipt = next((receipt for receipt in delivered.receipts if receipt.key == key), None)
    trouble = delivered.postponed.get(key) or delivered.refused.get(key) or composed.problem
    if as_json:
        facts = {"key": key, "stories": len(composed.digest.stories), "receipt": receipt}
        echo_json(facts | {"left_to_daemon": daemon, "problem": trouble})
    elif daemon:
        say(f"Composed {key} with {stories}; the running daemon delivers it within a minute")
    elif receipt:
        say(f"Sent {key} with {stories} → {receipt.detail}")
    else:
        say(f"Not sent: {key}: {trouble or 'it waits in the outbox'}")
    if composed.problem and not as_json:
        say(composed.problem)
    return Exit.OK if receipt or daemon else Exit.NOT_WELL


@digest.command()
@click.argument("key", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def retry(paths: Paths, key: str | None, as_json: bool) -> int:
    """Deliver again what was given up: the digest of KEY, or all. Mend the channel first.

    `monitor health` names them. Who received a digest already does not get it again.
    """
    with opened(paths, workers=0, log_level="error", existing=True) as app:
        with app.store.begin() as shelves:
            waiting = shelves.outbox.retry(datetime.now(UTC), key)
        delivered, daemon = _deliver(app)
    troubles = delivered.postponed | delivered.refused
    if as_json:
        echo_json({"waiting_again": waiting, "left_to_daemon": daemon, "deliver": delivered})
    elif not waiting:
        say(f"nothing was given up under {key}" if key else "nothing was given up")
    elif daemon:
        say(f"{counted(waiting, 'digest')} again in the outbox; the running daemon delivers within a minute")
    for receipt in () if as_json else delivered.receipts:
        say(f"Sent {receipt.key} → {receipt.detail}")
    for late, problem in {} if as_json else troubles.items():
        say(f"Not sent: {late}: {problem}")
    return Exit.OK if waiting and not troubles else Exit.NOT_WELL


@digest.command(short_help="Send to nobody, or not to one address, until told otherwise.")
@click.argument("subscription")
@click.argument("target", required=False)
@click.pass_obj
def unsubscribe(paths: Paths, subscription: str, target: str | None) -> int:
    """Send SUBSCRIPTION to nobody any more, or no more to TARGET (an address of its mail channel).

    What is found meanwhile stays in the archive; after `monitor digest resubscribe` the next digest tells what of the
    last week was not told.
    """
    with opened(paths, workers=0, log_level="error", existing=True) as app:
        chosen = choose(app.settings.subscriptions, subscription)
        targets = app.settings.channels[chosen.channel].targets
        if target and target not in targets:
            raise MisuseError(f"{target} is no target of {chosen.channel}; known: {', '.join(targets) or 'none'}")
        with app.store.begin() as shelves:
            shelves.wishes.leave(chosen.name, datetime.now(UTC), target or "")
    back = f"monitor digest resubscribe {chosen.name}{f' {target}' if target else ''}"
    say(f"{chosen.name} is sent no more to {target or 'anybody'}; `{back}` takes it back")
    return Exit.OK


@digest.command(short_help="Send again to who unsubscribed; without a name: who did.")
@click.argument("subscription", required=False)
@click.argument("target", required=False)
@click.pass_obj
def resubscribe(paths: Paths, subscription: str | None, target: str | None) -> int:
    """Send SUBSCRIPTION again to TARGET, or to everybody who left it. Without a name: list who left what."""
    with opened(paths, workers=0, log_level="error", existing=True) as app, app.store.begin() as shelves:
        if subscription is None:
            left = shelves.wishes.left()
            for one in left:
                say(f"{one.subscription}: {one.target or 'everybody'}, since {one.at:%Y-%m-%d %H:%M} UTC")
            if not left:
                say("nobody has left anything")
            return Exit.OK
        chosen = choose(app.settings.subscriptions, subscription)
        back = shelves.wishes.rejoin(chosen.name, target)
    say(f"{chosen.name} is sent again" if back else f"nobody had left {chosen.name}")
    return Exit.OK


def _deliver(app: "App") -> "tuple[Delivered, bool]":
    """What was delivered, and whether that is left to a running daemon: two that deliver would deliver twice."""
    from monitor.jobs.deliver import Delivered
    from monitor.store import ArchiveLock

    try:
        with ArchiveLock(app.settings.archive.folder, app.settings.archive.url):
            return app.deliver(), False
    except LockedError:
        return Delivered(), True
