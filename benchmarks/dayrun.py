"""The daemon's jobs of a day, by a clock that is turned from tick to tick: what `benchmarks.day` measures.

    python -m benchmarks.dayrun FOLDER [--minutes 1440] [--profile FILE]

A process of its own, in which nothing is loaded but what the program itself loads: what the measuring needs would count
as the daemon's memory. FOLDER is laid out by `benchmarks.day`. What was done is printed as JSON.
"""

import argparse
import json
import mmap
import re
import resource
import struct
import time
from cProfile import Profile
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path

from monitor import logs
from monitor.app import App, open_app
from monitor.cli import run as _command  # noqa: F401 - what `monitor run` has in memory
from monitor.daemon import Daemon
from monitor.jobs.deliver import Delivered
from monitor.jobs.poll import Round
from monitor.jobs.refetch import Refetched
from monitor.settings import load_settings

START = datetime(2026, 3, 2, tzinfo=UTC)


class Clock:
    """A moment in a file, so that reader and press have the same one at no price."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(struct.pack("d", 0.0))
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), 8)

    @property
    def seconds(self) -> float:
        """Since `START`."""
        return float(struct.unpack("d", self._bytes[:8])[0])

    def put(self, seconds: float) -> None:
        """It is so late now."""
        self._bytes[:8] = struct.pack("d", seconds)

    def now(self) -> datetime:
        """Aware, in UTC."""
        return START + timedelta(seconds=self.seconds)


def live(root: Path, config: Path, minutes: int) -> dict[str, float]:
    """The daemon's jobs of so many minutes (of none: the first reading alone); what was done, in numbers."""
    clock = Clock(root / "clock")
    settings = load_settings(config, {}, archive=root / "archive")
    done = dict.fromkeys(("visits", "new", "pages", "matched", "digests", "receipts", "looked", "failed"), 0.0)
    with open_app(settings, now=clock.now) as app:
        if minutes:
            _tick(app, clock, minutes * 60.0, done)
        else:
            app.poll()
            while app.poll().due:
                continue
    status = Path("/proc/self/status").read_text("utf-8")
    peak = re.search(r"VmHWM:\s*(\d+) kB", status)
    assert peak is not None
    of_pages = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done | {
        "memory": int(peak[1]) * 1024 / 1e6,
        "main": time.thread_time(),
        "daemon": time.process_time(),
        "pages_cpu": of_pages.ru_utime + of_pages.ru_stime,
    }


def _tick(app: App, clock: Clock, seconds: float, done: dict[str, float]) -> None:
    """Do what the daemon does in that time, in its order."""
    tickers = Daemon(app, lambda: app.settings, keep=lambda: None).tickers()
    due = [(one.first_in.total_seconds(), number) for number, one in enumerate(tickers)]
    while (first := heappop(due))[0] < seconds:
        at, number = first
        clock.put(at)
        answer = tickers[number].job()
        heappush(due, (at + tickers[number].every.total_seconds(), number))
        match answer:
            case Round():
                for name in ("new", "pages", "matched"):
                    done[name] += getattr(answer, name)
                done["visits"] += answer.due
                done["failed"] += len(answer.failed)
            case Delivered():
                done["receipts"] += len(answer.receipts)
            case Refetched():
                done["looked"] += answer.looked
            case list():
                done["digests"] += sum(not one.problem for one in answer)


def main() -> None:
    """Live, and say what was done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("root", type=Path, metavar="FOLDER")
    parser.add_argument("--minutes", type=int, default=0, help="of the day; 0: the first reading alone")
    parser.add_argument("--profile", type=Path, help="for `python -m pstats`; its own price is in the figures")
    given = parser.parse_args()
    logs.configure("json", "error")
    config = given.root / ("config" if given.minutes else "past")
    if given.profile:
        profile = Profile(time.thread_time)
        done = profile.runcall(live, given.root, config, given.minutes)
        profile.dump_stats(given.profile)
    else:
        done = live(given.root, config, given.minutes)
    print(json.dumps(done))


if __name__ == "__main__":
    main()
