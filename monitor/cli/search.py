"""`search`: articles of the archive by a query in the language of the topics."""

import csv
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from monitor.cli.common import DAYS, Exit, MisuseError, Paths, read_settings, reading
from monitor.cli.output import echo_json, say
from monitor.codes import is_language, language_hint
from monitor.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.jobs.searching import Search
    from monitor.model import Narrowed
    from monitor.settings import Settings
    from monitor.store import Hit
    from monitor.topics.query import Mistake

_WITHOUT = re.compile(r"-[^-\s]\S")
COLUMNS = ("id", "title", "url", "outlet", "language", "published", "found_at", "score", "snippet")


class _Asking(click.Command):
    """`-word` is no option here but a word that must not occur; with a blank before it click takes it so."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {one}" if _WITHOUT.match(one) else one for one in args])


@click.command(cls=_Asking)
@click.argument("query", nargs=-1, required=True)
@click.option("--topic", help="Only what matches this topic.")
@click.option("--story", help="Only reports of this story (its id).")
@click.option("--outlet", help="Only this outlet, by its name or its feed's.")
@click.option("--feed", help="Only what this feed brought.")
@click.option("--language", help="Only this language (ISO 639-1).")
@click.option("--since", metavar="DATE", help="Found on or after this day, month or year.")
@click.option("--until", metavar="DATE", help="Found on or before it.")
@click.option("--days", type=DAYS, help="Only what was found in the last so many days.")
@click.option("--told/--untold", "told", default=None, help="Only what a digest told, or did not.")
@click.option("--limit", type=click.IntRange(min=1, max=1000), default=20, show_default=True)
@click.option("--page", type=click.IntRange(min=1, max=10_000), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV.")
@click.pass_obj
def search(
    paths: Paths, /, query: tuple[str, ...], limit: int, page: int, as_json: bool, as_csv: bool, **options: object
) -> int:
    """Search headlines and texts by a QUERY as topics have it: AND, OR, NOT, "phrases", word*, title:, NEAR/5.

    Words without an operator between them must all occur; a word counts in all its forms. topic:, story:, outlet:,
    feed:, date:, since:, until: and told: may stand in the query too. Ends with code 1 when nothing was found.
    """
    from monitor.jobs.searching import search as find

    if as_json and as_csv:
        raise MisuseError("--json and --csv exclude each other")
    settings = read_settings(paths, recall=True)
    asked = _understand(settings, " ".join(query), options)
    feeds = {feed.name: feed for feed in settings.feeds}
    with reading(settings) as store:
        found = find(store, asked, feeds, limit=limit, page=page)
    if as_json:
        echo_json([_facts(hit) for hit in found.hits])
    elif as_csv:
        _write_csv(found.hits)
    else:
        _show(found.hits)
    if not found.hits and not as_json:
        what = "nothing found" if page == 1 else f"nothing on page {page}"
        click.echo("; ".join([what, *_unknown(settings, asked.narrowed)]), err=True)
    if found.more:
        click.echo(f"more: --page {page + 1}", err=True)
    if found.cut:
        click.echo("too many articles hold this to look at them all; more words or since: narrow it down", err=True)
    return Exit.OK if found.hits else Exit.NOT_WELL


def _unknown(settings: "Settings", narrowed: "Narrowed") -> "Iterator[str]":
    """Names that it is narrowed to and the configuration does not have; the archive may, of an earlier time."""
    feeds = [feed.name for feed in settings.feeds]
    outlets = [*feeds, *(feed.outlet for feed in settings.feeds)]
    topics = [topic.name for topic in settings.topics.topics]
    known = (
        ("topic", narrowed.topic, topics),
        ("feed", narrowed.feed, feeds),
        ("outlet", narrowed.outlet, outlets),
    )
    for what, name, names in known:
        if name and name.casefold() not in map(str.casefold, names):
            hint = nearest(name, names)
            yield f"the configuration has no {what} '{name}'" + (f", {hint}" if hint else "")


def _understand(settings: "Settings", query: str, options: dict[str, object]) -> "Search":
    from monitor.app import understood

    language = str(options.get("language") or "")
    if language and not is_language(language):
        raise MisuseError(f"'{language}' is no language's code; {language_hint(language)}")
    asked, mistakes = understood(settings, query, _narrowed(options))
    if asked is None:
        raise MisuseError("\n".join(_explained(query, mistakes)))
    return asked


def _explained(query: str, mistakes: "Sequence[Mistake]") -> list[str]:
    """Each mistake under the place in the query where it is."""
    lines = ["the query is not understood:"]
    for one in mistakes:
        before = query[: one.offset]
        row, column = before.count("\n") + 1, one.offset - (before.rfind("\n") + 1) + 1
        hint = f" — {one.hint}" if one.hint else ""
        lines += [f"  {query.splitlines()[row - 1] if query.strip() else ''}", f"  {' ' * (column - 1)}^"]
        lines.append(f"  line {row}, column {column}: {one.message}{hint}")
    return lines


def _narrowed(options: dict[str, object]) -> "Narrowed":
    from monitor.jobs.searching import span_of
    from monitor.model import Narrowed

    given = dict(options)
    days, since, until = given.pop("days"), given.pop("since"), given.pop("until")
    start: datetime | None = None
    end: datetime | None = None
    try:
        if isinstance(since, str):
            start = span_of(since)[0]
        if isinstance(until, str):
            end = span_of(until)[1]
    except ValueError as error:
        raise MisuseError(str(error)) from None
    if start and end and start >= end:
        raise MisuseError(f"--since {since} is later than --until {until}; no day lies between them")
    if isinstance(days, int) and since:
        raise MisuseError("--days and --since exclude each other")
    if isinstance(days, int):
        start = datetime.now(UTC) - timedelta(days=days)
    return Narrowed(**given, since=start, until=end)  # type: ignore[arg-type]


def _facts(hit: "Hit") -> dict[str, object]:
    article = hit.article
    facts: dict[str, object] = {"id": article.id, "title": article.title, "url": article.url, "outlet": hit.outlet}
    facts |= {"language": article.language, "published": article.published, "found_at": article.found_at}
    return facts | {"score": hit.score, "snippet": hit.snippet, "marks": hit.marks}


def _write_csv(hits: "Sequence[Hit]") -> None:
    rows = csv.writer(sys.stdout)
    rows.writerow(COLUMNS)
    for hit in hits:
        facts = _facts(hit)
        values = [facts[name] for name in COLUMNS]
        rows.writerow([one.isoformat() if isinstance(one, datetime) else one for one in values])


def _show(hits: "Sequence[Hit]") -> None:
    for hit in hits:
        article = hit.article
        say(article.title, style="bold")
        when = f"{article.at:%Y-%m-%d}"
        say(f"{when} · {hit.outlet} · {article.language or '?'} · {article.url or article.id}", after="  ")
        say(hit.snippet, after="  ", marks=hit.marks)
        say()
