"""The short way to the strength of plain clauses says what the long way says."""

import math
import random

import pytest

from monitor.topics import load_topics
from monitor.topics.document import read_document
from monitor.topics.matching import FIELD_STRENGTH, Matcher
from monitor.topics.nodes import And, Leaf, Node, Not, Or, Within
from monitor.topics.plain import Plain, occurring, present

A, B = Leaf(0), Leaf(1)
WORDS = ("amber", "birch", "cedar", "dogwood", "elm")


@pytest.mark.parametrize(
    ("query", "strength"),
    [
        (A, 0.4),
        (B, 0.85),
        (Within("title", A), 0.0),
        (Within("title", B), 0.85),
        (And((A, B)), 0.4),
        (And((B, Within("title", A))), 0.0),
        (And((B, Not(A))), 0.0),
        (And((B, Not(Within("title", A)))), 0.85),
        (Or((A, B)), 1 - 0.6 * 0.15),
        (Or((A, Within("title", A))), 0.4),
        (Or((Leaf(2), Leaf(3))), 0.0),
        (Within("body", A), None),
        (And((A, B, Leaf(2))), None),
        (And((Not(A), B)), None),
        (Or((A, Not(B))), None),
        (Not(A), None),
    ],
)
def test_shapes_and_their_strength(query: Node, strength: float | None) -> None:
    (found,) = Plain([query], 4).strengths([0], {0: 0.4, 1: 0.85, 1 + 4: 0.85})
    assert found == (strength if strength is None else pytest.approx(strength))


def test_what_occurs_is_as_strong_as_the_matcher_says() -> None:
    document = read_document("amber birch amber", "cedar amber. " + "x " * 700 + "cedar dogwood")
    first = document.first_of_text
    hits = {
        0: [(0, 0, 0), (2, 2, 0), (first + 1, first + 1, 0)],
        1: [(1, 1, 1)],
        2: [(first, first, 2), (first + 702, first + 702, 2)],
        3: [(first + 703, first + 703, 3)],
    }
    matcher = Matcher(document, hits)
    expected = {leaf: matcher.weigh(Leaf(leaf)) for leaf in hits}
    expected |= {leaf + 9: matcher.weigh(Within("title", Leaf(leaf))) for leaf in (0, 1)}
    assert occurring(document, hits, 9) == pytest.approx(expected)
    assert present(document, hits, 9) == expected.keys()
    assert expected[3] == FIELD_STRENGTH["body"]
    assert occurring(read_document("", ""), {}, 9) == {}


def test_scores_are_those_of_the_strengths_found_the_long_way() -> None:
    dice = random.Random(11)
    tables = []
    weights: dict[tuple[str, str], int] = {}
    for number in range(60):
        one, two, three = dice.sample(WORDS, 3)
        queries = [one, f"title:{one}", f"{one} AND {two}", f"{one} AND NOT title:{two}", f"title:{one} OR {two}"]
        queries += [f"{one} OR {two} OR {three}", f'"{one} {two}"', f"{one} NEAR/3 {two}", f"body:{one} AND {three}*"]
        weights |= {(f"t{number}", query): dice.choice((-1, 2)) for query in queries}
        clauses = ", ".join(f"{{ query = '{query}', weight = {weights[f't{number}', query]} }}" for query in queries)
        tables.append(f"[topics.t{number}]\ntitle = 'T'\nbias = -1\nclauses = [{clauses}]")
    topics = load_topics({"topics.toml": "\n".join(tables)})
    for _ in range(60):
        title, text = (" ".join(dice.choices((*WORDS, "and", "or"), k=size)) for size in (4, dice.randint(1, 300)))
        raws = {
            topic: -1 + sum(weights[topic, clause] * strength for clause, strength in found.items())
            for topic, found in topics.strengths(title, text).items()
        }
        for verdict in topics.judge(title, text):
            assert verdict.score == pytest.approx(1 / (1 + math.exp(-raws[verdict.topic])))
            if verdict.evidence:
                assert sum(one.weight for one in verdict.evidence) == pytest.approx(raws[verdict.topic] + 1, abs=2e-3)
