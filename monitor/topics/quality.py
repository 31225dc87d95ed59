"""How well topics judge: precision, recall and F1 on labelled articles, each with its 95 % confidence interval.

Labels are JSON Lines, `{"id", "title", "text", "language"?, "topics": [...]}`; verdicts come from anybody who judges.
Reads no file and changes no weight. Intervals: Wilson's score interval for the two rates (E. B. Wilson, 1927), the
bootstrap percentile interval for F1 (Wilson's where nothing is wrong, or nothing right), from a fixed seed so that the
same labels give the same figures.
"""

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import sqrt
from typing import Any

from msgspec import Struct

from monitor.errors import ConfigError, Problem, nearest
from monitor.model import Verdict

_Z = 1.959963984540054  # of the normal distribution, for 95 % on both sides
_RESAMPLES = 500
_SEED = 20_261
_BINS = 10
_SHOWN = 80  # characters of a text that stand for a headline


class Labelled(Struct, frozen=True):
    """An article and the topics that a person says it belongs to."""

    id: str
    title: str
    text: str
    language: str  # "" = not stated
    topics: frozenset[str]


class Rate(Struct, frozen=True):
    """A share, with the interval that holds the true one 95 times in 100; None where there was nothing to count."""

    value: float
    low: float
    high: float


class Figures(Struct, frozen=True):
    """Of one group of texts: how many there are, how many belong, how many were found, and how well."""

    texts: int
    relevant: int
    found: int
    precision: Rate | None
    recall: Rate | None
    f1: Rate | None


class Bin(Struct, frozen=True):
    """The texts whose scores lie between `low` and `high`: their mean score, and the share of them that belongs."""

    low: float
    high: float
    texts: int
    mean: float
    share: Rate


class Mistake(Struct, frozen=True):
    """A text on which a topic is wrong; `wanted` says whether it belongs."""

    id: str
    title: str
    language: str
    wanted: bool
    verdict: Verdict

    @property
    def size(self) -> float:
        """How sure the topic was of what is wrong, 0–1."""
        return 1.0 - self.verdict.score if self.wanted else self.verdict.score


class Quality(Struct, frozen=True):
    """Everything measured on a set of labelled texts."""

    topics: Mapping[str, Figures]
    any_topic: Figures  # does it belong to any topic at all?
    languages: Mapping[str, Figures]  # of any topic, the most frequent language first
    macro_f1: float  # the mean over the topics that have a text
    calibration_error: float  # expected: how far scores and shares of right ones lie apart, over ten bins
    mistakes: tuple[Mistake, ...]  # the worst first


def read_labels(file: str, lines: Iterable[str], topics: Sequence[str]) -> tuple[Labelled, ...]:
    """The labelled texts of a JSON Lines file. Raises ConfigError with every line that cannot be used."""
    labelled: list[Labelled] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            place = f"line {number}, column {error.colno}"
            problems.append(Problem(file, place, f"is not JSON: {error.msg}", "one object a line"))
            continue
        except (ValueError, RecursionError):  # a number of thousands of digits, brackets in thousands of brackets
            problems.append(Problem(file, f"line {number}", "is no JSON that can be read", "one object a line"))
            continue
        mistake = _wrong(row, topics)
        if mistake:
            problems.append(Problem(file, f"line {number}", *mistake))
            continue
        labelled.append(
            Labelled(
                str(row.get("id", number)),
                row.get("title") or "",
                row.get("text") or "",
                row.get("language") or "",
                frozenset(row["topics"]),
            )
        )
    if not labelled and not problems:
        problems.append(Problem(file, "", "there is no labelled text", "write one object a line"))
    if problems:
        raise ConfigError(problems, "The file of labelled texts")
    return tuple(labelled)


def _wrong(row: Any, topics: Sequence[str]) -> tuple[str, str] | None:
    """What is wrong with a row, and what to do; None when nothing is."""
    if not isinstance(row, dict):
        return f"found {type(row).__name__}, expected an object", '{"id": …, "title": …, "text": …, "topics": […]}'
    for key in ("title", "text", "language"):
        if not isinstance(row.get(key) or "", str):
            return f"{key}: found {type(row[key]).__name__}, expected a text", ""
    if not (row.get("title") or row.get("text")):
        return "neither a title nor a text", "there is nothing to judge"
    labels = row.get("topics")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        return "topics: expected a list of topic names", "an empty list for what belongs to none"
    for label in labels:
        if label not in topics:
            return f"unknown topic '{label}'", nearest(label, list(topics)) or f"known: {', '.join(topics)}"
    return None


