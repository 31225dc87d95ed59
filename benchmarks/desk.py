"""What the desk's pages cost: `monitor run` with `[web] enabled` on a full archive, asked so often while it ingests.

    python -m benchmarks.desk [--articles 200000] [--rate 20] [--seconds 60] [--keep FOLDER] [--beside] [--quiet]

The archive is filled in bulk: a hundred outlets, long-tailed texts in words as frequent as in prose (Zipf), three of
a hundred matched and put into stories, a digest told each morning. Then the daemon follows feeds of the invented site
that are all new to it, so that it ingests all the time, as fast as it can. Requests come at their times, whether or
not earlier ones were answered, and their milliseconds count from then: waiting for the others is part of them.
`--beside`: the desk is `monitor web`, a process of its own. `--quiet`: there are no feeds, so that the desk is alone
with its archive.
"""

import argparse
import gc
import json
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import accumulate
from pathlib import Path

from benchmarks.polling import CHANNEL
from benchmarks.site import Site, free_port, language_of, serve
from monitor.app import App, open_app
from monitor.cli.common import shipped_config
from monitor.links import article_id
from monitor.logs import configure
from monitor.model import Article, Entry, Evidence, Fingerprint, How, Joins, Opens, Verdict
from monitor.settings import load_settings
from monitor.store import Fate, NewArticle, Outcome, Shelves

OUTLETS = 100
A_DAY = 1_200
MATCHING = 0.03
DIGESTS = 60  # of the last days
_DICE = random.Random(1)  # noqa: S311 - no secret
WORDS = ["".join(_DICE.choices("etaoinsrhldcumfpgwybvk", k=_DICE.randint(2, 11))) for _ in range(60_000)]
FREQUENT = list(accumulate(1 / (rank + 3) for rank in range(len(WORDS))))
SETTINGS = """
[fetch]
allow_private = ["127.0.0.0/8"]
host_gap_seconds = 0.0
per_host = 4
[poll]
canaries = []
[log]
level = "warning"
[web]
listen = "127.0.0.1:{port}"
enabled = {enabled}
"""


