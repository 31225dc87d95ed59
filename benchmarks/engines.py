"""What polling and pages cost on PostgreSQL beside SQLite, in CPU: a whole `monitor once`, as in `benchmarks.polling`,
and a page from the download to the archive, as in `benchmarks.page`.

    python -m benchmarks.engines [--feeds 200] [--items 40] [--rounds 5] [--pages 160]

CPU seconds, user and system, of the program with its children on either engine, in one run and on the same site; and
what the server itself took, which on a file is part of the program's. The engines take turns, since
machines change their pace; told are the medians of `--rounds` turns and of their ratios.
"""

import argparse
import multiprocessing
import os
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.page import KINDS, served
from benchmarks.page import ours as a_page
from benchmarks.polling import Place, ours
from benchmarks.site import Site, serve
from monitor import logs
from tests.postgres import Server, running

SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of_server(server: Server) -> float:
    """CPU seconds of the server's processes up to now, those that have ended included."""
    root = server.number
    total = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            values = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(folder.name) == root:
            total += sum(map(int, values[11:15]))
        elif int(values[1]) == root:
            total += sum(map(int, values[11:13]))
    return total / _TICKS


def measure(site: Site, folder: Path, rounds: int, server: Server) -> None:
    """Each kind of round on either engine, in turns; printed."""
    sys.stdout.write(f"{site.feeds} feeds of {site.items} items; CPU seconds\n")
    places: list[Place] = []
    for what, mode in (
        ("everything new", "tags"),
        ("unchanged, 304", "tags"),
        ("unchanged, no validators", "bare"),
    ):
        site.switch(mode)
        new = site.feeds * site.items if what == "everything new" else 0
        turns = []
        for turn in range(rounds):
            if new:
                places = [
                    _place(site, folder / f"file{turn}", ""),
                    _place(site, folder / f"server{turn}", server.database(f"polling_{turn}")),
                ]
            costs = []
            for place in places:
                before = cpu_of_server(server)
                seconds, done = ours(place)
                if done["failed"] or done["new"] != new:
                    raise SystemExit(f"{what}: the figures would mean nothing: {done}")
                costs.append((seconds, cpu_of_server(server) - before))
            turns.append((costs[0][0], *costs[1]))
        _print(what, turns)


def _place(site: Site, folder: Path, url: str) -> Place:
    folder.mkdir()
    place = Place(folder, site.addresses)
    place.prepare()
    with (place.config / "monitor.toml").open("a", encoding="utf-8") as file:
        file.write(f'[archive]\nurl = "{url}"\n' if url else "")
    return place


def pages(server: Server, count: int, rounds: int, folder: Path) -> None:
    """Pages of each kind on both, in turns; printed."""
    sys.stdout.write(f"{count} pages of each kind; CPU milliseconds a page\n")
    with served(count) as root:
        for kind in KINDS:
            turns = []
            for turn in range(rounds):
                here = a_page(root, kind, count, folder / f"file{turn}") * 1000
                url, before = server.database(f"pages_{kind}_{turn}"), cpu_of_server(server)
                there = a_page(root, kind, count, folder / f"server{turn}", url) * 1000
                turns.append((here, there, (cpu_of_server(server) - before) / count * 1000))
            _print(f"{kind} page", turns)


def _print(what: str, turns: Sequence[tuple[float, float, float]]) -> None:
    """Medians of the turns (file, server's client, server), and of their ratios."""
    here, there, by_server = map(statistics.median, zip(*turns, strict=True))
    ratio = statistics.median(each[1] / each[0] for each in turns)
    whole = statistics.median((each[1] + each[2]) / each[0] for each in turns)
    sys.stdout.write(
        f"{what:<25} SQLite {here:6.2f}   PostgreSQL {there:6.2f} + server {by_server:5.2f}"
        f"   ratio {ratio:.2f}, with the server {whole:.2f}\n"
    )


def compare(site: Site, folder: Path, rounds: int, count: int) -> None:
    """Measure both and print."""
    with running(**SAFE) as server:
        pages(server, count, rounds, folder / "pages")
        measure(site, folder, rounds, server)


def main() -> None:
    """Serve the site, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--items", type=int, default=40, help="of each feed")
    parser.add_argument("--rounds", type=int, default=5, help="turns, of pages and of what is unchanged")
    parser.add_argument("--pages", type=int, default=160, help="of each kind")
    options = parser.parse_args()
    logs.configure("json", "error")
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    site_server = context.Process(target=serve, args=(there, options.feeds, options.items), daemon=True)
    site_server.start()
    try:
        with TemporaryDirectory() as folder:
            compare(Site(options.feeds, options.items, here.recv()), Path(folder), options.rounds, options.pages)
    finally:
        site_server.terminate()
        site_server.join()


if __name__ == "__main__":
    main()
