"""What a search costs: generated articles in bulk into an archive, a few hundred queries, milliseconds each.

    python -m benchmarks.search --articles 200000 [--server]

With `--server` into a PostgreSQL that it starts, keeps safe and stops. Each query is one `jobs.searching.search` of 20
hits with texts, snippets and forms; the first of all, on a fresh connection, is told by itself (`cold`).
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.engines import SAFE
from monitor.jobs.searching import search, understand
from monitor.model import Article, Entry, How, Narrowed
from monitor.store import NewArticle, Store, open_store
from monitor.topics.concepts import Concepts
from tests.postgres import running

START = datetime(2025, 1, 1, tzinfo=UTC)
AT_ONCE = 2_000
VOCABULARY = 60_000
ENDINGS = ("", "s", "ed", "ing", "er", "ers")
_SIZE_ON_SERVER = "SELECT pg_total_relation_size('article_words') + pg_total_relation_size('article_words_seen')"
LANGUAGES = frozenset({"en", "uk", "de", "fr"})


def main() -> None:
    """Load, ask, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=150, help="of an article")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="load into this file once, and use it again")
    parser.add_argument("--server", action="store_true", help="into PostgreSQL instead of a file")
    parser.add_argument("--slowest", type=int, default=0, help="name so many of the slowest queries")
    asked = parser.parse_args()
    dice = random.Random(1)  # noqa: S311 - no secret
    stems = _stems(dice)
    with _on_server() if asked.server else _in_file(asked.keep) as (url, loaded, settle):
        if not loaded:
            _load(url, asked.articles, asked.words, stems, dice)
            settle()
        store = open_store(url)
        _print_size(store, asked.articles)
        queries = list(_queries(asked.queries, stems, random.Random(2)))  # noqa: S311 - no secret
        times = [_timed(store, query) for query in queries]
        store.close()
    for (took, busy), query in sorted(zip(times, queries, strict=True), reverse=True)[: asked.slowest]:
        print(f"{took:8.1f} ms, {busy:.1f} ms busy  {query}")
    _print_times("on the clock", [took for took, _ in times])
    _print_times("processor alone", [busy for _, busy in times])


def _print_times(what: str, times: list[float]) -> None:
    ordered = sorted(times)
    print(f"{what}: cold {times[0]:.1f} ms; median {statistics.median(times):.1f} ms", end="; ")
    print(f"p99 {ordered[int(len(ordered) * 0.99) - 1]:.1f} ms; worst {ordered[-1]:.1f} ms of {len(times)} queries")


Place = tuple[str, bool, Callable[[], object]]  # address, whether it is loaded, what to do when it is


@contextmanager
def _in_file(keep: Path | None) -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as folder:
        path = keep or Path(folder) / "monitor.db"
        yield f"sqlite:///{path}", path.exists(), lambda: None


@contextmanager
def _on_server() -> Iterator[Place]:
    with running(**SAFE) as server:
        yield server.database("searched"), False, lambda: server.say("VACUUM ANALYZE", "searched")


def _load(url: str, articles: int, words: int, stems: list[str], dice: random.Random) -> None:
    store = open_store(url)
    began = time.perf_counter()
    for part in _parts(articles, words, stems, dice):
        with store.begin() as shelves:
            shelves.articles.add_all(part)
    print(f"{articles} articles of {words} words loaded in {time.perf_counter() - began:.0f} s")
    store.close()


def _stems(dice: random.Random) -> list[str]:
    letters, vowels = "bcdfghklmnprstvz", "aeiou"
    syllables = [one + other for one in letters for other in vowels]
    made = sorted({"".join(dice.choices(syllables, k=dice.randint(2, 4))) for _ in range(VOCABULARY)})
    dice.shuffle(made)
    return made


def _word(stems: list[str], dice: random.Random) -> str:
    """As often as words are: the n-th one n times as rarely as the first (Zipf)."""
    rank = int(len(stems) ** dice.random()) - 1
    return stems[rank] + dice.choice(ENDINGS)


def _parts(articles: int, words: int, stems: list[str], dice: random.Random) -> Iterator[list[NewArticle]]:
    for start in range(0, articles, AT_ONCE):
        yield [_article(number, words, stems, dice) for number in range(start, min(start + AT_ONCE, articles))]


def _article(number: int, words: int, stems: list[str], dice: random.Random) -> NewArticle:
    url = f"https://news.example/{number}"
    title = " ".join(_word(stems, dice) for _ in range(9))
    text = " ".join(_word(stems, dice) for _ in range(words))
    entry = Entry(f"feed{number % 100}", str(number), url, title)
    found_at = START + timedelta(minutes=number)
    article = Article(f"{number:016x}", entry, url, title, text, "en", How.PAGE, found_at)
    return NewArticle(article, str(number), ())


def _print_size(store: Store, articles: int) -> None:
    with store.read() as shelves:
        run = shelves.search._connection.exec_driver_sql
        statement = _SIZE_ON_SERVER if store.shared else "SELECT SUM(LENGTH(block)) FROM article_words_data"
        bytes_ = int(run(statement).scalar() or 0)
    print(f"index: {bytes_ / articles * 1000 / 1e6:.2f} MB a thousand articles")


def _queries(number: int, stems: list[str], dice: random.Random) -> Iterator[str]:
    """Words as they occur, from the commonest to the rarest: alone, together, as phrase, beginning, near each other."""
    shapes = ("{0}", "{0} {1}", "{0} AND NOT {1}", "{0} OR {1}", "{0}*", "title:{0}", '"{0} {1}"', "{0} NEAR/5 {1}")
    for at in range(number):
        yield shapes[at % len(shapes)].format(_word(stems, dice), _word(stems, dice))


def _timed(store: Store, query: str) -> tuple[float, float]:
    """Milliseconds on the clock, and of this process alone."""
    began, busy = time.perf_counter(), time.process_time()
    asked, mistakes = understand(query, Concepts({}), LANGUAGES, Narrowed())
    assert asked is not None, mistakes
    search(store, asked, {}, limit=20)
    return (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000


if __name__ == "__main__":
    main()