def main() -> None:
    """Fill, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=20.0, help="requests a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--feeds", type=int, default=500, help="that the daemon ingests meanwhile")
    parser.add_argument("--items", type=int, default=40, help="of each of them")
    parser.add_argument("--keep", type=Path, help="fill this folder once, and measure on a copy")
    parser.add_argument("--beside", action="store_true", help="the desk as a process beside the daemon")
    parser.add_argument("--quiet", action="store_true", help="no daemon, the desk alone")
    asked = parser.parse_args()
    configure(level="error")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        full = asked.keep or Path(folder) / "full"
        if not full.exists():
            _fill(full, asked.articles)
        here = Path(folder) / "here"
        shutil.copytree(full, here, symlinks=True)
        site = None if asked.quiet else stack.enter_context(_site(asked.feeds, asked.items))
        address = stack.enter_context(_desk(here, site, beside=asked.beside or asked.quiet))
        paths = _paths(address)
        for path in paths:
            _ask(address, path)  # what is made once is made
        before = _articles_of(address)
        if site:
            before = _growing(address, before)
        spent = _spent(address)
        times, largest = _measured(address, paths, asked.rate, asked.seconds)
        spent = (_spent(address) - spent) / sum(map(len, times.values()))
        _print(times, largest, (_articles_of(address) - before) / asked.seconds, spent)


def _print(times: dict[str, list[float]], largest: dict[str, int], pace: float, spent: float) -> None:
    print(f"{pace:.0f} articles a second came in meanwhile; load of the machine {os.getloadavg()[0]:.1f}")
    print(f"{spent * 1000:.1f} ms of a processor went into a page")
    print(f"{'milliseconds':<34} {'median':>7} {'p99':>7} {'worst':>7} {'kB':>6}")
    for path, took in sorted(times.items(), key=lambda one: -statistics.median(one[1])):
        print(f"{path[:34]:<34} {_line(took)} {largest[path] / 1000:6.0f}")
    every = [one for took in times.values() for one in took]
    print(f"{f'all {len(every)}':<34} {_line(every)}")


def _line(took: list[float]) -> str:
    ordered = sorted(took)
    return f"{statistics.median(ordered):7.1f} {ordered[int(len(ordered) * 0.99)]:7.1f} {ordered[-1]:7.1f}"


def _measured(
    address: str, paths: list[str], rate: float, seconds: float
) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Milliseconds of each page, from the moment at which each request was due; and bytes."""
    times: dict[str, list[float]] = defaultdict(list)
    sizes: dict[str, int] = {}
    gc.collect()
    gc.disable()  # the pauses of the one who asks are nobody's
    began = time.perf_counter() + 0.5

    def ask(number: int) -> None:
        due, path = began + number / rate, paths[number % len(paths)]
        time.sleep(max(0.0, due - time.perf_counter()))
        sizes[path] = len(_ask(address, path))
        times[path].append((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(ask, range(int(rate * seconds))))
    gc.enable()
    return times, sizes


def _ask(address: str, path: str) -> bytes:
    """The body of the answer. OSError when there is none, SystemExit when it is no 200."""
    connection = HTTPConnection(address, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200 and path != "/health":  # which is not ready while the first round goes on
        raise SystemExit(f"{path} was answered with {answer.status}: {body[:300]!r}")
    return body


def _paths(address: str) -> list[str]:
    """Every page there is, with what stands in the archive."""
    stories = json.loads(_ask(address, "/api/v1/stories?limit=40"))["stories"]
    rich = max(stories, key=lambda story: story["report_count"])
    topic, article = next(iter(rich["topics"])), rich["reports"][0]["article"]
    word = rich["title"].split()[0]
    return [
        "/",
        "/stories",
        f"/stories?topic={topic}&told=no",
        f"/stories?outlet={rich['outlets'][0].replace(' ', '+')}",
        f"/stories/{rich['id']}",
        "/topics",
        f"/topics/{topic}",
        "/lab",
        "/feeds",
        "/feeds/outlet-7",
        "/deliveries",
        "/search",
        f"/search?q={word}",
        f"/search?q={word}+AND+NOT+harbour",
        "/api/v1/stories",
        "/api/v1/items",
        f"/api/v1/items/{article}",
        f"/api/v1/search?q={word}",
        "/api/v1/coverage",
        "/api/v1/feeds",
        "/metrics",
        "/health",
    ]


def _articles_of(address: str) -> int:
    return int(_metric(address, 'monitor_archive_rows{kind="articles"}'))


def _spent(address: str) -> float:
    """Seconds that the desk's process took of a processor so far."""
    return _metric(address, "monitor_desk_process_cpu_seconds_total")


def _metric(address: str, name: str) -> float:
    lines = _ask(address, "/metrics").decode().splitlines()
    return float(next(line for line in lines if line.startswith(f"{name} ")).split()[-1])


def _growing(address: str, before: int) -> int:
    """How many articles there are as soon as the daemon ingests."""
    for _ in range(120):
        if (now := _articles_of(address)) > before:
            return now
        time.sleep(1)
    raise SystemExit("the daemon ingests nothing")


@contextmanager
def _site(feeds: int, items: int) -> Iterator[Site]:
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there, feeds, items), daemon=True)
    server.start()
    try:
        yield Site(feeds, items, here.recv())
    finally:
        server.terminate()
        server.join()


@contextmanager
def _desk(folder: Path, site: Site | None, *, beside: bool) -> Iterator[str]:
    """The desk's address, while it and its daemon run."""
    port = free_port()
    settings = SETTINGS.format(port=port, enabled=str(not beside).lower())
    _configure(folder, site, settings)
    options = [
        sys.executable,
        "-m",
        "monitor",
        "--config",
        str(folder / "config"),
        "--archive",
        str(folder / "archive"),
    ]
    commands = [*([] if site is None else ["run"]), *(["web"] if beside else [])]
    with (folder / "log").open("w") as log:
        started = [subprocess.Popen([*options, command], stdout=log, stderr=log) for command in commands]  # noqa: S603
        try:
            yield _answering(f"127.0.0.1:{port}", started)
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(30)


def _answering(address: str, started: list[subprocess.Popen[bytes]]) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until and all(process.poll() is None for process in started):
        try:
            _ask(address, "/health/live")
        except OSError:
            time.sleep(0.1)
        else:
            return address
    raise SystemExit("the desk did not start")


def _configure(folder: Path, site: Site | None, settings: str) -> None:
    config = folder / "config"
    config.mkdir(exist_ok=True)
    for name in ("topics.toml", "concepts", "templates"):
        (config / name).unlink(missing_ok=True)
        (config / name).symlink_to(shipped_config() / name)
    addresses = site.addresses if site else tuple(f"http://127.0.0.1:1/{number}" for number in range(OUTLETS))
    feeds = (
        f'[[feed]]\nname = "outlet-{number}"\ntitle = "Outlet {number}"\nurl = "{address}"\npages = "never"\n'
        f'language = "{language_of(number)}"\n'
        for number, address in enumerate(addresses)
    )
    (config / "feeds.toml").write_text("".join(feeds), "utf-8")
    (config / "subscriptions.toml").write_text(CHANNEL, "utf-8")
    (config / "monitor.toml").write_text(settings, "utf-8")


