"""`channels`: the ways outward with their last word, and one tried with a harmless sample."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.common import Exit, MisuseError, Paths, has_archive, read_settings, reading
from monitor.cli.output import ago, echo_json, say
from monitor.errors import DeliveryError, nearest

if TYPE_CHECKING:
    from monitor.channels import Channel
    from monitor.settings import Settings


@click.group(invoke_without_command=True)
@click.option("--check", is_flag=True, help="Ask each channel whether it would work now; sends nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def channels(context: click.Context, check: bool, as_json: bool) -> int:
    """Show the channels, what uses them and how their last delivery went; `channels test NAME` tries one.

    Ends with code 1 when one is in trouble.
    """
    if context.invoked_subcommand is not None:
        return Exit.OK
    settings = read_settings(context.obj)
    rows = [_row(settings, channel, check) for channel in settings.channels.values()]
    if as_json:
        echo_json(rows)
    else:
        _show(rows)
    return Exit.NOT_WELL if any(row["problem"] for row in rows) else Exit.OK


@channels.command(short_help="Send a harmless sample through one channel and show the answer.")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def test(paths: Paths, name: str, as_json: bool) -> int:
    """Send a sample digest with one invented story through channel NAME, at once, and show what the other side says.

    Nothing is marked as told. Ends with code 1 when it was not delivered.
    """
    from monitor.digests import Renderer, make_environment, sample

    settings = read_settings(paths)
    channel = settings.channels.get(name)
    if channel is None:
        known = list(settings.channels)
        raise MisuseError(f"there is no channel '{name}'; {nearest(name, known) or 'known: ' + ', '.join(known)}")
    now = datetime.now(UTC)
    message = Renderer(make_environment([settings.templates]), settings.digest.mail_domain).render(
        sample(name, now), now
    )
    answer, problem = "", ""
    try:
        answer = channel.send(message, now).detail
    except DeliveryError as error:
        problem = str(error)
    if as_json:
        echo_json({"channel": name, "kind": channel.kind, "key": message.key, "answer": answer, "problem": problem})
    elif problem:
        say(f"Not sent: {problem}")
    else:
        say(f"Sent «{message.subject}» → {answer}")
    return Exit.NOT_WELL if problem else Exit.OK


def _row(settings: "Settings", channel: "Channel", check: bool) -> dict[str, Any]:
    users = [one.name for one in settings.subscriptions if one.channel == channel.name]
    last, problem = _last(settings, users)
    return {
        "name": channel.name,
        "kind": channel.kind,
        "subscriptions": users,
        "delivered": last,
        "problem": (channel.check() if check else "") or problem,
    }


def _last(settings: "Settings", subscriptions: list[str]) -> tuple[datetime | None, str]:
    """When something was delivered last for one of them, and what is wrong with what still waits."""
    if not has_archive(settings):
        return None, ""
    with reading(settings) as store, store.read() as shelves:
        receipts = [one for name in subscriptions for one in shelves.outbox.receipts(name, limit=1)]
        waiting = [one for one in shelves.outbox.waiting(datetime.max.replace(tzinfo=UTC), 100) if one.problem]
    problems = [one.problem for one in waiting if one.message.subscription in subscriptions]
    return max((one.at for one in receipts), default=None), problems[-1] if problems else ""


def _show(rows: list[dict[str, Any]]) -> None:
    now = datetime.now(UTC)
    table = [("channel", "kind", "used by", "delivered", "state")]
    for row in rows:
        used = ", ".join(row["subscriptions"]) or "–"
        when = ago(row["delivered"], now) if row["delivered"] else "–"
        table.append((row["name"], row["kind"], used, when, row["problem"] or "ok"))
    widths = [max(len(line[column]) for line in table) for column in range(4)]
    for number, line in enumerate(table):
        head = "  ".join(cell.ljust(size) for cell, size in zip(line, widths, strict=False)) + "  "
        say(line[4], after=head, style="bold" if number == 0 else "")
