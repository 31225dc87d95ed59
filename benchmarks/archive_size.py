"""What a year's archive takes: some days of invented outlets, followed by the program's jobs, measured, extrapolated.

    python -m benchmarks.archive_size [--days 7] [--feeds 100] [--a-day 12] [--pages always]

Every half hour what is due is polled, the shipped topics judge it, pages of matches are looked at again, a digest is
composed each morning, and evidence is kept, all by the shipped settings but for the network, which is made up here.
Of a hundred items three match, and twelve hold some of the topics' words. Every fourth feed has whole texts, the others
two sentences; pages are of 40 kB, and every fifth is edited once. Words are as frequent as in prose (Zipf).

Bytes are those of the files without gaps, before and after the tidying of 61 days later, which forgets what it may: a
year is 60 days of whole items, 305 of forgotten ones, and the evidence of all.
"""

import argparse
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from pathlib import Path

from msgspec.structs import replace

from benchmarks.page import Pen, page
from benchmarks.site import MATCHING, NEAR
from monitor import logs
from monitor.app import App, open_app
from monitor.cli.common import shipped_config
from monitor.model import Failed, Failure, Fresh, Request, Unchanged, Visit, Wire
from monitor.settings import load_settings

KEEP = 60  # days; `tidy.keep_days`
START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=30)
LISTED = 20  # items of a feed
MATCH, NEARLY, EDITED, FULL = 0.03, 0.15, 0.2, 4
_WORKING = '[extract]\nworkers = 0\n[poll]\ncanaries = []\npages = "{pages}"\n[log]\nlevel = "error"\n'
_SUBSCRIPTION = """
[channel.out]
kind = "file"
[[subscription]]
name = "daily"
channel = "out"
schedule = "0 8 * * *"
zone = "Europe/Kyiv"
"""


@dataclass(frozen=True, slots=True)
class Story:
    """One invented article."""

    link: str
    title: str
    teaser: str
    html: str
    at: datetime
    edited: bool


@lru_cache(maxsize=4_000)
def story(feed: int, number: int, a_day: int) -> Story:
    """The article of that number of a feed."""
    pen = Pen(f"{feed} {number}")
    fate, subject = pen.dice.random(), pen.sentence()[:70]
    if fate < MATCH:
        subject = pen.dice.choice(MATCHING["en"].split("|")).format(n=pen.dice.randint(3, 900))
    lead = pen.sentence()
    if fate < MATCH:
        lead = f"{subject}, {lead}"
    elif fate < NEARLY:
        lead = pen.dice.choice(NEAR["en"].split("|")).format(n=pen.dice.randint(3, 90))
    _, html = page("ordinary", feed * 1_000_000 + number, subject, lead)
    link = f"https://outlet{feed}.example/news/{number}/story.html"
    at = START + timedelta(days=(number + pen.dice.random()) / a_day)
    return Story(link, subject, f"{lead} {pen.sentence()}", html, at, pen.dice.random() < EDITED)


class Press:
    """The web: what feeds and pages say at a moment."""

    def __init__(self, a_day: int) -> None:
        self.now = START
        self._a_day = a_day
        self._tags: dict[str, str] = {}

    def visit_many(self, requests: Iterable[Request]) -> Iterator[Visit]:
        """Each answer as it is now."""
        for request in requests:
            yield self.visit(request)

    def visit(self, request: Request) -> Visit:
        """304 where a feed has nothing new; 404 beyond feeds and articles."""
        feed = int(request.url.removeprefix("https://outlet").partition(".")[0])
        if request.url.endswith("/feed.xml"):
            body = self._feed(feed)
            tag = hashlib.sha256(body).hexdigest()
            if self._tags.get(request.url) == tag:
                return Unchanged(request, self.now)
            self._tags[request.url] = tag
            return self._answer(request, body, "application/rss+xml")
        if not request.url.endswith("/story.html"):
            return Failed(request, Failure.STATUS, "HTTP 404 Not Found", self.now, status=404)
        number = int(request.url.split("/")[-2])
        found = story(feed, number, self._a_day)
        html = found.html
        if found.edited and self.now > found.at + timedelta(hours=12):
            html = html.replace("</h1>", "</h1><p>The ministry has since named another sum and another town.</p>")
        return self._answer(request, html.encode(), "text/html; charset=utf-8")

    def close(self) -> None:
        """Nothing to close."""

    def _feed(self, feed: int) -> bytes:
        latest = int((self.now - START) / timedelta(days=1) * self._a_day)
        stories = [story(feed, number, self._a_day) for number in range(max(0, latest - LISTED), latest + 1)]
        items = "".join(
            f"<item><guid>{one.link}</guid><link>{one.link}</link><title>{escape(one.title)}</title>"
            f"<pubDate>{format_datetime(one.at.replace(microsecond=0))}</pubDate>"
            f"<description>{escape(one.teaser)}</description>{_whole(one) if feed % FULL == 0 else ''}</item>"
            for one in reversed(stories)
            if one.at <= self.now
        )
        return (
            '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>Outlet {feed}</title>{items}</channel></rss>"
        ).encode()

    def _answer(self, request: Request, body: bytes, kind: str) -> Fresh:
        headers = {"content-type": kind, "date": format_datetime(self.now, usegmt=True), "server": "press"}
        wire = Wire("HTTP/1.1 200 OK", tuple((name.encode(), value.encode()) for name, value in headers.items()))
        return Fresh(request, request.url, 200, headers, body, self.now, wire=wire)


