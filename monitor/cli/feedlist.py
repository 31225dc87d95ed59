"""The list of feeds as a file: `feeds add` finds a site's feeds, `feeds import` and `export` exchange them as OPML."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.common import Exit, MisuseError, Paths, read_settings
from monitor.cli.output import counted, say
from monitor.dates import ago
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.jobs.discovery import Found
    from monitor.settings import Settings
    from monitor.settings.feedsfile import NewFeed


@click.command("add", short_help="Find the feeds of a site and write one into feeds.toml.")
@click.argument("url")
@click.option("--name", help="The name in feeds.toml, instead of one after its title.")
@click.option("--title", help="The outlet's name as readers see it, instead of the feed's own title.")
@click.option("--tags", default="", metavar="A,B", help="Tags, parted by commas.")
@click.option("--all", "every", is_flag=True, help="Write every feed that was found, not the first alone.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.pass_obj
def add_feed(paths: Paths, url: str, *, name: str, title: str, tags: str, every: bool, dry_run: bool) -> int:
    """Visit URL, find the feeds it names (or take it for one), try each, and append the first that is well.

    Where a site names none, the usual places are tried, and at last its headlines themselves (kind = "page").
    """
    from monitor.fetch import Fetcher
    from monitor.jobs.discovery import discover
    from monitor.settings.feedsfile import NewFeed, web_address

    settings, url = read_settings(paths, feedless=True), web_address(url)
    _refuse_double(settings, url)
    if name and every:
        raise MisuseError("--name is for one feed and --all for several; give one of the two")
    url = url if "://" in url else f"https://{url}"
    with Fetcher(settings.fetch, lambda: datetime.now(UTC)) as fetcher:
        found = discover(fetcher, url)
    for one in found:
        _show(one, settings)
    readable = [one for one in found if one.page is not None]
    own = [one for one in readable if not one.is_aside] or readable  # comments for want of others
    well = [one for one in own if not _double(settings, one.url)]
    if not well:
        if own:
            raise MisuseError(
                f"what {url} offers stands already in feeds.toml as '{_double(settings, own[0].url)}'; "
                "give the address of another feed to add that"
            )
        say(f"no feed was found at {url}; look for its address on the site, or give the page's headlines by select")
        return Exit.NOT_WELL
    new = [
        NewFeed(
            url=one.url,
            title=title or (one.page.title if one.page else "") or one.title,
            name=name or "",
            kind=one.kind,
            language=one.page.language if one.page else "",
            tags=tuple(tag.strip() for tag in tags.split(",") if tag.strip()),
        )
        for one in (well if every else well[:1])
    ]
    _write(paths, settings, new, dry_run=dry_run)
    return Exit.OK


@click.command("import", short_help="Add the feeds of an OPML file to feeds.toml.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.pass_obj
def import_feeds(paths: Paths, file: Path, dry_run: bool) -> int:
    """Append the feeds of FILE that are not in feeds.toml yet; its folders and categories become tags."""
    from monitor.settings.feedsfile import fitting
    from monitor.settings.opml import OpmlError, read_opml

    settings = read_settings(paths, feedless=True)
    try:
        listed = read_opml(file.read_bytes())
    except OpmlError as error:
        raise MonitorError(f"{file} {error}") from error
    new, left_out = fitting(listed, settings.feeds)
    for one, why in left_out:
        say(f"{one.title or one.url}: {why}, left out", after="– ")
    if not listed:
        raise MonitorError(f"{file} lists no feed")
    if new:
        _write(paths, settings, new, dry_run=dry_run)
    say(f"{counted(len(new), 'feed')} of {len(listed)} {'would be ' if dry_run else ''}added")
    return Exit.OK


@click.command("export", short_help="Print the feeds as OPML.")
@click.option("--to", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="A file instead.")
@click.pass_obj
def export_feeds(paths: Paths, to: Path | None) -> int:
    """Print the feeds as OPML, in folders after their first tag. Headers, logins, cookies, proxies and keys stay here.

    Which feeds have a login or a key in their address, that is to be added after an import, is said on standard error.
    """
    from monitor.settings.opml import lacking, write_opml

    settings = read_settings(paths)
    text = write_opml(settings.feeds)
    if to:
        to.write_bytes(text)
        say(f"{counted(len(settings.feeds), 'feed')} written to {to}")
    else:
        click.echo(text.decode(), nl=False)
    if names := lacking(settings.feeds):
        click.echo(
            f"left out: what is secret in the address of {counted(len(names), 'feed')} ({', '.join(names)}); "
            'after an import add it to url in feeds.toml, a login best as login = "env:NAME"',
            err=True,
        )
    return Exit.OK


def _double(settings: "Settings", url: str) -> str:
    from monitor.settings.feedsfile import already

    feed = already(url, settings.feeds)
    return feed.name if feed else ""


def _refuse_double(settings: "Settings", url: str) -> None:
    double = _double(settings, url if "://" in url else f"https://{url}")
    if double:
        raise MisuseError(f"'{url}' stands already in feeds.toml as '{double}'; `monitor feeds test {double}` tries it")


def _show(one: "Found", settings: "Settings") -> None:
    if one.page is None:
        say(one.url, after="✗ ", style="red")
        say(one.trouble, after="    ")
        return
    newest = max((entry.published for entry in one.page.entries if entry.published), default=None)
    age = f", the newest {ago(newest, datetime.now(UTC))}" if newest else ", undated" if one.page.entries else ""
    double = _double(settings, one.url)
    known = f" · stands already in feeds.toml as '{double}'" if double else ""
    aside = " · readers' comments" if one.is_aside else ""
    say(one.url, after="✓ ", style="green")
    say(
        f"“{one.page.title or one.title}” · {one.kind} · {counted(len(one.page.entries), 'entry', 'entries')}{age}"
        f"{aside}{known}",
        after="    ",
    )
    for entry in one.page.entries[:2]:
        say(entry.title or entry.link, after="      ")


def _write(paths: Paths, settings: "Settings", new: Sequence["NewFeed"], *, dry_run: bool) -> None:
    """Append to feeds.toml, so that the configuration is right afterwards or the file as it was before."""
    from monitor.settings.feedsfile import all_named, with_feeds
    from monitor.settings.rewriting import rewrite, text_of

    try:
        complete = all_named(new, (feed.name for feed in settings.feeds))
    except ValueError as error:
        raise MisuseError(f"{error} with --name") from None
    say()
    click.echo(with_feeds("", complete), nl=False)
    if dry_run:
        return
    file = paths.config / "feeds.toml"
    before = text_of(file) if file.exists() else ""
    rewrite(file, before, with_feeds(before, complete), os.environ, paths.archive)
    say(f"written to {file}; a running daemon takes it up at a SIGHUP")
