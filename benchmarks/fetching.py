"""What a visit costs: CPU of our fetcher per request against a bare aiohttp GET, measured in the same run on loopback.

    python -m benchmarks.fetching [requests]

The server runs in a process of its own, so that the figures are the client's alone. Both ask for the same 60 kB of
text, gzip-packed, and for an unchanged feed (304), 32 requests at the same time.
"""

import asyncio
import gzip
import multiprocessing
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import aiohttp

from monitor.fetch import Fetcher, FetchOptions
from monitor.model import Failed, Request
from tests.newsserver import Answer, NewsServer

PARALLEL = 32
ROUNDS = 3
TEXT = b" ".join(b"word%d" % (number * 7919 % 10_007) for number in range(7_500))
ETAG = '"1"'


def _serve(pipe: Connection) -> None:
    with NewsServer() as server:
        server.put("/fresh", Answer(body=gzip.compress(TEXT), headers={"Content-Encoding": "gzip"}))
        server.put("/unchanged", Answer(304))
        pipe.send(server.port)
        pipe.recv()


async def _bare(url: str, count: int) -> None:
    headers = {"If-None-Match": ETAG}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=PARALLEL)) as session:

        async def work(share: int) -> None:
            for _ in range(share):
                async with session.get(url, headers=headers) as response:
                    await response.read()

        await asyncio.gather(*(work(count // PARALLEL) for _ in range(PARALLEL)))


def _ours(url: str, count: int) -> None:
    options = FetchOptions(
        allow_private=("127.0.0.0/8",), host_gap_seconds=0.0, per_host=16, parallel=PARALLEL, robots=False
    )
    requests = [Request(url, "feed", "x", ETAG)] * count
    with Fetcher(options) as fetcher:
        if any(isinstance(visit, Failed) for visit in fetcher.visit_many(requests)):
            raise SystemExit("a visit failed; the figures would mean nothing")


def _cost(work: Callable[[], None], count: int) -> float:
    """The least CPU of this process, in ms per request, of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best / count * 1_000


def main() -> None:
    """Measure and print both ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3_200
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    port = here.recv()
    for path in ("/fresh", "/unchanged"):
        url = f"http://127.0.0.1:{port}{path}"
        bare = _cost(lambda url=url: asyncio.run(_bare(url, count)), count)  # type: ignore[misc]
        ours = _cost(lambda url=url: _ours(url, count), count)  # type: ignore[misc]
        print(f"{path:<11} bare {bare:.3f} ms  ours {ours:.3f} ms  ratio {ours / bare:.2f}")
    here.send("end")
    server.join()


if __name__ == "__main__":
    main()
