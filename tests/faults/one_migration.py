"""A process that opens an archive, and kills itself (SIGKILL) before the given statement of its upgrade.

    python -m tests.faults.one_migration ARCHIVE.db STATEMENT

Prints the number of statements when it lives to the end.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy import Engine, event

from monitor.store import open_store


def main(path: str, statement: str) -> None:
    passed = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def count(*_: Any) -> None:
        nonlocal passed
        passed += 1
        if passed == int(statement):
            os.kill(os.getpid(), signal.SIGKILL)

    open_store(f"sqlite:///{path}").close()
    sys.stdout.write(f"{passed}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
