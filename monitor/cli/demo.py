"""`demo`: the whole product offline. A newsroom on loopback, the real pipeline, a fresh archive, a digest to open."""

import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from monitor.cli.common import MisuseError, Paths, shipped_config
from monitor.cli.output import counted, say
from monitor.digests.languages import language_name
from monitor.digests.present import present
from monitor.digests.view import DigestView
from monitor.jobs.digest import preview
from monitor.links import article_id
from monitor.model import LEFT_ALONE, Feed, Subscription, Verdict

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.newsroom import Newsroom
    from monitor.newsroom.articles import Edition
    from monitor.settings import Settings
    from monitor.store import StoredArticle

MARK = ".monitor-demo"  # only a folder with this file in it is ever emptied
LOOPBACK = "127.0.0.0/8"
SHOWN = 3  # stories of a topic
TERMS_SHOWN = 3


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

    edition = _own_texts(articles) if articles else None
    _make_room(into)
    logs.configure("plain", "error")
    started, now = monotonic(), datetime.now(UTC)
    settings = load_settings(paths.config if articles else shipped_config(), os.environ, archive=into)
    with (
        Newsroom.open(articles, opened_at=now) as newsroom,
        open_app(_for_demo(settings, newsroom, into, own=len(edition.first) if edition else 0)) as app,
    ):
        if edition is None:
            example = _tell_the_day(app, newsroom)
        else:
            example = _tell_the_texts(app, newsroom, [article.slug for article in edition.first])
    _tell_the_files(into, example)
    say()
    say(f"All of this took {monotonic() - started:.0f} s and used no network but this machine's own.")


def _own_texts(folder: Path) -> "Edition":
    from monitor.newsroom.articles import ArticleError
    from monitor.newsroom.folder import read_folder

    try:
        return read_folder(folder)
    except ArticleError as error:
        raise MisuseError(str(error)) from error


def _make_room(into: Path) -> None:
    """An empty folder with our mark; a folder that is not a demo's is never touched. Raises MisuseError."""
    try:
        if into.exists():
            if not (into / MARK).is_file() and any(into.iterdir()):
                raise MisuseError(f"{into} exists and is no earlier demo; choose another folder with --into DIR")
            shutil.rmtree(into)
        into.mkdir(parents=True)
        (into / MARK).touch()
    except OSError as error:
        raise MisuseError(f"{into} cannot be used: {error.strerror}; choose another folder with --into DIR") from None


def _for_demo(settings: "Settings", newsroom: "Newsroom", into: Path, *, own: int) -> "Settings":
    """The shipped settings on the newsroom's feeds, with one digest to a folder; `own` is the number of own texts."""
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
    # Own texts may be of any year, and more than a feed has in a round; here they are all news.
    max_age = 100 * 365 if own else settings.digest.max_age_days
    pages = max(settings.poll.pages_per_visit, own)
    return replace(
        settings,
        feeds=feeds,
        subscriptions=(daily,),
        channels={"folder": channel},
        fetch=settings.fetch.model_copy(update={"allow_private": (LOOPBACK,), "host_gap_seconds": 0.0}),
        extract=settings.extract.model_copy(update={"workers": 0}),
        poll=settings.poll.model_copy(update={"pages_per_visit": pages}),
        digest=settings.digest.model_copy(update={"max_age_days": max_age}),
    )


def _tell_the_day(app: "App", newsroom: "Newsroom") -> str:
    """The story of the invented press, told from what the archive and the digest hold; an address worth asking for."""
    names = sorted(language_name(language) for language in {feed.language for feed in newsroom.feeds})
    say(
        f"A small press opens on this machine: {len(newsroom.feeds)} invented outlets writing "
        f"{', '.join(names[:-1])} and {names[-1]}, with {len(newsroom.truth)} articles of three days. "
        "Some copy each other, some pages are broken, and many only sound right."
    )
    first = app.poll(force=True)
    _step("Read", f"{first.read} feeds and {first.pages} pages over HTTP: {first.new} articles archived")
    newsroom.publish_edits()
    second = app.poll(force=True)
    _step("Again", f"{second.unchanged} feeds had nothing new, {counted(second.edited, 'article')} had been edited:")
    articles = _stored(app, newsroom.truth)
    for stored in articles.values():
        for revision in stored.revisions:
            _detail(f"“{revision.title}” is now “{stored.article.title}”")
    _tell_the_pages(articles.values())
    example = _tell_the_topics(app, articles, newsroom.truth)
    composed = app.digest()
    app.deliver()
    for one in composed:
        _tell_the_digest(present(one.digest), sum(len(story.reports) for story in one.digest.stories))
    _, nothing = preview(app.toolbox, app.settings.subscriptions[0])
    _step("And then?", f"A digest one minute later would hold {nothing.subject.rpartition(': ')[2]}.")
    return example


def _step(what: str, text: str) -> None:
    say()
    say(text, after=f"{what:<10} ")


def _detail(text: str) -> None:
    say(text, after=" " * 11 + "· ")


