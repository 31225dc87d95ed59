"""`search` and `why`: what the archive holds, and what became of one address at each stage."""

from datetime import UTC, datetime, timedelta

import click

from monitor.cli.common import Exit, Paths, console, echo_json, read_settings
from monitor.store import Hit, ItemHistory, Store, open_store


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
    out.print(f"  {hit.snippet}\n")


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
    raise NotImplementedError
