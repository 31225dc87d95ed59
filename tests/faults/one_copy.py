"""A process that copies an archive in small portions, and kills itself (SIGKILL) before the given statement.

    python -m tests.faults.one_copy FROM TO STATEMENT

Prints the number of statements when it lives to the end.
"""

import sys

from monitor.store import transfer
from tests.faults.dying import die_before


def main(source: str, target: str, statement: str) -> None:
    passed = die_before(int(statement))
    transfer._ROWS, transfer._TEXTS = 20, 5
    transfer.copy(source, target)
    sys.stdout.write(f"{passed()}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
