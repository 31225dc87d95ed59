"""`why`: what became of one address at each stage."""

from datetime import timedelta

import click

from monitor.cli.common import Exit, Paths, read_settings, reading
from monitor.cli.output import echo_json, minute, say
from monitor.links import url_key
from monitor.store import ItemHistory, Mark, Shelves, StoredArticle, Told
from monitor.values import as_dict

CLAUSES_SHOWN = 4


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def why(paths: Paths, url: str, as_json: bool) -> int:
    """Say what became of URL (or of an article id) at each stage, and why it is or is not in a digest.

    Ends with code 1 when it was never seen.
    """
    settings = read_settings(paths)
    with reading(settings) as store, store.read() as shelves:
        histories = shelves.articles.history(url)
        waiting = [] if histories else _waiting(shelves, url)
        untold = {
            one.item.article: why_untold(shelves, one.stored.story, settings.digest.max_age_days)
            for one in histories
            if one.stored and one.stored.story and not one.told
        }
        marks = {one.stored.article.id: shelves.marks.of(one.stored.article.id) for one in histories if one.stored}
    if as_json:
        echo_json([as_dict(one) | {"marks": marks.get(one.item.article, [])} for one in histories])
    elif waiting:
        for feed, title in waiting:
            say(f"“{title}”", style="bold")
            _line("feed", f"{feed}: it has more new pages than one round fetches; this one waits for the next round")
    elif not histories:
        click.echo(
            f"{url} was never seen in any feed read so far.\nIs its outlet in feeds.toml? `monitor feeds`", err=True
        )
    else:
        for history in histories:
            _show_history(history, marks.get(history.item.article, []), untold.get(history.item.article, ""))
    return Exit.OK if histories or waiting else Exit.NOT_WELL


def _waiting(shelves: Shelves, url: str) -> list[tuple[str, str]]:
    """The feeds in which the address waits for its page's turn, and its headline there."""
    key = url_key(url)
    states = shelves.feeds.states().values()
    return [
        (state.feed, entry.title) for state in states for entry in state.waiting if key and url_key(entry.link) == key
    ]


def why_untold(shelves: Shelves, story: str, max_age_days: int) -> str:
    """Why a story stands in no digest, as far as it can be told now."""
    from monitor.jobs.drawing import never_told

    never = never_told(shelves, story, timedelta(days=max_age_days))
    return (
        f"in no digest: {never}"
        if never
        else "in no digest yet; `monitor digest preview` shows what the next one holds"
    )


def words_of_mark(mark: Mark) -> str:
    """What a reader said of an article."""
    return f"{'relevant' if mark.relevant else 'irrelevant'} for {mark.topic} on {minute(mark.at)}"


def words_of_telling(told: Told) -> str:
    """By which message, and what became of it."""
    way = told.receipt.detail if told.receipt else told.problem or str(told.delivery or "no message")
    return f"{told.key} on {minute(told.at)}: {way}"


def _show_history(history: ItemHistory, marks: list[Mark], untold: str) -> None:
    item, stored = history.item, history.stored
    title = item.title or (stored.article.title if stored else "")  # a list of addresses names none
    say(f"“{title}”" if title else "(no headline)", style="bold")
    say(item.link or item.identity)
    say()
    by_page = stored.article.published if stored else None
    published = ", no date of publication stated"
    if moment := item.published or by_page:
        published = f", published {minute(moment)}{'' if item.published else ' by its page'}"
    _line("feed", f"{item.feed}: first seen {minute(item.first_seen)}{published}")
    if stored:
        _show_article(stored)
    for mark in marks:
        _line("marked", words_of_mark(mark))
    _line("fate", f"{item.fate}: {item.reason}")
    if stored and stored.placement:
        _line("story", f"{stored.story}: {stored.placement.reason}")
    for told in history.told:
        whose = "its story, before this report came, in " if told.at < item.first_seen else ""
        _line("told", f"{whose}{words_of_telling(told)}")
    if untold:
        _line("told", untold)
    say()


def _line(stage: str, text: str) -> None:
    say(text, after=f"  {stage:<10}  ")


def _show_article(stored: StoredArticle) -> None:
    from monitor.topics.reasons import by_clause

    article = stored.article
    trouble = f"; the page was not used: {article.problem}" if article.problem else ""
    length = "its text was forgotten after retention" if stored.forgotten else f"{len(article.text.split())} words"
    _line("text", f"{length} from {article.how}, language {article.language or 'unknown'}{trouble}")
    stated = (
        "a live blog" if article.live else "",
        f"from {article.dateline}" if article.dateline else "",
        f"section {article.section}" if article.section else "",
        f"by {', '.join(article.authors)}" if article.authors else "",
        f"image {article.image}" if article.image else "",
    )
    if any(stated):
        _line("page says", "; ".join(filter(None, stated)))
    for revision in stored.revisions:
        _line("edited", f"{minute(revision.replaced_at)}: was “{revision.title}”")
    for verdict in stored.verdicts:
        mark = "✓" if verdict.matched else "✗"
        clauses = by_clause(verdict.evidence, CLAUSES_SHOWN)
        reasons = ", ".join(_reason(*one) for one in clauses)
        score = f"{verdict.score:.2f} of {verdict.threshold:.2f}"
        _line(f"judged   {mark}", f"{verdict.topic} {score}: {reasons or 'nothing found'}")


def _reason(clause: str, weight: float, found: list[str]) -> str:
    if not weight:  # what it found would not tell which clause lacks
        return f"{clause}: {', '.join(found)}"
    return f"{found[0] if found else clause} {weight:+.1f}"
