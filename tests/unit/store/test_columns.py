"""How values stand in the columns."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from monitor.store.columns import AtOnce, Json, Moment, Span, Words, clean

DIALECT = sqlite.dialect()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 23, 6, 0, 0, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_to_the_microsecond(moment: datetime) -> None:
    stored = Moment().process_bind_param(moment, DIALECT)
    assert isinstance(stored, int)
    assert Moment().process_result_value(stored, DIALECT) == moment


def test_a_moment_of_another_zone_comes_back_as_utc() -> None:
    kyiv = datetime(2026, 11, 23, 8, 0, tzinfo=timezone(timedelta(hours=2)))
    back = Moment().process_result_value(Moment().process_bind_param(kyiv, DIALECT), DIALECT)
    assert back == kyiv
    assert back is not None
    assert back.tzinfo is UTC


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(TypeError):
        Moment().process_bind_param(datetime(2026, 11, 23), DIALECT)  # noqa: DTZ001 - that is the point


def test_nothing_stays_nothing() -> None:
    for column in (Moment(), Span(), Words()):
        assert column.process_bind_param(None, DIALECT) is None


def test_a_span_comes_back() -> None:
    span = timedelta(days=3, microseconds=7)
    assert Span().process_result_value(Span().process_bind_param(span, DIALECT), DIALECT) == span


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("плаття", "плаття"),
        ("a\x00b", "a\ufffdb"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("😀 whole", "😀 whole"),
    ],
)
def test_text_is_made_storable_without_moving_a_character(text: str, stored: str) -> None:
    assert clean(text) == stored
    assert len(clean(text)) == len(text)


@pytest.mark.parametrize("value", [{"title": "Дрони «Сокіл»", "n": [1, 2.5, None]}, [], ["x"]])
def test_json_comes_back_and_stays_readable(value: Any) -> None:
    stored = Json().process_bind_param(value, DIALECT)
    assert "\\u" not in stored
    assert Json().process_result_value(stored, DIALECT) == value


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
        assert list(together.store_all(some)) == [column.process_bind_param(value, DIALECT) for value in some]
