"""How many articles a second are judged at 3, 100, 1,000 and 10,000 topics of ten terms each.

    python benchmarks/judging.py [--topics 3 100 1000] [--articles 300]

Topics are invented from a vocabulary of 50,000 words; articles are 400 words drawn from the same vocabulary with
frequencies that fall as they do in language (Zipf). One core, no I/O; the figures are CPU time. As in a program that
runs for months, most words have been seen before: a thousand other articles are judged first, unmeasured. The floor is
what splitting the same articles into words and folding these costs, measured before each line.
"""

import argparse
import random
import time
from itertools import accumulate

from monitor.topics import TopicSet, load_topics
from monitor.words import folded_words

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


def invented_articles(count: int, words: list[str], dice: random.Random) -> list[str]:
    """Texts of 400 words, some of them frequent and most of them rare."""
    cumulated = list(accumulate(1 / (rank + 5) for rank in range(VOCABULARY)))
    return [" ".join(dice.choices(words, cum_weights=cumulated, k=WORDS)) + "." for _ in range(count)]


def judging_time(topics: TopicSet, articles: list[str]) -> float:
    """Seconds of CPU for one article."""
    started = time.process_time()
    for article in articles:
        topics.judge(article[:60], article, language="en")
    return (time.process_time() - started) / len(articles)


def splitting_time(articles: list[str]) -> float:
    """Seconds of CPU for splitting one article into folded words."""
    started = time.process_time()
    for article in articles:
        folded_words(article[:60])
        folded_words(article)
    return (time.process_time() - started) / len(articles)


def main() -> None:
    """Measure and print one line for each number of topics."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--topics", type=int, nargs="+", default=[3, 100, 1_000, 10_000])
    parser.add_argument("--articles", type=int, default=300)
    options = parser.parse_args()
    dice = random.Random(7)  # noqa: S311 - a repeatable text, no secret
    vocabulary = invented_words(dice)
    before = invented_articles(1_000, vocabulary, dice)
    articles = invented_articles(options.articles, vocabulary, dice)
    for count in options.topics:
        started = time.process_time()
        topics = invented_topics(count, vocabulary, dice)
        loading = time.process_time() - started
        judging_time(topics, before)
        floor, took = splitting_time(articles), judging_time(topics, articles)
        speed = f"{1 / took:6.0f} documents/s, {took * 1000:5.2f} ms CPU each, {took / floor:5.1f} × the floor"
        print(f"{count:6} topics: {speed} of {floor * 1000:.2f} ms, loaded in {loading:.1f} s")


if __name__ == "__main__":
    main()
