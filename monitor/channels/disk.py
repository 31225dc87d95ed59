"""Files that other programs may read at any moment: each appears whole or not at all. For channels that write files."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def writable(folder: Path) -> str:
    """Whether `folder` can be made and written: "" or what is wrong, in words."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return explained(folder, error)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all, over an older one. Raises OSError."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def flush_folder(folder: Path) -> None:
    """Make the new names in `folder` outlast a power cut. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def explained(folder: Path, error: OSError) -> str:
    """Why nothing could be written, and what to do."""
    return f"cannot write into {folder}: {error.strerror or error}; free space or correct the path or its rights"
