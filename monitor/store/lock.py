"""One daemon per archive: a lock the system takes back by itself when its holder dies, however it dies.

For an archive on a server there is a second one, which the server takes back when the connection of its holder ends:
daemons on other machines meet there.
"""

import fcntl
import os
import time
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from monitor.errors import LockedError, StoreError
from monitor.store import postgres
from monitor.store.engine import build_engine, is_file, name_of, parse_url, translated

_NAME = "monitor.lock"
_TRIES, _PAUSE = 4, 0.05  # seconds: whoever only looks (`look`) holds the lock for a moment
_SERVER_TRIES = 20  # one second: the server sees a moment later than others that a holder died


class Holding(Struct, frozen=True):
    """What the lock of an archive tells."""

    held: bool  # a process works on the archive now
    left_by: str = ""  # the number of the process that died while it held the lock; "" when none did


def look(folder: Path, url: str = "") -> Holding:
    """Whether the archive in `folder`, or on the server at `url`, is worked on.

    Never raises: a lock that cannot be looked at counts as held.
    """
    here = _look(folder)
    return Holding(held=True) if not here.held and _held_on_server(url) else here


def _held_on_server(url: str) -> bool:
    try:
        parsed = parse_url(url) if url else None
        if parsed is None or is_file(parsed):
            return False
        with translated(name_of(parsed)), postgres.alone(build_engine(parsed)) as connection:
            return postgres.holders(connection) > 0
    except StoreError:
        return True


def _look(folder: Path) -> Holding:
    try:
        file = os.open(folder / _NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return Holding(held=False)
    except OSError:
        return Holding(held=True)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return Holding(held=False, left_by=_number(file))
    except OSError:
        return Holding(held=True)
    finally:
        os.close(file)


def _number(file: int) -> str:
    """The number of the process that holds the lock, or held it last and had no time to take its name away."""
    return os.read(file, 20).decode("ascii", "replace").strip()


class ArchiveLock:
    """Holds `monitor.lock` in the archive's folder while the `with` lasts, and the lock of the server at `url`.

    Raises LockedError when another process (or another lock in this one) holds it, StoreError when the folder cannot
    be written to or the server not be asked. The file stays behind; its being there means nothing. `shared`: workers
    hold the server's lock together, and no file.
    """

    def __init__(self, folder: Path, url: str = "", *, shared: bool = False) -> None:
        self._path, self._shared = folder / _NAME, shared
        self._file = -1
        parsed = parse_url(url) if url else None
        self._url = None if parsed is None or is_file(parsed) else parsed
        self._on_server: ExitStack | None = None
        self._connection: Any = None

    def __enter__(self) -> "ArchiveLock":
        with ExitStack() as undo:
            if not self._shared:
                self._enter_file()
                undo.callback(self._leave_file)
            self.keep()
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        if self._on_server is not None:
            self._on_server.close()
        if not self._shared:
            self._leave_file()

    def keep(self) -> None:
        """Take the server's lock again where its connection broke off. Raises as `with` does; to be called often."""
        if self._url is None or (self._on_server is not None and self._asked()):
            return
        with ExitStack() as stack, translated(name_of(self._url)):
            self._connection = stack.enter_context(postgres.alone(build_engine(self._url)))
            if not self._hold():
                who = "a monitor daemon runs" if self._shared else "another monitor daemon runs, or workers do,"
                raise LockedError(
                    f"{who} on this archive: {name_of(self._url)}; "
                    "stop it first, or give this one a database of its own"
                )
            stack.callback(postgres.let_go, self._connection)
            self._on_server = stack.pop_all()

    def meet(self, mark: str) -> tuple[datetime, frozenset[str]]:
        """Show a mark to all who share the lock; what time the server has, and the marks of the others.

        Only while the lock of a server is held. Raises StoreError.
        """
        assert self._url is not None
        with translated(name_of(self._url)):
            return postgres.meet(self._connection, mark)

    def _hold(self) -> bool:
        for _ in range(_SERVER_TRIES):
            if postgres.hold(self._connection, shared=self._shared):
                return True
            time.sleep(_PAUSE)
        return False

    def _asked(self) -> bool:
        """Whether the connection that has the lock still stands."""
        if postgres.stands(self._connection):
            return True
        if self._on_server is not None:
            self._on_server.close()
        self._on_server = None
        return False

    def _enter_file(self) -> None:
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(
                f"the lock {self._path} cannot be created: {error.strerror}; "
                "check that the archive's folder exists and may be written to by this user"
            ) from error
        try:
            self._lock()
        except BlockingIOError as error:
            holder = _number(self._file)
            self._close()
            who = f" (process {holder})" if holder else ""
            raise LockedError(
                f"another monitor daemon{who} runs on this archive: {self._path.parent}; "
                "stop it first, or give this one an archive of its own"
            ) from error
        with suppress(OSError):  # a courtesy to whoever is refused, for which a full disk has no room
            os.truncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode("ascii"), 0)

    def _leave_file(self) -> None:
        with suppress(OSError):
            os.truncate(self._file, 0)
        self._close()

    def _lock(self) -> None:
        """Raises BlockingIOError when another has it."""
        for tries in range(_TRIES, 0, -1):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if tries == 1:
                    raise
                time.sleep(_PAUSE)
            else:
                return

    def _close(self) -> None:
        os.close(self._file)
        self._file = -1
