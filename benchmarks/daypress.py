"""A day of a thousand feeds on loopback, by a clock that the reader of it turns: feeds, and the pages they lead to.

Half of the outlets publish ten items a day or fewer, some of them hundreds; two of three mind validators. Each feed
lists its latest 15 items, in the four styles of `benchmarks.site`; pages are of 40 kB, and every fifth is edited once
after twelve hours. Of a hundred items one or two match a shipped topic and twelve hold some of its words. Words are as
frequent as in prose (Zipf). The same numbers give the same text.
"""

import asyncio
import random
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from functools import cached_property, lru_cache
from itertools import accumulate
from multiprocessing.connection import Connection
from pathlib import Path

from aiohttp import web

from benchmarks.dayrun import START, Clock
from benchmarks.page import Pen, page
from benchmarks.site import MATCHING, NEAR, Item, drawn, free_port, host

DAY = 86_400.0  # seconds
LISTED = 15  # items of a feed
MATCH, NEARLY, EDITED = 0.015, 0.135, 0.2
_EDIT = "</h1><p>The ministry has since named another sum and another town.</p>"


@dataclass(frozen=True)
class Press:
    """All outlets; `items` are published by all together in a day."""

    feeds: int
    items: int
    port: int = 0

    def feed_url(self, feed: int) -> str:
        """Where its feed is; hosts have twenty of a thousand."""
        return f"http://{host(feed)}:{self.port}/{feed}/feed.xml"

    def listed(self, feed: int, at: float) -> range:
        """Numbers of the items that its feed lists at that moment, the oldest first."""
        end = bisect_right(self._moments(feed), at)
        return range(end - LISTED, end)

    def published(self, feed: int, first: float, last: float) -> int:
        """How many items came between these moments."""
        moments = self._moments(feed)
        return bisect_right(moments, last) - bisect_right(moments, first)

    @lru_cache(maxsize=20_000)  # noqa: B019 - a press lives as long as the program
    def item(self, feed: int, number: int) -> Item:
        """An item; its page is asked for apart."""
        pen = Pen(f"day {feed} {number}")
        fate, title = pen.dice.random(), pen.sentence()[:70]
        lead = pen.sentence()
        if fate < MATCH:
            title = pen.dice.choice(MATCHING["en"].split("|")).format(n=pen.dice.randint(3, 900))
            lead = f"{title}, {lead}"
        elif fate < NEARLY:
            lead = pen.dice.choice(NEAR["en"].split("|")).format(n=pen.dice.randint(3, 90))
        text = "</p><p>".join(pen.sentence() for _ in range(14)) if feed % 4 == 1 else ""
        at = START + timedelta(seconds=int(self._moments(feed)[number]))
        link = f"http://{host(feed)}:{self.port}/{feed}/{number}.html"
        return Item(f"{feed}-{number}", link, title, f"{lead} {pen.sentence()}", f"{lead}</p><p>{text}", at)

    def document(self, feed: int, at: float) -> bytes:
        """Its feed at that moment."""
        return drawn(feed, [self.item(feed, number) for number in reversed(self.listed(feed, at))])

    def page(self, feed: int, number: int, at: float) -> bytes:
        """The page of an item at that moment."""
        item = self.item(feed, number)
        lead = item.teaser.partition(". ")[0] + "."
        _, html = page("ordinary", feed * 1_000_000 + number, item.title, lead)
        if number % round(1 / EDITED) == 0 and at > self._moments(feed)[number] + DAY / 2:
            html = html.replace("</h1>", _EDIT)
        return html.encode()

    @cached_property
    def _shares(self) -> list[float]:
        dice = random.Random("shares")  # noqa: S311 - repeatable numbers, no secret
        weights = [min(dice.lognormvariate(0.0, 1.2), 12.0) for _ in range(self.feeds)]
        return [weight / sum(weights) for weight in weights]

    @lru_cache(maxsize=20_000)  # noqa: B019 - as above
    def _moments(self, feed: int) -> list[float]:
        """When its items come: those that stand there at the beginning, and those of two days."""
        dice = random.Random(f"moments {feed}")  # noqa: S311 - repeatable numbers, no secret
        pause = DAY / (self._shares[feed] * self.items)
        past = list(accumulate(dice.expovariate(1.0) * pause for _ in range(LISTED)))
        moments, moment = [-one for one in reversed(past)], dice.expovariate(1.0) * pause
        while moment < 2 * DAY:
            moments.append(moment)
            moment += dice.expovariate(1.0) * pause
        return moments


@dataclass
class Served:
    """What was asked for."""

    feeds: int = 0
    unchanged: int = 0
    pages: int = 0
    bytes: int = 0


def serve(pipe: Connection, feeds: int, items: int, clock_file: Path) -> None:
    """Serve until the process is ended; tells the port as soon as it answers, then what was asked, whenever asked."""
    port = free_port()
    press, clock = Press(feeds, items, port), Clock(clock_file)
    seen, asked = Served(), set[tuple[int, int]]()
    bodies: dict[int, tuple[range, bytes]] = {}

    async def feed(request: web.Request) -> web.Response:
        number = int(request.match_info["feed"])
        listed = press.listed(number, clock.seconds)
        if number not in bodies or bodies[number][0] != listed:
            bodies[number] = listed, press.document(number, clock.seconds)
        tag = f'"{listed.stop}"' if number % 3 else ""
        seen.feeds += 1
        if tag and request.headers.get("If-None-Match") == tag:
            seen.unchanged += 1
            return web.Response(status=304, headers={"ETag": tag})
        seen.bytes += len(bodies[number][1])
        headers = {"ETag": tag} if tag else {}
        return web.Response(body=bodies[number][1], content_type="application/xml", headers=headers)

    async def html(request: web.Request) -> web.Response:
        place = int(request.match_info["feed"]), int(request.match_info["number"])
        body = press.page(*place, clock.seconds)
        seen.pages += 1
        seen.bytes += len(body)
        asked.add(place)
        headers = {"Date": format_datetime(clock.now(), usegmt=True)}
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)

    def tell() -> None:
        try:
            pipe.recv()
        except EOFError:  # whoever asked is gone
            asyncio.get_running_loop().stop()
            return
        pipe.send((seen, sorted(asked)))
        asked.clear()
        seen.__init__()  # type: ignore[misc]

    async def start() -> None:
        application = web.Application()
        application.add_routes([web.get("/{feed}/feed.xml", feed), web.get("/{feed}/{number}.html", html)])
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        for name in {host(number) for number in range(feeds)}:
            await web.TCPSite(runner, name, port).start()
        asyncio.get_running_loop().add_reader(pipe.fileno(), tell)
        pipe.send(port)
        await asyncio.Event().wait()

    with suppress(RuntimeError):  # stopped, for whoever asked is gone
        asyncio.run(start())
