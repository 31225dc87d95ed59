"""How values stand in the columns."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import TypeDecorator
from sqlalchemy.dialects import sqlite

from monitor.store.columns import AtOnce, Json, Moment, Span, Words, clean

DIALECT = sqlite.dialect()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def stored(column: TypeDecorator[Any], value: Any) -> Any:
    """As the driver gets it."""
    make = column.bind_processor(DIALECT)
    return make(value) if make else value


def read(column: TypeDecorator[Any], value: Any) -> Any:
    """As it comes back."""
    make = column.result_processor(DIALECT, None)
    return make(value) if make else value


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 23, 6, 0, 0, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_to_the_microsecond(moment: datetime) -> None:
    number = stored(Moment(), moment)
    assert isinstance(number, int)
    assert read(Moment(), number) == moment


def test_a_moment_of_another_zone_comes_back_as_utc() -> None:
    kyiv = datetime(2026, 11, 23, 8, 0, tzinfo=timezone(timedelta(hours=2)))
    back = read(Moment(), stored(Moment(), kyiv))
    assert back == kyiv
    assert back is not None
    assert back.tzinfo is UTC


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(TypeError):
        stored(Moment(), datetime(2026, 11, 23))  # noqa: DTZ001 - that is the point


def test_nothing_stays_nothing() -> None:
    for column in (Moment(), Span(), Words()):
        assert stored(column, None) is None


def test_a_span_comes_back() -> None:
    span = timedelta(days=3, microseconds=7)
    assert read(Span(), stored(Span(), span)) == span


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("плаття", "плаття"),
        ("a\x00b", "a\ufffdb"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("😀 whole", "😀 whole"),
    ],
)
def test_text_is_made_storable_without_moving_a_character(text: str, kept: str) -> None:
    assert clean(text) == kept
    assert len(clean(text)) == len(text)


@pytest.mark.parametrize("value", [{"title": "Дрони «Сокіл»", "n": [1, 2.5, None]}, [], ["x"]])
def test_json_comes_back_and_stays_readable(value: Any) -> None:
    text = stored(Json(), value)
    assert "\\u" not in text
    assert read(Json(), text) == value


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (Words(), ["a", None, "ї", "b\x00", "\ud800ї", ""]),
        (Words(), ["a", "\x00", None]),
        (Words(), ["a", "ї", None]),
        (Moment(), [NOON, NOON, None, NOON + timedelta(microseconds=1), NOON]),
        (Json(), [[], {}, (), [1], {"ї": "\x00"}, "", 0, None]),
    ],
)
def test_many_values_at_once_are_stored_as_each_alone(column: Any, values: list[Any]) -> None:
    together: Any = column
    assert isinstance(together, AtOnce)
    for some in (*permutations(values, 2), values):
        assert list(together.store_all(some)) == [stored(column, value) for value in some]
