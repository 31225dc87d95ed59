"""Entries as they are stored: of an article, and of a feed's state those that wait."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator

from monitor.model import Entry
from monitor.store.columns import clean, to_json

_FIELDS = Entry.__struct_fields__


def entry_json(entry: Entry) -> dict[str, Any]:
    """What it says, as values of JSON; what it does not say is left out."""
    facts: dict[str, Any] = {name: value for name in _FIELDS if (value := getattr(entry, name))}
    for name in ("published", "updated"):
        if name in facts:
            facts[name] = facts[name].isoformat()
    return facts


def to_entry(facts: Mapping[str, Any]) -> Entry:
    """The entry of `entry_json`."""
    given = {"id": "", "link": "", "title": "", **facts}
    for name in ("published", "updated"):
        if name in given:
            given[name] = datetime.fromisoformat(given[name])
    for name in ("authors", "tags"):
        given[name] = tuple(given.get(name, ()))
    return Entry(**given)


class Entries(TypeDecorator[tuple[Entry, ...]]):
    """Entries as JSON text; "" for none, as nearly always."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Entry, ...] | None, dialect: Dialect) -> str:
        return clean(to_json([entry_json(entry) for entry in value])) if value else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Entry, ...]:
        return tuple(map(to_entry, json.loads(value))) if value else ()
