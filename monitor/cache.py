"""What is dear to make and may be lost: kept in files between runs, each under a hash of what it is made of.

A file that is damaged, or made of anything else or by another program, is as good as none. Nothing here ever fails.
"""

import os
import sys
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from monitor import __version__

_KEPT = 4  # files of one name: as many configurations
_HASH = 16  # bytes
_MADE_WITH = ("simplemma", "py3langid")  # libraries whose data is kept in another form
_OWN = ("cache.py", "words.py", "topics/*.py", "extract/language.py")  # of this program, what makes it


def cache_folders(environ: Mapping[str, str], archive: Path) -> tuple[Path, ...]:
    """Where it may be kept, the best place first: the user's folder for such things (XDG), else beside the archive."""
    own = environ.get("XDG_CACHE_HOME") or (f"{home}/.cache" if (home := environ.get("HOME")) else "")
    beside = archive / "cache"
    return (Path(own) / "news-monitor", beside) if own and Path(own).is_absolute() else (beside,)


class CacheFolder:
    """A `model.Cache` in the first of some folders that can be written to. May go to another process."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    def recall(self, name: str, made_of: bytes) -> bytes | None:
        """See `model.Cache`."""
        file = self._file(name, made_of)
        for folder in self._folders:
            try:
                stored = (folder / file).read_bytes()
                content = zlib.decompress(stored[_HASH:])
            except (OSError, zlib.error):
                continue
            if _hash(content) == stored[:_HASH]:
                return content
        return None

    def keep(self, name: str, made_of: bytes, content: bytes) -> None:
        """See `model.Cache`."""
        stored = _hash(content) + zlib.compress(content, 1)
        for folder in self._folders:
            with suppress(OSError):
                _write(folder, self._file(name, made_of), stored)
                old = sorted(folder.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
                for path in old[_KEPT:]:
                    path.unlink()
                return

    def _file(self, name: str, made_of: bytes) -> str:
        return f"{name}-{_hash(self._program + made_of).hex()}"

    @cached_property
    def _program(self) -> bytes:
        """Whatever else makes the content what it is: versions, and this program's own files while it is worked on."""
        facts: list[object] = [__version__, sys.version_info[:2], sys.byteorder]
        for library in _MADE_WITH:
            with suppress(PackageNotFoundError):
                facts.append(version(library))
        home = Path(__file__).parent
        for pattern in _OWN:
            for source in sorted(home.glob(pattern)):
                about = source.stat()
                facts.append((source.name, about.st_size, about.st_mtime_ns))
        return repr(facts).encode()


def _hash(content: bytes) -> bytes:
    return blake2b(content, digest_size=_HASH).digest()


def _write(folder: Path, name: str, content: bytes) -> None:
    """Whole or not at all, though perhaps not beyond a power cut, which the hash would tell."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(part, folder / name)
    except OSError:
        with suppress(OSError):
            os.unlink(part)
        raise
