"""The chain of hashes."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from monitor.evidence.chain import FIRST_LINK, linked, text_hash
from monitor.model import Exhibit, Proof
from tests.unit.evidence.keeping import an_exhibit

OTHER: dict[type, Any] = {str: "other", int: 77, datetime: datetime(2020, 1, 1, tzinfo=UTC)}


@pytest.mark.parametrize("name", [name for name in Exhibit.__struct_fields__ if name != "link"])
def test_every_fact_counts(name: str) -> None:
    exhibit = an_exhibit()
    other: Any = Proof.TEXT if name == "proof" else OTHER[type(getattr(exhibit, name))]
    changes: dict[str, Any] = {name: other}
    assert linked(replace(exhibit, **changes), FIRST_LINK).link != linked(exhibit, FIRST_LINK).link


def test_the_link_before_counts_and_the_own_one_does_not() -> None:
    exhibit = an_exhibit()
    assert linked(exhibit, "a" * 64).link != linked(exhibit, FIRST_LINK).link
    assert linked(replace(exhibit, link="b" * 64), FIRST_LINK) == linked(exhibit, FIRST_LINK)


def test_a_moment_counts_however_it_is_written() -> None:
    exhibit = an_exhibit()
    kyiv = exhibit.at.astimezone(timezone(timedelta(hours=2)))
    assert linked(replace(exhibit, at=kyiv), FIRST_LINK).link == linked(exhibit, FIRST_LINK).link


def test_headline_and_text_are_hashed_apart() -> None:
    assert text_hash("a", "b c") != text_hash("a b", "c")
    assert text_hash("", "\ud800") == text_hash("", "\ud800")
