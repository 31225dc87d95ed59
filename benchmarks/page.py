"""What a page costs from the download to the archive, against a floor measured in the same run on loopback.

    python -m benchmarks.page [pages]

Ours: one round of `monitor once` over feeds of 40 items, all pages fetched, extracted, judged by the shipped topics,
grouped and stored; in one process, so that all of it is counted. The floor: a bare aiohttp GET, one call of
`trafilatura.bare_extraction`, one insert into SQLite; with that call's defaults, and with its `fast=True`. Two kinds of
invented pages: ordinary ones (40 kB, 20 paragraphs, two menus) and those of a portal (200 kB of menus, teasers and
scripts).
CPU time of this process; the server has one of its own.
"""

import asyncio
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import accumulate
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp
from msgspec.structs import replace
from trafilatura import bare_extraction

from benchmarks.figures import HEAD, Figure
from benchmarks.judging import invented_words
from monitor import logs
from monitor.app import open_app
from monitor.cli.common import shipped_config
from monitor.fetch import FetchOptions
from monitor.model import Feed
from monitor.settings import load_settings
from tests.newsserver import Answer, NewsServer

PER_FEED = 40
KNOWN = 1_000  # articles judged before: most words of a language have been seen by a program that runs for months
KINDS = ("ordinary", "portal")
FREQUENT = (
    "the of and to in a that was for it with he on as is at by said from his they were which had not but be this are"
    " have an their been who will would more when after its also one than out up new year government minister people"
).split()  # so that the language is told as it is of real text
VOCABULARY = [*FREQUENT, *invented_words(random.Random(7))]  # noqa: S311 - a repeatable text, no secret
CUMULATED = list(accumulate(1 / (rank + 5) for rank in range(len(VOCABULARY))))


class Pen:
    """Writes sentences whose words are as frequent as in a language (Zipf)."""

    def __init__(self, seed: str) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a repeatable text, no secret

    def sentence(self, longest: int = 21) -> str:
        """Some words with a full stop."""
        words = self.dice.choices(VOCABULARY, cum_weights=CUMULATED, k=self.dice.randint(9, longest))
        return f"{' '.join(words).capitalize()}."

    def paragraph(self) -> str:
        """Four sentences with a link and emphasis in them, as editors write."""
        first, *rest = (self.sentence() for _ in range(4))
        return f'<p class="text">{first} <a href="/about">{rest[0][:20]}</a> {rest[1]} <strong>{rest[2]}</strong></p>'

    def links(self, count: int) -> str:
        """A menu."""
        items = (
            f'<li class="item"><a class="link" href="/x/{n}"><span>{self.sentence(12)[:50]}</span></a></li>'
            for n in range(count)
        )
        return f"<ul>{''.join(items)}</ul>"


def page(kind: str, number: int, headline: str = "", lead: str = "") -> tuple[str, str]:
    """(headline, HTML) of an invented article; `lead` is its first paragraph."""
    pen = Pen(f"{kind} {number}")
    headline = headline or pen.sentence()[:70]
    menus, teasers, scripts = (60, 20, 4) if kind == "ordinary" else (300, 120, 25)
    text = (f"<p>{lead}</p>" if lead else "") + "".join(pen.paragraph() for _ in range(20))
    boxes = "".join(
        f'<div class="teaser"><img src="/i/{n}.jpg"><h4><a href="/t/{n}">{pen.sentence()[:60]}</a></h4>{n} h</div>'
        for n in range(teasers)
    )
    script = f"<script>var data = {[pen.dice.random() for _ in range(200)]};</script>" * scripts
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline} | Courier</title>{script}</head>'
        f'<body><nav>{pen.links(menus)}</nav><div class="page"><main><article class="story"><h1>{headline}</h1>'
        f'<div class="story-body">{text}</div></article></main><div class="side">{boxes}</div></div>'
        f"<footer>{pen.links(menus)}</footer></body></html>"
    )
    return headline, html


