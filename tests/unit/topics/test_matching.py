"""What queries find: closeness, fields, counts, weights, strengths; and agreement with a plain reference."""

import random
from itertools import pairwise, product

import pytest

from monitor.topics.document import Document, read_document
from monitor.topics.lexicon import Lexicon, Term
from monitor.topics.matching import FIELD_STRENGTH, Found, Matcher
from monitor.topics.query import And, Close, Counted, Node, Not, Or, TermNode, Weighted, Within, parse
from monitor.topics.rules import leaves_of

TEXT = (
    "Berlin buys drones. Riga pays for shells.\nA long way off, Kyiv waits. " + "Nothing here. " * 30 + "Drones again."
)


def find(query: str, title: str = "", text: str = TEXT, **stated: str) -> Found:
    node, mistakes = parse(query, ())
    assert node is not None, mistakes
    return evaluate(node, read_document(title, text, **stated))


def evaluate(node: Node, document: Document) -> Found:
    leaves: dict[Node, int] = {}
    for leaf in leaves_of(node):
        leaves.setdefault(leaf, len(leaves))
    terms = [(Term(leaf.text), [number]) for leaf, number in leaves.items() if isinstance(leaf, TermNode)]
    return Matcher(document, Lexicon(terms).find(document), leaves).find(node)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("drones", True),
        ("tanks", False),
        ("berlin AND riga", True),
        ("berlin AND paris", False),
        ("paris OR riga", True),
        ("drones AND NOT paris", True),
        ("drones AND NOT riga", False),
        ("berlin ~s drones", True),
        ("riga ~s drones", False),
        ("riga ~p drones", True),
        ("kyiv ~p drones", False),
        ("riga ~s NOT drones", True),
        ("berlin ~s NOT drones", False),
        ("berlin NEAR/2 drones", True),
        ("berlin NEAR/1 drones", False),
        ("(berlin ~s drones) ~s buys", True),
        ("drones{2}", True),
        ("drones{3}", False),
        ("lead:drones", True),
        ("body:drones", True),
        ("body:berlin", False),
        ("title:drones", False),
        ("drones NEAR/5 drones", False),
    ],
)
def test_what_is_found(query: str, expected: bool) -> None:
    assert bool(find(query).strength) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("source:reuters", True),
        ('source:"the guardian"', False),
        ("url:sport", True),
        ("lang:en", True),
        ("lang:uk", False),
    ],
)
def test_what_is_stated_of_an_article(query: str, expected: bool) -> None:
    found = find(query, source="Reuters World", url="https://example.org/sport/1", language="en")
    assert bool(found.strength) is expected
    assert found.places == ()


def test_title_counts_more_than_lead_and_lead_more_than_body() -> None:
    assert find("drones", "Drones", "Nothing.").strength == pytest.approx(FIELD_STRENGTH["title"])
    assert find("drones", "", "Drones.").strength == pytest.approx(FIELD_STRENGTH["lead"])
    assert find("body:drones").strength == pytest.approx(FIELD_STRENGTH["body"])
    assert FIELD_STRENGTH["title"] > FIELD_STRENGTH["lead"] > FIELD_STRENGTH["body"]


def test_repeats_add_less_and_less_and_never_exceed_one() -> None:
    strengths = [find("drones", "", "Drones. " * count).strength for count in (1, 2, 3, 500)]
    gains = [later - earlier for earlier, later in pairwise(strengths)]
    assert gains[0] > gains[1] > 0
    assert strengths[-1] <= 1.0


def test_and_is_as_strong_as_its_weakest_part_and_or_as_both() -> None:
    one, other = find("berlin").strength, find("body:drones").strength
    assert find("berlin AND body:drones").strength == pytest.approx(min(one, other))
    assert find("berlin OR body:drones").strength == pytest.approx(1 - (1 - one) * (1 - other))


def test_a_weight_scales_a_find_up_to_one() -> None:
    assert find("body:drones^1.5").strength == pytest.approx(0.6)
    assert find("drones^9").strength == pytest.approx(1.0)
    assert find("body:drones^0").strength == 0.0


def test_title_and_text_are_never_close() -> None:
    assert not find("drones ~p riga", "Drones", "Riga.").strength
    assert not find("drones NEAR/100 riga", "Drones", "Riga.").strength


WORDS = ("a", "b", "c", "d")


def random_text(dice: random.Random) -> str:
    return ". ".join(
        " ".join(dice.choices((*WORDS, "x", "y"), k=dice.randint(1, 6))) for _ in range(dice.randint(1, 5))
    )


def random_query(dice: random.Random, depth: int = 3) -> Node:
    if depth == 0 or dice.random() < 0.25:
        return TermNode(dice.choice(WORDS))
    left, right = random_query(dice, depth - 1), random_query(dice, depth - 1)
    match dice.randint(0, 7):
        case 0:
            return Or((left, right))
        case 1:
            return Not(left)
        case 2:
            return Within(dice.choice(("title", "lead", "body")), left)
        case 3:
            return Counted(TermNode(dice.choice(WORDS)), dice.randint(1, 4))
        case 4:
            return Close(TermNode(dice.choice(WORDS)), TermNode(dice.choice(WORDS)), words=dice.randint(1, 4))
        case 5:
            return Close(TermNode(dice.choice(WORDS)), TermNode(dice.choice(WORDS)), sentences=dice.randint(1, 2))
        case 6:
            return Close(TermNode(dice.choice(WORDS)), Not(TermNode(dice.choice(WORDS))), sentences=1)
        case _:
            return And((left, right))


def holds(node: Node, document: Document, within: str = "") -> bool:
    """The plain reference: word by word, no index, no strengths."""
    match node:
        case TermNode():
            return bool(places(node, document, within))
        case Not(part):
            return not holds(part, document, within)
        case And(parts):
            return all(holds(part, document, within) for part in parts)
        case Or(parts):
            return any(holds(part, document, within) for part in parts)
        case Within(name, part):
            return holds(part, document, name)
        case Counted(part, least):
            return len(places(part, document, within)) >= least
        case Weighted(part, _):
            return holds(part, document, within)
        case Close(left, right, reach, sentences):
            other = right.part if isinstance(right, Not) else right
            for one in places(left, document, within):
                near = any(
                    one != two
                    and (
                        abs(one - two) <= reach
                        if reach
                        else abs(document.token(one).sentence - document.token(two).sentence) < sentences
                    )
                    for two in places(other, document, within)
                )
                if near is not isinstance(right, Not):
                    return True
            return False
        case _:
            raise AssertionError(node)


def places(node: Node, document: Document, within: str) -> list[int]:
    assert isinstance(node, TermNode)
    return [
        token.number
        for token in document.tokens
        if token.folded == node.text and (not within or document.field_of(token.number) == within)
    ]


def test_random_queries_agree_with_the_reference() -> None:
    dice = random.Random(20260101)
    documents = [read_document(random_text(dice), random_text(dice) + " z" * dice.choice((0, 200))) for _ in range(60)]
    queries = [random_query(dice) for _ in range(60)]
    outcomes = set()
    for node, document in product(queries, documents):
        expected = holds(node, document)
        outcomes.add(expected)
        assert bool(evaluate(node, document).strength) is expected, (node, document.title, document.text)
    assert outcomes == {True, False}
