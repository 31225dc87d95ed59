"""What it costs to claim due feeds on PostgreSQL: by several workers at once, and with ever more feeds.

    python -m benchmarks.claims [--due 100000] [--workers 4] [--batch 500] [--rows 1000 10000 100000 1000000]

The server is one of its own, as safe as servers are by default (`synchronous_commit` and `fsync` on), and it shares the
machine with the workers. A worker claims a batch, notes each feed as visited (which ends the claim) and goes on until
nothing is due; what counts is the time of all claims together, and of claims alone. `--url`: another server's database,
which must be empty.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from statistics import median

import psycopg
from msgspec.structs import replace

from monitor.jobs.claiming import LEASE
from monitor.store import open_store
from tests.postgres import running

NOW = datetime(2026, 11, 26, 6, tzinfo=UTC)
SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
FEEDS_OF_A_HOST = 4
SAMPLES = 60  # claims of one size


@dataclass(frozen=True)
class Share:
    """What one worker did."""

    feeds: tuple[str, ...]
    claiming: float  # seconds
    whole: float


_FILL = """
    INSERT INTO feed_states (feed, active, due_at, etag, last_modified, body_hash, failures, problem, url, host)
    SELECT 'feed' || n, true, %(now)s + CASE WHEN n < %(first)s + %(due)s THEN n - 3e9 ELSE 60e6 + n * 80e3 END,
        '"etag"', 'Thu, 26 Nov 2026 05:00:00 GMT', repeat('0', 32), 0, '',
        'https://host' || n / %(share)s || '.example/' || n, 'host' || n / %(share)s || '.example'
    FROM generate_series(%(first)s::bigint, %(last)s) AS n
"""


def fill(url: str, first: int, number: int, due: int) -> None:
    """The feeds from `first` up to `number`, the first `due` of which are due.

    As in a table that has stood for months, what filling it leaves for the server to do is done: statistics, writing.
    """
    now = int(NOW.timestamp() * 1e6)
    given = {"now": now, "first": first, "last": number - 1, "due": due, "share": FEEDS_OF_A_HOST}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_FILL, given)
        connection.execute("VACUUM ANALYZE feed_states")  # as autovacuum would, sooner or later
        connection.execute("CHECKPOINT")


def work(url: str, holder: str, batch: int) -> Share:
    """Claim and note until nothing is due."""
    store = open_store(url)
    feeds: list[str] = []
    claiming, started = 0.0, time.perf_counter()
    while True:
        begun = time.perf_counter()
        with store.claiming() as shelves:
            states = shelves.claims.take(holder, NOW, batch, LEASE)
        claiming += time.perf_counter() - begun
        if not states:
            store.close()
            return Share(tuple(feeds), claiming, time.perf_counter() - started)
        feeds += [state.feed for state in states]
        with store.begin() as shelves:
            shelves.feeds.amend(*((one, replace(one, due_at=NOW + timedelta(hours=1))) for one in states))


def together(url: str, due: int, workers: int, batch: int) -> str:
    """`due` feeds by `workers` processes; a line about it."""
    open_store(url).close()
    fill(url, 0, due, due)
    context = get_context("spawn")
    with context.Pool(workers) as pool:
        pool.map(time.sleep, [0.2] * workers)  # they are there
        started = time.perf_counter()
        shares = pool.starmap(work, [(url, f"worker {number}", batch) for number in range(workers)], chunksize=1)
        seconds = time.perf_counter() - started
    feeds = [feed for share in shares for feed in share.feeds]
    assert len(feeds) == len(set(feeds)) == due, "every feed is claimed once"
    claiming = sum(share.claiming for share in shares)
    return (
        f"{due:,} due feeds, {workers} workers, batches of {batch}: {due / seconds:,.0f} feeds/s claimed and noted"
        f" ({seconds:.1f} s); {claiming / due * 1e6:.0f} us of a worker's time a feed, waiting included"
    )


def by_size(urls: Mapping[int, str], batch: int) -> Iterator[str]:
    """What a claim costs in tables of so many feeds, half of them due; a line for each size.

    They take turns, for a machine is not equally fast all the time.
    """
    stores = {size: open_store(url) for size, url in urls.items()}
    for size, url in urls.items():
        fill(url, 0, size, size // 2)
    spent: dict[int, list[float]] = {size: [] for size in urls}
    for _ in range(SAMPLES):
        for size, store in stores.items():
            begun = time.perf_counter()
            with store.claiming() as shelves:
                states = shelves.claims.take("alone", NOW, batch // 5, LEASE)
            spent[size].append((time.perf_counter() - begun) / len(states))
            with store.begin() as shelves:
                shelves.claims.release("alone", [one.feed for one in states])
    for size, store in stores.items():
        store.close()
        yield f"{size:>9,} feeds: {median(spent[size]) * 1e6:.0f} us a claimed feed (batches of {batch // 5})"


@contextmanager
def _servers(url: str, sizes: Sequence[int]) -> Iterator[tuple[str, dict[int, str]]]:
    """Where workers claim together, and where there are so many feeds."""
    if url:
        yield url, {}
        return
    with running(**SAFE) as server:
        yield server.database("together"), {size: server.database(f"of_{size}") for size in sorted(set(sizes))}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--due", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--url", default="", help="an empty database on another server")
    given = parser.parse_args()
    with _servers(given.url, given.rows) as (one, by_rows):
        sys.stdout.write(together(one, given.due, given.workers, given.batch) + "\n")
        sys.stdout.flush()
        for line in by_size(by_rows, given.batch):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
