"""What polling costs: CPU of a whole `monitor once` for 500 feeds of 40 items, beside `reader` on the same feeds.

    python -m benchmarks.polling [--feeds 500] [--items 40] [--rounds 1] [--inside]

A site of invented outlets is served on loopback by a process of its own, so that the figures are the readers' alone:
CPU seconds, user and system, of each process with its children. Three times each: everything new; everything unchanged
(304); the same bodies again from servers that know no validators. Where `reader` (PyPI, a library for the same work) is
not installed, a bare loop takes its place: aiohttp, feedparser, one INSERT. `--inside` measures instead what an
unchanged feed costs in a daemon that runs already, against a conditional GET of bare aiohttp.

About three of a hundred items match a shipped topic, and four times as many hold some of its words, as in general news.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from benchmarks.figures import HEAD, Figure
from benchmarks.site import Site, language_of, serve

ROOT = Path(__file__).resolve().parents[1]
CHANNEL = """
[channel.out]
kind = "file"

[[subscription]]
name = "daily"
title = "Daily"
topics = ["*"]
channel = "out"
schedule = "0 8 * * *"
zone = "Europe/Kyiv"
"""
READER = """
import sys
from reader import make_reader
addresses = open(sys.argv[2]).read().split()
with make_reader(sys.argv[1]) as reader:
    known = {feed.url for feed in reader.get_feeds()}
    for address in addresses if not known else ():
        reader.add_feed(address)
    if known:
        for answer in reader.update_feeds_iter(scheduled=False, workers=10):
            if isinstance(answer.value, Exception):
                raise answer.value
"""
BARE = """
import asyncio, sqlite3, sys, aiohttp, feedparser
async def main():
    archive = sqlite3.connect(sys.argv[1])
    archive.executescript("CREATE TABLE IF NOT EXISTS tags (url PRIMARY KEY, tag);"
        "CREATE TABLE IF NOT EXISTS items (id PRIMARY KEY, title, text)")
    tags = dict(archive.execute("SELECT url, tag FROM tags"))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=32)) as session:
        async def work(url):
            async with session.get(url, headers={"If-None-Match": tags.get(url, "")}) as answer:
                body, tag = await answer.read(), answer.headers.get("ETag", "")
            if answer.status != 304:
                entries = feedparser.parse(body).entries
                rows = [(entry.id, entry.title, entry.get("summary")) for entry in entries]
                archive.executemany("INSERT OR IGNORE INTO items VALUES (?, ?, ?)", rows)
                archive.execute("INSERT OR REPLACE INTO tags VALUES (?, ?)", (url, tag))
                archive.commit()
        await asyncio.gather(*map(work, open(sys.argv[2]).read().split()))
