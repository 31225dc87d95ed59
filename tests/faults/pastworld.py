"""Sites with a past on loopback, of which three answers in a hundred fail once: a paged blog, a newspaper with a
sitemap index, a CDX server with snapshots; and WARC files. Each knows what truly exists, which is what a backfill must
find.
"""

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from tests.newsserver import Answer, NewsServer

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_FAULTS = (Answer(503), Answer(500), Answer(hang_up=True), Answer(body=b"<html><p>half a", cut_after=5))
_SUBJECTS = ("harbour", "orchard", "tramline", "library", "footbridge", "market hall", "observatory", "ferry")
_ACTS = ("reopens after repairs", "gets a new director", "closes for the winter", "counts more visitors", "is painted")
_MATCHING = "Three NASAMS batteries were promised to the air defence of the capital, the ministry said on that day."
TOPICS = """
[topics.air-defence]
title = "Air defence"
threshold = 0.5
bias = -2
clauses = [{ name = "systems", query = '"air defence" OR nasams', weight = 6 }]
"""


@dataclass(frozen=True, slots=True)
class Post:
    """One article that truly exists."""

    path: str
    title: str
    at: datetime
    body: str


def posts(prefix: str, number: int, last: datetime, step: timedelta, seed: int = 1) -> list[Post]:
    """Articles from `last` backwards, the newest first; every tenth is of the topic."""
    chance = random.Random(seed)
    made = []
    for index in range(number):
        at = last - index * step
        subject, act = chance.choice(_SUBJECTS), chance.choice(_ACTS)
        title = f"Number {number - index}: the {subject} {act}"
        words = " ".join(
            f"On {at:%d %B %Y} the {chance.choice(_SUBJECTS)} number {chance.randint(1, 99_999)} "
            f"{chance.choice(_ACTS)}, as {chance.randint(2, 900)} people could see."
            for _ in range(6)
        )
        if index % 10 == 0:
            title, words = f"{title}, and NASAMS", f"{_MATCHING} {words}"
        made.append(
            Post(f"/{prefix}/{at:%Y/%m/%d}/story-{number - index}-of-the-{subject.replace(' ', '-')}", title, at, words)
        )
    return made


def page(post: Post) -> bytes:
    """An article's page, with its date as pages state it."""
    return (
        f'<!doctype html><html lang="en"><head><title>{post.title}</title>'
        f'<meta property="og:title" content="{post.title}">'
        f'<meta property="article:published_time" content="{post.at.isoformat()}"></head>'
        f"<body><article><h1>{post.title}</h1><p>{post.body}</p></article></body></html>"
    ).encode()


HTML = {"Content-Type": "text/html; charset=utf-8"}
XML = {"Content-Type": "application/xml"}


