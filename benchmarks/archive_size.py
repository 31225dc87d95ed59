"""What a year's archive takes: some days of generated items put on the program's own shelves, measured, extrapolated.

    python -m benchmarks.archive_size [--days 30] [--feeds 100] [--a-day 12]

Each item has a text of 60 to 900 words, long-tailed, of a vocabulary in which words are as frequent as in prose (Zipf);
3 % match a topic. Bytes are those of the database without free pages, before and after tidying: a year is 60 days of
whole items, 305 days of forgotten ones, and all matches.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.links import article_id
from monitor.model import Article, Entry, Evidence, Fingerprint, How, Opens, Verdict
from monitor.store import Fate, NewArticle, Outcome, Store, open_store
from monitor.store.engine import DRIVER

MATCHING = 0.03
KEEP = 60  # days; `tidy.keep_days`
START = datetime(2026, 1, 1, tzinfo=UTC)
TOPICS = ("drone-coalition", "co-production", "air-defence")


def _vocabulary(chance: random.Random) -> tuple[list[str], list[float]]:
    letters = "etaoinsrhldcumfpgwybvk"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 11))) for _ in range(60_000)]
    return words, [1 / (rank + 3) for rank in range(len(words))]


def _articles(days: int, feeds: int, a_day: int, chance: random.Random) -> Iterator[list[Article]]:
    """A list for each day."""
    words, weights = _vocabulary(chance)
    for day in range(days):
        made = []
        for number in range(feeds * a_day):
            feed = f"feed-{number % feeds}"
            length = min(900, max(60, int(chance.lognormvariate(5.7, 0.6))))
            body = chance.choices(words, weights, k=length)
            text = "\n".join(" ".join(body[at : at + 45]) + "." for at in range(0, length, 45))
            title = " ".join(chance.choices(words, weights, k=10))
            url = f"https://{feed}.example/2026/{day}/{number}-{title.replace(' ', '-')}"
            at = START + timedelta(days=day, seconds=number * 86_400 / (feeds * a_day))
            summary = " ".join(body[:30])
            entry = Entry(feed=feed, id=url, link=url, title=title, summary=summary, published=at)
            made.append(
                Article(
                    id=article_id(url, feed, url),
                    entry=entry,
                    url=url,
                    title=title,
                    text=text,
                    language="en",
                    how=How.PAGE,
                    found_at=at,
                    published=at,
                )
            )
        yield made


def _keep(store: Store, articles: list[Article], chance: random.Random) -> None:
    silence = [Verdict(topic, 0.02, 0.5, rule="0123456789") for topic in TOPICS]
    matching = [article for article in articles if chance.random() < MATCHING]
    ids = {article.id for article in matching}
    found = [Evidence(f"clause {number}", "some words", "body", 100 * number, 0.8) for number in range(9)]
    passage = "A sentence that carries most of the evidence. " * 3
    verdict = Verdict(TOPICS[0], 0.9, 0.5, tuple(found), passage, "0123456789")
    with store.begin() as shelves:
        shelves.articles.add_all(
            [NewArticle(one, "c0" * 8, [verdict, *silence[1:]] if one.id in ids else silence) for one in articles],
            silence,
        )
        for one in matching:
            mark = Fingerprint(one.url, "", bytes(512), tuple(chance.getrandbits(60) for _ in range(32)), 300)
            shelves.stories.place(one.id, one.entry.feed, Opens(one.id), mark, one.found_at)
        outcomes = [
            Outcome(
                one.entry.feed,
                f"guid:{one.url}",
                one.entry,
                "c0" * 8,
                one.id,
                Fate.MATCHED if one.id in ids else Fate.NOT_MATCHED,
                "nearest was drone-coalition 0.02 of 0.50",
                one.found_at,
            )
            for one in articles
        ]
        shelves.articles.remember(*outcomes)


def _compact(path: Path) -> int:
    """Bytes of the file without free pages."""
    connection = DRIVER.connect(path)
    connection.execute("VACUUM")
    connection.close()
    return path.stat().st_size


def main() -> None:
    """Load, measure, forget, measure again; print bytes an item and gigabytes a year."""
    parser = argparse.ArgumentParser(description="What a year's archive takes.")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--a-day", type=int, default=12, help="new items of a feed in a day")
    options = parser.parse_args()
    chance = random.Random(6)  # noqa: S311 - the same items each time
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitor.db"
        store = open_store(f"sqlite:///{path}")
        items = 0
        for articles in _articles(options.days, options.feeds, options.a_day, chance):
            _keep(store, articles, chance)
            items += len(articles)
        store.close()
        whole = _compact(path) / items
        store = open_store(f"sqlite:///{path}")
        with store.begin() as shelves:
            shelves.articles.forget_texts(START + timedelta(days=9999))
        store.optimise()
        store.close()
        left = _compact(path) / items
    day = options.feeds * options.a_day
    year = day * (KEEP * whole + (365 - KEEP) * left)
    sys.stdout.write(f"{items:,} items of {options.days} days, {options.feeds} feeds\n")
    sys.stdout.write(f"an item with its text {whole:,.0f} bytes, after tidying {left:,.0f} bytes on average\n")
    sys.stdout.write(f"after a year {year / 1e9:.2f} GB, each further year {day * 365 * left / 1e9:.2f} GB more\n")


if __name__ == "__main__":
    main()
