"""A process that copies an archive in small portions, and kills itself (SIGKILL) before the given statement.

    python -m tests.faults.one_copy FROM TO STATEMENT

Prints the number of statements when it lives to the end.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy import Engine, event

from monitor.store import transfer


def main(source: str, target: str, statement: str) -> None:
    passed = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def count(*_: Any) -> None:
        nonlocal passed
        passed += 1
        if passed == int(statement):
            os.kill(os.getpid(), signal.SIGKILL)

    transfer._ROWS, transfer._TEXTS = 20, 5
    transfer.copy(source, target)
    sys.stdout.write(f"{passed}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
