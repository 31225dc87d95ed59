"""How many articles a second are judged at 3, 100, 1,000 and 10,000 topics of ten terms each.

    python benchmarks/judging.py [--topics 3 100 1000] [--articles 200]

Topics are invented from a vocabulary of 50,000 words; articles are 400 words drawn from the same vocabulary with
frequencies that fall as they do in language (Zipf). One core, no I/O; the figures are CPU time.
"""

import argparse
import random
import time
from itertools import accumulate

from monitor.topics import TopicSet, load_topics

VOCABULARY = 50_000
WORDS = 400


def invented_words(dice: random.Random) -> list[str]:
    """Distinct words of 4 to 10 letters; the first are the most frequent."""
    letters = "etaoinshrdlucmfwypvbgk"
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(dice.choices(letters, k=dice.randint(4, 10)))] = None
    return list(found)


def invented_topics(count: int, words: list[str], dice: random.Random) -> TopicSet:
    """Topics of five clauses and ten terms; the terms are not among the most frequent words."""
    rare = words[200:]
    tables = []
    for number in range(count):
        terms = dice.sample(rare, 10)
        queries = [
            f'"{terms[0]} {terms[1]}"',
            f"{terms[2]} AND {terms[3]}",
            f"{terms[4]} NEAR/8 {terms[5]}",
            f"title:{terms[6]} OR {terms[7]}*",
            f"{terms[8]} AND NOT {terms[9]}",
        ]
        clauses = ", ".join(f"{{ query = '{query}', weight = 2 }}" for query in queries)
        tables.append(f"[topics.t{number}]\ntitle = 'T'\nclauses = [{clauses}]")
    return load_topics({"topics.toml": "\n".join(tables)})


def main() -> None:
    """Measure and print one line for each number of topics."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--topics", type=int, nargs="+", default=[3, 100, 1_000, 10_000])
    parser.add_argument("--articles", type=int, default=200)
    options = parser.parse_args()
    dice = random.Random(7)  # noqa: S311 - a repeatable text, no secret
    words = invented_words(dice)
    cumulated = list(accumulate(1 / (rank + 5) for rank in range(VOCABULARY)))
    articles = [" ".join(dice.choices(words, cum_weights=cumulated, k=WORDS)) + "." for _ in range(options.articles)]
    for count in options.topics:
        started = time.process_time()
        topics = invented_topics(count, words, dice)
        loaded = time.process_time()
        for article in articles:
            topics.judge(article[:60], article, language="en")
        took = (time.process_time() - loaded) / len(articles)
        rate, loading = 1 / took, loaded - started
        speed = f"{rate:7.0f} articles/s, {took * 1000:6.2f} ms each"
        print(f"{count:6} topics: {speed}, loaded in {loading:.1f} s")


if __name__ == "__main__":
    main()