def _stored(app: "App", urls: Iterable[str]) -> "dict[str, StoredArticle]":
    with app.store.read() as shelves:
        found = {url: shelves.articles.get(article_id(url, "", "")) for url in urls}
    return {url: stored for url, stored in found.items() if stored is not None}


def _tell_the_pages(articles: "Iterable[StoredArticle]") -> None:
    trouble = [stored.article for stored in articles if stored.article.problem]
    alone = [article for article in trouble if article.problem.startswith(LEFT_ALONE)]
    if alone:
        _step("Left alone", f"{counted(len(alone), 'page')} of which headline and summary speak for no topic, such as:")
        for article in alone[:2]:
            _detail(f"“{article.title}”")
    unused = [article for article in trouble if article not in alone]
    if unused:
        _step("Broken", f"{counted(len(unused), 'page')} could not be used; the feed's own words stand in:")
        for article in unused:
            _detail(f"“{article.title}”: {article.problem}")


def _tell_the_topics(app: "App", articles: "Mapping[str, StoredArticle]", truth: Mapping[str, frozenset[str]]) -> str:
    """How well the topics did: the newsroom knows what its articles are about, the pipeline does not.

    Gives the address of the article that came nearest without matching.
    """
    judged = {url: stored.verdicts for url, stored in articles.items()}
    matched = {url for url, verdicts in judged.items() if any(verdict.matched for verdict in verdicts)}
    about = {url for url, topics in truth.items() if topics}
    _step(
        "Judged",
        f"{len(matched)} of {len(truth)} articles match a topic. The press knows the truth: {len(matched & about)} of "
        f"{len(about)} that matter were found, {len(matched - about)} of {len(truth) - len(about)} others let through. "
        "Not told, for instance:",
    )
    misses: list[tuple[float, str]] = []
    for topic in app.toolbox.topics.topics:
        near = {url: _verdict(verdicts, topic.name) for url, verdicts in judged.items() if url not in matched}
        for url in sorted(near, key=lambda url: -near[url].score)[:1]:
            score, least = near[url].score, near[url].threshold
            _detail(f"“{articles[url].article.title}”: {score:.2f} of {least:.2f} for {topic.title}")
            misses.append((score / least, url))
    return max(misses, default=(0.0, ""))[1]


def _verdict(verdicts: Iterable[Verdict], topic: str) -> Verdict:
    return next(verdict for verdict in verdicts if verdict.topic == topic)


def _tell_the_digest(view: DigestView, reports: int) -> None:
    stories = [story for section in view.sections for story in section.stories]
    _step("The digest", f"{counted(len(stories), 'story', 'stories')} from {reports} reports, each told once.")
    for section in view.sections:
        say()
        say(f"{section.title} ({section.total})" if section.total else section.title, style="bold")
        for story in section.stories[:SHOWN]:
            who = ", ".join(outlet.name for outlet in story.outlets)
            copies = f", copied by {', '.join(story.copies)}" if story.copies else ""
            why = ", ".join(f"“{term.words}”" for term in story.terms[:TERMS_SHOWN])
            say(story.headline, after="  • ")
            say(f"{who}{copies} — because of {why}", after="    ", style="dim")
        if section.total > SHOWN:
            say(f"    … and {section.total - SHOWN} more", style="dim")
        if section.elsewhere:
            say(section.elsewhere, after="  ", style="dim")


def _tell_the_texts(app: "App", newsroom: "Newsroom", slugs: Iterable[str]) -> str:
    """Every text with its topics, in the folder's order; the address of the first."""
    done = app.poll(force=True)
    say(f"{counted(done.new, 'article')} read over HTTP, {done.matched} of them match a topic:")
    base = newsroom.feeds[0].url.rpartition("/")[0]
    urls = {f"{base}/{slug}.html": slug for slug in slugs}
    articles = _stored(app, urls)
    for url, slug in urls.items():
        say()
        if url not in articles:
            say(f"{slug}: could not be read; `why {url}` says more")
            continue
        verdicts = sorted(articles[url].verdicts, key=lambda verdict: -verdict.score)
        matching = [f"{verdict.topic} {verdict.score:.2f}" for verdict in verdicts if verdict.matched]
        missed = f"no topic (nearest: {verdicts[0].topic} {verdicts[0].score:.2f} of {verdicts[0].threshold:.2f})"
        say(f"{slug}: {', '.join(matching) or missed}", style="bold" if matching else "")
        say(articles[url].article.title, after="    ")
    say()
    say("`monitor topics test FILE` shows which words made it so.")
    app.digest()
    app.deliver()
    return next(iter(urls))


def _tell_the_files(into: Path, example: str) -> None:
    say()
    say("Delivered to a folder, as mail, page, text and Slack payload; nothing was sent or opened:")
    files = sorted((into / "digest").iterdir(), key=lambda path: (path.suffix != ".html", path.name))
    for path in files:
        say(f"  {path}" + ("   ← open this one" if path.suffix == ".html" else ""))
    say()
    say("Ask the archive what it knows, and why:")
    say(f"  monitor --archive {into} search drones")
    say(f"  monitor --archive {into} why {example}")
    say(f"  monitor --archive {into} web   ← the desk, in the browser")
