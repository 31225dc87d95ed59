"""`channels`: the ways outward with their last word, and one tried with a harmless sample."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.common import Exit, Group, Paths, has_archive, opened, read_settings, reading, unknown
from monitor.cli.output import counted, echo_json, say
from monitor.dates import ago
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from monitor.channels import Channel
    from monitor.settings import Settings
    from monitor.store import SwitchedOff


@click.group(cls=Group, invoke_without_command=True)
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
        raise unknown("channel", name, list(settings.channels))
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


@channels.command(short_help="Switch on again what refused for good, and deliver what waits for it.")
@click.argument("name")
@click.argument("target", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def on(paths: Paths, name: str, target: str | None, as_json: bool) -> int:
    """Switch on channel NAME, or one TARGET of it (a mail address), after it was switched off for refusing for good.

    What was held for it is delivered by the running daemon within a minute, or by the next `monitor once`. Not needed
    after a change of the channel's settings. Ends with code 1 when nothing of it was off.
    """
    from monitor.jobs.deliver import switch_on

    with opened(paths, workers=0, log_level="error", existing=True) as app, app.store.begin() as shelves:
        if name not in app.settings.channels and not shelves.switches.of(name):
            raise unknown("channel", name, list(app.settings.channels))
        found, waiting = switch_on(shelves, name, datetime.now(UTC), target)
    if as_json:
        echo_json({"switched_on": [one.subject for one in found], "waiting_again": waiting})
    elif not found:
        say(f"nothing of {name} is switched off" if target is None else f"{name} → {target} is not switched off")
    for one in () if as_json else found:
        say(f"Switched on {one.subject}, off since {one.since:%Y-%m-%d %H:%M} UTC: {one.words}")
    if found and not as_json:
        say(f"{counted(waiting, 'message')} again in the outbox; the daemon delivers within a minute")
    return Exit.OK if found else Exit.NOT_WELL


def _row(settings: "Settings", channel: "Channel", check: bool) -> dict[str, Any]:
    users = [one.name for one in settings.subscriptions if one.channel == channel.name]
    off, held, last, problem = _remembered(settings, channel.name, users)
    switched = "; ".join(
        f"{one.target or 'all of it'} switched off since {one.since:%Y-%m-%d %H:%M} UTC: {one.words}" for one in off
    )
    if switched:
        problem = f"{switched} ({counted(held, 'message')} held; `monitor channels on {channel.name}`)"
    return {
        "name": channel.name,
        "kind": channel.kind,
        "subscriptions": users,
        "delivered": last,
        "off": {one.target: one.words for one in off},
        "held": held,
        "problem": problem if switched else (channel.check() if check else "") or problem,
    }


def _remembered(
    settings: "Settings", name: str, subscriptions: list[str]
) -> "tuple[list[SwitchedOff], int, datetime | None, str]":
    """What of the channel is switched off, how many messages wait for that to change, when something was delivered last
    for one of these, and what is wrong with what still waits.
    """
    if not has_archive(settings):
        return [], 0, None, ""
    with reading(settings) as store, store.read() as shelves:
        off, held = shelves.switches.of(name), shelves.outbox.held().get(name, 0)
        receipts = [one for each in subscriptions for one in shelves.outbox.receipts(each, limit=1)]
        waiting = [one for one in shelves.outbox.waiting(None, 100) if one.problem]
    problems = [one.problem for one in waiting if one.message.subscription in subscriptions]
    return off, held, max((one.at for one in receipts), default=None), problems[-1] if problems else ""


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
