"""feeds.toml: the tables [[feed]] as Feeds."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from monitor.errors import Problem, nearest
from monitor.logs import hide
from monitor.model import Feed, Selection
from monitor.options import read_options
from monitor.settings.document import Document
from monitor.settings.models import FeedOptions
from monitor.settings.secrets import UNREAD, resolve
from monitor.sources import KINDS

Pages = Literal["likely", "always", "never"]


def read_feeds(
    document: Document, environ: Mapping[str, str], folder: Path, pages: Pages = "likely", *, feedless: bool = False
) -> tuple[tuple[Feed, ...], list[Problem]]:
    """The feeds in their order, and every problem; `pages` is for feeds that state none, `feedless`: there may be none.

    Headers may be secrets. Two feeds of one name, or of one address, are a mistake: their entries would count twice.
    """
    problems: list[Problem] = []
    feeds: list[Feed] = []
    names: dict[str, int] = {}
    addresses: dict[tuple[str, ...], int] = {}
    for number, table in enumerate(document.tables("feed", problems), start=1):
        where = f"feed[{number}] '{table.get('name', '')}'" if table.get("name") else f"feed[{number}]"
        options, wrong = _read(table, environ, folder, document.file, where)
        problems += wrong
        if options is None:
            continue
        problems += _twice(names, options.name, number, document.file, f"{where} · name", options.name)
        problems += _twice(addresses, address_key(options.url), number, document.file, f"{where} · url", options.url)
        feeds.append(_feed(options, pages))
    if not (feeds or feedless or problems) and document.was_read:
        problems.append(
            Problem(
                document.file,
                "",
                "names no feed",
                "`monitor feeds add SITE` adds one, or write a [[feed]] with name and url",
            )
        )
    return tuple(feeds), problems


def _read(
    table: dict[str, Any], environ: Mapping[str, str], folder: Path, file: str, where: str
) -> tuple[FeedOptions | None, list[Problem]]:
    problems: list[Problem] = []
    for key in ("headers", "cookies"):
        if isinstance(table.get(key), dict):
            found, failed = resolve(table[key], environ, folder, file=file, where=f"{where} · {key}")
            table, problems = {**table, key: found}, problems + failed
    alone: dict[str, Any] = {key: table[key] for key in ("login", "proxy") if key in table}
    found, failed = resolve(alone, environ, folder, file=file, where=where)
    table, problems = {**table, **found}, problems + failed
    unread = {f"{where} · {key}" for key, value in found.items() if value == UNREAD}
    options, wrong = read_options(FeedOptions, table, file=file, where=where)
    wrong = [problem for problem in wrong if problem.where not in unread]
    if options is not None:
        _hide_logins(options)
    kind = table.get("kind", "feed")
    if isinstance(kind, str) and kind not in KINDS:
        hint = nearest(kind, list(KINDS)) or f"allowed: {', '.join(KINDS)}"
        wrong.append(Problem(file, f"{where} · kind", f"unknown kind '{kind}'", hint))
    elif kind != "page" and table.get("select"):
        hint = 'say kind = "page" for an HTML page, or remove it'
        wrong.append(Problem(file, f"{where} · select", f"is of no use to kind '{kind}'", hint))
    return options, problems + wrong


def _hide_logins(options: FeedOptions) -> None:
    """What is secret wherever it was written: an address with a password would show in many a line."""
    passwords = [urlsplit(url).password or "" for url in (options.url, options.proxy)]
    hide([*passwords, options.login.partition(":")[2], *options.cookies.values()])


def _twice(seen: dict[Any, int], key: object, number: int, file: str, where: str, shown: str) -> list[Problem]:
    first = seen.setdefault(key, number)
    if first == number:
        return []
    return [Problem(file, where, f"'{shown}' stands already in feed[{first}]", "remove or change one of the two")]


def address_key(url: str) -> tuple[str, ...]:
    """Equal for addresses that certainly bring the same feed; parameters count, they choose sections and queries."""
    parts = urlsplit(url)
    return (parts.netloc.lower(), parts.path.rstrip("/"), parts.query)


def _feed(options: FeedOptions, pages: Pages) -> Feed:
    return Feed(
        name=options.name,
        url=options.url,
        title=options.title,
        kind=options.kind,
        language=options.language,
        country=options.country,
        tags=options.tags,
        tier=options.tier,
        interval=timedelta(minutes=options.interval_minutes) if options.interval_minutes else None,
        pages=options.pages or pages,
        headers=tuple(options.headers.items()),
        login=options.login,
        cookies=tuple(options.cookies.items()),
        proxy=options.proxy,
        links=options.links,
        select=Selection(**options.select.model_dump()),
        robots=options.robots,
        states_pages=options.pages is not None,
    )
