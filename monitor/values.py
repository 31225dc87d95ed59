"""What values made of `msgspec.Struct` lack: a dict of them, and fields that are not shown."""

from typing import Any, ClassVar

from msgspec import Struct

from monitor.links import without_login


class Discreet(Struct, frozen=True):
    """A value some of whose fields stay out of every log and traceback: secrets, and what is too long."""

    hidden: ClassVar[frozenset[str]] = frozenset()

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in _shown(self).items())
        return f"{type(self).__name__}({', '.join(shown)})"


def open_facts(value: Struct) -> dict[str, Any]:
    """The fields that may be shown by name, as in a `repr` of a `Discreet`; addresses without their logins."""
    return {name: without_login(fact) if isinstance(fact, str) else fact for name, fact in _shown(value).items()}


def _shown(value: Struct) -> dict[str, Any]:
    hidden = value.hidden if isinstance(value, Discreet) else frozenset()
    return {name: getattr(value, name) for name in value.__struct_fields__ if name not in hidden}


def as_dict(value: Struct) -> dict[str, Any]:
    """The fields by name, and of values inside likewise, however deep in tuples, lists and mappings."""
    return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        return as_dict(value)
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value
