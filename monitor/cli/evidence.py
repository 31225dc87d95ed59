"""`evidence`: whether what was kept as proof is still as it was, and packs of it for others."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.common import Exit, Group, MisuseError, Paths, read_settings, reading
from monitor.cli.output import counted, echo_json, say
from monitor.errors import StoreError

if TYPE_CHECKING:
    from monitor.evidence.pack import Packed
    from monitor.jobs.verifying import Verified
    from monitor.store import Shelves


@click.group(cls=Group)
def evidence() -> None:
    """The answers of servers, word for word, that every match rests on."""


@evidence.command(short_help="Is all that was kept as it was?")
@click.option("--anchor", metavar="LINK", help="A link of the chain noted elsewhere earlier: is it still in it?")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def verify(paths: Paths, anchor: str | None, as_json: bool) -> int:
    """Check every byte of the WARC files, every text and the chain of hashes.

    Says what is wrong and where, and ends with code 1 then. Changes nothing.
    """
    from monitor.evidence import Vault
    from monitor.jobs.verifying import verify as check

    settings = read_settings(paths)
    with reading(settings) as store:
        done = check(store, Vault(settings.archive.folder / "evidence"), anchor or "")
    if as_json:
        echo_json(done)
    else:
        _show(done)
    return Exit.NOT_WELL if done.wrong else Exit.OK


def _show(done: "Verified") -> None:
    for one in done.wrong:
        say(f"{one.what}{f' (article {one.article})' if one.article else ''}", after=f"✗ {one.where}: ", style="red")
    for remark in done.remarks:
        say(remark, after="· ")
    if done.missing:
        say(f"{counted(done.missing, 'match', 'matches')} without evidence, which could not be written", after="· ")
    if done.given_up:
        say(f"{counted(done.given_up, 'text')} not compared: retention took them from the archive", after="· ")
    checked = f"{counted(done.exhibits, 'exhibit')} in {counted(done.files, 'file')}, {counted(done.texts, 'text')}"
    if done.wrong:
        say(
            f"{checked}: {counted(len(done.wrong), 'thing is not as it was', 'things are not as they were')}",
            style="bold red",
        )
        return
    say(f"{checked}: all as it was", style="bold")
    say(done.head, after="last link  ")


@evidence.command()
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@click.option("--to", "folder", type=click.Path(path_type=Path), default=Path("evidence-pack"), show_default=True)
@click.pass_obj
def export(paths: Paths, items: tuple[str, ...], folder: Path) -> int:
    """Write a pack of articles (ITEM: id or address) into a new folder.

    It holds the WARC records, each text, a page to read, and a manifest of hashes.
    """
    from monitor.evidence import Vault
    from monitor.evidence.pack import write_pack

    settings = read_settings(paths)
    vault = Vault(settings.archive.folder / "evidence")
    with reading(settings) as store, store.read() as shelves:
        packed = {one.article.id: one for item in items for one in _find(shelves, item)}
    try:
        files = write_pack(vault, packed.values(), folder, datetime.now(UTC))
    except FileExistsError as error:
        raise MisuseError(f"{folder}: {error.strerror}") from error
    except OSError as error:
        raise StoreError(f"{error.filename or folder}: {error.strerror}; nothing more was written") from error
    say(f"{counted(len(files), 'file')} for {counted(len(packed), 'article')} in {folder}")
    return Exit.OK


def _find(shelves: "Shelves", item: str) -> "list[Packed]":
    from monitor.evidence.pack import Packed

    stored = {one.stored.article.id: one.stored for one in shelves.articles.history(item) if one.stored}
    found = []
    for one in stored.values():
        outlet = one.outlet or one.article.entry.outlet or one.article.entry.feed
        exhibits = shelves.exhibits.of(one.article.id)
        if exhibits:
            found.append(Packed(one.article, outlet, exhibits))
    if not found:
        why = "it matched nothing, or came before evidence was kept" if stored else "it was never seen"
        raise MisuseError(f"there is no evidence of {item}: {why}; `monitor why` tells what became of it")
    return found
