"""What marks are worth: rules that were damaged on purpose, and what `monitor topics learn` makes of them.

    python -m benchmarks.learning [FILE.jsonl ...] [--marks 35] [--damages 16]

The files hold labelled texts, as `monitor topics score` reads them; without one the labelled set of tests/quality is
taken. Each of the shipped topics is damaged in several ways (clauses left out, weights drawn at random, the bias
moved). Of the texts so many are marked as a reader would who sees mostly what was told or nearly so; a correction is
learned from these, kept or not as the program does, and F1 measured on all others. Shown are mean F1 with the damaged
rules and with what was kept, how often something was kept, how often it was worse by more than 0.005, and by how much
at most. Needs the extra `learning`.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from benchmarks.topics import OWN, concepts, read, shipped
from monitor.topics import TopicSet
from monitor.topics.learn import LearnedTopics, Sample, TooFewMarksError, learn, words_of
from monitor.topics.quality import figures
from monitor.topics.rules import Rule

SEEN = {"told": 4.0, "nearly": 1.5, "other": 0.15}  # how readily a reader marks it
NEARLY = 0.25  # of the threshold
WORSE = 0.005


def damaged(rule: Rule, dice: random.Random, how: int) -> Rule:
    """The rule without some of its clauses, with other weights, with another bias, or with both of the first."""
    if how == 2:
        return replace(rule, bias=rule.bias + dice.choice((-1.5, -1.0, 1.0, 1.5)))
    clauses = []
    for clause in rule.clauses:
        if how in (0, 3) and not clause.required and dice.random() < 0.3:
            continue
        factor = dice.lognormvariate(0, 0.8) if how in (1, 3) else 1.0
        clauses.append(replace(clause, weight=clause.weight * factor))
    return replace(rule, clauses=tuple(clauses))


def marked(samples: Sequence[Sample], most: int, dice: random.Random) -> set[int]:
    """The numbers of those that a reader marks."""

    def turn(at: int) -> float:
        verdict = samples[at].verdict
        near = verdict.score > NEARLY * verdict.threshold
        return -float(dice.random() ** (1 / SEEN["told" if verdict.matched else "nearly" if near else "other"]))

    return set(sorted(range(len(samples)), key=turn)[:most])


class Tally:
    """F1 before and after, of each rule that there was enough to learn for."""

    def __init__(self) -> None:
        self.before: list[float] = []
        self.after: list[float] = []
        self.gains: list[float] = []  # of what was kept
        self.too_few = 0

    def show(self, marks: int) -> None:
        """Three lines."""
        count = max(1, len(self.before))
        print(f"{len(self.before)} rules with {marks} marks each, {self.too_few} more with too few of a kind")
        means = f"{sum(self.before) / count:.3f} by the damaged rules, {sum(self.after) / count:.3f} with what was kept"
        print(f"mean F1 on the other texts: {means}")
        worse = sum(gain < -WORSE for gain in self.gains)
        extremes = f"{min(self.gains, default=0):+.3f} to {max(self.gains, default=0):+.3f}"
        print(f"kept {len(self.gains)}, of these {worse} worse than the rule; {extremes}")


def learn_from(rules: TopicSet, rows: Sequence[dict[str, Any]], marks: int, dice: random.Random, tally: Tally) -> None:
    """Learn each topic from some texts and measure it on the others."""
    about = [(row["title"], row["text"], str(row.get("language") or "")) for row in rows]
    judged = [rules.judge(title, text, language=language) for title, text, language in about]
    for at, topic in enumerate(rules.topics):
        samples = [
            Sample(topic.name in row["topics"], verdicts[at], words_of(title, text))
            for row, verdicts, (title, text, _) in zip(rows, judged, about, strict=True)
        ]
        seen = marked(samples, marks, dice)
        try:
            learned = learn([samples[one] for one in sorted(seen)])
        except TooFewMarksError:
            tally.too_few += 1
            continue
        others = [one for one in range(len(rows)) if one not in seen]
        alone = f1([(samples[one].relevant, samples[one].verdict.matched) for one in others])
        tally.before.append(alone)
        if not learned.better:
            tally.after.append(alone)
            continue
        corrected = LearnedTopics(rules, {topic.name: learned.model})
        found = {one: corrected.judge(*about[one][:2], language=about[one][2])[at] for one in others}
        both = f1([(samples[one].relevant, verdict.matched) for one, verdict in found.items()])
        tally.after.append(both)
        tally.gains.append(both - alone)


def f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Of (belongs, was found)."""
    found = figures(pairs).f1
    return found.value if found else 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="*", type=Path, default=[OWN])
    parser.add_argument("--marks", type=int, default=35)
    parser.add_argument("--damages", type=int, default=16)
    options = parser.parse_args()
    rows = read(options.files)
    rules, _ = shipped()
    tally = Tally()
    for number in range(options.damages):
        dice = random.Random(number)  # noqa: S311  # nothing secret
        broken = TopicSet([damaged(rule, dice, number % 4) for rule in rules], concepts())
        learn_from(broken, rows, options.marks, dice, tally)
    tally.show(options.marks)


if __name__ == "__main__":
    main()
