"""Backups: a folder each, with the database, the texts of the configuration and a manifest; there whole or not at all.

    monitor-20260302-120000/
      monitor.db      the archive, one file
      config/         the configuration's texts
      learned.json    what was learned from marks, when there is such
      manifest.json   when, by which version, rows of each table, SHA-256 of each file, and the list of evidence files

Made under a name that begins with a dot and renamed when all of it is on the disk. Evidence is listed with its sizes
and not copied: its files are only ever added to, and are best copied by a tool that copies what is new.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from monitor.errors import LockedError, StoreError
from monitor.store.engine import explained
from monitor.store.snapshot import Facts, copy_database, examine, flush

DATABASE, MANIFEST = "monitor.db", "manifest.json"
_MOMENT = "monitor-%Y%m%d-%H%M%S"
_NAME = re.compile(r"monitor-\d{8}-\d{6}")
_PART = re.compile(r"\.monitor-\d{8}-\d{6}\.part")


class Contents(Struct, frozen=True):
    """What goes into a backup."""

    database: Path
    texts: Mapping[str, Path]  # by their paths within the backup: "config/monitor.toml"
    evidence: Path  # a folder; need not be there


class Backup(Struct, frozen=True):
    """A backup that was made or looked through."""

    folder: Path
    facts: Facts
    size: int  # bytes of the database
    files: int  # beside the database and the manifest
    pruned: tuple[Path, ...] = ()  # older ones that were removed


def make_backup(contents: Contents, folder: Path, at: datetime, version: str, keep: int) -> Backup:
    """Make a backup in `folder`, look through it, and remove all but the newest `keep` (0: none is removed).

    Raises StoreError when it cannot be made, LockedError when another one is being made; older ones stay then.
    """
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            for left in folder.iterdir():
                if _PART.fullmatch(left.name):  # by one that was killed
                    shutil.rmtree(left)
            final = folder / f"{at.astimezone(UTC):{_MOMENT}}"
            if final.exists():
                raise StoreError(f"there is a backup {final} already; try again in a second")
            part = folder / f".{final.name}.part"
            try:
                part.mkdir(mode=0o700)
                facts = _fill(part, contents, at, version)
                os.rename(part, final)
                flush(folder)
            finally:
                shutil.rmtree(part, ignore_errors=True)  # is only there when it was not renamed
            pruned = _prune(folder, keep)
    return Backup(final, facts, (final / DATABASE).stat().st_size, len(contents.texts), pruned)


def latest(folder: Path, now: datetime) -> datetime | None:
    """When the newest backup in `folder` was made; None when there is none yet. Raises StoreError."""
    with explained(folder):
        names = [one.name for one in folder.iterdir() if _NAME.fullmatch(one.name)] if folder.exists() else []
    made = (datetime.strptime(name, _MOMENT).replace(tzinfo=UTC) for name in names)
    return max((at for at in made if at <= now), default=None)  # a clock that went back must not end all backups


def verify_backup(place: Path) -> Backup:
    """Look through a backup's folder, or a database file alone. Raises StoreError with what is wrong."""
    with explained(place):
        if not place.is_dir():
            return Backup(place, examine(place), place.stat().st_size, 0)
        manifest = _manifest(place)
        facts = examine(place / DATABASE)
        wrong = [
            f"{name} {'is missing' if not (place / name).is_file() else 'was changed'}"
            for name, known in manifest["files"].items()
            if not (place / name).is_file() or _hash(place / name) != known["sha256"]
        ]
        if facts != Facts(manifest["schema"], manifest["rows"]):
            wrong.append("the rows are not those of the manifest")
        if wrong:
            raise StoreError(f"the backup {place} is not as it was made: {'; '.join(wrong)}; use another one")
        return Backup(place, facts, (place / DATABASE).stat().st_size, len(manifest["files"]) - 1)


def _fill(part: Path, contents: Contents, at: datetime, version: str) -> Facts:
    facts = copy_database(contents.database, part / DATABASE)
    for name, source in contents.texts.items():
        target = part / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        flush(target)
    files = {
        name: {"bytes": (part / name).stat().st_size, "sha256": _hash(part / name)}
        for name in (DATABASE, *contents.texts)
    }
    manifest = {
        "made_at": at.isoformat(),
        "program": version,
        "schema": facts.revision,
        "rows": facts.rows,
        "files": files,
        "evidence": dict(_sizes(contents.evidence)),
    }
    (part / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    flush(part / MANIFEST)
    for inner in {path.parent for path in part.rglob("*")}:
        flush(inner)
    return facts


def _sizes(folder: Path) -> Iterator[tuple[str, int]]:
    if folder.is_dir():
        yield from (
            (str(path.relative_to(folder)), path.stat().st_size) for path in sorted(folder.rglob("*")) if path.is_file()
        )


def _manifest(place: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((place / MANIFEST).read_bytes())
        if not (isinstance(manifest["files"], dict) and isinstance(manifest["rows"], dict)):
            raise TypeError
    except (ValueError, KeyError, TypeError, FileNotFoundError) as error:
        raise StoreError(f"{place} is no backup: its {MANIFEST} is missing or cannot be read; name another") from error
    return manifest


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _prune(folder: Path, keep: int) -> tuple[Path, ...]:
    old = sorted((one for one in folder.iterdir() if _NAME.fullmatch(one.name)), reverse=True)[keep:] if keep else []
    for one in old:
        gone = folder / f".{one.name}.part"  # nothing half is left under a backup's name
        os.rename(one, gone)
        shutil.rmtree(gone)
    return tuple(old)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise LockedError(f"another backup is being made in {folder}; wait for it, or name another folder") from error
    finally:
        os.close(handle)
