"""A process that plays one round of the daemon's work and, if told so, kills itself (SIGKILL) at a marked point.

    python -m tests.faults.one_round CONFIG ARCHIVE NOW [POINT OCCURRENCE]

POINT may be "any": then it is the OCCURRENCE-th of all points passed.
Every point passed is printed, so that a test can know which there are and how often each is passed.
"""

import os
import signal
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from monitor.app import open_app
from monitor.logs import configure
from monitor.settings import load_settings


def main(config: str, archive: str, now: str, point: str = "", occurrence: str = "1") -> None:
    configure(level="error")
    moment = datetime.fromisoformat(now)
    passed: Counter[str] = Counter()

    def passing(here: str) -> None:
        passed[here] += 1
        sys.stdout.write(f"{here}\n")
        sys.stdout.flush()
        count = passed.total() if point == "any" else passed[here] if here == point else 0
        if count == int(occurrence):
            os.kill(os.getpid(), signal.SIGKILL)

    with open_app(load_settings(Path(config), {}, archive=Path(archive)), now=lambda: moment, workers=0) as app:
        app.toolbox = replace(app.toolbox, passing=passing)
        app.poll(force=True)
        app.digest()
        app.deliver()


if __name__ == "__main__":
    main(*sys.argv[1:])
