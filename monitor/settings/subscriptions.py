"""subscriptions.toml: the tables [channel.NAME] as Channels and [[subscription]] as Subscriptions."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import available_timezones

from monitor.channels import KINDS, Channel
from monitor.digests import Renderer, check_schedule
from monitor.errors import ConfigError, Problem, TemplateError, nearest
from monitor.model import AlertRule, Subscription
from monitor.options import read_options
from monitor.settings.document import Document
from monitor.settings.models import AlertOptions, SubscriptionOptions
from monitor.settings.secrets import resolve


def read_channels(
    document: Document, environ: Mapping[str, str], folder: Path, archive: Path
) -> tuple[dict[str, Channel], list[Problem]]:
    """Name → channel, and every problem. Each kind checks its own options; paths in them start at `archive`."""
    problems: list[Problem] = []
    channels: dict[str, Channel] = {}
    for name, table in _named_tables(document, problems).items():
        where = f"channel.{name}"
        kind = table.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            problems.append(_wrong_kind(document.file, where, kind))
            continue
        options = {key: value for key, value in table.items() if key != "kind"}
        options, unread = resolve(options, environ, folder, file=document.file, where=where)
        problems += unread
        try:
            channels[name] = KINDS[kind].from_options(
                options, name=name, file=document.file, where=where, folder=archive
            )
        except ConfigError as error:
            places = tuple(problem.where for problem in unread)
            problems += [problem for problem in error.problems if not places or not problem.where.startswith(places)]
    return channels, problems


def _named_tables(document: Document, problems: list[Problem]) -> dict[str, dict[str, object]]:
    tables = document.table.get("channel", {})
    if not isinstance(tables, dict):
        problems.append(Problem(document.file, "channel", "must be tables of the form [channel.NAME]"))
        return {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            option = name == "kind"  # of a channel without a name of its own
            problems.append(
                Problem(document.file, "channel", "has no name of its own", "write [channel.NAME], as [channel.mail]")
                if option
                else Problem(document.file, f"channel.{name}", "must be a table", f"write [channel.{name}]")
            )
    return {name: table for name, table in tables.items() if isinstance(table, dict)}


def _wrong_kind(file: str, where: str, kind: object) -> Problem:
    allowed = f"allowed: {', '.join(KINDS)}"
    if kind is None:
        return Problem(file, f"{where} · kind", "is missing", allowed)
    hint = (nearest(kind, list(KINDS)) if isinstance(kind, str) else "") or allowed
    return Problem(file, f"{where} · kind", f"unknown kind {kind!r}", hint)


def read_subscriptions(
    document: Document, topics: Sequence[str] | None, renderer: Renderer
) -> tuple[tuple[Subscription, ...], list[Problem], list[Problem]]:
    """The subscriptions in their order, every problem, and every broken template.

    A template that does not parse keeps nobody from their digest: the shipped one takes its place. `topics`: the names
    that exist, None when they could not be read; `renderer` knows the templates.
    """
    problems: list[Problem] = []
    broken: list[Problem] = []
    subscriptions: list[Subscription] = []
    names: dict[str, int] = {}
    for number, table in enumerate(document.tables("subscription", problems), start=1):
        where = f"subscription[{number}] '{table.get('name', '')}'" if table.get("name") else f"subscription[{number}]"
        options, wrong = read_options(SubscriptionOptions, table, file=document.file, where=where)
        problems += wrong
        if options is None:
            continue
        first = names.setdefault(options.name, number)
        if first != number:
            message = f"'{options.name}' stands already in subscription[{first}]"
            problems.append(Problem(document.file, f"{where} · name", message, "give each its own name"))
        problems += _check(options, document, topics, where)
        if trouble := _check_template(options.template, renderer, document.file, where):
            (broken if renderer.exists(options.template) else problems).append(trouble)
        subscriptions.append(_subscription(options, topics or ()))
    if not subscriptions and not problems and document.text:
        problems.append(Problem(document.file, "", "names no subscription", "add a [[subscription]]"))
    return tuple(subscriptions), problems, broken


def _check(options: SubscriptionOptions, document: Document, topics: Sequence[str] | None, where: str) -> list[Problem]:
    """What a subscription names must be there: topics, channel, zone, a schedule that comes."""
    file = document.file
    problems: list[Problem] = []
    for topic in options.topics:
        if topics is not None and topic != "*" and topic not in topics:
            hint = nearest(topic, topics) or f"topics.toml has: {', '.join(topics)}"
            problems.append(Problem(file, f"{where} · topics", f"there is no topic '{topic}'", hint))
    channels = document.table.get("channel", {})
    whole = isinstance(channels, dict) and all(isinstance(table, dict) for table in channels.values())
    if whole and options.channel not in channels:
        names = list(channels)
        hint = nearest(options.channel, names) or f"channels: {', '.join(names) or 'none'}"
        problems.append(Problem(file, f"{where} · channel", f"there is no channel '{options.channel}'", hint))
    known = options.zone in available_timezones()
    if not known:
        message = f"unknown time zone '{options.zone}'"
        problems.append(Problem(file, f"{where} · zone", message, nearest_zone(options.zone)))
    trouble = check_schedule(options.schedule, options.zone if known else "UTC") if options.schedule else ""
    if trouble:
        problems.append(Problem(file, f"{where} · schedule", trouble))
    return problems


def _check_template(name: str, renderer: Renderer, file: str, where: str) -> Problem | None:
    try:
        renderer.check(name)
    except TemplateError as error:
        return Problem(file, f"{where} · template", str(error))
    return None


def nearest_zone(zone: str) -> str:
    """The zone of a city named without its continent, or the one spelled most like `zone`."""
    zones = sorted(available_timezones())
    city = zone.rpartition("/")[2].replace(" ", "_").casefold()
    same_city = next((name for name in zones if name.casefold().endswith(f"/{city}")), "")
    if same_city:
        return f"did you mean '{same_city}'?"
    return nearest(zone, zones) or "write an IANA name such as 'Europe/Kyiv'"


def _subscription(options: SubscriptionOptions, topics: Sequence[str]) -> Subscription:
    return Subscription(
        name=options.name,
        title=options.title or options.name,
        topics=tuple(topics) if "*" in options.topics else tuple(dict.fromkeys(options.topics)),
        channel=options.channel,
        schedule=options.schedule,
        zone=options.zone,
        template=options.template,
        send_empty=options.send_empty,
        alert=_rule(options.alert) if options.alert else None,
    )


def _rule(options: AlertOptions) -> AlertRule:
    start, _, end = options.quiet.partition("-")
    return AlertRule(
        min_score=options.min_score,
        min_outlets=options.min_outlets,
        watch=options.watch,
        spike=options.spike,
        quiet=(time.fromisoformat(start.strip()), time.fromisoformat(end.strip())) if options.quiet else None,
        per_hour=options.per_hour,
        cooldown=timedelta(hours=options.cooldown_hours),
        gather=timedelta(minutes=options.gather_minutes),
    )
