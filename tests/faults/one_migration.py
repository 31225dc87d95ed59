"""A process that opens an archive, and kills itself (SIGKILL) before the given statement of its upgrade.

    python -m tests.faults.one_migration ARCHIVE.db STATEMENT

Prints the number of statements when it lives to the end.
"""

import sys

from monitor.store import open_store
from tests.faults.dying import die_before


def main(path: str, statement: str) -> None:
    passed = die_before(int(statement))
    open_store(f"sqlite:///{path}").close()
    sys.stdout.write(f"{passed()}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
