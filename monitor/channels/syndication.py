"""Delivery as a feed: the newest stories as Atom (RFC 4287) and JSON Feed 1.1, two files for a web server to serve.

The JSON file is also what the next delivery goes on from. A story that is told again takes its older entry's place.
"""

import html
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, StringConstraints

from monitor.channels.base import Undivided, checked, mark_of
from monitor.channels.disk import explained, flush_folder, writable, write_whole
from monitor.channels.feedforms import Head, moment_of, plain, written
from monitor.channels.mime import domain_of
from monitor.errors import DeliveryError
from monitor.model import Message, Receipt
from monitor.options import Options

_ADDRESS = Annotated[str, StringConstraints(pattern=r"^(https?://\S+)?$")]


class FeedFileOptions(Options):
    """The table `[channel.NAME]` with `kind = "feed"`."""

    folder: str = Field(default="feeds", min_length=1)
    title: str = ""
    home: _ADDRESS = ""
    address: _ADDRESS = ""
    most: int = Field(default=100, ge=1, le=5_000)


class FeedFileChannel(Undivided, frozen=True):
    """Two files, `NAME.atom` and `NAME.json`, in one folder."""

    kind: ClassVar[str] = "feed"
    name: str
    folder: Path
    options: FeedFileOptions

    @classmethod
    def from_options(cls, options: Mapping[str, Any], *, name: str, file: str, where: str, folder: Path) -> Self:
        """See `base.Channel`; its own `folder` is relative to the archive."""
        read = checked(FeedFileOptions, options, file=file, where=where)
        return cls(name, folder / Path(read.folder).expanduser(), read)

    @property
    def settings_mark(self) -> str:
        """See `base.Channel`."""
        return mark_of(self.options)

    def send(self, message: Message, now: datetime, skip_parts: int = 0) -> Receipt:
        """Put the digest's stories on top of both files (one part); see `base.Channel`.

        A full disk or a folder that cannot be written is told as passing: a person can put it right. So is a JSON file
        that is none of ours: it is not written over.
        """
        if skip_parts & 1:
            return Receipt(message.key, now, "was written before")
        if not message.data:
            raise DeliveryError(f"{message.key} is of a version that kept no stories apart", permanent=True)
        digest = json.loads(message.data)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            known = self._known()
            new = [_item(story, digest, domain_of(message)) for story in digest["stories"]]
            told = {item["id"] for item in new}
            items = [*new, *(item for item in known if item["id"] not in told)][: self.options.most]
            self._write(items, digest, message)
        except OSError as error:
            raise DeliveryError(explained(self.folder, error)) from error
        return Receipt(
            message.key,
            now,
            f"{len(new)} {'story' if len(new) == 1 else 'stories'} written to {self._path('.atom')} and .json",
        )

    def check(self) -> str:
        """Whether the folder can be written and the file there goes on: "" or what is wrong."""
        trouble = writable(self.folder)
        if not trouble:
            try:
                self._known()
            except DeliveryError as error:
                return str(error)
        return trouble

    def _known(self) -> list[dict[str, Any]]:
        path = self._path(".json")
        try:
            items = json.loads(path.read_text("utf-8"))["items"]
            if all(isinstance(item["id"], str) and moment_of(item["date_modified"]) for item in items):
                return list(items)
        except FileNotFoundError:
            return []
        except (ValueError, TypeError, LookupError):
            pass
        raise DeliveryError(f"{path} is no feed that this program wrote; move it away, or give this channel a folder")

    def _write(self, items: list[dict[str, Any]], digest: Mapping[str, Any], message: Message) -> None:
        title = plain(self.options.title or digest["subscription"]["title"])
        domain = domain_of(message)
        head = Head(title, f"tag:{domain},2026:feed/{self.name}", self.options.home, self.options.address)
        for form in ("json", "atom"):
            write_whole(self._path(f".{form}"), written(form, head, items, f"https://{domain}/"))
        flush_folder(self.folder)

    def _path(self, ending: str) -> Path:
        return self.folder / f"{self.name}{ending}"


def _item(story: Mapping[str, Any], digest: Mapping[str, Any], domain: str) -> dict[str, Any]:
    """One story as an item of JSON Feed; its id is a tag URI (RFC 4151) that stays when the story is told again."""
    titles = {topic["name"]: topic["title"] for topic in digest["topics"]}
    item = {
        "id": f"tag:{domain},2026:story/{story['id']}",
        "title": plain(story["headline"]),
        "content_html": plain(_content(story)),
        "date_published": story["first_published"] or story["first_found"],
        "date_modified": digest["composed_at"],
        "tags": [plain(titles.get(topic["name"], topic["name"])) for topic in story["topics"]],
    }
    if story["url"]:
        item["url"] = story["url"]
    if story["language"]:
        item["language"] = story["language"]
    return item


def _content(story: Mapping[str, Any]) -> str:
    own = dict.fromkeys(report["outlet"] for report in story["reports"] if report["own_words"])
    copying = dict.fromkeys(report["outlet"] for report in story["reports"] if report["outlet"] not in own)
    lines = [html.escape(story["extract"])] if story["extract"] else []
    more = f"; repeated by {len(copying)} more" if copying else ""
    lines.append(f"Reported by {html.escape(', '.join(own))}{more}")
    words = ", ".join(f"“{term['words']}”" for term in story["terms"])
    if words:
        lines.append(f"Matched by {html.escape(words)}")
    return "".join(f"<p>{line}</p>" for line in lines)
