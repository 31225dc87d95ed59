"""The archive's own key: 32 random bytes beside it, by which sessions of the desk and links in mails are signed."""

import os
import secrets
from pathlib import Path

from monitor.errors import StoreError

KEY_FILE = "desk.key"
_LENGTH = 32  # bytes


def read_key(folder: Path) -> bytes:
    """The key of the archive in that folder, made when there is none; readable by its owner only. Raises StoreError."""
    file = folder / KEY_FILE
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreError(f"{file} cannot be made: {error.strerror}; correct the folder's rights") from error
    else:
        with os.fdopen(descriptor, "wb") as out:
            out.write(secrets.token_bytes(_LENGTH))
    try:
        key = file.read_bytes()
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror}; correct its rights") from error
    if len(key) != _LENGTH:
        raise StoreError(f"{file} is damaged; delete it: everybody signs in anew, and links in mails end")
    return key
