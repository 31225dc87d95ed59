"""A process that is one of several workers, with a hurried queue and a clock that was put to another time.

    python -m tests.faults.one_worker CONFIG ARCHIVE NAME SECONDS [hubs] [BATCH] [since=MOMENT]

SECONDS are added to the clock; `hubs`: it is the one that hubs can reach; BATCH: feeds of a round; MOMENT, in seconds
since 1970: from when on the clock runs four times as fast. What comes by the minute comes by the second.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

from monitor import app as app_module
from monitor import cluster
from monitor.app import open_app, utc_now
from monitor.errors import StoreError
from monitor.jobs import claiming
from monitor.logs import configure
from monitor.settings import load_settings
from monitor.store import open_store

FASTER = 4


def main(config: str, archive: str, name: str, seconds: str, *more: str) -> None:
    configure(level="warning")
    cluster.MINUTE = cluster.HALF_MINUTE = "* * * * * *"
    cluster.BEAT_EVERY, cluster.DEAD_AFTER, cluster.HUBS_EVERY = 0.5, 2.0, 0.5
    app_module.FEEDS_PER_ROUND = next((int(one) for one in more if one.isdecimal()), app_module.FEEDS_PER_ROUND)
    since = next((float(one.removeprefix("since=")) for one in more if one.startswith("since=")), None)
    claiming.LEASE = timedelta(seconds=10 if since is None else 10 * FASTER)
    settings = load_settings(Path(config), {}, archive=Path(archive))
    _wait_for(settings.archive.url)
    with open_app(settings, now=_clock(timedelta(seconds=float(seconds)), since), workers=0, holder=name) as app:
        cluster.run_worker(app, lambda: settings, hubs="hubs" in more)


def _clock(ahead: timedelta, since: float | None) -> Callable[[], datetime]:
    if since is None:
        return lambda: utc_now() + ahead
    began = datetime.fromtimestamp(since, UTC)
    return lambda: began + (utc_now() - began) * FASTER + ahead


def _wait_for(url: str) -> None:
    """Be there when the server is, as a worker that a service manager starts again and again."""
    for _ in range(60):
        try:
            open_store(url).close()
            return
        except StoreError:
            sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
