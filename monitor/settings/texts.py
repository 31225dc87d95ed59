"""Which files of a folder are the configuration: its texts, and no others (a secret's file may stand beside them).

And how they are handed on: references to secrets (`env:NAME`, `file:PATH`) stay, a secret written out does not.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError, Problem

_TEXTS = ("monitor.toml", "feeds.toml", "topics.toml", "subscriptions.toml")
_SECRET = frozenset({"password", "token", "secret", "webhook_url", "login", "proxy", "urls", "cookies", "headers"})
_REFERENCE = re.compile(r"(?:env|file):\S")
_HASH = re.compile(r"\$argon2")  # of the desk's password: tells nobody what it is


def config_texts(folder: Path) -> dict[str, Path]:
    """The configuration's files, in order, by their paths within the folder, with forward slashes."""
    there = [folder / name for name in _TEXTS]
    there += sorted((folder / "concepts").glob("*.toml"))
    there += sorted((folder / "templates").rglob("*"))
    return {path.relative_to(folder).as_posix(): path for path in there if path.is_file()}


def without_secrets(file: str, text: str) -> tuple[str, tuple[str, ...]]:
    """The text of a TOML file with an `env:` reference for each secret written out; the names of the variables.

    Raises ConfigError when the file is not valid TOML, or a secret is written so that it is not found again.
    """
    names: list[str] = []
    for place, value in _written_out(file, text):
        name = re.sub(r"[^A-Z0-9]+", "_", "_".join(place).upper()).strip("_")
        for literal in (json.dumps(value), json.dumps(value, ensure_ascii=False), f"'{value}'"):
            text = text.replace(literal, json.dumps(f"env:{name}"))
        names.append(name)
    left = [".".join(place) for place, _ in _written_out(file, text)]
    if left:
        what = "a secret written out in a way that cannot be left out"
        raise ConfigError([Problem(file, where, what, 'write "env:NAME" in its place') for where in left])
    return text, tuple(names)


def references(text: str) -> tuple[str, ...]:
    """The secrets that a TOML text refers to, as written: "env:SMTP_PASSWORD", "file:token.txt"."""
    return tuple(dict.fromkeys(value for _, value in _texts_in(tomllib.loads(text), ()) if _REFERENCE.match(value)))


def _written_out(file: str, text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([Problem(file, "", f"is not valid TOML: {error}", "`monitor check` says where")]) from error
    for place, value in _texts_in(tables, ()):
        if value and _is_secret(place, value) and not _REFERENCE.match(value) and not _HASH.match(value):
            yield place, value


def _is_secret(place: tuple[str, ...], value: str) -> bool:
    if place == ("archive", "url"):
        return "@" in value  # a server's, with a name and perhaps a password
    if place[0] not in {"feed", "channel", "web"} or place[:2] == ("web", "token"):  # those are hashes
        return False
    if place[-1] == "proxy":
        return "@" in value
    return bool(_SECRET.intersection(place[1:])) or (place[0] == "channel" and place[-1] == "url")


def _texts_in(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts_in(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            name = str(inner.get("name", number)) if isinstance(inner, dict) else str(number)
            yield from _texts_in(inner, (*place, name))
