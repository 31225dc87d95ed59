"""A process that carries out a backfill and, if told so, kills itself (SIGKILL) at a marked point.

    python -m tests.faults.one_backfill CONFIG ARCHIVE NOW SINCE VIA [NUMBER [FILE…]]

NUMBER: which of all points passed is the last one; 0 = none. How many were passed is printed.
"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from monitor import app as app_module
from monitor.app import open_app
from monitor.jobs.backfill import Order
from monitor.logs import configure
from monitor.model import Window
from monitor.settings import load_settings


def main(config: str, archive: str, now: str, since: str, via: str, last: str = "0", *files: str) -> None:
    configure(level="error")
    moment = datetime.fromisoformat(now)
    passed = 0

    def passing(_point: str) -> None:
        nonlocal passed
        passed += 1
        if passed == int(last):
            os.kill(os.getpid(), signal.SIGKILL)

    app_module.slow_hosts = lambda settings: {}  # how often the Wayback Machine may be asked is tested elsewhere
    settings = load_settings(Path(config), {}, archive=Path(archive))
    with open_app(settings, now=lambda: moment, workers=0) as app:
        app.toolbox = replace(app.toolbox, passing=passing)
        span = Window(datetime.fromisoformat(since), moment)
        order = Order(settings.feeds, span, "test", "test", via=via, budget=1_000_000, warcs=tuple(map(Path, files)))
        report = app.backfill(order, lambda _tally: None)
    failures = sum(climb.failures for climb in report.climbs)
    sys.stdout.write(f"{passed} {sum(climb.new for climb in report.climbs)} {failures}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
