"""Processes that kill themselves (SIGKILL) in the middle of their work with a database."""

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event


def die_before(statement: int) -> Callable[[], int]:
    """Die before the statement of that number, of all connections; the answer tells how many were passed."""
    passed = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def count(*_: Any) -> None:
        nonlocal passed
        passed += 1
        if passed == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    return lambda: passed
