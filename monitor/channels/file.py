"""Delivery into a folder: the mail, the page, the plain text, the JSON document and the Slack payloads, side by side.

Needs no account and no network, so it is what the shipped configuration uses. Each file appears whole or not at all.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import Field

from monitor.channels.base import Undivided, checked
from monitor.channels.disk import explained, flush_folder, writable, write_whole
from monitor.channels.mime import domain_of, mail
from monitor.errors import DeliveryError
from monitor.links import short_hash
from monitor.model import Message, Receipt
from monitor.options import Options

_ORDINARY = re.compile(r"[a-z0-9][a-z0-9-]{0,99}@\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._@+-]")
_LONGEST_NAME = 120


class FileOptions(Options):
    """The table `[channel.NAME]` with `kind = "file"`."""

    folder: str = Field(default="outbox", min_length=1)


class FileChannel(Undivided, frozen=True):
    """One folder."""

    kind: ClassVar[str] = "file"
    name: str
    folder: Path

    @classmethod
    def from_options(cls, options: Mapping[str, Any], *, name: str, file: str, where: str, folder: Path) -> Self:
        """See `base.Channel`; its own `folder` is relative to the archive."""
        return cls(name, folder / Path(checked(FileOptions, options, file=file, where=where).folder).expanduser())

    @property
    def settings_mark(self) -> str:
        """See `base.Channel`."""
        return str(self.folder)

    def send(self, message: Message, now: datetime, skip_parts: int = 0) -> Receipt:
        """Write the files (one part), over older ones of the same key; see `base.Channel`.

        A full disk or a folder that cannot be written is told as passing: a person can put it right.
        """
        if skip_parts & 1:
            return Receipt(message.key, now, "was written before")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for ending, content in _files(message).items():
                write_whole(self.folder / f"{file_name(message.key)}{ending}", content)
            flush_folder(self.folder)
        except OSError as error:
            raise DeliveryError(explained(self.folder, error)) from error
        return Receipt(message.key, now, f"written to {self.folder}")

    def check(self) -> str:
        """Whether the folder can be made and written: "" or what is wrong."""
        return writable(self.folder)


def file_name(key: str) -> str:
    """A name for the files of `key`: safe on any file system, different for different keys."""
    if _ORDINARY.fullmatch(key):
        return key.replace(":", "-")
    return f"{_UNSAFE.sub('-', key)[:_LONGEST_NAME].lstrip('.-')}-{short_hash(key)}".lstrip("-")


def _files(message: Message) -> dict[str, bytes]:
    sender = Address("News Monitor", "news-monitor", domain_of(message))
    payloads = [json.loads(payload) for payload in message.slack]
    files = {
        ".eml": mail(message, sender).as_bytes(),
        ".html": message.html.encode("utf-8", "replace"),
        ".txt": message.text.encode("utf-8", "replace"),
        ".slack.json": json.dumps(payloads, ensure_ascii=False, indent=2).encode("utf-8", "replace"),
    }
    return files | {".json": message.data.encode("utf-8", "replace")} if message.data else files
