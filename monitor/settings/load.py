"""Reads the configuration folder and checks everything in it, also what only shows across files.

Every mistake is collected; nothing is half-loaded. What follows from a mistake (a subscription to a channel that is
itself wrong) is not reported on top of it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import available_timezones

from msgspec import Struct

from monitor.cache import cache_folders
from monitor.channels import Channel
from monitor.digests import Renderer, check_schedule, make_environment
from monitor.errors import ConfigError, Problem, StoreError, nearest
from monitor.fetch import FetchOptions
from monitor.logs import hide
from monitor.model import Feed, Subscription
from monitor.options import read_options
from monitor.settings import known, models
from monitor.settings.document import Document, read_document, read_text
from monitor.settings.feeds import Pages, read_feeds
from monitor.settings.secrets import UNREAD, resolve
from monitor.settings.subscriptions import nearest_zone, read_channels, read_subscriptions
from monitor.settings.texts import config_texts
from monitor.topics import LaterTopics, TopicSet, load_topics

_PASSWORD = re.compile(r"^\w[\w+]*://[^:@/]*:([^@/]+)@")


class Archive(Struct, frozen=True):
    """Where everything is kept."""

    folder: Path  # absolute
    url: str  # of the database; may hold a password


class Settings(Struct, frozen=True):
    """Everything the configuration says, checked."""

    folder: Path  # the configuration's own, absolute
    archive: Archive
    fetch: FetchOptions
    poll: models.PollOptions
    websub: models.WebSubOptions
    web: models.WebOptions
    watch: models.WatchOptions
    extract: models.ExtractOptions
    digest: models.DigestOptions
    deliver: models.DeliverOptions
    articles: models.ArticlesOptions
    tidy: models.TidyOptions
    backup: models.BackupOptions
    backfill: models.BackfillOptions
    log: models.LogOptions
    feeds: tuple[Feed, ...]
    topics: TopicSet
    subscriptions: tuple[Subscription, ...]
    channels: Mapping[str, Channel]
    templates: Path
    broken_templates: tuple[Problem, ...] = ()  # the shipped one is used in their place
    cache_folders: tuple[Path, ...] = ()  # where what may be lost is kept between runs

    @property
    def texts(self) -> dict[str, Path]:
        """The configuration's own files by their names within its folder."""
        return config_texts(self.folder)

    @property
    def without_forms(self) -> tuple[str, ...]:
        """The languages of feeds and word lists of which no word forms are known: words match as written there."""
        return self.topics.without_forms({feed.language for feed in self.feeds})

    @property
    def backups(self) -> Path:
        """The folder for backups; a relative one starts at the configuration's."""
        chosen = self.backup.folder
        return (self.folder / Path(chosen).expanduser()).resolve() if chosen else self.archive.folder / "backups"


def load_settings(
    folder: Path,
    environ: Mapping[str, str],
    *,
    archive: Path | None = None,
    recall: bool = False,
    feedless: bool = False,
) -> Settings:
    """The settings in `folder`; `archive` overrides the folder that monitor.toml names.

    `environ` is where `env:NAME` is looked up, and the user's folder for caches. A relative `archive.folder` starts at
    `folder`. `recall`: topic files that an earlier start found right are read when the first article is judged, see
    `known`; `feedless`: feeds.toml may be empty or missing. Raises ConfigError with every mistake in every file.
    """
    folder = folder.absolute()
    if not folder.is_dir():
        hint = "give the folder that holds monitor.toml, or make one with the shipped files"
        raise ConfigError([Problem(str(folder), "", "there is no such folder", hint)])
    problems: list[Problem] = []
    written = read_document(folder, "monitor.toml", problems)
    main = _read_main(written, environ, folder, problems)
    place = _archive(folder, main.archive, archive)
    problems += written.with_lines(_check_archive(main.archive) + _check_backups(main.backup, place))
    feeds = _read_feeds(folder, environ, main.poll.pages, problems, feedless)
    topics = _read_topics(folder, problems, place.folder if recall else None)
    told = read_document(folder, "subscriptions.toml", problems)
    told.check_keys(("channel", "subscription"), problems)
    channels, wrong = read_channels(told, environ, folder, place.folder)
    problems += told.with_lines(wrong)
    problems += [] if wrong else written.with_lines(_check_operator(main.deliver, channels))
    names = None if topics is None else [topic.name for topic in topics.topics]
    templates = folder / "templates"
    subscriptions, wrong, broken = read_subscriptions(told, names, Renderer(make_environment([templates])))
    problems += told.with_lines(wrong)
    if problems or topics is None:
        raise ConfigError([*problems, *told.with_lines(broken)])
    return Settings(
        folder=folder,
        archive=place,
        fetch=main.fetch,
        poll=main.poll,
        websub=main.websub,
        web=main.web,
        watch=main.watch,
        extract=main.extract,
        digest=main.digest,
        deliver=main.deliver,
        articles=main.articles,
        tidy=main.tidy,
        backup=main.backup,
        backfill=main.backfill,
        log=main.log,
        feeds=feeds,
        topics=topics,
        subscriptions=subscriptions,
        channels=channels,
        templates=templates,
        broken_templates=tuple(told.with_lines(broken)),
        cache_folders=cache_folders(environ, place.folder),
    )