asyncio.run(main())
"""


@dataclass(frozen=True)
class Place:
    """The folders of one run."""

    root: Path
    addresses: tuple[str, ...]

    @property
    def config(self) -> Path:
        return self.root / "config"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def list(self) -> Path:
        return self.root / "addresses"

    @property
    def other(self) -> Path:
        return self.root / "other.db"

    def prepare(self) -> None:
        """Write the configuration: the shipped topics, these feeds, no pages."""
        self.config.mkdir()
        for name in ("topics.toml", "concepts", "templates"):
            (self.config / name).symlink_to(ROOT / "config" / name)
        feeds = (
            f'[[feed]]\nname = "f{number}"\ntitle = "Outlet {number}"\nurl = "{address}"\npages = "never"\n'
            f'language = "{language_of(number)}"\n'
            for number, address in enumerate(self.addresses)
        )
        (self.config / "feeds.toml").write_text("".join(feeds), "utf-8")
        (self.config / "subscriptions.toml").write_text(CHANNEL, "utf-8")
        fetch = '[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\nper_host = 4\n'
        (self.config / "monitor.toml").write_text(f'{fetch}[log]\nlevel = "warning"\n', "utf-8")
        self.list.write_text("\n".join(self.addresses), "utf-8")


def cpu_of(*command: str) -> tuple[float, str]:
    """CPU seconds of a process and its children, user and system, and what it printed. SystemExit when it fails."""
    # As installed: what was compiled once is kept, whatever the shell of the one who measures says.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=surroundings
    )
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)[:200]} ended with {process.returncode}: {printed}")
    return usage.ru_utime + usage.ru_stime, printed


def ours(place: Place) -> tuple[float, dict[str, int]]:
    """One round of all feeds."""
    folders = ("--config", str(place.config), "--archive", str(place.archive))
    seconds, printed = cpu_of("-m", "monitor", *folders, "once", "--all", "--json")
    return seconds, json.loads(printed)["poll"]


def others(place: Place) -> float:
    """One round of all feeds by `reader`, or by the bare loop where that is not installed."""
    script = READER if find_spec("reader") else BARE
    return cpu_of("-c", script, str(place.other), str(place.list))[0]


def compare(site: Site, place: Place, rounds: int) -> Iterator[Figure]:
    """A whole process: everything new, unchanged, unchanged without validators."""
    name = "reader" if find_spec("reader") else "bare loop"
    cpu_of("-m", "compileall", "-q", "monitor")
    if find_spec("reader"):
        others(place)  # names it the feeds
    for what, mode, limit in (
        ("everything new", "tags", 0.26),
        ("unchanged, 304", "tags", 0.9),
        ("unchanged, no validators", "bare", 0.085),
    ):
        site.switch(mode)
        found = [ours(place) for _ in range(1 if what == "everything new" else rounds)]
        theirs = min(others(place) for _ in found)
        seconds, done = min(found, key=lambda one: one[0])
        _expect(what, done, site)
        yield Figure(f"{site.feeds} feeds × {site.items}, {what}", seconds, theirs, "s", name, limit)


def _expect(what: str, done: dict[str, int], site: Site) -> None:
    new = site.feeds * site.items if what == "everything new" else 0
    if done["failed"] or done["new"] != new:
        raise SystemExit(f"{what}: the figures would mean nothing: {done}")


def inside(place: Place, site: Site, rounds: int) -> Figure:
    """What an unchanged feed costs in a process that runs already."""
    from monitor.app import open_app
    from monitor.logs import configure
    from monitor.settings import load_settings

    configure(level="warning")
    with asyncio.Runner() as loop, open_app(load_settings(place.config, {}, archive=place.archive)) as app:
        bare = loop.run(_Bare.opened())
        ratios, costs = [], []
        for turn in range(rounds + 2):  # in turns, since machines change their pace; the first two make warm
            started = time.process_time()
            loop.run(bare.round(place.addresses))
            between = time.process_time()
            done = app.poll(force=True)
            if turn < 2:
                continue
            if done.unchanged != site.feeds:
                raise SystemExit(f"the figures would mean nothing: {done}")
            costs.append(between - started)
            ratios.append((time.process_time() - between) / (between - started))
        loop.run(bare.session.close())
    floor = statistics.median(costs) / site.feeds * 1_000
    return Figure(
        "unchanged feed in the daemon", statistics.median(ratios) * floor, floor, "ms", "bare conditional GET", 1.5
    )


@dataclass
class _Bare:
    """Conditional GETs of bare aiohttp; connections are kept between rounds, as ours are."""

    session: aiohttp.ClientSession
    tags: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def opened(cls) -> "_Bare":
        return cls(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=32)))

    async def round(self, addresses: tuple[str, ...]) -> None:
        await asyncio.gather(*(self._work(addresses[first::32]) for first in range(32)))

    async def _work(self, share: tuple[str, ...]) -> None:
        for url in share:
            async with self.session.get(url, headers={"If-None-Match": self.tags.get(url, "")}) as answer:
                await answer.read()
                self.tags[url] = answer.headers.get("ETag", "")


@contextmanager
def served(feeds: int, items: int) -> Iterator[Site]:
    """A site of so many feeds, answering from a process of its own."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there, feeds, items), daemon=True)
    server.start()
    try:
        yield Site(feeds, items, here.recv())
    finally:
        server.terminate()
        server.join()


def main() -> None:
    """Serve the site, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--items", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3, help="of what is unchanged; the cheapest counts")
    parser.add_argument("--inside", action="store_true", help="the cost of an unchanged feed in a running daemon")
    options = parser.parse_args()
    with served(options.feeds, options.items) as site, TemporaryDirectory() as folder:
        place = Place(Path(folder), site.addresses)
        place.prepare()
        if options.inside:
            print(HEAD, inside(place, site, options.rounds), sep="\n")
        else:
            print(HEAD)
            for figure in compare(site, place, options.rounds):
                print(figure, flush=True)


if __name__ == "__main__":
    main()
