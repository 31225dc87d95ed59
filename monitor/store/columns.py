"""How Python's values stand in the archive's columns: moments, spans, text from outside, lists and dicts."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import BigInteger, Dialect, Text, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_EMPTY: dict[type, str] = {list: "[]", tuple: "[]", dict: "{}"}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text as a database can hold it: NUL and lone surrogates, which no encoding knows, become U+FFFD."""
    return text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("\ufffd", text)


def _word(value: str | None) -> str | None:
    return None if value is None else clean(value)


def _moment(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(0, 0, value)


def _span(value: int | None) -> timedelta | None:
    return None if value is None else timedelta(0, 0, value)


@runtime_checkable
class AtOnce(Protocol):
    """A type that makes many values storable at less cost than one by one."""

    def store_all(self, values: Sequence[Any]) -> Sequence[Any]:
        """What `process_bind_param` gives for each."""


def _all_clean(texts: Sequence[str | None]) -> Sequence[str | None]:
    """The texts cleaned; nearly always they are clean, which one look at all of them tells."""
    whole = "".join(filter(None, texts))
    if ("\x00" not in whole) if whole.isascii() else not _UNSTORABLE.search(whole):
        return texts
    return [None if text is None else clean(text) for text in texts]


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime as whole microseconds since 1970, so that it comes back exactly and sorts as it should."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def store_all(self, values: Sequence[datetime | None]) -> Sequence[int | None]:
        """See `AtOnce`; what was found in one visit has one moment."""
        last: datetime | None = None
        made: int | None = None
        ready = []
        for value in values:
            if value is not last:
                last, made = value, None if value is None else (value - _EPOCH) // _MICROSECOND
            ready.append(made)
        return ready

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        """Made at once, and not by way of `process_result_value`: a feed's state has fifteen of them."""
        return _moment


class Span(TypeDecorator[timedelta]):
    """A timedelta as whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // _MICROSECOND

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], timedelta | None]:
        """As above."""
        return _span


class Words(TypeDecorator[str]):
    """Text from outside; see `clean`."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """As above: lists of names are long."""
        return _word

    def store_all(self, values: Sequence[str | None]) -> Sequence[str | None]:
        """See `AtOnce`."""
        return _all_clean(values)


class Json(TypeDecorator[Any]):
    """Lists and dicts of plain values as JSON text, readable in any database browser."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return clean(to_json(value))

    def store_all(self, values: Sequence[Any]) -> Sequence[str | None]:
        """See `AtOnce`; many are empty."""
        return _all_clean(
            [to_json(value) if value or type(value) not in _EMPTY else _EMPTY[type(value)] for value in values]
        )

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Numbers(TypeDecorator[frozenset[int]]):
    """A set of small numbers as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, dialect: Dialect) -> str:
        return json.dumps(sorted(value)) if value else "[]"

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[int]:
        return frozenset(json.loads(value)) if value else frozenset()