def measure(judged: Sequence[tuple[Labelled, Sequence[Verdict]]]) -> Quality:
    """The figures of labelled texts, each with the verdicts of all topics."""
    names = dict.fromkeys(verdict.topic for _, verdicts in judged for verdict in verdicts)
    by_topic = {
        name: figures(
            [(name in row.topics, verdict.matched) for row, all_ in judged for verdict in all_ if verdict.topic == name]
        )
        for name in names
    }
    languages = Counter(row.language for row, _ in judged)
    found = [one.f1.value if one.f1 else 0.0 for one in by_topic.values() if one.relevant]
    return Quality(
        by_topic,
        _of_any(judged),
        {name: _of_any([one for one in judged if one[0].language == name]) for name, _ in languages.most_common()},
        sum(found) / len(found) if found else 0.0,
        calibration_error(
            [(verdict.score, verdict.topic in row.topics) for row, verdicts in judged for verdict in verdicts]
        ),
        tuple(sorted(_mistakes(judged), key=lambda mistake: -mistake.size)),
    )


def _of_any(judged: Iterable[tuple[Labelled, Sequence[Verdict]]]) -> Figures:
    return figures([(bool(row.topics), any(verdict.matched for verdict in verdicts)) for row, verdicts in judged])


def _mistakes(judged: Iterable[tuple[Labelled, Sequence[Verdict]]]) -> Iterable[Mistake]:
    for row, verdicts in judged:
        for verdict in verdicts:
            wanted = verdict.topic in row.topics
            if wanted != verdict.matched:
                yield Mistake(row.id, row.title or row.text[:_SHOWN].strip(), row.language, wanted, verdict)


def figures(pairs: Sequence[tuple[bool, bool]]) -> Figures:
    """Of one (belongs, was found) for each text."""
    counts = Counter(pairs)
    right, lost, wrong = counts[True, True], counts[True, False], counts[False, True]
    return Figures(
        len(pairs),
        right + lost,
        right + wrong,
        wilson(right, right + wrong),
        wilson(right, right + lost),
        _f1(right, lost, wrong, len(pairs)),
    )


def wilson(right: int, of: int) -> Rate | None:
    """A share with Wilson's score interval; None of nothing."""
    if not of:
        return None
    share, square = right / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return Rate(share, max(0.0, middle - half), min(1.0, middle + half))


def _f1(right: int, lost: int, wrong: int, texts: int) -> Rate | None:
    """F1 depends on three counts alone, so the texts drawn again are drawn as counts."""
    if not right + lost + wrong:
        return None
    if not lost + wrong or not right:  # drawn again, they would always be the same
        return wilson(right, right + lost + wrong)
    generator = random.Random(_SEED)  # noqa: S311 - statistics, no secret
    weights = list(accumulate((right, lost, wrong, texts - right - lost - wrong)))
    draws = (_counts(generator.choices(range(4), cum_weights=weights, k=texts)) for _ in range(_RESAMPLES))
    drawn = sorted(_harmonic(*counts) for counts in draws if any(counts))
    edge = int(0.025 * len(drawn))
    return Rate(_harmonic(right, lost, wrong), drawn[edge], drawn[-1 - edge])


def _counts(kinds: Sequence[int]) -> tuple[int, int, int]:
    return kinds.count(0), kinds.count(1), kinds.count(2)


def _harmonic(right: int, lost: int, wrong: int) -> float:
    return 2 * right / (2 * right + lost + wrong) if right else 0.0


def calibration_error(pairs: Iterable[tuple[float, bool]]) -> float:
    """Expected calibration error of (score, belongs) over ten equal bins; 0 of nothing."""
    bins = calibration(pairs)
    total = sum(one.texts for one in bins)
    return sum(abs(one.mean - one.share.value) * one.texts for one in bins) / total if total else 0.0


def calibration(pairs: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """(score, belongs) in ten equal bins of the score, the lowest first, without the empty ones."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for score, belongs in pairs:
        held.setdefault(min(_BINS - 1, int(score * _BINS)), []).append((score, belongs))
    found = []
    for place, ones in sorted(held.items()):
        share = wilson(sum(belongs for _, belongs in ones), len(ones))
        assert share is not None
        mean = sum(score for score, _ in ones) / len(ones)
        found.append(Bin(place / _BINS, (place + 1) / _BINS, len(ones), mean, share))
    return tuple(found)
