"""What the API answers to anything that its description allows, and to much that it does not; cursors and ETags."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from starlette.exceptions import HTTPException

from monitor.app import App
from monitor.web.access import Access
from monitor.web.answers import opened, sealed
from monitor.web.desk import make_desk

EXAMPLES = 4
MANY = 300
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]


@pytest.fixture(scope="module")
def described(app: App) -> Iterator[schemathesis.BaseSchema]:
    """The API by its own description, on an archive with a day's stories; what was saved by it is forgotten again."""
    desk = make_desk(app, Access(b"key"), ())
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", desk)
    with app.store.begin() as shelves:
        for one in shelves.saved.searches():
            shelves.saved.remove(one.id)


def test_whatever_is_asked_is_answered_as_described(described: schemathesis.BaseSchema) -> None:
    assert _asked(described, EXAMPLES) >= EXAMPLES * 15


@pytest.mark.soak
def test_whatever_is_asked_at_length_is_answered_as_described(described: schemathesis.BaseSchema) -> None:
    _asked(described, MANY)


def _asked(described: schemathesis.BaseSchema, examples: int) -> int:
    """Ask that much of every operation; how many questions that made."""
    seeded = settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    asked = 0

    def ask(case: schemathesis.Case[Any]) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(checks=CHECKS)

    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in GenerationMode:
            with suppress(Unsatisfiable):  # nothing can be wrong where nothing may be said
                seeded(given(operation.as_strategy(generation_mode=mode))(ask))()
    return asked


def test_a_cursor_is_read_as_it_was_written() -> None:
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert opened(sealed(at, "name"), datetime, str) == (at, "name")
    assert opened(sealed(7), int) == (7,)
    assert opened("", int) is None


@pytest.mark.parametrize(
    "cursor",
    ["none", "é", sealed("7"), sealed(7, 8), sealed(2**60), sealed(True), "bnVsbA", "W1tdXQ", "W1tb" * 10_000],
)
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(HTTPException, match="422"):
        opened(cursor, int)


def test_a_moment_without_its_zone_is_no_cursor() -> None:
    with pytest.raises(HTTPException, match="422"):
        opened(sealed("2026-11-23T08:00:00"), datetime)