class Past:
    """Puts sites into a server; `truth` is what exists, by address."""

    def __init__(self, server: NewsServer, seed: int = 7, faults: float = 0.03) -> None:
        self.server = server
        self.truth: dict[str, Post] = {}
        self._chance = random.Random(seed)
        self._faults = faults

    def put(self, path: str, answer: Answer, host: str = "") -> None:
        """An answer that may fail the first time."""
        fails = self._chance.random() < self._faults
        self.server.put(path, *([self._chance.choice(_FAULTS)] if fails else []), answer)

    def within(self, start: datetime, end: datetime) -> set[str]:
        """The addresses of what exists in a span."""
        return {url for url, post in self.truth.items() if start <= post.at <= end}

    def articles(self, made: Sequence[Post], *, gone: bool = False) -> None:
        """Their pages; `gone`: the site has them no longer."""
        for post in made:
            self.truth[self.server.url(post.path)] = post
            if not gone:
                self.put(post.path, Answer(body=page(post), headers=HTML))

    def feed(self, made: Sequence[Post]) -> bytes:
        """RSS with a summary."""
        items = "".join(
            f"<item><guid>{self.server.url(post.path)}</guid><link>{self.server.url(post.path)}</link>"
            f"<title>{post.title}</title><pubDate>{post.at:%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
            f"<description>{post.body[:120]}</description></item>"
            for post in made
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>{items}</channel></rss>'.encode()

    def blog(self, made: Sequence[Post], a_page: int = 10, path: str = "/blog/feed") -> str:
        """A blog with `?paged=`; beyond the last page it answers 404, as WordPress does."""
        self.articles(made)
        for number, start in enumerate(range(0, len(made), a_page), 1):
            query = f"?paged={number}" if number > 1 else ""
            self.put(f"{path}{query}", Answer(body=self.feed(made[start : start + a_page]), headers=XML))
        return self.server.url(path)

    def newspaper(self, made: Sequence[Post], path: str = "/paper/feed") -> str:
        """A feed of the last ten articles, robots.txt, a sitemap index with a sitemap a day."""
        self.articles(made)
        self.put(path, Answer(body=self.feed(made[:10]), headers=XML))
        index = self.server.url("/sitemaps/index.xml")
        self.put("/robots.txt", Answer(body=f"User-agent: *\nSitemap: {index}\n".encode()))
        days: dict[str, list[Post]] = {}
        for post in made:
            days.setdefault(f"{post.at:%Y-%m-%d}", []).append(post)
        parts = ""
        for day, of_day in days.items():
            place = f"/sitemaps/articles-{day}.xml"
            parts += f"<sitemap><loc>{self.server.url(place)}</loc><lastmod>{day}</lastmod></sitemap>"
            urls = "".join(
                f"<url><loc>{self.server.url(post.path)}</loc><lastmod>{post.at.isoformat()}</lastmod></url>"
                for post in of_day
            )
            self.put(place, Answer(body=_sitemap("urlset", urls), headers=XML))
        self.put("/sitemaps/index.xml", Answer(body=_sitemap("sitemapindex", parts), headers=XML))
        return self.server.url(path)

    def wayback(self, made: Sequence[Post], each: int = 5, path: str = "/mag/feed") -> str:
        """A site whose older half is gone, and a CDX server at the same address: a snapshot of the feed for every
        `each` articles, and one of each article's page.
        """
        half = len(made) // 2
        self.articles(made[:half])
        self.articles(made[half:], gone=True)
        self.put(path, Answer(body=self.feed(made[:each]), headers=XML))
        url, rows = self.server.url(path), []
        for start in range(0, len(made), each):
            stamp = f"{made[start].at + timedelta(minutes=5):%Y%m%d%H%M%S}"
            rows.append([stamp, url])
            self.put(f"/web/{stamp}id_/{url}", Answer(body=self.feed(made[start : start + each]), headers=XML))
            for post in made[start : start + each]:
                link = self.server.url(post.path)
                self.put(f"/web/{stamp}id_/{link}", Answer(body=page(post), headers=HTML))
        pages = [[f"{post.at + timedelta(hours=1):%Y%m%d%H%M%S}", self.server.url(post.path)] for post in made]
        for (stamp, link), post in zip(pages, made, strict=True):
            self.put(f"/web/{stamp}id_/{link}", Answer(body=page(post), headers=HTML))
        self._cdx = {"digest": rows, "urlkey": pages}
        return url

    def answer_cdx(self, base: str, since: datetime) -> None:
        """Answer the questions that a backfill since then asks, in portions of forty rows with a resume key."""
        for collapse, rows in self._cdx.items():
            what = f"{urlsplit(base).netloc}/*" if collapse == "urlkey" else base
            more = "&filter=mimetype:text/html" if collapse == "urlkey" else ""
            asked = (
                f"/cdx/search/cdx?url={quote(what, safe='')}&output=json&fl=timestamp,original"
                f"&from={since:%Y%m%d%H%M%S}&to={NOW:%Y%m%d%H%M%S}&filter=statuscode:200"
                f"&collapse={collapse}&limit=2000&showResumeKey=true{more}"
            )
            wanted = [row for row in rows if row[0] >= f"{since:%Y%m%d%H%M%S}"]
            for start in range(0, max(1, len(wanted)), 40):
                portion: list[list[str]] = [["timestamp", "original"], *wanted[start : start + 40]]
                if start + 40 < len(wanted):
                    portion += [[], [f"key {start + 40}"]]
                key = f"&resumeKey=key%20{start}" if start else ""
                self.put(asked + key, Answer(body=json.dumps(portion).encode()))


def record(url: str, body: bytes, at: datetime, kind: str = "text/html") -> bytes:
    """One response in a WARC file, a gzip member of its own."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind.encode(), len(body), body)
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, url)}>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", 1)


def warc(file: Path, made: Sequence[Post], origin: str, others: int = 0, damaged: float = 0.03) -> set[str]:
    """A WARC file with these articles among `others` pages of other sites, of which some are damaged; the addresses
    of the articles.
    """
    chance = random.Random(9)
    links = {f"{origin}{post.path}" for post in made}
    filler = chance.randbytes(18_000).hex().encode()
    with file.open("wb") as out:
        left = list(made)
        for number in range(others + len(made)):
            if left and chance.random() < len(left) / (others + len(made) - number):
                post = left.pop(0)
                out.write(record(f"{origin}{post.path}", page(post), post.at + timedelta(minutes=30)))
            else:
                body = b"<html><body>%d %s</body></html>" % (number, filler)
                other = bytearray(record(f"https://other-{number % 50}.example/a/{number}", body, NOW))
                if chance.random() < damaged:
                    other[len(other) // 2] ^= 0xFF
                out.write(bytes(other))
    return links


def _sitemap(root: str, inner: str) -> bytes:
    place = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{place}">{inner}</{root}>'.encode()


def configuration(folder: Path, feeds: dict[str, str], more: str = "") -> Path:
    """A configuration with these feeds (name → address), on loopback and without any gap."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "monitor.toml").write_text(
        '[log]\nlevel = "error"\n[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\nper_host = 8\n'
        + more,
        "utf-8",
    )
    (folder / "feeds.toml").write_text(
        "".join(
            f'[[feed]]\nname = "{name}"\nurl = "{url}"\nlanguage = "en"\npages = "always"\n'
            for name, url in feeds.items()
        ),
        "utf-8",
    )
    (folder / "topics.toml").write_text(TOPICS, "utf-8")
    (folder / "subscriptions.toml").write_text(
        '[channel.folder]\nkind = "file"\n[[subscription]]\nname = "daily"\nchannel = "folder"\n'
        'schedule = "0 8 * * *"\nzone = "Europe/Kyiv"\n',
        "utf-8",
    )
    return folder
