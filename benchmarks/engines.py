"""What polling and pages cost on PostgreSQL beside SQLite, in CPU: a whole `monitor once`, as in `benchmarks.polling`,
and a page from the download to the archive, as in `benchmarks.page`.

    python -m benchmarks.engines [--feeds 200] [--items 40] [--rounds 3] [--pages 160]

CPU seconds, user and system, of the program with its children on either engine, in one run and on the same site; and
what the server itself took, which on a file is part of the program's. The engines take turns, and the cheapest of
`--rounds` counts; what is new is so only once.
"""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Sequence
from itertools import product
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


def measure(site: Site, places: Sequence[Place], rounds: int, server: Server) -> dict[str, list[tuple[float, float]]]:
    """Of each kind of round (the program's, the server's) seconds in each place, in turns: machines change pace."""
    found: dict[str, list[tuple[float, float]]] = {}
    for what, mode, times in (
        ("everything new", "tags", 1),
        ("unchanged, 304", "tags", rounds),
        ("unchanged, no validators", "bare", rounds),
    ):
        site.switch(mode)
        new = site.feeds * site.items if what == "everything new" else 0
        costs: list[list[tuple[float, float]]] = [[] for _ in places]
        for _, (place, its) in product(range(times), zip(places, costs, strict=True)):
            before = cpu_of_server(server)
            seconds, done = ours(place)
            if done["failed"] or done["new"] != new:
                raise SystemExit(f"{what}: the figures would mean nothing: {done}")
            its.append((seconds, cpu_of_server(server) - before))
        found[what] = [min(its) for its in costs]
    return found


def pages(server: Server, count: int, rounds: int, folder: Path) -> None:
    """Measure the pages of each kind on both, in turns, and print."""
    sys.stdout.write(f"{count} pages of each kind; CPU milliseconds a page\n")
    with served(count) as root:
        for kind in KINDS:
            here, there = [], []
            for turn in range(rounds):
                here.append(a_page(root, kind, count, folder / f"file{turn}") * 1000)
                url, before = server.database(f"pages_{kind}_{turn}"), cpu_of_server(server)
                seconds = a_page(root, kind, count, folder / f"server{turn}", url) * 1000
                there.append((seconds, (cpu_of_server(server) - before) / count * 1000))
            _print(f"{kind} page", min(here), *min(there))


def _print(what: str, here: float, there: float, by_server: float) -> None:
    sys.stdout.write(
        f"{what:<25} SQLite {here:6.2f}   PostgreSQL {there:6.2f} + server {by_server:5.2f}"
        f"   ratio {there / here:.2f}, with the server {(there + by_server) / here:.2f}\n"
    )


def compare(site: Site, folder: Path, rounds: int, count: int) -> None:
    """Measure both and print."""
    with running(**SAFE) as server:
        pages(server, count, rounds, folder)
        places = []
        for name, url in (("file", ""), ("server", server.database("polling"))):
            (folder / name).mkdir()
            place = Place(folder / name, site.addresses)
            place.prepare()
            with (place.config / "monitor.toml").open("a", encoding="utf-8") as file:
                file.write(f'[archive]\nurl = "{url}"\n' if url else "")
            places.append(place)
        results = measure(site, places, rounds, server)
    sys.stdout.write(f"{site.feeds} feeds of {site.items} items; CPU seconds\n")
    for what, ((here, _), (there, by_server)) in results.items():
        _print(what, here, there, by_server)


def main() -> None:
    """Serve the site, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--items", type=int, default=40, help="of each feed")
    parser.add_argument("--rounds", type=int, default=3, help="of pages and of what is unchanged; the cheapest counts")
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
