"""Everything this program knows, packed for another machine: a folder, or the same as one .tar.gz.

    manifest.json         format, version, schema, when; rows of each table; size and SHA-256 of every file
    tables/NAME.jsonl     the rows, see `dump`
    config/…, evidence/…  files as they are

Made under a name that begins with a dot and renamed when whole; read only when every file is what the manifest says.
"""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct

from monitor.errors import StoreError
from monitor.store.dump import TABLES, Dump, load
from monitor.store.engine import explained
from monitor.store.snapshot import flush

FORMAT = 1
MANIFEST = "manifest.json"


class Parcel(Struct, frozen=True):
    """A parcel that was made, or that was opened: then its files stand in `place`, each as the manifest says."""

    place: Path
    schema: str
    rows: Mapping[str, int]  # by table, in the order in which they are stored
    files: tuple[str, ...]  # beside the tables: "config/feeds.toml"
    size: int  # bytes of everything, unpacked

    def load(self, path: Path) -> None:
        """Make the archive of it at `path`, where nothing stands yet. Raises StoreError."""
        with explained(self.place):
            tables = ((name, _lines(self.place / _table(name))) for name in self.rows)
            counts = load(path, self.schema, tables)
        if counts != dict(self.rows):
            raise StoreError(f"{self.place}: the tables do not have as many rows as the manifest says; export again")


def pack(dump: Dump, files: Mapping[str, Path | bytes], target: Path, at: datetime, version: str) -> Parcel:
    """Pack rows and files (by their paths within the parcel) into `target`: a .tar.gz or .tgz, or else a new folder.

    Raises StoreError when something stands there already, or it cannot be written; nothing half is left.
    """
    packed = target.name.endswith((".tar.gz", ".tgz"))
    if target.exists() and not (target.is_dir() and not packed and not any(target.iterdir())):
        raise StoreError(f"{target} is there already; name another")
    part = target.with_name(f".{target.name}.part")
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(part)
        try:
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as work:
                parcel = _pack(dump, files, Path(work), _Writer(part, packed), at, version)
            os.replace(part, target)
            flush(target.parent)
        finally:
            _remove(part)
    return Parcel(target, parcel.schema, parcel.rows, parcel.files, parcel.size)


@contextmanager
def opened(source: Path, work: Path) -> Iterator[Parcel]:
    """Open a parcel; one in a file is unpacked into the folder `work` meanwhile.

    Raises StoreError when it is no parcel, or not every file is as it was packed.
    """
    with tempfile.TemporaryDirectory(dir=work, prefix=".import-") as folder, explained(source):
        place = source
        if not source.is_dir():
            place = Path(folder)
            _unpack(source, place)
        yield _checked(source, place)


class _Writer:
    """Where files are put, one after the other: into a folder, or into a compressed tar file."""

    def __init__(self, part: Path, packed: bool) -> None:
        self._part = part
        self._tar = tarfile.open(part, "w:gz", compresslevel=6) if packed else None  # noqa: SIM115 - closed by `close`
        self.known: dict[str, dict[str, Any]] = {}

    def put(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self.known[name] = {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
        if self._tar:
            self._tar.add(path, name)
            return
        target = self._part / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        flush(target)

    def close(self) -> None:
        if self._tar:
            self._tar.close()
        flush(self._part)


def _pack(
    dump: Dump, files: Mapping[str, Path | bytes], work: Path, into: _Writer, at: datetime, version: str
) -> Parcel:
    rows: dict[str, int] = {}
    passing = work / "passing"
    for name in TABLES:
        with passing.open("wb") as file:
            rows[name] = _write(file, dump.lines(name))
        into.put(_table(name), passing)
    for name, content in files.items():
        if isinstance(content, bytes):
            passing.write_bytes(content)
        into.put(name, passing if isinstance(content, bytes) else content)
    known = dict(into.known)
    facts = {"format": FORMAT, "program": version, "made_at": at.isoformat(), "schema": dump.revision, "rows": rows}
    passing.write_text(json.dumps(facts | {"files": known}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    into.put(MANIFEST, passing)
    into.close()
    return Parcel(work, dump.revision, rows, tuple(files), sum(one["bytes"] for one in known.values()))


def _write(file: Any, lines: Iterable[bytes]) -> int:
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007 - the last one is the number of rows
        file.write(line)
    return count


def _checked(source: Path, place: Path) -> Parcel:
    try:
        manifest = json.loads((place / MANIFEST).read_bytes())
        format_, schema, rows, files = (manifest[key] for key in ("format", "schema", "rows", "files"))
        sums = {str(name): str(one["sha256"]) for name, one in files.items()}
        size = sum(int(one["bytes"]) for one in files.values())
        rows = {str(name): int(count) for name, count in rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError, FileNotFoundError) as error:
        raise StoreError(
            f"{source} is no export of this program: its {MANIFEST} is missing or cannot be read"
        ) from error
    if format_ != FORMAT:
        raise StoreError(f"{source} is of a newer form ({format_}); install the version of this program that made it")
    odd = [name for name in sums if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts]
    odd += [name for name in rows if name not in TABLES or _table(name) not in sums]
    wrong = [name for name, known in sums.items() if name not in odd and _sum(place / name) != known]
    if odd or wrong:
        raise StoreError(
            f"{source} is not as it was made: {', '.join((odd + wrong)[:5])}; export again, or copy it again"
        )
    tables = {_table(name) for name in rows}
    return Parcel(place, str(schema), rows, tuple(name for name in sums if name not in tables), size)


def _sum(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source, "r:gz") as tar:
            for member in tar:
                _take(tar, member, folder)
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise StoreError(f"{source} is no whole .tar.gz: {error}; copy it again") from error


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """One file or folder of a parcel; no path outside, no link, no device (Pythons before 3.11.4 know no `filter`)."""
    place = PurePosixPath(member.name)
    if place.is_absolute() or ".." in place.parts or not (member.isfile() or member.isdir()):
        raise tarfile.ExtractError(f"{member.name} is no plain file within it")
    if member.isdir():
        (folder / place).mkdir(parents=True, exist_ok=True)
        return
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(member)
    assert content is not None
    with content, (folder / place).open("wb") as out:
        shutil.copyfileobj(content, out)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _table(name: str) -> str:
    return f"tables/{name}.jsonl"


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink(missing_ok=True)
