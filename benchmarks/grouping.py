"""What placing an article costs as the archive grows: CPU of one placement among few and among many.

    .venv/bin/python benchmarks/grouping.py [--small 1000] [--large 100000] [--placed 10000] [--whole]

Articles are made of invented words in the frequencies of language (Zipf), a tenth of them about an event that others
tell too. They come at 1,000 a day, so that the window holds most of a large archive's last two weeks.

The newest 1,000 articles of an archive are placed one by one, as the program does. Those before them are loaded: a pool
of prepared articles goes in again and again, each time under other ids and with signatures of its own, so that every
posting list is as long as it would be or longer. With --whole all of them are placed.
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from msgspec.structs import replace

from monitor.jobs.placing import place_article
from monitor.model import Article, Entry, How, Link, Opens
from monitor.store import NewArticle, Store, open_store
from monitor.stories import fingerprint, kept, posted, sketch, weigh

_WORDS = 20_000
_START = datetime(2026, 1, 1, tzinfo=UTC)
_WITHIN = timedelta(days=14)
_AT_ONCE = 50  # articles in a transaction
_NEWEST = 1_000  # are placed, those before are loaded
_POOL = 500  # prepared articles that are loaded again and again
_LINKS = 60  # of each of them
_LEARNED = 4  # times each of them is counted


class Press:
    """Makes articles, the same on every run."""

    def __init__(self) -> None:
        self._random = Random(7)  # noqa: S311 - nothing is secret here
        letters = "abdefgiklmnoprstuvz"
        self._words = ["".join(self._random.choices(letters, k=self._random.randint(4, 10))) for _ in range(_WORDS)]
        self._weights = [1 / (rank + 10) for rank in range(_WORDS)]
        self._event: list[str] = []

    def article(self, number: int) -> Article:
        """The article of that number; every tenth begins an event that a few of the next ones tell."""
        if number % 10 == 0:
            self._event = [word.title() for word in self._random.sample(self._words, 6)]
        told = self._event if self._random.random() < 0.3 else []
        words = self._random.choices(self._words, self._weights, k=200)
        at = _START + timedelta(days=number / 1_000)
        title = " ".join([*told[:3], *words[:6]]).capitalize()
        url = f"https://outlet-{number % 40}.example/{number}"
        entry = Entry(feed="bench", id=str(number), link=url, title=title)
        text = " ".join([*words[:20], *told, *words[20:]])
        return Article(f"{number:016x}", entry, url, title, text, "en", How.PAGE, at, at)


def fill(store: Store, press: Press, first: int, number: int) -> float:
    """Place so many articles; CPU seconds for each placement, the making of articles not counted."""
    spent = 0.0
    for begin in range(first, first + number, _AT_ONCE):
        made = [press.article(one) for one in range(begin, min(begin + _AT_ONCE, first + number))]
        with store.begin() as shelves:
            for article in made:
                shelves.articles.add(article, "", ())
            started = time.process_time()
            for article in made:
                place_article(shelves, article, f"outlet {article.id[-2:]}", article.found_at, _WITHIN)
            spent += time.process_time() - started
    return spent / number


def load(store: Store, press: Press, number: int) -> None:
    """Put so many articles into the archive with all that placing them would leave there."""
    random = Random(8)  # noqa: S311 - nothing is secret here
    pool = [press.article(one) for one in range(min(_POOL, number))]
    drawn = [sketch(article.title, article.text, article.published) for article in pool]
    with store.begin() as shelves:
        for _ in range(min(_LEARNED, number // len(pool))):
            for one in drawn:
                shelves.sketches.learn(one.terms)
        counted = [shelves.sketches.count(one.terms) for one in drawn]
    weighed = [weigh(one, *counts) for one, counts in zip(drawn, counted, strict=True)]
    marks = [fingerprint(article.title, article.text, article.url) for article in pool]
    for begin in range(0, number, 1_000):
        numbers = range(begin, min(begin + 1_000, number))
        with store.begin() as shelves:
            made = [_again(pool[one % len(pool)], one) for one in numbers]
            shelves.articles.add_all([NewArticle(article, "", ()) for article in made])
            for which, article in zip(numbers, made, strict=True):
                at = which % len(pool)
                bands = tuple(random.getrandbits(62) for _ in marks[at].bands)
                mark = replace(marks[at], url_key=f"loaded.example/{which}", title_key="", bands=bands)
                shelves.stories.place(article.id, "loaded", Opens(article.id), mark, article.found_at)
                found_by = posted(drawn[at], weighed[at])
                links = {which - back: Link(0.1, random.uniform(0, 0.1)) for back in range(min(which, _LINKS))}
                shelves.sketches.keep(article.id, kept(drawn[at], weighed[at]), weighed[at].norm, links, found_by)


def _again(article: Article, number: int) -> Article:
    """The article under another id and time, with its first words alone: what is compared is the sketch."""
    at = _START + timedelta(days=number / 1_000)
    words = " ".join(article.text.split()[:20])
    return replace(article, id=f"{number:016x}", text=words, found_at=at, published=at)


def measure(size: int, placed: int, *, whole: bool) -> float:
    """CPU seconds of one placement in an archive of `size` articles."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'monitor.db'}")
        try:
            press = Press()
            loaded = 0 if whole else max(0, size - _NEWEST)
            if loaded:
                load(store, press, loaded)
            fill(store, press, loaded, size - loaded)
            return fill(store, press, size, placed)
        finally:
            store.close()


def main() -> None:
    """Print the cost in both archives and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--placed", type=int, default=10_000)
    parser.add_argument("--whole", action="store_true", help="place every article of the archives, which takes long")
    asked = parser.parse_args()
    small = measure(asked.small, min(asked.placed, asked.small), whole=asked.whole)
    large = measure(asked.large, asked.placed, whole=asked.whole)
    print(f"among {asked.small:,} articles: {1000 * small:.1f} ms CPU a placement")
    print(f"among {asked.large:,} articles: {1000 * large:.1f} ms CPU a placement, {large / small:.2f} times as much")


if __name__ == "__main__":
    main()
