"""A crowd of small outlets on many addresses of loopback that publish while they are read; it counts its visitors.

    with Crowd(feeds=60, hosts=12, seed=1) as crowd: ...

Every outlet publishes at moments drawn from the seed. What it published is in `crowd.published`, and how many asked one
host at a time in `crowd.most`. Pages of an outlet stand on the host beside its own. One item of twenty tells of air
defence; the words of all others, and all headlines, are drawn.
"""

import asyncio
import random
import time
from bisect import bisect_right
from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime
from threading import Event, Thread
from typing import Self

from aiohttp import web

MATCHING = "NASAMS batteries were promised to the air defence"
_WORDS = (
    "harbour tram library winter bread tower bridge choir market ferry orchard museum stadium teacher bakery canal"
    " lantern meadow railway quarry spring village castle archive garden kitchen painter sailor captain valley lake"
).split()
LISTED = 40  # items of a document
ANSWERS_IN = (0.02, 0.1)  # seconds


class Crowd:
    """Serves from a thread of its own. `pause`: seconds between two items of an outlet, on average."""

    def __init__(self, feeds: int, hosts: int, seed: int, pause: float) -> None:
        self.feeds, self._hosts, self._pause, self._seed = feeds, hosts, pause, seed
        self.port = 0
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.asked = 0
        self._began = time.time()
        self._until: float | None = None
        self._moments: dict[int, list[float]] = {}
        self._dice = random.Random(seed)
        self._ready, self._loop = Event(), asyncio.new_event_loop()
        self._thread = Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    def host(self, number: int) -> str:
        """An address of loopback."""
        at = number % self._hosts
        return f"127.0.{2 + at // 250}.{1 + at % 250}"

    def config(self, pages: int) -> str:
        """feeds.toml; every so manieth outlet has its pages fetched."""
        return "".join(
            f'[[feed]]\nname = "f{one}"\nurl = "http://{self.host(one)}:{self.port}/{one}.xml"\nlanguage = "en"\n'
            f'interval_minutes = 1\npages = "{"never" if one % pages else "always"}"\n'
            for one in range(self.feeds)
        )

    def end(self) -> None:
        """From now on nothing is published."""
        self._until = self._until or time.time()

    def published(self) -> set[str]:
        """The links of everything that was published so far."""
        return {self._link(feed, one) for feed in range(self.feeds) for one in range(self._count(feed))}

    def matching(self) -> int:
        """How many of these tell of air defence."""
        return sum(self._matches(feed, one) for feed in range(self.feeds) for one in range(self._count(feed)))

    def _count(self, feed: int) -> int:
        if feed not in self._moments:
            dice = random.Random(f"{self._seed} {feed}")
            moments, at = [0.0, 0.0], 0.0
            while at < 3600:
                moments.append(at := at + dice.expovariate(1 / self._pause))
            self._moments[feed] = moments
        return bisect_right(self._moments[feed], (self._until or time.time()) - self._began)

    def _matches(self, feed: int, number: int) -> bool:
        return (feed + number) % 20 == 0

    def _link(self, feed: int, number: int) -> str:
        return f"http://{self.host(feed + 1)}:{self.port}/{feed}/{number}.html"

    def _text(self, feed: int, number: int) -> tuple[str, str]:
        dice = random.Random(f"{self._seed} {feed} {number}")
        title = " ".join(dice.choices(_WORDS, k=7)) + f" {feed} {number}"
        lead = MATCHING if self._matches(feed, number) else "the council met"
        return title, f"{lead} " + " ".join(dice.choices(_WORDS, k=40))

    def _document(self, feed: int) -> bytes:
        end = self._count(feed)
        items = []
        for number in reversed(range(max(0, end - LISTED), end)):
            title, text = self._text(feed, number)
            at = datetime.fromtimestamp(self._began + self._moments[feed][number], UTC)
            items.append(
                f"<item><guid>{feed}-{number}</guid><link>{self._link(feed, number)}</link><title>{title}</title>"
                f"<description>{text}</description><pubDate>{format_datetime(at)}</pubDate></item>"
            )
        return f"<rss version='2.0'><channel><title>f{feed}</title>{''.join(items)}</channel></rss>".encode()

    async def _answer(self, request: web.Request) -> web.Response:
        host = request.host.partition(":")[0]
        self.asked += 1
        self.now[host] += 1
        self.most[host] = max(self.most[host], self.now[host])
        try:
            await asyncio.sleep(self._dice.uniform(*ANSWERS_IN))
            if "number" not in request.match_info:
                body = self._document(int(request.match_info["feed"]))
                return web.Response(body=body, content_type="application/rss+xml")
            title, text = self._text(int(request.match_info["feed"]), int(request.match_info["number"]))
            page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}.</p>"
            return web.Response(text=f"{page}</article></body></html>", content_type="text/html")
        finally:
            self.now[host] -= 1

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)

        async def start() -> web.AppRunner:
            application = web.Application()
            application.add_routes(
                [web.get(r"/{feed:\d+}.xml", self._answer), web.get(r"/{feed:\d+}/{number:\d+}.html", self._answer)]
            )
            runner = web.AppRunner(application, access_log=None)
            await runner.setup()
            for at in range(min(self._hosts, self.feeds + 1)):
                site = web.TCPSite(runner, self.host(at), self.port)
                await site.start()
                self.port = self.port or int(site._server.sockets[0].getsockname()[1])  # type: ignore[union-attr]
            self._ready.set()
            return runner

        runner = self._loop.run_until_complete(start())
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()
