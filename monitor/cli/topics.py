"""`topics`: what is followed, and what the topics make of a text, with the evidence."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path

import click

from monitor.cli.common import Exit, Group, MisuseError, Paths, read_settings
from monitor.cli.output import echo_json, say
from monitor.cli.topiclab import learn_topics, read_file, score, suggest_topic, try_topics
from monitor.errors import MonitorError
from monitor.model import Article, Entry, Fresh, Request, Verdict
from monitor.settings import Settings

CLAUSES_SHOWN = 10


@click.group(cls=Group, invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def topics(context: click.Context, as_json: bool) -> None:
    """List the topics."""
    if context.invoked_subcommand is not None:
        return
    settings = read_settings(context.obj)
    if as_json:
        echo_json(list(settings.topics.topics))
        return
    for topic in settings.topics.topics:
        say(topic.title, after=f"{topic.name:<20} ")
        if topic.description:
            say(topic.description, after=" " * 21)


topics.add_command(score)
topics.add_command(try_topics)
topics.add_command(learn_topics)
topics.add_command(suggest_topic)


@topics.command("test", short_help="Judge a text file or a page and say why.")
@click.argument("what", metavar="FILE|URL")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def test_text(paths: Paths, what: str, as_json: bool) -> int:
    """Judge a text file or a page and say why.

    The headline of a file is its first line, or its first sentence where that line is long.
    Ends with code 1 when no topic matched.
    """
    from monitor.settings.learned import with_learning

    settings = read_settings(paths)
    article = _from_web(settings, what) if what.startswith(("http://", "https://")) else _from_file(what)
    topics, unused = with_learning(settings.topics, settings)
    for problem in unused:
        click.echo(str(problem), err=True)
    verdicts = topics.judge(article.title, article.text, language=article.language, url=article.url)
    if as_json:
        echo_json({"title": article.title, "language": article.language, "how": article.how, "verdicts": verdicts})
    else:
        _show(article, verdicts)
    return Exit.OK if any(verdict.matched for verdict in verdicts) else Exit.NOT_WELL


def _from_file(name: str) -> Article:
    from monitor.extract import extract
    from monitor.newsroom.folder import parse_text

    text = read_file(name)
    if not text.strip():
        raise MisuseError(f"{name} is empty; there is nothing to judge")
    article = parse_text(text, Path(name).stem)
    content = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
    entry = Entry(feed="file", id="", link="", title=article.title, content=content)
    return extract(entry, None, identity=name, found_at=datetime.now(UTC))


def _from_web(settings: Settings, url: str) -> Article:
    from monitor.extract import extract
    from monitor.fetch import Fetcher
    from monitor.jobs.follow import whole

    with Fetcher(settings.fetch, lambda: datetime.now(UTC)) as fetcher:
        (visit,) = whole(fetcher, [Request(url=url, purpose="page", feed="test")])
    if not isinstance(visit, Fresh):
        raise MonitorError(f"{url} could not be read: {visit}")
    entry = Entry(feed="test", id="", link=url, title="")
    return extract(entry, visit, identity=url, found_at=visit.at)


def _show(article: Article, verdicts: tuple[Verdict, ...]) -> None:
    from monitor.topics.reasons import by_clause

    say(f"“{article.title}”")
    say(f"{len(article.text.split())} words from {article.how}, language {article.language or 'unknown'}")
    if article.problem:
        say(f"the page was not used: {article.problem}")
    for verdict in verdicts:
        mark = "✓" if verdict.matched else "✗"
        line = f"{mark} {verdict.topic:<18} {verdict.score:.2f}  (needs {verdict.threshold:.2f})"
        say()
        say(line, style="bold green" if verdict.matched else "bold")
        for clause, weight, found in by_clause(verdict.evidence, CLAUSES_SHOWN):
            say(f"{clause}: {', '.join(found)}" if found else clause, after=f"    {weight:+5.2f}  ")
        if verdict.passage and verdict.matched:
            say(verdict.passage, after="    » ")
