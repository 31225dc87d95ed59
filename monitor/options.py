"""Turns a table of the configuration into a frozen model, and every mistake in it into a `Problem`.

Rooms that check their own options (channels, topics) and the settings share it, so that a mistake reads the same
everywhere: where it is, what was found, what is allowed, the nearest valid name.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from monitor.errors import Problem, nearest
from monitor.logs import MASK

Secret = Annotated[str, Field(repr=False)]
"""A text that no error and no `repr` ever shows."""


def _spoken(text: str) -> str:
    if any(letter.isalnum() for letter in text):
        return text
    raise ValueError("a name has a letter or a digit")


Spoken = Annotated[str, AfterValidator(_spoken)]
"""A text that has a word in it, so that it can be looked for in others."""


class Options(BaseModel):
    """Base of every options model: immutable, unknown keys refused, no silent conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _lists_to_tuples(cls, table: Any) -> Any:
        # TOML has only lists, frozen models hold only tuples; strict mode does not see one in the other.
        if not isinstance(table, Mapping):
            return table
        return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


M = TypeVar("M", bound=Options)


def read_options(model: type[M], table: Mapping[str, Any], *, file: str, where: str) -> tuple[M | None, list[Problem]]:
    """The table as a `model`, or None and every problem found in it; never raises for a wrong table."""
    try:
        return model.model_validate(dict(table)), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [_problem(detail, model, file, where) for detail in details if not _follows(detail)]
        return None, [*{(problem.where, problem.hint): problem for problem in problems}.values()]


def _follows(detail: Any) -> bool:
    """Whether a list is said to be too short only because what stands in it is wrong, which is said as well."""
    return detail["type"] == "too_short" and bool(len(detail["input"]) >= detail["ctx"]["min_length"])


_EITHER = ("int", "float")


def _problem(detail: Any, model: type[Options], file: str, where: str) -> Problem:
    loc = detail["loc"]
    if len(loc) > 1 and loc[-1] in _EITHER:  # one complaint for each type that would do; the last is the widest
        loc = loc[:-1]
    path = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")
    place = f"{where} · {path}" if where and path else where or path
    found = MASK if _is_secret(model, loc) else _shown(detail["input"])
    match detail["type"]:
        case "extra_forbidden":
            allowed = sorted(_fields_at(model, loc[:-1]))
            key = str(loc[-1])
            return Problem(
                file, place, f"unknown key '{key}'", nearest(key, allowed) or f"allowed: {', '.join(allowed)}"
            )
        case "missing":
            return Problem(file, place, "is missing", "add it")
        case "literal_error":
            expected = str(detail["ctx"]["expected"])
            choices = [choice.strip(" '") for choice in expected.replace(" or ", ", ").split(",")]
            return Problem(file, place, f"found {found}, allowed: {expected}", nearest(str(detail["input"]), choices))
        case "value_error":
            return Problem(
                file, place, f"found {found}: {detail['ctx']['error']}" if path else str(detail["ctx"]["error"])
            )
        case "tuple_type":
            return Problem(file, place, f"found {found}: input should be a list", "write it in square brackets")
        case "too_short" | "too_long" | "string_too_short" | "string_too_long" as which:
            least = which.endswith("short")
            limit = detail["ctx"]["min_length" if least else "max_length"]
            what = "character" if isinstance(detail["input"], str) else "item"
            size = f"{'at least' if least else 'at most'} {limit} {what}{'s' if limit != 1 else ''}"
            return Problem(file, place, f"found {found}: must have {size}")
        case "model_type" | "dict_type":
            return Problem(file, place, f"found {found}: input should be a table")
        case _:
            return Problem(file, place, f"found {found}: {detail['msg'][0].lower()}{detail['msg'][1:]}")


def _shown(value: object) -> str:
    text = repr(list(value) if isinstance(value, tuple) else value)  # as TOML has it
    return text if len(text) <= 60 else text[:57] + "…"


def _is_secret(model: type[BaseModel], path: Sequence[int | str]) -> bool:
    """Whether `path` leads into a field that must not be shown."""
    current = model
    for part in path:
        if isinstance(part, int):
            continue
        named = {info.alias or name: info for name, info in current.model_fields.items()}
        if part not in named:
            return False
        if not named[part].repr:
            return True
        current = _table_of(named[part].annotation) or current
    return False


def _fields_at(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """The keys allowed in the (sub-)table that `path` leads to."""
    current = model
    for part in path:
        if isinstance(part, int) or part not in current.model_fields:
            continue
        current = _table_of(current.model_fields[part].annotation) or current
    return [info.alias or name for name, info in current.model_fields.items()]


def _table_of(annotation: Any) -> type[BaseModel] | None:
    """The model a field holds, itself or as the inner type of a tuple or union; None when it holds plain values."""
    for inner in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return None
