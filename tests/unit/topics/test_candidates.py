"""Only clauses whose terms occur are looked at, and none that could hold is left out."""

import pytest

from monitor.topics.candidates import Candidates, leaves_of, looks_outside, needs
from monitor.topics.nodes import ConceptNode, Node, TermNode
from monitor.topics.query import parse

CONCEPTS = ("drone",)
LEAVES: dict[Node, int] = {TermNode(word): number for number, word in enumerate("abcd")}


def tree(query: str) -> Node:
    node, mistakes = parse(query, CONCEPTS)
    assert node is not None, mistakes
    return node


@pytest.mark.parametrize(
    ("query", "needed"),
    [
        ("a", ["a"]),
        ("a AND b", ["a", "b"]),
        ("a OR b", ["ab"]),
        ("a AND (b OR c)", ["a", "bc"]),
        ("(a AND b) OR c", ["ac"]),
        ("a AND NOT b", ["a"]),
        ("NOT a", []),
        ("a OR NOT b", []),
        ("a ~s b", ["a", "b"]),
        ("a ~s NOT b", ["a"]),
        ("title:a^2", ["A"]),
        ("(title:a OR body:b) AND c", ["Ab", "c"]),
        ("(a OR b){2 ~p}", ["ab"]),
        ("source:a", []),
        ("source:a AND b", ["b"]),
        ("source:a OR b", []),
    ],
)
def test_what_a_query_needs(query: str, needed: list[str]) -> None:
    texts = [
        [(leaf.text, in_title) for leaf, in_title in need if isinstance(leaf, TermNode)] for need in needs(tree(query))
    ]
    assert ["".join(sorted(text.upper() if in_title else text for text, in_title in need)) for need in texts] == needed


@pytest.mark.parametrize(
    ("query", "outside"),
    [
        ("a", False),
        ("lang:uk", True),
        ("a AND NOT country:de", True),
        ("title:(a ~s b){2}", False),
        ("(url:a)^2", True),
    ],
)
def test_what_is_not_in_the_article_is_known(query: str, outside: bool) -> None:
    assert looks_outside(tree(query)) is outside


def test_leaves_are_what_is_looked_for_in_the_article() -> None:
    assert list(leaves_of(tree("#drone ~s a AND NOT (b{2} OR source:c) AND title:d^2"))) == [
        ConceptNode("drone"),
        TermNode("a"),
        TermNode("b"),
        TermNode("d"),
    ]


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        ("", ["source:a"]),
        ("a", ["a OR b", "NOT a", "source:a"]),
        ("b", ["a OR b", "source:a"]),
        ("bc", ["a OR b", "b AND c", "source:a"]),
        ("acd", ["a OR b", "a AND (b OR c)", "NOT a", "source:a"]),
        ("d", ["source:a"]),
        ("D", ["title:d AND NOT a", "source:a"]),
    ],
)
def test_the_queries_that_can_hold_are_found_in_order(hits: str, expected: list[str]) -> None:
    queries = ["a OR b", "a AND (b OR c)", "b AND c", "NOT a", "title:d AND NOT a", "source:a"]
    candidates = Candidates([tree(query) for query in queries], LEAVES)
    anywhere = {LEAVES[TermNode(word)] for word in hits.lower()}
    in_title = {LEAVES[TermNode(word.lower())] + len(LEAVES) for word in hits if word.isupper()}
    assert [queries[number] for number in candidates.of(anywhere | in_title)] == expected