def load_topic_files(folder: Path) -> TopicSet:
    """The topics in `folder` alone: topics.toml and concepts/*.toml. Raises ConfigError with every mistake."""
    problems: list[Problem] = []
    topics = _read_topics(folder.absolute(), problems)
    if topics is None:
        raise ConfigError(problems)
    return topics


def archive_named_in(texts: Path, folder: Path, environ: Mapping[str, str], override: Path | None = None) -> Archive:
    """Where the archive is, by the monitor.toml in `texts`, were it in `folder`. Raises ConfigError."""
    problems: list[Problem] = []
    document = read_document(texts, "monitor.toml", problems)
    table, failed = resolve(document.table.get("archive", {}), environ, folder, file=document.file, where="archive")
    problems += document.with_lines(failed)
    options, wrong = read_options(models.ArchiveOptions, table, file=document.file, where="archive")
    problems += document.with_lines(wrong)
    if problems or options is None:
        raise ConfigError(problems)
    return _archive(folder.absolute(), options, override)


def _read_main(
    document: Document, environ: Mapping[str, str], folder: Path, problems: list[Problem]
) -> models.MainOptions:
    table = dict(document.table)
    for name in ("archive", "web", "watch"):
        if isinstance(found := table.get(name), dict):
            resolved, failed = resolve(found, environ, folder, file=document.file, where=name)
            table[name] = {key: value for key, value in resolved.items() if value != UNREAD}
            problems += document.with_lines(failed)
    main, wrong = read_options(models.MainOptions, table, file=document.file, where="")
    problems += document.with_lines(wrong)
    return main or models.MainOptions()


def _archive(folder: Path, options: models.ArchiveOptions, override: Path | None) -> Archive:
    chosen = override.absolute() if override else (folder / Path(options.folder).expanduser()).resolve()
    if found := _PASSWORD.search(options.url):
        hide([found[1], unquote(found[1])])
    return Archive(chosen, options.url or f"sqlite:///{chosen / 'monitor.db'}")


def _check_archive(options: models.ArchiveOptions) -> list[Problem]:
    if not options.url:
        return []
    from monitor.store.engine import parse_url  # with SQLAlchemy, which a file's own address needs nobody to read

    try:
        parse_url(options.url)
    except StoreError as error:
        return [Problem("monitor.toml", "archive · url", str(error))]
    return []


def _check_backups(options: models.BackupOptions, place: Archive) -> list[Problem]:
    if not options.schedule:
        return []
    if not place.url.startswith("sqlite"):
        words = "is for an archive in a file; on a server let cron run pg_dump, see docs/postgresql.md"
        return [Problem("monitor.toml", "backup.schedule", words)]
    known = options.zone in available_timezones()
    words, hint = f"unknown time zone '{options.zone}'", nearest_zone(options.zone)
    problems = [] if known else [Problem("monitor.toml", "backup.zone", words, hint)]
    wrong = check_schedule(options.schedule, options.zone if known else "UTC")
    return [*problems, Problem("monitor.toml", "backup.schedule", wrong)] if wrong else problems


def _check_operator(options: models.DeliverOptions, channels: Mapping[str, Channel]) -> list[Problem]:
    return [
        Problem(
            "monitor.toml",
            "deliver.operator",
            f"there is no channel '{name}'",
            nearest(name, list(channels)) or f"known: {', '.join(channels)}",
        )
        for name in options.operator
        if name not in channels
    ]


def _read_feeds(
    folder: Path, environ: Mapping[str, str], pages: Pages, problems: list[Problem], feedless: bool
) -> tuple[Feed, ...]:
    if feedless and not (folder / "feeds.toml").exists():
        return ()
    document = read_document(folder, "feeds.toml", problems)
    document.check_keys(("feed",), problems)
    feeds, wrong = read_feeds(document, environ, folder, pages, feedless=feedless)
    problems += document.with_lines(wrong)
    return feeds


def _read_topics(folder: Path, problems: list[Problem], memory: Path | None = None) -> TopicSet | None:
    """The topics, or None after adding to `problems` what is wrong with them.

    `memory`: the folder where it is kept which files were found right.
    """
    names = ["topics.toml", *sorted(f"concepts/{path.name}" for path in (folder / "concepts").glob("*.toml"))]
    before = len(problems)
    texts = {name: read_text(folder, name, problems) for name in names}
    if len(problems) > before:
        return None
    digest = known.digest_of(texts) if memory else ""
    if memory and (topics := known.recall(memory, digest)):
        return LaterTopics(topics, lambda: load_topics(texts))
    try:
        read = load_topics(texts)
        if memory:
            known.remember(memory, digest, read.topics)
        return read
    except ConfigError as error:
        for problem in error.problems:
            problems += Document(problem.file, texts.get(problem.file, "")).with_lines([problem])
        return None