def _whole(one: Story) -> str:
    text = one.html.partition('<div class="story-body">')[2].partition("</div>")[0]
    return f"<content:encoded>{escape(text)}</content:encoded>"


def _prepared(folder: Path, feeds: int, pages: str) -> Path:
    """A configuration of the shipped topics and these feeds."""
    config = folder / "config"
    config.mkdir()
    for name in ("topics.toml", "concepts"):
        (config / name).symlink_to(shipped_config() / name)
    (config / "monitor.toml").write_text(_WORKING.format(pages=pages), "utf-8")
    (config / "subscriptions.toml").write_text(_SUBSCRIPTION, "utf-8")
    (config / "feeds.toml").write_text(
        "".join(
            f'[[feed]]\nname = "f{number}"\ntitle = "Outlet {number}"\nurl = "https://outlet{number}.example/feed.xml"\n'
            'language = "en"\n'
            for number in range(feeds)
        ),
        "utf-8",
    )
    return config


def _live(app: App, press: Press, days: int) -> None:
    """Let that many days pass."""
    end = press.now + timedelta(days=days)
    while press.now < end:
        app.poll()
        app.refetch()
        app.digest()
        app.deliver()
        press.now += STEP


def _size(place: Path) -> int:
    return sum(path.stat().st_size for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file())


def main() -> None:
    """Live some days, measure, forget, measure again; print bytes and gigabytes a year."""
    parser = argparse.ArgumentParser(description="What a year's archive takes.")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--a-day", type=int, default=12, help="new items of a feed in a day")
    parser.add_argument("--pages", choices=("likely", "always", "never"), default="likely")
    asked = parser.parse_args()
    logs.configure("plain", "error")
    with tempfile.TemporaryDirectory() as folder:
        place, press = Path(folder), Press(asked.a_day)
        settings = load_settings(_prepared(place, asked.feeds, asked.pages), {}, archive=place / "archive")
        database = settings.archive.folder / "monitor.db"
        sizes = []
        with open_app(settings, now=lambda: press.now, workers=0) as app:
            app.toolbox = replace(app.toolbox, fetcher=press)
            _live(app, press, asked.days)
            with app.store.read() as shelves:
                totals = shelves.browsing.totals()
                visits = sum(shelves.browsing.visits(START - STEP).values())
                exhibits = sum(1 for _ in shelves.exhibits.all())
            for _ in range(2):
                app.store.compact()
                sizes.append(_size(database))
                press.now += timedelta(days=KEEP + 1)
                app.toolbox.store.optimise()
                app.tidy()
        evidence = _size(settings.archive.folder / "evidence") / asked.days
    whole, left = (size / asked.days for size in sizes)
    year = KEEP * whole + (365 - KEEP) * left
    print(f"{asked.days} days of {asked.feeds} feeds: {visits:,} visits, {totals}, {exhibits} pieces of evidence")
    print(
        f"a day {whole / 1e6:.2f} MB in the database, {left / 1e6:.2f} MB of it for ever;"
        f" {evidence / 1e6:.2f} MB of evidence"
    )
    print(f"after a year {year / 1e9:.2f} GB of database, {365 * evidence / 1e9:.2f} GB of evidence")
    print(f"each further year {365 * left / 1e9:.2f} GB and {365 * evidence / 1e9:.2f} GB more")


if __name__ == "__main__":
    main()
