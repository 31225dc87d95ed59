"""feeds.toml as a text to which feeds are added: comments and order stay, a name is found, doubles are told."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from monitor.links import without_secrets
from monitor.model import Feed

_PORTS = {"http": 80, "https": 443}
_Place = tuple[str, int | None, str, str]


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
    """(what of a list can be added to `feeds`, what cannot and why); a name that is taken there gives way.

    What stands twice in the list itself is added once.
    """
    taken = {feed.name for feed in feeds}
    known = _by_place(feeds)
    listed_as: dict[_Place, NewFeed] = {}
    new: list[NewFeed] = []
    left_out: list[tuple[NewFeed, str]] = []
    for one in listed:
        place = _place(one.url)
        if place is None:
            left_out.append((one, f"'{one.url}' is no web address"))
        elif place in known:
            left_out.append((one, f"stands already in feeds.toml as '{known[place].name}'"))
        elif (first := listed_as.setdefault(place, one)) is not one:
            left_out.append((one, f"stands already in this list as '{first.title or first.url}'"))
        else:
            new.append(replace(one, name="" if one.name in taken else one.name))
    return new, left_out


def slug(text: str) -> str:
    """Small letters, digits and hyphens; "" where too little of the text would be left."""
    cut = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")
    letters = sum(character.isalnum() for character in text)
    return cut if len(cut) >= 2 and len(cut.replace("-", "")) * 2 > letters else ""


def already(url: str, feeds: Iterable[Feed]) -> Feed | None:
    """The feed that has this address, whatever its scheme, a `www.`, its login and the slash at its end."""
    place = _place(url)
    return None if place is None else _by_place(feeds).get(place)


def _place(url: str) -> _Place | None:
    """Equal for addresses that nearly always bring the same feed; None for what is no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    return host, None if port == _PORTS[parts.scheme] else port, parts.path.rstrip("/"), parts.query


def _by_place(feeds: Iterable[Feed]) -> dict[_Place, Feed]:
    """The first feed at each place, and at what an export makes of it: its address without its key."""
    found: dict[_Place, Feed] = {}
    for feed in feeds:
        for place in (_place(feed.url), _place(without_secrets(feed.url))):
            if place is not None:
                found.setdefault(place, feed)
    return found


def web_address(url: str) -> str:
    """`feed://…` and `feed:https://…`, as some readers write addresses of feeds, as the web's; others as they are."""
    bare = re.sub(r"\Afeed:(?://)?(?=https?:)", "", url, flags=re.IGNORECASE)
    return re.sub(r"\Afeed:(?=//)", "http:", bare, flags=re.IGNORECASE)


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
