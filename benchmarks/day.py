"""A whole day of a thousand feeds, played at full speed: what the program costs beyond reading its pages.

    python -m benchmarks.day [--feeds 1000] [--items 20000] [--always 4] [--minutes 1440] [--profile FILE]

Real requests to a press on loopback (`benchmarks.daypress`), by a clock that is turned from tick to tick of the daemon;
its own jobs are done, as often as it does them, by the shipped settings but for the network and these: every
fourth feed has all its pages fetched, the others those that are likely to match; three digests a day go into files.
That a feed has a past is settled before, and not counted.

CPU is that of the whole program with its processes for pages, from its start to its end. The floor is one call of
`trafilatura.bare_extraction` for each page that was fetched, in the same run. The press has a process of its own.
"""

import argparse
import json
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from trafilatura import bare_extraction

from benchmarks.daypress import Press, Served, serve
from benchmarks.dayrun import Clock
from benchmarks.polling import ROOT, cpu_of

MAIN = """
[fetch]
allow_private = ["127.0.0.0/8"]
host_gap_seconds = 0.0
[poll]
canaries = []
[log]
level = "error"
"""
SUBSCRIPTION = """
[channel.out]
kind = "file"
[[subscription]]
name = "daily"
title = "Daily"
channel = "out"
schedule = "0 8,13,19 * * *"
zone = "Europe/Kyiv"
"""
WARM = 50  # pages that are read before the floor is measured
MOST_BEYOND, MOST_MEMORY = 120.0, 300.0  # seconds of CPU, MB: what the project allows itself


@dataclass(frozen=True)
class Place:
    """The folders of one run."""

    root: Path

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    def prepare(self, press: Press, always: int) -> None:
        """Write a configuration in which no page is fetched (`past`), and that of the day (`config`)."""
        for name in ("past", "config"):
            folder = self.root / name
            folder.mkdir()
            for shipped in ("topics.toml", "concepts", "templates"):
                (folder / shipped).symlink_to(ROOT / "config" / shipped)
            (folder / "monitor.toml").write_text(MAIN, "utf-8")
            (folder / "subscriptions.toml").write_text(SUBSCRIPTION, "utf-8")
            pages = [
                "never" if name == "past" else "likely" if one % always else "always" for one in range(press.feeds)
            ]
            feeds = (
                f'[[feed]]\nname = "f{one}"\ntitle = "Outlet {one}"\nurl = "{press.feed_url(one)}"\nlanguage = "en"\n'
                f'pages = "{pages[one]}"\n'
                for one in range(press.feeds)
            )
            (folder / "feeds.toml").write_text("".join(feeds), "utf-8")

    def sizes(self) -> dict[str, int]:
        """Bytes of the database, and of the evidence."""
        files = [path for path in self.archive.rglob("*") if path.is_file()]
        evidence = sum(path.stat().st_size for path in files if "evidence" in path.parts)
        database = sum(path.stat().st_size for path in files if path.name.startswith("monitor.db"))
        return {"database": database, "evidence": evidence}


def floor(press: Press, pages: Sequence[tuple[int, int]]) -> float:
    """CPU seconds of a bare extraction of each of these pages."""
    taken = 0.0
    for number, (feed, item) in enumerate([*pages[:WARM], *pages]):
        body = press.page(feed, item, 0.0)
        began = time.process_time()
        bare_extraction(body, include_comments=False)
        taken += time.process_time() - began if number >= WARM else 0.0
    return taken


@contextmanager
def served(feeds: int, items: int, clock: Path) -> Iterator[tuple[Press, Connection]]:
    """The press, answering from a process of its own, and the line to it."""
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    server = context.Process(target=serve, args=(there, feeds, items, clock), daemon=True)
    server.start()
    try:
        yield Press(feeds, items, here.recv()), here
    finally:
        server.terminate()
        server.join()


def measure(given: argparse.Namespace, root: Path) -> list[str]:
    """Play the day; what was seen, in lines."""
    place = Place(root)
    Clock(root / "clock").put(0.0)
    cpu_of("-m", "compileall", "-q", "monitor")
    with served(given.feeds, given.items, root / "clock") as (press, line):
        place.prepare(press, given.always)
        past, _ = cpu_of("-m", "benchmarks.dayrun", str(root))
        line.send("so far")
        line.recv()
        before = place.sizes()
        profile = ("--profile", str(given.profile.resolve())) if given.profile else ()
        began = time.monotonic()
        seconds, said = cpu_of("-m", "benchmarks.dayrun", str(root), "--minutes", str(given.minutes), *profile)
        lasted = time.monotonic() - began
        line.send("so far")
        asked, pages = line.recv()
    return report(
        given,
        json.loads(said),
        (past, seconds, lasted),
        (asked, floor(press, pages), len(pages)),
        {name: size - before[name] for name, size in place.sizes().items()},
    )


def report(
    given: argparse.Namespace,
    done: dict[str, float],
    spent: tuple[float, float, float],
    served: tuple[Served, float, int],
    growth: dict[str, int],
) -> list[str]:
    """The day in lines."""
    past, seconds, lasted = spent
    asked, bare, pages = served
    press = Press(given.feeds, given.items)
    came = sum(press.published(feed, 0.0, given.minutes * 60.0) for feed in range(given.feeds))
    beyond = seconds - bare
    told = {
        "day": f"{given.feeds:,} feeds, {came:,} items came, {done['new']:,.0f} found, {done['matched']:,.0f} match",
        "visits": f"{done['visits']:,.0f}, {asked.unchanged:,} of them 304, {done['failed']:.0f} failed",
        "pages": f"{pages:,} fetched, {done['looked']:,.0f} looked at again; {asked.bytes / 1e6:,.0f} MB received",
        "told": f"{done['digests']:.0f} digests, {done['receipts']:.0f} delivered",
        "CPU": f"{seconds:.1f} s, bare extraction {bare:.1f} s, beyond it {beyond:.1f} s (allowed {MOST_BEYOND:.0f})",
        "of it": f"jobs {done['main']:.1f} s, the daemon's other threads (requests above all) "
        f"{done['daemon'] - done['main']:.1f} s, processes for pages {done['pages_cpu']:.1f} s",
        "memory": f"{done['memory']:.0f} MB at most, processes for pages apart (allowed {MOST_MEMORY:.0f})",
        "archive": f"+{growth['database'] / 1e6:.1f} MB of database, +{growth['evidence'] / 1e6:.1f} MB of evidence",
        "this took": f"{lasted:.0f} s on the clock; the first reading of all feeds before, {past:.1f} s of CPU",
    }
    return [f"{name:<10} {value}" for name, value in told.items()]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--items", type=int, default=20_000, help="new ones in a day")
    parser.add_argument("--always", type=int, default=4, help="every so manieth feed has all its pages fetched")
    parser.add_argument("--minutes", type=int, default=0, help="of the day")
    parser.add_argument("--profile", type=Path, help="for `python -m pstats`")
    given = parser.parse_args()
    given.minutes = given.minutes or 24 * 60
    with TemporaryDirectory() as folder:
        print("\n".join(measure(given, Path(folder))))


if __name__ == "__main__":
    main()
