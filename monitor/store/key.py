"""The archive's own key: 32 random bytes beside it, by which sessions of the desk and links in mails are signed."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from monitor.errors import StoreError
from monitor.logs import get_logger

log = get_logger()

KEY_FILE = "desk.key"
_LENGTH = 32  # bytes


def read_key(folder: Path) -> bytes:
    """The key of the archive in that folder, made when there is none; readable by its owner only. Raises StoreError."""
    file = folder / KEY_FILE
    if not file.exists():
        try:
            _make(file)
        except OSError as error:
            raise StoreError(f"{file} cannot be made: {error.strerror}; correct the folder's rights") from error
    try:
        key = file.read_bytes()
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror}; correct its rights") from error
    if len(key) != _LENGTH:
        raise StoreError(f"{file} is damaged; delete it: everybody signs in anew, and links in mails end")
    return key


def key_for_links(folder: Path) -> bytes:
    """`read_key` for what can do without: b"" where there is none to be had, and why in the log; never raises."""
    try:
        return read_key(folder)
    except StoreError as error:
        log.error("mails have no links that do anything", problem=str(error))
        return b""


def _make(file: Path) -> None:
    """A new key appears whole, and of several that start at once one makes it."""
    descriptor, beside = tempfile.mkstemp(dir=file.parent, prefix=".desk-", suffix=".key")  # 0600
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(secrets.token_bytes(_LENGTH))
            out.flush()
            os.fsync(out.fileno())  # its name may outlast a power cut
        try:
            os.link(beside, file)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            os.replace(beside, file)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(beside)
