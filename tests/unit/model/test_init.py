"""What all types have in common."""

import inspect

import pytest
from msgspec import Struct

from monitor import model
from tests.builders import an_entry


def test_every_type_is_frozen() -> None:
    kinds = [kind for _, kind in inspect.getmembers(model, inspect.isclass) if issubclass(kind, Struct)]
    assert len(kinds) > 20
    assert [kind for kind in kinds if not kind.__struct_config__.frozen] == []


def test_a_field_cannot_be_set_nor_one_be_added() -> None:
    entry = an_entry()
    with pytest.raises(AttributeError):
        entry.title = "another"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        entry.further = 1  # type: ignore[attr-defined]
