"""Tests of monitor.values."""

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct

from monitor.model import Feed
from monitor.values import Discreet, as_dict, open_facts


class _Leaf(Struct, frozen=True):
    word: str


class _Tree(Struct, frozen=True):
    name: str
    leaves: tuple[_Leaf, ...]
    named: Mapping[str, _Leaf]
    rows: list[tuple[int, _Leaf]]


class _Key(Discreet, frozen=True):
    hidden: ClassVar[frozenset[str]] = frozenset({"secret"})

    door: str
    secret: str


def test_a_dict_holds_what_is_inside_as_dicts_too() -> None:
    leaf = _Leaf("oak")
    assert as_dict(_Tree("t", (leaf,), {"first": leaf}, [(1, leaf)])) == {
        "name": "t",
        "leaves": ({"word": "oak"},),
        "named": {"first": {"word": "oak"}},
        "rows": [(1, {"word": "oak"})],
    }


def test_what_is_hidden_is_in_no_printed_form() -> None:
    key = _Key("front", "s3cret")
    assert repr(key) == str(key) == f"{key}" == "_Key(door='front')"
    assert "s3cret" not in repr([key])
    assert key.secret == "s3cret"


def test_what_may_be_shown_of_a_feed() -> None:
    feed = Feed("courier", "https://user:pw@courier.example/rss", login="me:s3cret", tags=("press",))
    facts = open_facts(feed)
    assert (facts["name"], facts["url"], facts["tags"]) == ("courier", "https://courier.example/rss", ("press",))
    assert not facts.keys() & Feed.hidden
