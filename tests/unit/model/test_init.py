"""What all types have in common."""

import dataclasses
import inspect

from monitor import model


def test_every_type_is_frozen_and_slotted() -> None:
    kinds = [kind for _, kind in inspect.getmembers(model, dataclasses.is_dataclass)]
    assert len(kinds) > 20
    for kind in kinds:
        assert kind.__dataclass_params__.frozen, kind  # type: ignore[union-attr]
        assert "__slots__" in vars(kind), kind
