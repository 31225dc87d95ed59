"""Everything that is measured against a floor in the same run, in one table: ours, the floor, the ratio, its limit.

    python -m benchmarks [--feeds 500] [--items 40] [--rounds 3] [--pages 160]

The other benchmarks have questions of their own; each says in its first lines what it measures.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import page, polling
from benchmarks.figures import HEAD, Figure
from monitor import logs


def figures(options: argparse.Namespace) -> Iterator[Figure]:
    """Measure one after the other."""
    with polling.served(options.feeds, options.items) as site, TemporaryDirectory() as folder:
        place = polling.Place(Path(folder), site.addresses)
        place.prepare()
        yield from polling.compare(site, place, options.rounds)
    with polling.served(options.feeds, options.items) as site, TemporaryDirectory() as folder:
        place = polling.Place(Path(folder), site.addresses)
        place.prepare()
        yield polling.inside(place, site, options.rounds)
    yield from page.compare(options.pages)


def main() -> None:
    """Print each line as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--items", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3, help="of what is unchanged; the cheapest counts")
    parser.add_argument("--pages", type=int, default=160, help="of each kind")
    options = parser.parse_args()
    logs.configure("json", "error")
    print(HEAD)
    for figure in figures(options):
        print(figure, flush=True)


if __name__ == "__main__":
    main()
