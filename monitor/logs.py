"""One log line per event, plain for people or JSON for machines: known secrets masked, addresses without their logins.

`get_logger()` anywhere; `configure` once, by whoever starts the program; `hide` for every secret that is read.
structlog takes a tenth of a second to load, so it is loaded with the first line that is written.
"""

import logging
import sys
from collections.abc import Iterable, MutableMapping
from contextlib import suppress
from functools import cached_property
from typing import Any, Literal, TextIO

from msgspec import Struct

from monitor.links import without_login

MASK = "***"
_hidden: set[str] = set()
_unsaid: set[type[BaseException]] = set()


class _Form(Struct):
    """How lines are written; not told to structlog yet while `told` is False."""

    name: Literal["plain", "json"] = "plain"
    least: int = logging.NOTSET
    out: TextIO | None = None
    told: bool = True


_form = _Form()


def hide(secrets: Iterable[str]) -> None:
    """From now on these texts are shown as `***` in every log line; texts under 4 characters are left alone."""
    _hidden.update(secret for secret in secrets if len(secret) >= 4)


def masked(text: str) -> str:
    """`text` with every known secret replaced, and without the logins of addresses."""
    text = without_login(text)
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def _mask_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = masked(value)
        elif not isinstance(value, int | float | None) and (_hidden or "@" in str(value)):
            event[key] = masked(str(value))
    return event


def configure(form: Literal["plain", "json"] = "plain", level: str = "info", stream: TextIO | None = None) -> None:
    """Set the form and the least level ("debug", "info", "warning", "error") of all log lines; default: to stderr.

    The warnings of libraries come out in the same form, masked as well.
    """
    global _form
    out = stream or sys.stderr
    _form = _Form(form, logging.getLevelNamesMapping()[level.upper()], out, told=False)
    libraries = logging.StreamHandler(out)
    libraries.setFormatter(_Libraries(form))
    libraries.addFilter(_is_said)
    logging.basicConfig(level=logging.WARNING, handlers=[libraries], force=True)


def leave_unsaid(error: type[BaseException]) -> None:
    """From now on libraries' lines on such an error are left out: for what is told in our own words."""
    _unsaid.add(error)


def _is_said(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], tuple(_unsaid)))


def _dressing(form: Literal["plain", "json"]) -> list[Any]:
    """The steps from an event to a line."""
    import structlog

    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=36)
    )
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_event,
        renderer,
    ]


class _Libraries(logging.Formatter):
    """Lines of libraries, made like our own: one line each, an exception by its words."""

    def __init__(self, form: Literal["plain", "json"]) -> None:
        super().__init__()
        self._name = form

    @cached_property
    def _formatter(self) -> logging.Formatter:
        import structlog

        first = [structlog.stdlib.add_logger_name, structlog.stdlib.ProcessorFormatter.remove_processors_meta]
        return structlog.stdlib.ProcessorFormatter(processors=[*first, *_dressing(self._name)])

    def format(self, record: logging.LogRecord) -> str:
        words = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            words = f"{words} {type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        line = logging.makeLogRecord({**vars(record), "msg": " ".join(words.split()), "args": (), "exc_info": None})
        return self._formatter.format(line)


class Log:
    """A structured logger with facts that stand in every line. What is below the level costs a comparison."""

    __slots__ = ("_bound",)

    def __init__(self, bound: dict[str, Any]) -> None:
        self._bound = bound

    def debug(self, event: str, **facts: Any) -> None:
        if _form.least <= logging.DEBUG:
            self._write("debug", event, facts)

    def info(self, event: str, **facts: Any) -> None:
        if _form.least <= logging.INFO:
            self._write("info", event, facts)

    def warning(self, event: str, **facts: Any) -> None:
        if _form.least <= logging.WARNING:
            self._write("warning", event, facts)

    def error(self, event: str, **facts: Any) -> None:
        if _form.least <= logging.ERROR:
            self._write("error", event, facts)

    def _write(self, level: str, event: str, facts: dict[str, Any]) -> None:
        import structlog

        if not _form.told:
            structlog.configure(
                processors=_dressing(_form.name),
                wrapper_class=structlog.make_filtering_bound_logger(_form.least),
                logger_factory=structlog.PrintLoggerFactory(file=_form.out),
                cache_logger_on_first_use=False,
            )
            _form.told = True
        with suppress(OSError):  # a log without room, or without a reader, is no reason to stop working
            getattr(structlog.get_logger(**self._bound), level)(event, **facts)


def get_logger(**bound: Any) -> Log:
    """A structured logger: `log.info("feed read", feed="bbc", entries=12)`."""
    return Log(bound)
