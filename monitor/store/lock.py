"""One daemon per archive: a lock the system takes back by itself when its holder dies, however it dies."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from monitor.errors import LockedError, StoreError


class ArchiveLock:
    """Holds `monitor.lock` in the archive's folder while the `with` lasts.

    Raises LockedError when another process (or another lock in this one) holds it, StoreError when the folder cannot
    be written to. The file stays behind; its being there means nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "monitor.lock"
        self._file = -1

    def __enter__(self) -> "ArchiveLock":
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(
                f"the lock {self._path} cannot be created: {error.strerror}; "
                "check that the archive's folder exists and may be written to by this user"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip()
            self._close()
            who = f" (process {holder})" if holder else ""
            raise LockedError(
                f"another monitor daemon{who} runs on this archive: {self._path.parent}; "
                "stop it first, or give this one an archive of its own"
            ) from error
        with suppress(OSError):  # a courtesy to whoever is refused, for which a full disk has no room
            os.truncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode("ascii"), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            os.truncate(self._file, 0)
        self._close()

    def _close(self) -> None:
        os.close(self._file)
        self._file = -1
