"""`digest`: look at the next digest before it goes out, or send one now."""

import tempfile

import click

from monitor.cli.common import Exit, Paths, choose, opened
from monitor.cli.output import counted, echo_json, say


@click.group()
def digest() -> None:
    """Preview the next digest, or send one now."""


@digest.command(short_help="What the next digest would hold if it were due now.")
@click.argument("subscription", required=False)
@click.option("--open", "browse", is_flag=True, help="Write the mail as HTML and open it in the browser.")
@click.option("--format", "form", type=click.Choice(["text", "html", "slack"]), default="text", show_default=True)
@click.pass_obj
def preview(paths: Paths, subscription: str | None, browse: bool, form: str) -> None:
    """Show what the next digest of SUBSCRIPTION (default: the first) would hold if it were due now.

    Nothing is sent and nothing is marked as told. As Slack payloads: one JSON object a line.
    """
    from monitor.jobs.digest import preview as draw_preview

    with opened(paths, workers=0, log_level="error", existing=True) as app:
        _, message = draw_preview(app.toolbox, choose(app.settings.subscriptions, subscription))
    if browse:
        with tempfile.NamedTemporaryFile("w", suffix=".html", delete=False, encoding="utf-8") as page:
            page.write(message.html)
        click.echo(f"{message.subject}\n{page.name}")
        if click.launch(page.name):
            click.echo("no browser could be started; open that file in one", err=True)
    elif form == "html":
        click.echo(message.html)
    elif form == "slack":
        click.echo("\n".join(message.slack))
    else:
        click.echo(f"Subject: {message.subject}\n\n{message.text}")


@digest.command(short_help="Compose one up to this moment and deliver it.")
@click.argument("subscription", required=False)
@click.option("--now", is_flag=True, required=True, help="Yes, now: what is sent is marked as told.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def send(paths: Paths, subscription: str | None, now: bool, as_json: bool) -> int:
    """Compose SUBSCRIPTION's digest up to this moment and deliver it, whatever its schedule says.

    While a daemon runs, it is the daemon that delivers it, within a minute. Ends with code 1 when it was not delivered.
    """
    from monitor.errors import LockedError
    from monitor.jobs.deliver import Delivered
    from monitor.jobs.digest import compose_now
    from monitor.store import ArchiveLock

    with opened(paths, workers=0, log_level="error") as app:
        chosen = choose(app.settings.subscriptions, subscription)
        try:
            with ArchiveLock(app.settings.archive.folder):
                composed, delivered, daemon = compose_now(app.toolbox, chosen), app.deliver(), False
        except LockedError:  # two that deliver would deliver twice
            composed, delivered, daemon = compose_now(app.toolbox, chosen), Delivered(), True
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
