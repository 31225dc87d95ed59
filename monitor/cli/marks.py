"""`mark`: what the reader says of an article is kept, for measuring topics and for learning. It changes no verdict."""

from collections.abc import Sequence

import click

from monitor.cli.common import Exit, MisuseError, Paths, opened
from monitor.cli.output import counted, say
from monitor.errors import nearest
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
        found = _articles(shelves, item)
        for stored in found:
            if undo:
                gone = shelves.marks.remove(stored.article.id, topic)
                say(f"{counted(gone, 'mark')} taken back: “{stored.article.title}”")
            else:
                names = [topic] if topic is not None else _meant(topics, stored, relevant=kind == "relevant")
                now = app.toolbox.now()
                shelves.marks.put(stored.article.id, names, relevant=kind == "relevant", at=now)
                say(f"marked {kind} for {', '.join(names)}: “{stored.article.title}”")
    if not found:
        click.echo(f"{item} was never seen, or became no article; `monitor why {item}`", err=True)
    return Exit.OK if found else Exit.NOT_WELL


def _want_topic(topics: Sequence[Topic], name: str) -> None:
    names = [one.name for one in topics]
    if name not in names:
        raise MisuseError(f"there is no topic '{name}'; {nearest(name, names) or 'known: ' + ', '.join(names)}")


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
