"""Copies of an archive's database, taken while others read and write: of one moment, and looked through when made.

SQLite's own backup interface (sqlite.org/backup.html) does the copying, from within one reading transaction. A copy is
one file without a write-ahead log beside it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from monitor.errors import StoreError
from monitor.store.engine import DRIVER, advice

_PAGES = 2048  # copied between two looks at whether somebody wants to stop
_SHADOWS = ("article_words_", "sqlite_")  # tables that belong to the index and to SQLite itself
_ROOM = 16 * 1024 * 1024  # bytes left free beside a copy
_CGROUP = Path("/sys/fs/cgroup")  # a container sees its own there


class Facts(Struct, frozen=True):
    """What a database holds: its schema's revision, and the number of rows of each table."""

    revision: str
    rows: dict[str, int]


def copy_database(source: Path, target: Path) -> Facts:
    """Copy the database `source` to the new file `target`, on the disk when this returns, and look through the copy.

    Raises StoreError when either cannot be read or written, or when the copy is not as sound and as full as the source;
    what stands at `target` then is of no use.
    """
    want_room(source, target.parent)
    log = source.with_name(source.name + "-wal")
    # Without a log nobody has it open; and where none can be made, SQLite reads it only when told that it stays still.
    still = not log.exists() and not os.access(source.parent, os.W_OK)
    with _explained(f"the archive {source}"), closing(_open(source, "ro&immutable=1" if still else "ro")) as reading:
        reading.execute("BEGIN")
        held = _facts(reading)
        with _explained(f"the copy {target}"), closing(DRIVER.connect(str(target), isolation_level=None)) as writing:
            reading.backup(writing, pages=_PAGES)
            writing.execute("PRAGMA journal_mode=DELETE")
        flush(target)
    if still and log.exists():
        raise StoreError(f"somebody began to write to {source} while it was copied; try again")
    try:
        found = examine(target)
    except StoreError as error:
        if wrong := _unsound(source):
            raise StoreError(
                f"the archive {source} is damaged: {wrong}; stop the daemon and put back a backup"
            ) from error
        raise
    if found != held:
        raise StoreError(f"the copy {target} is not what was copied: {_difference(held, found)}; try again")
    return found


def examine(path: Path) -> Facts:
    """Read through a whole copy. Raises StoreError with what is wrong with it."""
    if not path.is_file():
        raise StoreError(f"there is no file {path}; name a backup")
    with _explained(f"the copy {path}"), closing(_open(path, "ro&immutable=1")) as copy:
        if wrong := _wrong(copy):
            raise StoreError(f"the copy {path} is damaged: {wrong}; use another one")
        facts = _facts(copy)
    if not facts.revision:
        raise StoreError(f"{path} is no archive of this program; name a backup")
    return facts


def _wrong(connection: Any) -> str:
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    return "" if found == ["ok"] else "; ".join(found)


def _unsound(source: Path) -> str:
    """Whether it is what was copied that is damaged, and how; "" when it is sound."""
    try:
        with closing(_open(source, "ro")) as reading:
            return _wrong(reading)
    except (DRIVER.Error, UnicodeDecodeError) as error:
        return str(error)


def flush(path: Path) -> None:
    """Make a file, or a folder's names, outlast a power cut. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _open(path: Path, how: str) -> Any:
    return DRIVER.connect(f"{path.absolute().as_uri()}?mode={how}", uri=True, isolation_level=None, timeout=60)


def _facts(connection: Any) -> Facts:
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    rows = {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
        for name in names
        if not name.startswith(_SHADOWS)
    }
    found = (
        connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if rows.get("alembic_version")
        else None
    )
    return Facts(str(found[0]) if found else "", rows)


def _difference(held: Facts, found: Facts) -> str:
    names = sorted(held.rows.keys() | found.rows.keys())
    unlike = [name for name in names if held.rows.get(name) != found.rows.get(name)]
    return ", ".join(f"{name} has {found.rows.get(name)} of {held.rows.get(name)} rows" for name in unlike) or "schema"


def want_room(source: Path, folder: Path) -> None:
    """Say so before the disk is filled up to its last byte: StoreError without room for a copy of a database."""
    try:
        beside = source.with_name(source.name + "-wal")
        wanted = source.stat().st_size + (beside.stat().st_size if beside.exists() else 0) + _ROOM
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise StoreError(f"{error.filename}: {error.strerror}; see to it and try again") from error
    if free < wanted:
        raise StoreError(
            f"no room for a copy in {folder}: it takes {wanted / 1e6:,.0f} MB, {free / 1e6:,.0f} MB are free; "
            "make room, or name a folder on another disk"
        )


def want_memory(source: Path, wanted: int) -> None:
    """Say so before the machine runs out of memory and ends whatever takes most of it: StoreError when so many bytes
    are not to be had. Where nobody can say how many are, nothing is said.
    """
    free = _free_memory()
    if free is not None and free < wanted:
        raise StoreError(
            f"no memory for writing {source} anew: it takes {wanted / 1e6:,.0f} MB, {free / 1e6:,.0f} MB are free; "
            "end other programs, or give the machine more (swap will do). Nothing was changed"
        )


def _free_memory() -> int | None:
    """Bytes that could be had, swap included, also by the limit of a container (cgroup v2); None: nobody can say."""
    try:
        lines = (line.split() for line in Path("/proc/meminfo").read_text("ascii").splitlines())
        kilobytes = {words[0]: int(words[1]) for words in lines}
        free = (kilobytes["MemAvailable:"] + kilobytes.get("SwapFree:", 0)) * 1024
    except (OSError, ValueError, LookupError):
        return None
    try:
        most = int((_CGROUP / "memory.max").read_text("ascii"))
        taken = dict(line.split() for line in (_CGROUP / "memory.stat").read_text("ascii").splitlines())
        return min(free, max(0, most - int(taken["anon"])))  # what is cached of files makes room
    except (OSError, ValueError, LookupError):  # "max": there is no limit
        return free


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except (DRIVER.Error, UnicodeDecodeError) as error:  # what it quotes of a damaged schema may be no text
        raise StoreError(f"{what}: {advice(error)}") from error
    except OSError as error:
        raise StoreError(f"{what}: {error.strerror or error}; see to it and try again") from error
