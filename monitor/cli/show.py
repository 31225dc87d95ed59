"""`show`: one article as the archive holds it, with everything that was decided, told and kept of it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from monitor.cli.archive import advised
from monitor.cli.common import Exit, Paths, read_settings, reading
from monitor.cli.output import counted, echo_json, minute, say
from monitor.values import as_dict

if TYPE_CHECKING:
    from monitor.model import Exhibit
    from monitor.store import ItemHistory, Mark, Refetch, StoredArticle, Version

CLAUSES_SHOWN = 6
_BEHIND_LABEL = 12


class _Page(Struct, frozen=True):
    """What an article's page said at its time, and where looking at it again stands."""

    versions: "tuple[Version, ...]"
    standing: "Refetch | None"


@click.command()
@click.argument("item")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def show(paths: Paths, item: str, as_json: bool) -> int:
    """Print an article (ITEM: its id or address) with text, verdicts, story, deliveries, versions, evidence.

    Ends with code 1 when the archive has no such article.
    """
    from monitor.jobs.tracing import why_untold

    settings = read_settings(paths)
    most = timedelta(days=settings.digest.max_age_days)
    with reading(settings) as store, store.read() as shelves:
        found: dict[str, list[ItemHistory]] = {}
        for one in shelves.articles.history(item):
            if one.stored:
                found.setdefault(one.stored.article.id, []).append(one)
        marks = {article: shelves.marks.of(article) for article in found}
        exhibits = {article: shelves.exhibits.of(article) for article in found}
        pages = {article: _Page(shelves.versions.of(article), shelves.versions.standing(article)) for article in found}
        untold = {
            article: why_untold(shelves, each[0].stored.story, most)
            for article, each in found.items()
            if each[0].stored and each[0].stored.story and not each[0].told
        }
    if as_json:
        echo_json([_facts(each, marks[name], exhibits[name], pages[name]) for name, each in found.items()])
    elif not found:
        click.echo(f"there is no article {item} in the archive; `monitor why` says what became of it", err=True)
    for article, each in found.items() if not as_json else ():
        _show(each, marks[article], exhibits[article], pages[article], untold.get(article, ""))
    return Exit.OK if found else Exit.NOT_WELL


def _facts(items: "list[ItemHistory]", marks: "list[Mark]", exhibits: "list[Exhibit]", page: _Page) -> dict[str, Any]:
    stored = items[0].stored
    assert stored is not None
    return as_dict(stored) | {
        "verdicts": [as_dict(one) | {"matched": one.matched} for one in stored.verdicts],
        "story": stored.story,
        "items": [one.item for one in items],
        "told": items[0].told,
        "marks": marks,
        "exhibits": exhibits,
        "versions": page.versions,
        "page": page.standing,
    }


def _show(items: "list[ItemHistory]", marks: "list[Mark]", exhibits: "list[Exhibit]", page: _Page, untold: str) -> None:
    from monitor.jobs.tracing import words_of_mark, words_of_telling

    stored = items[0].stored
    assert stored is not None
    article = stored.article
    say(article.title, style="bold")
    say(article.url or article.entry.link or article.id)
    say()
    for paragraph in article.text.split("\n"):
        say(paragraph)
    if stored.forgotten:
        say("Its text was given up by retention; it matched no topic.", style="italic")
    say()
    _show_facts(stored)
    for one in items:
        _line("feed", f"{one.item.feed}: first seen {minute(one.item.first_seen)}; {one.item.fate}: {one.item.reason}")
    _show_verdicts(stored)
    for mark in marks:
        _line("marked", words_of_mark(mark, minute))
    if stored.placement:
        _line("story", f"{stored.story}: {stored.placement.reason}")
    for told in items[0].told:
        _line("told", words_of_telling(told, minute))
    if untold:
        _line("told", advised(untold))
    _show_versions(page)
    for exhibit in exhibits:
        _line("evidence", _exhibit(exhibit))
    if not exhibits:
        _line("evidence", "none: it matched nothing, or came before evidence was kept")
    say()


def _show_versions(page: _Page) -> None:
    for number, version in enumerate(page.versions, 1):
        reason = f"; {version.reason}" if version.reason else ""
        since = f"{number} of {len(page.versions)}, since {minute(version.seen_at)}"
        _line("version", f"{since}: “{version.title}”, {_words(version.text)}{reason}")
    standing = page.standing
    if standing is None:
        return
    if standing.gone_at:
        _line("page", f"deleted, noted {minute(standing.gone_at)}: {standing.problem}")
    elif standing.checked_at:
        later = f"; again {minute(standing.due_at)}" if standing.due_at else "; not looked at any more"
        trouble = f"; {standing.problem}" if standing.problem else ""
        _line("page", f"looked at again {minute(standing.checked_at)}{trouble}{later}")


def _show_facts(stored: "StoredArticle") -> None:
    article = stored.article
    _line("id", article.id)
    _line("outlet", stored.outlet or article.entry.outlet or article.entry.feed)
    _line("published", minute(article.published) if article.published else "not stated")
    _line("found", minute(article.found_at))
    if article.authors:
        _line("by", ", ".join(article.authors))
    trouble = f"; the page was not used: {article.problem}" if article.problem else ""
    _line("text", f"{_words(article.text)} from {article.how}, language {article.language or 'unknown'}{trouble}")


def _show_verdicts(stored: "StoredArticle") -> None:
    from monitor.topics.reasons import by_clause

    for verdict in stored.verdicts:
        sign = "✓" if verdict.matched else "✗"
        _line(f"judged   {sign}", f"{verdict.topic} {verdict.score:.2f} of {verdict.threshold:.2f}")
        for clause, weight, terms in by_clause(verdict.evidence, CLAUSES_SHOWN):
            _line("", f"{weight:+.1f} {clause}: {', '.join(terms) or 'holds'}")
        if verdict.passage:
            _line("", f"“{verdict.passage}”")


def _exhibit(exhibit: "Exhibit") -> str:
    if exhibit.problem:
        return f"{exhibit.number} · {exhibit.proof} · {minute(exhibit.at)} · {exhibit.problem}"
    place = f"{exhibit.file}, bytes {exhibit.start}-{exhibit.end}, text SHA-256 {exhibit.text_hash[:16]}…"
    return f"{exhibit.number} · {exhibit.proof} · {minute(exhibit.at)} · {place}"


def _line(label: str, text: str) -> None:
    say(text, after=f"  {label:<{_BEHIND_LABEL}}")


def _words(text: str) -> str:
    return counted(len(text.split()), "word")
