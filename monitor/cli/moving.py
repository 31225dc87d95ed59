"""`export` and `import`: the whole state, packed on one machine and set up on another."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from monitor import __version__
from monitor.cli.common import Exit, Paths, read_settings, shipped_config, want_archive
from monitor.cli.matches import matches
from monitor.cli.output import counted, echo_json, say, sized
from monitor.errors import StoreError
from monitor.settings import Settings
from monitor.settings.load import archive_named_in
from monitor.settings.texts import references, without_secrets
from monitor.store import ArchiveLock, file_of, named
from monitor.store.dump import dumping
from monitor.store.parcel import Parcel, opened, pack
from monitor.store.snapshot import copy_database, examine, flush

CONFIG, EVIDENCE, LEARNED = "config/", "evidence/", "learned.json"
_TOLD = ("items", "articles", "reports", "told")  # tables whose rows are named


class _WholeByDefault(click.Group):
    """`monitor export PLACE` is `monitor export all PLACE`."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["all", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_WholeByDefault)
def export() -> None:
    """Everything, to move house (`monitor export PLACE`); or the matches, as tables."""


export.add_command(matches)


@export.command("all", short_help="The whole state, to be imported on another machine.")
@click.argument("place", metavar="PLACE", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def everything(paths: Paths, place: Path, as_json: bool) -> int:
    """Pack configuration, archive, what was told and evidence into PLACE: a new folder, or a file NAME.tar.gz.

    The daemon may run; what it does afterwards is not in it, so stop it before you move for good. Secrets are not
    packed: references (env:, file:) stay, and a secret written out becomes a reference to be filled on the new machine.
    """
    settings = read_settings(paths)
    url = want_archive(settings)
    files, wanted = _files(settings)
    with dumping(url) as dump:
        parcel = pack(dump, files, place, datetime.now(UTC), __version__)
    if as_json:
        echo_json(_facts(parcel) | {"secrets": list(wanted)})
        return Exit.OK
    say(f"exported: {place}", style="bold")
    _say_contents(parcel)
    _say_secrets(wanted)
    return Exit.OK


@click.command("import")
@click.argument("place", metavar="PLACE", type=click.Path(path_type=Path, exists=True))
@click.option("--replace", is_flag=True, help="Put it in the place of an archive and a configuration that are there.")
@click.option("--no-config", is_flag=True, help="Leave the configuration here as it is.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def import_(paths: Paths, place: Path, replace: bool, no_config: bool, as_json: bool) -> int:
    """Set up here what `monitor export` packed on another machine: configuration, archive, what was told, evidence.

    Every file is compared with the hashes in the manifest first. An archive that holds anything, or a configuration
    that differs, is not touched without --replace; a copy of each is kept beside it then. The daemon must not run.
    """
    config = Path("config") if paths.config == shipped_config() else paths.config
    work = paths.archive or Path.cwd()
    work.mkdir(parents=True, exist_ok=True)
    with opened(place, work) as parcel:
        texts = [] if no_config else [name for name in parcel.files if name.startswith(CONFIG)]
        if not replace:
            _want_same(parcel, texts, config)
        source = config if no_config else parcel.place / CONFIG
        archive = archive_named_in(source, config, os.environ, paths.archive)
        database = file_of(archive.url)
        if database is None:
            raise StoreError(
                f"the archive here is {named(archive.url)}, on a server, and an import makes a file: leave "
                "archive.url empty to import (with --no-config the package's own monitor.toml stays out of it), then "
                "bring it there by `monitor store copy`; nothing was changed"
            )
        archive.folder.mkdir(parents=True, exist_ok=True)
        with ArchiveLock(archive.folder):
            kept = _move_in(parcel, texts, config, archive.folder, database, replace)
        wanted = tuple(dict.fromkeys(one for name in texts for one in _referred(parcel.place / name)))
    facts = _facts(parcel) | {"archive": str(archive.folder), "config": str(config), "kept": list(map(str, kept))}
    if as_json:
        echo_json(facts | {"secrets": list(wanted)})
        return Exit.OK
    say(f"imported: archive in {archive.folder}" + ("" if no_config else f", configuration in {config}"), style="bold")
    _say_contents(parcel)
    for one in kept:
        say(f"kept of before: {one}", after="  ")
    _say_secrets(wanted)
    say("`monitor check` says whether all is well here; then start the daemon", after="  ")
    return Exit.OK


def _files(settings: Settings) -> tuple[dict[str, Path | bytes], tuple[str, ...]]:
    """What is packed beside the rows, and the secrets that the other machine will ask for."""
    files: dict[str, Path | bytes] = {}
    wanted: list[str] = []
    for name, path in settings.texts.items():
        if path.suffix != ".toml":
            files[CONFIG + name] = path
            continue
        text, _ = without_secrets(name, path.read_text("utf-8-sig"))
        files[CONFIG + name] = text.encode("utf-8")
        wanted += references(text)
    folder = settings.archive.folder
    if (folder / LEARNED).is_file():
        files[LEARNED] = folder / LEARNED
    evidence = sorted(path for path in (folder / EVIDENCE).rglob("*") if path.is_file())
    return files | {path.relative_to(folder).as_posix(): path for path in evidence}, tuple(dict.fromkeys(wanted))


def _want_same(parcel: Parcel, texts: list[str], config: Path) -> None:
    unlike = [
        name.removeprefix(CONFIG)
        for name in texts
        if (there := config / name.removeprefix(CONFIG)).is_file()
        and there.read_bytes() != (parcel.place / name).read_bytes()
    ]
    if unlike:
        raise StoreError(
            f"the configuration in {config} is another one ({', '.join(unlike)}); nothing was changed. Name a new "
            "folder with --config, leave it as it is with --no-config, or put the imported one there with --replace"
        )


def _move_in(parcel: Parcel, texts: list[str], config: Path, folder: Path, database: Path, replace: bool) -> list[Path]:
    """The archive last: until then the import may be killed and done again."""
    kept: list[Path] = []
    stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    if database.exists() and not _is_empty(database):
        if not replace:
            raise StoreError(
                f"the archive {database} holds something already; nothing was changed. Name an empty folder with "
                "--archive, or put the imported one in its place with --replace"
            )
        kept.append(database.with_name(f"{database.stem}-before-import-{stamp}.db"))
        copy_database(database, kept[-1])
    fresh = database.with_name(f".{database.name}.importing")
    _clear(fresh)
    try:
        parcel.load(fresh)
        for name in parcel.files:
            if name.startswith(EVIDENCE) or name == LEARNED:
                _place(parcel.place / name, folder / name)
        for name in texts:
            target = config / name.removeprefix(CONFIG)
            if target.is_file() and target.read_bytes() != (parcel.place / name).read_bytes():
                kept.append(target.with_name(f"{target.name}.before-import-{stamp}"))
                shutil.copyfile(target, kept[-1])
            _place(parcel.place / name, target)
        for beside in ("-wal", "-shm"):  # of the archive that goes; a log must not outlive its database
            database.with_name(database.name + beside).unlink(missing_ok=True)
        os.replace(fresh, database)
        flush(database.parent)
    finally:
        _clear(fresh)
    return kept


def _is_empty(database: Path) -> bool:
    """Whether nothing was remembered in an archive yet."""
    from monitor.store import open_store

    open_store(f"sqlite:///{database}").close()  # what stands in its log goes into the file
    rows = examine(database).rows
    return not any(rows[name] for name in ("items", "articles", "digests"))


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    flush(part)
    os.replace(part, target)


def _clear(path: Path) -> None:
    for one in (path, *(path.with_name(path.name + beside) for beside in ("-wal", "-shm", "-journal"))):
        one.unlink(missing_ok=True)


def _referred(path: Path) -> tuple[str, ...]:
    return references(path.read_text("utf-8-sig")) if path.suffix == ".toml" else ()


def _facts(parcel: Parcel) -> dict[str, Any]:
    evidence = sum(name.startswith(EVIDENCE) for name in parcel.files)
    return {"schema": parcel.schema, "rows": dict(parcel.rows), "files": len(parcel.files), "evidence": evidence}


def _say_contents(parcel: Parcel) -> None:
    rows = ", ".join(f"{parcel.rows[name]:,} {name}" for name in _TOLD)
    evidence = sum(name.startswith(EVIDENCE) for name in parcel.files)
    say(f"{sum(parcel.rows.values()):,} rows in {len(parcel.rows)} tables: {rows}", after="  ")
    others = counted(len(parcel.files) - evidence, "file")
    say(f"{others} of configuration, {evidence:,} of evidence; {sized(parcel.size)} unpacked", after="  ")


def _say_secrets(wanted: tuple[str, ...]) -> None:
    if wanted:
        say(f"secrets to be set on the new machine: {', '.join(wanted)}", after="  ")
