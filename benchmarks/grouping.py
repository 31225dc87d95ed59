"""What placing an article costs as the archive grows: CPU of one placement among few and among many.

    .venv/bin/python benchmarks/grouping.py [--small 1000] [--large 100000] [--placed 10000]

Articles are made of invented words in the frequencies of language (Zipf), a tenth of them about an event that others
tell too. They come at 1,000 a day, so that the window holds most of a large archive's last two weeks.
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from monitor.jobs.placing import place_article
from monitor.model import Article, Entry, How
from monitor.store import Store, open_store

_WORDS = 20_000
_START = datetime(2026, 1, 1, tzinfo=UTC)
_WITHIN = timedelta(days=14)
_AT_ONCE = 50  # articles in a transaction


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


def measure(size: int, placed: int) -> float:
    """CPU seconds of one placement in an archive of `size` articles."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'monitor.db'}")
        try:
            press = Press()
            fill(store, press, 0, size)
            return fill(store, press, size, placed)
        finally:
            store.close()


def main() -> None:
    """Print the cost in both archives and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--placed", type=int, default=10_000)
    asked = parser.parse_args()
    small = measure(asked.small, min(asked.placed, asked.small))
    large = measure(asked.large, asked.placed)
    print(f"among {asked.small:,} articles: {1000 * small:.1f} ms CPU a placement")
    print(f"among {asked.large:,} articles: {1000 * large:.1f} ms CPU a placement, {large / small:.2f} times as much")


if __name__ == "__main__":
    main()
