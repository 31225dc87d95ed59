"""`demo`: the whole product offline. A newsroom on loopback, the real pipeline, a fresh archive, a digest to open."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from monitor.cli.common import Paths, shipped_config
from monitor.cli.output import console
from monitor.errors import MonitorError
from monitor.model import Feed, Subscription, Topic

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.jobs.digest import Composed
    from monitor.newsroom import Newsroom
    from monitor.settings import Settings

MARK = ".monitor-demo"  # only a folder with this file in it is ever emptied
LOOPBACK = "127.0.0.0/8"


@click.command()
@click.option("--articles", type=click.Path(path_type=Path), metavar="DIR", help="Serve these .txt files instead.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    metavar="DIR",
    help="Where the archive and the digest go; an earlier demo there is replaced.",
)
@click.pass_obj
def demo(paths: Paths, articles: Path | None, into: Path) -> None:
    """Run everything once, offline: invented outlets on loopback, real HTTP, a fresh archive, a digest you can open.

    With --articles, a folder of text files (one article a file) is served and judged instead.
    """
    from monitor import logs
    from monitor.app import open_app
    from monitor.newsroom import Newsroom
    from monitor.settings import load_settings

    if articles is not None and not any(articles.glob("*.txt")):
        raise MonitorError(f"{articles} holds no .txt files; give a folder with one article a file")
    _make_room(into)
    logs.configure("plain", "error")
    started, now = monotonic(), datetime.now(UTC)
    settings = load_settings(shipped_config() if not articles else paths.config, {}, archive=into)
    with (
        Newsroom.open(articles, opened_at=now) as newsroom,
        open_app(_for_demo(settings, newsroom, into, own=articles is not None)) as app,
    ):
        if articles is None:
            _tell_the_day(app, newsroom, into)
        else:
            _tell_the_texts(app, into)
    console().print(f"\nAll of this took {monotonic() - started:.0f} s and touched no network but this machine's own.")


def _make_room(into: Path) -> None:
    """An empty folder with our mark; a folder that is not a demo's is never touched. Raises MonitorError."""
    try:
        if into.exists():
            if not (into / MARK).is_file() and any(into.iterdir()):
                raise MonitorError(f"{into} exists and is no earlier demo; choose another folder with --into DIR")
            shutil.rmtree(into)
        into.mkdir(parents=True)
        (into / MARK).touch()
    except OSError as error:
        raise MonitorError(f"{into} cannot be used: {error.strerror}; choose another folder with --into DIR") from None


def _for_demo(settings: "Settings", newsroom: "Newsroom", into: Path, *, own: bool) -> "Settings":
    """The shipped settings on the newsroom's feeds, with one digest to a folder."""
    from monitor.channels.file import FileChannel

    feeds = tuple(
        Feed(feed.name, feed.url, feed.title, kind=feed.kind, language=feed.language, country=feed.country)
        for feed in newsroom.feeds
    )
    channel = FileChannel.from_options({"folder": "digest"}, name="folder", file="demo", where="", folder=into)
    daily = Subscription(
        name="demo",
        title="Demo digest",
        topics=tuple(topic.name for topic in settings.topics.topics),
        channel="folder",
        schedule="0 8 * * *",
        zone="Europe/Kyiv",
        send_empty=True,
    )
    # Own texts may be of any year; here they are all news.
    max_age = 100 * 365 if own else settings.digest.max_age_days
    return replace(
        settings,
        feeds=feeds,
        subscriptions=(daily,),
        channels={"folder": channel},
        fetch=settings.fetch.model_copy(update={"allow_private": (LOOPBACK,), "host_gap_seconds": 0.0}),
        extract=settings.extract.model_copy(update={"workers": 0}),
        digest=settings.digest.model_copy(update={"max_age_days": max_age}),
    )


def _tell_the_day(app: "App", newsroom: "Newsroom", into: Path) -> None:
    out = console()
    languages = sorted({feed.language for feed in newsroom.feeds})
    out.print(
        f"A newsroom opens on loopback: {len(newsroom.feeds)} invented outlets in {len(languages)} languages"
        f" ({', '.join(languages)}), {len(newsroom.truth)} articles of three days."
    )
    first = app.poll(force=True)
    out.print(
        f"\nFirst round    {first.read} feeds read, {first.pages} pages fetched, {first.new} articles archived,"
        f" {first.matched} match a topic."
    )
    newsroom.publish_edits()
    second = app.poll(force=True)
    out.print(
        f"Second round   {second.unchanged} feeds unchanged, {second.new} new articles, {second.edited} edited since:"
        " its earlier version is kept, nobody is told twice."
    )
    composed = app.digest()
    app.deliver()
    _tell_the_digest(app, composed)
    _tell_the_truth(app, newsroom.truth)
    _tell_the_files(into)


def _tell_the_digest(app: "App", composed: "list[Composed]") -> None:
    out = console()
    titles = {topic.name: topic.title for topic in app.toolbox.topics.topics}
    for one in composed:
        reports = sum(len(story.reports) for story in one.digest.stories)
        out.print(f"\nThe digest tells {len(one.digest.stories)} stories from {reports} reports, each once:\n")
        for story in one.digest.stories:
            others = len(story.reports) - 1
            also = f" (+ {others} cop{'ies' if others > 1 else 'y'})" if others else ""
            topics = ", ".join(titles[name] for name in story.topics)
            out.print(f"  • {story.first.article.title}\n    {story.first.outlet}{also} · {topics}")


def _tell_the_truth(app: "App", truth: Mapping[str, frozenset[str]]) -> None:
    """How well the topics did: the newsroom knows what its articles are about, the pipeline does not."""
    from monitor.links import article_id

    found = missed = wrong = 0
    with app.store.read() as shelves:
        for url, topics in truth.items():
            stored = shelves.articles.get(article_id(url, "", ""))
            matched = {verdict.topic for verdict in stored.verdicts if verdict.matched} if stored else set()
            found += bool(topics and matched)
            missed += bool(topics and not matched)
            wrong += bool(matched and not topics)
    console().print(
        f"\nThe newsroom knows what its articles are about: {found} of {found + missed} relevant ones were found,"
        f" {wrong} of {len(truth) - found - missed} others let through."
    )


def _tell_the_texts(app: "App", into: Path) -> None:
    out = console()
    done = app.poll(force=True)
    out.print(f"{done.new} articles read over HTTP, {done.matched} match a topic:\n")
    now = datetime.now(UTC)
    known: tuple[Topic, ...] = app.toolbox.topics.topics
    with app.store.read() as shelves:
        stories = shelves.stories.recent(now - timedelta(days=1), now)
    for story in stories:
        for report in story.reports:
            names = sorted(verdict.topic for verdict in report.verdicts)
            out.print(f"{report.article.entry.link.rpartition('/')[2]}: {', '.join(names)}\n    {report.article.title}")
    out.print(f"\nTopics: {', '.join(topic.name for topic in known)}. `monitor topics test FILE` shows the evidence.")
    app.digest()
    app.deliver()
    _tell_the_files(into)


def _tell_the_files(into: Path) -> None:
    out = console()
    out.print("\nDelivered to the file channel, nothing was opened or sent:")
    for path in sorted((into / "digest").iterdir()):
        out.print(f"  {path}")
    out.print(f"\nAsk the archive: monitor --archive {into} search drones")
