"""feeds.toml as a text to which feeds are added: comments and order stay, a name is found, doubles are told."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from monitor.model import Feed
from monitor.settings.feeds import address_key


class NewFeed(Struct, frozen=True):
    """A feed to be written into the file; only what differs from the defaults is."""

    url: str
    title: str = ""
    name: str = ""
    kind: str = "feed"
    language: str = ""
    country: str = ""
    tags: tuple[str, ...] = ()
    pages: str = ""
    links: str = ""


def named(new: NewFeed, taken: Collection[str]) -> NewFeed:
    """With a name that is free: its own, else after the title, else after the host."""
    wanted = new.name or slug(new.title) or slug((urlsplit(new.url).hostname or "").removeprefix("www.")) or "feed"
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted[:60]}-{number}", number + 1
    return replace(new, name=name)


def all_named(new: Iterable[NewFeed], taken: Iterable[str]) -> list[NewFeed]:
    """Each with a name that is free. ValueError, in words, where a name that was given is taken."""
    names, done = set(taken), []
    for one in new:
        if one.name in names:
            raise ValueError(f"the name '{one.name}' is taken in feeds.toml; give another")
        done.append(named(one, names))
        names.add(done[-1].name)
    return done


def fitting(listed: Iterable[NewFeed], feeds: Sequence[Feed]) -> tuple[list[NewFeed], list[tuple[NewFeed, str]]]:
    """(what of a list can be added to `feeds`, what cannot and why); a name that is taken there gives way."""
    taken = {feed.name for feed in feeds}
    new: list[NewFeed] = []
    left_out: list[tuple[NewFeed, str]] = []
    for one in listed:
        double = already(one.url, feeds)
        if urlsplit(one.url).scheme not in ("http", "https"):
            left_out.append((one, f"'{one.url}' is no web address"))
        elif double:
            left_out.append((one, f"stands already in feeds.toml as '{double.name}'"))
        else:
            new.append(replace(one, name="" if one.name in taken else one.name))
    return new, left_out


def slug(text: str) -> str:
    """Small letters, digits and hyphens; "" where too little of the text would be left."""
    cut = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")
    letters = sum(character.isalnum() for character in text)
    return cut if len(cut) >= 2 and len(cut.replace("-", "")) * 2 > letters else ""


def already(url: str, feeds: Iterable[Feed]) -> Feed | None:
    """The feed that has this address, whatever its scheme and the slash at its end."""
    return next((feed for feed in feeds if address_key(feed.url) == address_key(url)), None)


def with_feeds(text: str, new: Iterable[NewFeed]) -> str:
    """`text` with a table for each feed at its end; nothing before is touched."""
    tables = "".join(f"\n{_table(one)}" for one in new)
    return text + ("" if text.endswith("\n") or not text else "\n") + (tables if text else tables.lstrip("\n"))


def _table(new: NewFeed) -> str:
    values: Mapping[str, object] = {
        "name": new.name, "title": new.title, "url": new.url, "kind": new.kind if new.kind != "feed" else "",
        "language": new.language, "country": new.country, "tags": list(new.tags), "pages": new.pages,
        "links": new.links,
    }  # fmt: skip
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value)
    return "\n".join(["[[feed]]", *lines]).replace("\x7f", "\\u007f") + "\n"