def _fill(folder: Path, articles: int) -> None:
    """An archive whose last article was found just now, with a digest of each of the last mornings."""
    folder.mkdir(parents=True)
    began, dice = time.perf_counter(), random.Random(7)  # noqa: S311 - the same archive each time
    _configure(folder, None, SETTINGS.format(port=1, enabled="false"))
    days = -(-articles // A_DAY)
    end = datetime.now(UTC)
    clock = [end - timedelta(days=days)]
    settings = load_settings(folder / "config", {}, archive=folder / "archive")
    with open_app(settings, workers=0, now=lambda: clock[-1]) as app:
        for day in range(days):
            _a_day(app, clock[-1], min(A_DAY, articles - day * A_DAY), dice)
            clock.append(end - timedelta(days=days - day - 1))
            if days - day <= DIGESTS:
                app.digest()
                app.deliver()
    print(f"{articles} articles filled in within {time.perf_counter() - began:.0f} s", flush=True)


def _a_day(app: App, at: datetime, articles: int, dice: random.Random) -> None:
    topics = [topic.name for topic in app.toolbox.topics.topics]
    silence = [Verdict(topic, 0.02, 0.5, rule="0123456789") for topic in topics]
    made = [_article(at + timedelta(days=number / A_DAY), dice) for number in range(articles)]
    matching = {article.id: _verdict(article, dice.choice(topics)) for article in made if dice.random() < MATCHING}
    known: list[str] = []
    with app.store.begin() as shelves:
        shelves.articles.add_all([NewArticle(one, one.id, _said(one, matching, silence)) for one in made], silence)
        shelves.articles.remember(*(_outcome(one, matching) for one in made))
        for one in made:
            if one.id in matching:
                known = [*known, _place(shelves, one, known, dice)][-5:]


def _article(at: datetime, dice: random.Random) -> Article:
    outlet = dice.randrange(OUTLETS)
    body = dice.choices(WORDS, cum_weights=FREQUENT, k=min(900, max(60, int(dice.lognormvariate(5.5, 0.6)))))
    text = "\n".join(" ".join(body[begin : begin + 45]) + "." for begin in range(0, len(body), 45))
    title = " ".join(dice.choices(WORDS, cum_weights=FREQUENT, k=10))
    url = f"https://outlet{outlet}.example/{at:%Y/%m/%d}/{dice.getrandbits(48):x}"
    entry = Entry(feed=f"outlet-{outlet}", id=url, link=url, title=title, summary=" ".join(body[:30]), published=at)
    name = article_id(url, entry.feed, url)
    return Article(name, entry, url, title, text, language_of(outlet), How.PAGE, at, published=at)


def _verdict(article: Article, topic: str) -> Verdict:
    words = [article.text[begin : begin + 14] for begin in range(10, 190, 20)]
    places = [article.text.find(word) for word in words]
    found = tuple(Evidence(f"clause {n}", words[n], "body", places[n], 0.8) for n in range(len(words)))
    return Verdict(topic, 0.9, 0.5, found, article.text[:150], "0123456789")


def _said(article: Article, matching: dict[str, Verdict], silence: list[Verdict]) -> list[Verdict]:
    found = matching.get(article.id)
    return [*([found] if found else []), *(one for one in silence if not found or one.topic != found.topic)]


def _place(shelves: Shelves, article: Article, known: list[str], dice: random.Random) -> str:
    """Every other match reports what a match shortly before did; the id of its story."""
    mark = Fingerprint(article.url, "", bytes(512), tuple(dice.getrandbits(60) for _ in range(32)), 300)
    joins = bool(known) and dice.random() < 0.5
    story = dice.choice(known) if joins else article.id
    placement = Joins(story, "three rare terms in common") if joins else Opens(story)
    shelves.stories.place(article.id, article.entry.feed, placement, mark, article.found_at)
    return story


def _outcome(article: Article, matching: dict[str, Verdict]) -> Outcome:
    fate, words = (Fate.MATCHED, "") if article.id in matching else (Fate.NOT_MATCHED, "nearest was 0.02 of 0.50")
    known_as = f"guid:{article.url}"
    return Outcome(article.entry.feed, known_as, article.entry, article.id, article.id, fate, words, article.found_at)


if __name__ == "__main__":
    main()
