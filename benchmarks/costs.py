"""What one job costs on this machine: CPU of a visit, an item and a page, and the rows that are written for them.

    python -m benchmarks.costs [--feeds 200] [--items 40]

The defaults of `Costs` are what this printed on two shared cores of a small server. `benchmarks.internet` reckons with
them, or with what it measures afresh (`--measure`).
"""

import argparse
import gzip
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from benchmarks import page
from benchmarks.polling import Place, served
from benchmarks.site import document
from monitor import logs
from monitor.app import App, open_app
from monitor.settings import load_settings
from monitor.store.engine import DRIVER

PAGES = 120


@dataclass(frozen=True)
class Costs:
    """CPU in milliseconds, sizes in bytes on the wire, rows written."""

    unchanged: float = 0.35  # a visit that brings nothing: 304, the same body again, a failure
    read: float = 2.0  # a document that is read, whatever is in it
    item: float = 0.45  # an item that is new: judged, grouped, stored
    page: float = 11.0  # a page: fetched, extracted, its article judged and stored
    rows_visit: float = 2.0  # the feed's state, a line in the log of visits
    rows_item: float = 9.0  # an item, with all that stands in other tables
    bytes_item: float = 150.0  # of a compressed feed
    bytes_page: float = 12_000.0  # compressed


def measure(feeds: int = 200, items: int = 40) -> Costs:
    """Measure all of them; takes a minute or so."""
    logs.configure("json", "error")
    with served(feeds, items) as site, TemporaryDirectory() as folder:
        place = Place(Path(folder), site.addresses)
        place.prepare()
        with open_app(load_settings(place.config, {}, archive=place.archive), workers=0) as app:
            new = _round(app, feeds * items)
            rows = _rows(place.archive / "monitor.db") - 2 * feeds
            unchanged = min(_round(app, 0) for _ in range(3))
            read = min(_read_again(app) for _ in range(2))
    with page.served(PAGES) as root, TemporaryDirectory() as folder:
        a_page = page.ours(root, "ordinary", PAGES, Path(folder))
    body = document(0, items, datetime.now(UTC))
    return Costs(
        unchanged=round(unchanged / feeds * 1e3, 3),
        read=round(read / feeds * 1e3, 3),
        item=round((new - read) / (feeds * items) * 1e3, 3),
        page=round(a_page * 1e3, 2),
        rows_item=round(rows / (feeds * items), 1),
        bytes_item=round(len(gzip.compress(body)) / items),
        bytes_page=round(sum(len(gzip.compress(page.page("ordinary", n)[1].encode())) for n in range(20)) / 20),
    )


def _round(app: App, new: int) -> float:
    """CPU seconds of a round that finds so many new items."""
    started = time.process_time()
    done = app.poll(force=True)
    if done.failed or done.new != new:
        raise SystemExit(f"the figures would mean nothing: {done}")
    return time.process_time() - started


def _read_again(app: App) -> float:
    """The same of one in which every document is read again, and nothing in it is new."""
    with app.store.begin() as shelves:
        states = shelves.feeds.states()
        shelves.feeds.amend(*((one, replace(one, etag="", last_modified="", body_hash="")) for one in states.values()))
    return _round(app, 0)


def _rows(archive: Path) -> int:
    """In all tables but those that the search keeps for itself."""
    connection = DRIVER.connect(archive)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    inner = tuple(f"article_words_{part}" for part in ("data", "idx", "docsize", "config"))
    total = sum(
        int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names if name not in inner
    )
    connection.close()
    return total


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--items", type=int, default=40)
    given = parser.parse_args()
    for name, value in asdict(measure(given.feeds, given.items)).items():
        sys.stdout.write(f"{name:<11} {value:g}\n")


if __name__ == "__main__":
    main()
