"""`digest`: look at the next digest before it goes out, or send one now."""

import tempfile

import click

from monitor.cli.common import Exit, Paths, console, echo_json, opened
from monitor.errors import MonitorError, nearest
from monitor.model import Subscription


@click.group()
def digest() -> None:
    """Preview the next digest, or send one now."""


@digest.command()
@click.argument("subscription", required=False)
@click.option("--open", "browse", is_flag=True, help="Write the mail as HTML and open it in the browser.")
@click.option("--format", "form", type=click.Choice(["text", "html", "slack"]), default="text", show_default=True)
@click.pass_obj
def preview(paths: Paths, subscription: str | None, browse: bool, form: str) -> None:
    """Show what the next digest of SUBSCRIPTION (default: the first) would hold if it were due now.

    Nothing is sent and nothing is marked as told.
    """
    from monitor.jobs.digest import preview as draw_preview

    with opened(paths, workers=0) as app:
        chosen = _choose(app.settings.subscriptions, subscription)
        _, message = draw_preview(app.toolbox, chosen)
    if browse:
        with tempfile.NamedTemporaryFile("w", suffix=".html", delete=False, encoding="utf-8") as page:
            page.write(message.html)
        click.echo(f"{message.subject}\n{page.name}")
        click.launch(page.name)
    elif form == "html":
        click.echo(message.html)
    elif form == "slack":
        click.echo("\n".join(message.slack))
    else:
        click.echo(f"Subject: {message.subject}\n\n{message.text}")


@digest.command()
@click.argument("subscription", required=False)
@click.option("--now", is_flag=True, required=True, help="Yes, now: what is sent is marked as told.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def send(paths: Paths, subscription: str | None, now: bool, as_json: bool) -> int:
    """Compose SUBSCRIPTION's digest up to this moment and deliver it, whatever its schedule says."""
    from monitor.jobs.digest import compose_now

    with opened(paths, workers=0) as app:
        chosen = _choose(app.settings.subscriptions, subscription)
        composed = compose_now(app.toolbox, chosen)
        if composed.problem:
            raise MonitorError(composed.problem)
        delivered = app.deliver()
    key = composed.digest.key
    receipt = next((receipt for receipt in delivered.receipts if receipt.key == key), None)
    trouble = delivered.postponed.get(key) or delivered.refused.get(key) or ""
    if as_json:
        echo_json({"key": key, "stories": len(composed.digest.stories), "receipt": receipt, "problem": trouble})
    elif receipt:
        console().print(f"Sent {key} with {len(composed.digest.stories)} stories → {receipt.detail}")
    else:
        console().print(f"Not sent yet: {key}: {trouble or 'it waits in the outbox'}")
    return Exit.OK if receipt else Exit.NOT_WELL


def _choose(subscriptions: tuple[Subscription, ...], name: str | None) -> Subscription:
    if not subscriptions:
        raise MonitorError("there is no subscription; add a [[subscription]] to subscriptions.toml")
    if name is None:
        return subscriptions[0]
    names = [subscription.name for subscription in subscriptions]
    if name not in names:
        raise MonitorError(f"there is no subscription '{name}'; {nearest(name, names) or 'known: ' + ', '.join(names)}")
    return subscriptions[names.index(name)]
