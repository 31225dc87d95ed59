"""Which topic files were found right by an earlier start, so that the next need not read ten thousand terms again.

Kept as a digest of the files and of the program, beside the archive; without it, or where either has changed,
everything is read and checked. `monitor check` never asks it.
"""

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from monitor import __version__, topics
from monitor.model import Topic

FILE = "topics.json"  # in the archive's folder


def digest_of(texts: Mapping[str, str]) -> str:
    """Of topic files by name, and of the program that reads them."""
    digest = blake2b(digest_size=16)
    digest.update(repr((__version__, sys.version_info[:2])).encode())
    for source in sorted(Path(topics.__file__).parent.glob("*.py")):  # a program that is being worked on
        about = source.stat()
        digest.update(repr((source.name, about.st_size, about.st_mtime_ns)).encode())
    for name, text in sorted(texts.items()):
        digest.update(repr((name, text)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def recall(folder: Path, digest: str) -> tuple[Topic, ...]:
    """The topics of the files with this digest, in order; none where they were not found right yet."""
    try:
        told = json.loads((folder / FILE).read_text("utf-8"))
        if told["digest"] != digest:
            return ()
        return tuple(Topic(str(name), str(title), str(description)) for name, title, description in told["topics"])
    except (OSError, ValueError, LookupError, TypeError):
        return ()


def remember(folder: Path, digest: str, found: tuple[Topic, ...]) -> None:
    """Note that the files with this digest hold these topics without a mistake; of no use where it cannot be noted."""
    told = {"digest": digest, "topics": [(one.name, one.title, one.description) for one in found]}
    with suppress(OSError):
        (folder / FILE).write_text(json.dumps(told, ensure_ascii=False), "utf-8")
