"""One log line per event, plain for people or JSON for machines, with every known secret masked.

`get_logger()` anywhere; `configure` once, by whoever starts the program; `hide` for every secret that is read.
"""

import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, Literal, TextIO

import structlog

MASK = "***"
_hidden: set[str] = set()


def hide(secrets: Iterable[str]) -> None:
    """From now on these texts are shown as `***` in every log line; texts under 4 characters are left alone."""
    _hidden.update(secret for secret in secrets if len(secret) >= 4)


def masked(text: str) -> str:
    """`text` with every known secret replaced."""
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def _mask_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if _hidden:
        for key, value in event.items():
            if isinstance(value, str):
                event[key] = masked(value)
            elif not isinstance(value, (int, float, bool, type(None))):
                event[key] = masked(str(value))
    return event


def configure(form: Literal["plain", "json"] = "plain", level: str = "info", stream: TextIO | None = None) -> None:
    """Set the form and the least level ("debug", "info", "warning", "error") of all log lines; default: to stderr.

    The warnings of libraries come out in the same form, masked as well.
    """
    out = stream or sys.stderr
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=36)
    )
    dressing: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_event,
        renderer,
    ]
    structlog.configure(
        processors=dressing,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    libraries = logging.StreamHandler(out)
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *dressing,
            ]
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[libraries], force=True)


def get_logger(**bound: Any) -> Any:
    """A structured logger: `log.info("feed read", feed="bbc", entries=12)`."""
    return structlog.get_logger(**bound)