def feed(kind: str, numbers: range, heads: Sequence[str], root: str) -> bytes:
    """An RSS document of these pages."""
    items = "".join(
        f"<item><guid>{kind}-{n}</guid><link>{root}/{kind}/{n}.html</link><title>{heads[n]}</title></item>"
        for n in numbers
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>C</title>{items}</channel></rss>'.encode()


def _serve(pipe: Connection, count: int) -> None:
    with NewsServer() as server:
        root = server.url("").rstrip("/")
        for kind in KINDS:
            made = [page(kind, number) for number in range(count)]
            for number, (_, html) in enumerate(made):
                answer = Answer(body=html.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
                server.put(f"/{kind}/{number}.html", answer)
            for start in range(0, count, PER_FEED):
                numbers = range(start, min(count, start + PER_FEED))
                body = feed(kind, numbers, [headline for headline, _ in made], root)
                server.put(f"/{kind}-{start}.xml", Answer(body=body, headers={"Content-Type": "application/rss+xml"}))
        pipe.send(root)
        pipe.recv()


@contextmanager
def served(count: int) -> Iterator[str]:
    """So many pages of each kind and the feeds that list them, answering from a process of its own; the address."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, count), daemon=True)
    server.start()
    try:
        yield here.recv()
    finally:
        here.send("end")
        server.join()


def bare(root: str, kind: str, count: int, folder: Path, *, fast: bool) -> None:
    """The floor."""

    async def fetch() -> list[bytes]:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=16)) as session:

            async def get(number: int) -> bytes:
                async with session.get(f"{root}/{kind}/{number}.html") as response:
                    return await response.read()

            return list(await asyncio.gather(*map(get, range(count))))

    with closing(sqlite3.connect(folder / f"floor-{kind}-{fast}-{count}.db")) as database:
        database.execute("CREATE TABLE articles (number INTEGER PRIMARY KEY, text TEXT)")
        for number, body in enumerate(asyncio.run(fetch())):
            text = bare_extraction(body, fast=fast, include_comments=False)
            database.execute("INSERT INTO articles VALUES (?, ?)", (number, text.text if text else ""))  # type: ignore[union-attr]
        database.commit()


def ours(root: str, kind: str, count: int, folder: Path, url: str = "") -> float:
    """One round over the same pages, in seconds of CPU a page; the second of two. `url` names another archive."""
    settings = load_settings(shipped_config(), {}, archive=folder / f"ours-{kind}")
    if url:
        settings = replace(settings, archive=replace(settings.archive, url=url))
    options = FetchOptions(allow_private=("127.0.0.0/8",), host_gap_seconds=0.0, per_host=16, parallel=16, robots=False)
    feeds = tuple(
        Feed(f"{kind}-{start}", f"{root}/{kind}-{start}.xml", language="en", pages="always")
        for start in range(0, count, PER_FEED)
    )
    pen = Pen("warm")
    for _ in range(KNOWN):
        settings.topics.judge(pen.sentence(), " ".join(pen.sentence() for _ in range(60)), language="en")
    taken = 0.0
    for part in (feeds[: len(feeds) // 2], feeds[len(feeds) // 2 :]):
        with open_app(replace(settings, feeds=part, fetch=options), workers=0) as app:
            started = time.process_time()
            done = app.poll(force=True)
            taken = time.process_time() - started
            if done.new != done.entries or done.pages != done.entries or done.failed:
                raise SystemExit(f"the round went wrong, the figures would mean nothing: {done}")
    return taken / done.entries


def floor(root: str, kind: str, count: int, folder: Path, *, fast: bool) -> float:
    """The floor's seconds of CPU for a page, likewise of a second run."""
    bare(root, kind, count // 2, folder, fast=fast)
    started = time.process_time()
    bare(root, kind, count, folder, fast=fast)
    return (time.process_time() - started) / count


def compare(count: int) -> Iterator[Figure]:
    """Each kind of page against the floor with its defaults, and with `fast=True`."""
    with served(count) as root, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in KINDS:
            mine = ours(root, kind, count, folder) * 1000
            full, fast = (floor(root, kind, count, folder, fast=one) * 1000 for one in (False, True))
            yield Figure(f"{kind} page, to the archive", mine, full, "ms", "aiohttp, trafilatura, insert", 1.35)
            yield Figure(f"{kind} page, to the archive", mine, fast, "ms", "the same with fast=True")


def main() -> None:
    """Measure and print."""
    logs.configure("json", "error")
    print(HEAD)
    for figure in compare(int(sys.argv[1]) if len(sys.argv) > 1 else 160):
        print(figure, flush=True)


if __name__ == "__main__":
    main()
