"""Turns a table of the configuration into a frozen model, and every mistake in it into a `Problem`.

Rooms that check their own options (channels, topics) and the settings share it, so that a mistake reads the same
everywhere: where it is, what was found, what is allowed, the nearest valid name.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from monitor.errors import Problem, nearest


class Options(BaseModel):
    """Base of every options model: immutable, unknown keys refused, no silent conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


M = TypeVar("M", bound=Options)


def read_options(model: type[M], table: Mapping[str, Any], *, file: str, where: str) -> tuple[M | None, list[Problem]]:
    """The table as a `model`, or None and every problem found in it; never raises for a wrong table."""
    try:
        return model.model_validate(dict(table)), []
    except ValidationError as error:
        return None, [_problem(detail, model, file, where) for detail in error.errors(include_url=False)]


def _problem(detail: Any, model: type[Options], file: str, where: str) -> Problem:
    path = ".".join(str(part) for part in detail["loc"])
    place = f"{where} · {path}" if where and path else where or path
    match detail["type"]:
        case "extra_forbidden":
            allowed = sorted(_fields_at(model, detail["loc"][:-1]))
            key = str(detail["loc"][-1])
            return Problem(
                file, place, f"unknown key '{key}'", nearest(key, allowed) or f"allowed: {', '.join(allowed)}"
            )
        case "missing":
            return Problem(file, place, "is missing", "add it")
        case "literal_error":
            expected = str(detail["ctx"]["expected"])
            found = str(detail["input"])
            choices = [choice.strip(" '") for choice in expected.replace(" or ", ", ").split(",")]
            return Problem(file, place, f"found {found!r}, allowed: {expected}", nearest(found, choices))
        case "value_error":
            return Problem(file, place, f"found {_shown(detail['input'])}: {detail['ctx']['error']}")
        case _:
            return Problem(
                file, place, f"found {_shown(detail['input'])}: {detail['msg'][0].lower()}{detail['msg'][1:]}"
            )


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _fields_at(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """The keys allowed in the (sub-)table that `path` leads to."""
    current = model
    for part in path:
        if isinstance(part, int) or part not in current.model_fields:
            continue
        annotation = current.model_fields[part].annotation
        for inner in (annotation, *getattr(annotation, "__args__", ())):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                current = inner
    return list(current.model_fields)
