"""Tables of kinds, each imported when it is first looked up: a start loads what its configuration names."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Kinds(Mapping[str, T]):
    """A table of kinds; `homes`: kind → "module:name" of what `make` makes the entry of (itself, where not given)."""

    def __init__(self, homes: Mapping[str, str], make: Callable[[Any], T] = lambda found: cast(T, found)) -> None:
        self._homes, self._make = homes, make
        self._found: dict[str, T] = {}

    def __getitem__(self, kind: str) -> T:
        if kind not in self._found:
            module, _, name = self._homes[kind].partition(":")
            self._found[kind] = self._make(getattr(import_module(module), name))
        return self._found[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __contains__(self, kind: object) -> bool:
        return kind in self._homes

    def __len__(self) -> int:
        return len(self._homes)
