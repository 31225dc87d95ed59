"""How well the shipped topics would judge events that nobody looked at when their weights were chosen.

    python -m benchmarks.topics [FILE.jsonl ...] [--folds 10] [--pull 8]

The files hold labelled texts, one a line, as `monitor topics score` reads them; without one the labelled set of
tests/quality is taken. Texts of one week (`date`) are one event, texts without a date are one each. The weights of
each topic are fitted anew on all events but a tenth, drawn towards those shipped (`--pull`: how strongly), and judge
that tenth; so in turn. Shown are precision, recall and F1 of the weights as shipped and of those fitted: where the
latter are no better, another fit has nothing to give, and where the former are far better, they were made for these
rows. Needs the extra `learning`.
"""

import argparse
import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from monitor.topics import TopicSet
from monitor.topics.concepts import Concepts, read_concepts
from monitor.topics.rules import Rule, read_rules

ROOT = Path(__file__).parents[1]
OWN = ROOT / "tests" / "quality" / "topics.jsonl"
Numbers = NDArray[np.float64]


def concepts() -> Concepts:
    """The word lists of config/."""
    files = sorted((ROOT / "config" / "concepts").glob("*"))
    return read_concepts({f"concepts/{file.name}": file.read_text(encoding="utf-8") for file in files})[0]


def shipped() -> tuple[tuple[Rule, ...], TopicSet]:
    """The topics of config/."""
    lists = concepts()
    rules, _ = read_rules({"topics.toml": (ROOT / "config" / "topics.toml").read_text(encoding="utf-8")}, lists)
    return tuple(rules), TopicSet(rules, lists)


def read(files: Sequence[Path]) -> list[dict[str, Any]]:
    """The labelled texts of which somebody is sure."""
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [row for row in map(json.loads, lines) if row.get("confidence", "sure") == "sure"]


def event_of(row: dict[str, Any]) -> str:
    """The week in which a text was written, or its own name."""
    try:
        year, week, _ = datetime.date.fromisoformat(str(row.get("date"))).isocalendar()
    except ValueError:
        return str(row["id"])
    return f"{year}-{week}"


def fitted(strengths: Numbers, truth: Numbers, prior: Numbers, pull: float) -> Numbers:
    """Weights (the last is the bias) of a logistic regression drawn towards `prior`; no clause changes its sign."""

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        raw = strengths @ weights
        probability = 1 / (1 + np.exp(-np.clip(raw, -60, 60)))
        apart = weights - prior
        value = np.logaddexp(0, raw).sum() - raw @ truth + pull / 2 * (apart @ apart)
        return float(value), strengths.T @ (probability - truth) + pull * apart

    bounds = [(0, None) if weight > 0 else (None, 0) for weight in prior]
    return np.asarray(minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds).x)


def figures(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    both = float((truth & found).sum())
    precision, recall = both / max(1.0, float(found.sum())), both / max(1.0, float(truth.sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def compare(rules: Sequence[Rule], topics: TopicSet, rows: Sequence[dict[str, Any]], folds: int, pull: float) -> None:
    """Print one line for each topic and kind of weights."""
    strengths = [topics.strengths(row["title"], row["text"], language=row.get("language", "")) for row in rows]
    events = sorted({event_of(row) for row in rows})
    place = {event: number % folds for number, event in enumerate(events)}
    fold = np.array([place[event_of(row)] for row in rows])
    totals = np.zeros((2, 3))
    for rule in rules:
        clauses = [clause for clause in rule.clauses if not clause.required and not clause.veto]
        held = [all(found[rule.topic.name][c.name] for c in rule.clauses if c.required) for found in strengths]
        judged = np.array(held)
        each = np.array([[found[rule.topic.name][clause.name] for clause in clauses] + [1.0] for found in strengths])
        prior = np.array([clause.weight for clause in clauses] + [rule.bias])
        truth = np.array([rule.topic.name in row["topics"] for row in rows])
        least = float(np.log(rule.threshold / (1 - rule.threshold)))
        anew = np.zeros(len(rows))
        for number in range(folds):
            others = judged & (fold != number)
            weights = fitted(each[others], truth[others].astype(float), prior, pull)
            anew[fold == number] = each[fold == number] @ weights
        for kind, raw in enumerate((each @ prior, anew)):
            found_figures = figures(truth, judged & (raw >= least))
            totals[kind] += found_figures
            name = ("as shipped", "fitted without the event")[kind]
            show(f"{rule.topic.name}, {name}", found_figures)
    for kind, name in enumerate(("as shipped", "fitted without the event")):
        show(f"mean, {name}", tuple(totals[kind] / len(rules)))


def show(name: str, measured: Sequence[float]) -> None:
    """One line."""
    print(f"{name:45} precision {measured[0]:.3f}  recall {measured[1]:.3f}  F1 {measured[2]:.3f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="*", type=Path, default=[OWN])
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--pull", type=float, default=8.0)
    options = parser.parse_args()
    rows = read(options.files)
    print(f"{len(rows)} texts, {len({event_of(row) for row in rows})} events")
    compare(*shipped(), rows, options.folds, options.pull)


if __name__ == "__main__":
    main()
