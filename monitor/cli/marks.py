"""`mark` keeps what the reader says of an article, changing no verdict; `rejudge` applies edited topics to the past."""

from collections.abc import Sequence
from datetime import timedelta

import click

from monitor.cli.common import DAYS, Exit, MisuseError, Paths, opened, unknown
from monitor.cli.output import counted, echo_json, say
from monitor.cli.topiclab import change_facts, show_changes
from monitor.jobs.rejudge import rejudge as judge_again
from monitor.jobs.rejudge import replay
from monitor.model import Topic
from monitor.store import Shelves, StoredArticle


@click.command()
@click.argument("item", metavar="URL|ID")
@click.argument("kind", metavar="relevant|irrelevant", type=click.Choice(["relevant", "irrelevant"]), required=False)
@click.option("--topic", help="For this topic alone.")
@click.option("--undo", is_flag=True, help="Take the marks back (of --topic alone).")
@click.pass_obj
def mark(paths: Paths, item: str, kind: str | None, topic: str | None, undo: bool) -> int:
    """Say whether an article belongs to a topic; `monitor topics learn` and `monitor topics try` use it.

    Without --topic, "irrelevant" is said for every topic, "relevant" for those that the article matched.
    Ends with code 1 when it was never seen.
    """
    if (kind is None) != undo:
        raise MisuseError("say one of: relevant, irrelevant, --undo")
    with opened(paths, workers=0, existing=True) as app, app.store.begin() as shelves:
        topics = app.settings.topics.topics
        if topic is not None:
            _want_topic(topics, topic)
        found, done = _articles(shelves, item), []
        for stored in found:
            if undo:
                gone = shelves.marks.remove(stored.article.id, topic)
                done.append(f"{counted(gone, 'mark')} taken back: “{stored.article.title}”")
            else:
                names = [topic] if topic is not None else _meant(topics, stored, relevant=kind == "relevant")
                now = app.toolbox.now()
                shelves.marks.put(stored.article.id, names, relevant=kind == "relevant", at=now)
                done.append(f"marked {kind} for {', '.join(names)}: “{stored.article.title}”")
    for words in done:
        say(words)
    if not found:
        click.echo(f"{item} was never seen, or became no article; `monitor why {item}`", err=True)
    return Exit.OK if found else Exit.NOT_WELL


def _want_topic(topics: Sequence[Topic], name: str) -> None:
    names = [one.name for one in topics]
    if name not in names:
        raise unknown("topic", name, names)


def _articles(shelves: Shelves, item: str) -> list[StoredArticle]:
    histories = shelves.articles.history(item)
    return list({one.stored.article.id: one.stored for one in histories if one.stored}.values())


def _meant(topics: Sequence[Topic], stored: StoredArticle, *, relevant: bool) -> list[str]:
    """The topics that are meant where none is named."""
    if not relevant:
        return [one.name for one in topics]
    matched = [verdict.topic for verdict in stored.verdicts if verdict.matched]
    if not matched:
        known = ", ".join(one.name for one in topics)
        raise MisuseError(f"it matched no topic, so say which it belongs to by --topic: {known}")
    return matched


@click.command()
@click.option("--days", type=DAYS, help="Only what was found in the last so many days.")
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True, help="How many changes are shown.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def rejudge(paths: Paths, days: int | None, dry_run: bool, limit: int, as_json: bool) -> int:
    """Apply the topics as they are now to everything remembered; what comes to match is told in the next digest, once.

    Broken off, it goes on where it was when it is called again. A running daemon takes up edited topics at SIGHUP.
    """
    with opened(paths, workers=0, log_level="warning", existing=True) as app:
        toolbox = app.toolbox
        since = toolbox.now() - timedelta(days=days) if days else None
        done = replay(app.store, toolbox.topics, toolbox.feeds, since) if dry_run else judge_again(toolbox, since)
    if as_json:
        echo_json(change_facts(done, limit))
        return Exit.OK
    again = "to be judged again" if dry_run else "judged again"
    say(f"{counted(done.articles, 'article')}, {done.judged:,} {again}", style="bold")
    if done.unread:
        say(
            f"{done.unread:,} of these on the feed's words alone: no topic asked for their page when it was new",
            style="dim",
        )
    show_changes(done, limit, ("would enter", "would leave") if dry_run else ("entered", "left"))
    return Exit.OK
