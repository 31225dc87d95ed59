"""The query language: what parses into what, and what a mistake says."""

import pytest

from monitor.topics.nodes import And, Close, ConceptNode, Counted, Node, Not, Or, TermNode, Weighted, Within
from monitor.topics.query import parse

CONCEPTS = ("drone", "supply", "ukraine")
A, B, C = TermNode("a"), TermNode("b"), TermNode("c")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a", A),
        ("a OR b AND c", Or((A, And((B, C))))),
        ("(a OR b) AND c", And((Or((A, B)), C))),
        ("a AND NOT b", And((A, Not(B)))),
        ("NOT a OR b", Or((Not(A), B))),
        ('"air defence"', TermNode("air defence")),
        ("dron*", TermNode("dron*")),
        ("*drohne", TermNode("*drohne")),
        ("S-300", TermNode("S-300")),
        ("a NEAR/5 b", Close(A, B, words=5)),
        ("a ~s b ~p c", Close(Close(A, B, sentences=1), C, sentences=2)),
        ("a ~s NOT b", Close(A, Not(B), sentences=1)),
        ("title:a", Within("title", A)),
        ("LEAD:(a OR b)", Within("lead", Or((A, B)))),
        ("lang:uk", Within("lang", TermNode("uk"))),
        ("#drone^2.5", Weighted(ConceptNode("drone"), 2.5)),
        ("#drone{3}", Counted(ConceptNode("drone"), 3)),
        ("#drone{3 ~s}", Counted(ConceptNode("drone"), 3, sentences=1)),
        ("#drone{3 ~p} AND a", And((Counted(ConceptNode("drone"), 3, sentences=2), A))),
        ("(a OR b){2 NEAR/9}", Counted(Or((A, B)), 2, words=9)),
        ("mine*koalition", TermNode("mine*koalition")),
        ("country:ua", Within("country", TermNode("ua"))),
        ("ORDER AND ANDROID", And((TermNode("ORDER"), TermNode("ANDROID")))),
        ("a\n OR\n b", Or((A, B))),
    ],
)
def test_what_a_query_means(query: str, tree: Node) -> None:
    assert parse(query, CONCEPTS) == (tree, [])


@pytest.mark.parametrize(
    ("query", "offset", "message", "hint"),
    [
        ("", 0, "the query is empty", "write at least one word or #concept"),
        ("   ", 0, "the query is empty", "write at least one word or #concept"),
        ("a OR", 4, "found the end, expected NOT", ""),
        ("OR a", 0, "found 'OR', expected NOT", ""),
        ("a adn b", 2, "found 'adn', expected OR, AND", "did you mean 'AND'?"),
        ("a NAER/3 b", 2, "found 'NAER/3'", "did you mean 'NEAR/5'?"),
        ("(a OR b", 7, "found the end, expected )", ""),
        ("a OR\n b)", 7, "found ')'", ""),
        ('a AND "b', 6, "found a quote that is not closed", 'end the phrase with another "'),
        ("#dron", 0, "unknown concept '#dron'", "did you mean 'drone'?"),
        ("a AND titel:b", 6, "unknown field 'titel:'", "did you mean 'title'?"),
        ("a ~x b", 2, "unknown operator '~x'", "~s or ~p"),
        ("a NEAR/0 b", 2, "NEAR/0: allowed are 1 to 100 words", ""),
        ("a{0}", 2, "a count is a whole number from 1 to 100, not 0", ""),
        ("NOT " * 5_000 + "a", 0, "the query is nested deeper than 20", "make concepts of its parts"),
        ("a" + " ~s a" * 30, 0, "the query is nested deeper than 20", "make concepts of its parts"),
        (
            '"' + "a " * 13 + '"',
            0,
            f"'{'a ' * 13}' has more than 12 words",
            "write several shorter phrases with AND",
        ),
        ("a{101}", 2, "a count is a whole number from 1 to 100, not 101", ""),
        ("a{1.5}", 2, "a count is a whole number from 1 to 100, not 1.5", ""),
        ("a{2 ~x}", 4, "unknown operator '~x'", "~s or ~p"),
        ("a{2 NEAR/0}", 4, "NEAR/0: allowed are 1 to 100 words", ""),
        ("a{2 b}", 4, "found 'b', expected NEAR/n, ~s or ~p, }", ""),
        ('"air * defence"', 0, "'air * defence': a star stands at a word", "write 'drone*' or '*drone'"),
        (
            '"KI-*"',
            0,
            "'KI-*': a star stands at a word",
            "leave '-*' or '*-' out: hyphens part words, 'AI' finds AI-made",
        ),
        ("country:(ua OR ru)", 0, "'country:' takes one word or phrase", ""),
        ("contry:ua", 0, "unknown field 'contry:'", "did you mean 'country'?"),
        ('""', 0, "'' has no word to look for", "write a word with a letter or a digit"),
        ("lang:#drone", 0, "'lang:' takes one word or phrase", ""),
    ],
)
def test_what_a_mistake_says(query: str, offset: int, message: str, hint: str) -> None:
    tree, mistakes = parse(query, CONCEPTS)
    assert tree is None
    (mistake,) = mistakes
    assert mistake.offset == offset
    assert mistake.message.startswith(message)
    assert mistake.hint == hint


def test_brackets_alone_are_not_deep() -> None:
    assert parse("(" * 1_000 + "a" + ")" * 1_000, ()) == (A, [])


def test_all_wrong_names_of_a_query_are_told_at_once() -> None:
    _, mistakes = parse("#dron OR titel:x OR #suply", CONCEPTS)
    assert [mistake.offset for mistake in mistakes] == [0, 9, 20]
