"""`search` and `why`: what the archive holds, and what became of one address at each stage."""

from datetime import UTC, datetime, timedelta

import click

from monitor.cli.common import Exit, Paths, console, echo_json, read_settings
from monitor.store import Hit, ItemHistory, Store, StoredArticle, open_store


def _open(paths: Paths) -> Store:
    return open_store(read_settings(paths).archive.url)


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--topic", help="Only what matches this topic.")
@click.option("--feed", help="Only what this feed brought.")
@click.option("--language", help="Only this language (ISO 639-1).")
@click.option("--days", type=click.IntRange(min=1), help="Only what was found in the last so many days.")
@click.option("--limit", type=click.IntRange(min=1, max=1000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def search(
    paths: Paths,
    query: tuple[str, ...],
    topic: str | None,
    feed: str | None,
    language: str | None,
    days: int | None,
    limit: int,
    as_json: bool,
) -> int:
    """Search headlines and texts: words must all occur, "phrases" as they stand, -word must not, OR between two.

    Ends with code 1 when nothing was found.
    """
    since = datetime.now(UTC) - timedelta(days=days) if days else None
    store = _open(paths)
    try:
        with store.read() as shelves:
            hits = shelves.search.find(
                " ".join(query), topic=topic, feed=feed, language=language, since=since, limit=limit
            )
    finally:
        store.close()
    if as_json:
        echo_json([_hit_facts(hit) for hit in hits])
    else:
        for hit in hits:
            _show_hit(hit)
        if not hits:
            click.echo("nothing found", err=True)
    return Exit.OK if hits else Exit.NOT_WELL


def _hit_facts(hit: Hit) -> dict[str, object]:
    article = hit.article
    facts = {"id": article.id, "title": article.title, "url": article.url, "language": article.language}
    return facts | {"outlet": hit.outlet, "found_at": article.found_at, "snippet": hit.snippet, "score": hit.score}


def _show_hit(hit: Hit) -> None:
    from rich.text import Text

    out = console()
    when = f"{hit.article.published or hit.article.found_at:%Y-%m-%d}"
    out.print(Text(hit.article.title, style="bold"))
    out.print(f"  {when} · {hit.outlet} · {hit.article.language or '?'} · {hit.article.url or hit.article.id}")
    snippet = Text(f"  {hit.snippet}\n")
    for start, end in hit.marks:
        snippet.stylize("bold yellow", start + 2, end + 2)
    out.print(snippet)


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def why(paths: Paths, url: str, as_json: bool) -> int:
    """Say what became of URL (or of an article id) at each stage, and why it is or is not in a digest.

    Ends with code 1 when it was never seen.
    """
    store = _open(paths)
    try:
        with store.read() as shelves:
            histories = shelves.articles.history(url)
    finally:
        store.close()
    if as_json:
        echo_json(histories)
    elif not histories:
        click.echo(
            f"{url} was never seen in any feed read so far.\nIs its outlet in feeds.toml? `monitor feeds`", err=True
        )
    else:
        for history in histories:
            _show_history(history)
    return Exit.OK if histories else Exit.NOT_WELL


def _show_history(history: ItemHistory) -> None:
    item, stored = history.item, history.stored
    out = console()
    out.print(f"“{item.title}”\n{item.link or item.identity}\n")
    published = f", published {_minute(item.published)}" if item.published else ", no date of publication stated"
    out.print(f"  feed        {item.feed}: first seen {_minute(item.first_seen)}{published}")
    if stored:
        _show_article(stored)
    out.print(f"  fate        {item.fate}: {item.reason}")
    if stored and stored.placement:
        out.print(f"  story       {stored.story}: {stored.placement.reason}")
    for told in history.told:
        way = told.receipt.detail if told.receipt else told.problem or str(told.delivery or "no message")
        out.print(f"  told        {told.key} on {_minute(told.at)}: {way}")
    if not history.told and stored and stored.story:
        out.print("  told        in no digest yet; `monitor digest preview` shows what the next one holds")
    out.print("")


def _show_article(stored: StoredArticle) -> None:
    out, article = console(), stored.article
    trouble = f"; the page was not used: {article.problem}" if article.problem else ""
    length = "its text was forgotten after retention" if stored.forgotten else f"{len(article.text.split())} words"
    out.print(f"  text        {length} from {article.how}, language {article.language or 'unknown'}{trouble}")
    for revision in stored.revisions:
        out.print(f"  edited      {_minute(revision.replaced_at)}: was “{revision.title}”")
    for verdict in stored.verdicts:
        mark = "✓" if verdict.matched else "✗"
        strongest = sorted(verdict.evidence, key=lambda found: -abs(found.weight))[:5]
        terms = ", ".join(f"“{found.term}” {found.weight:+.1f}" for found in strongest)
        score = f"{verdict.score:.2f} of {verdict.threshold:.2f}"
        out.print(f"  judged    {mark} {verdict.topic} {score}: {terms or 'nothing found'}")


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
