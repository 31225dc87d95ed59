"""What queries find: closeness, fields, counts, weights, strengths; and agreement with a plain reference."""

import random
from itertools import pairwise

import pytest

from monitor.topics import load_topics
from monitor.topics.candidates import leaves_of
from monitor.topics.document import Document, read_document
from monitor.topics.lexicon import Lexicon, Term
from monitor.topics.matching import FIELD_STRENGTH, Found, Matcher, bind
from monitor.topics.nodes import Node, TermNode
from monitor.topics.query import parse
from tests.unit.topics.reference import a_text, holds

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
    bound, hits = bind(node, leaves, {}), Lexicon(terms).find(document)
    found = Matcher(document, hits).find(bound)
    assert Matcher(document, hits).weigh(bound) == found.strength
    return found


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
        ("(berlin OR riga){2 ~p}", True),
        ("(berlin OR riga){2 ~s}", False),
        ("(berlin OR riga){2 NEAR/3}", True),
        ("(berlin OR riga){2 NEAR/2}", False),
        ("(berlin OR kyiv){2 ~p}", False),
        ("(nothing OR nowhere){2 ~p}", False),
        ("(berlin ~s drones ~s buys) ~p (riga OR kyiv)", True),
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
        ("country:de", True),
        ("country:ua", False),
    ],
)
def test_what_is_stated_of_an_article(query: str, expected: bool) -> None:
    found = find(query, source="Reuters World", url="https://example.org/sport/1", language="en", country="de")
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


def test_the_headline_is_the_neighbour_of_the_first_sentence_and_no_word_of_it_is_near_one_of_the_text() -> None:
    found = find("drones ~p riga", "Drones, drones", "Riga. Oslo pays.")
    assert found.strength > FIELD_STRENGTH["title"]
    assert [place.parts for place in found.places] == [((0, 0), (1002, 1002)), ((1, 1), (1002, 1002))]
    assert find("(drones OR oslo){2 ~p}", "Drones", "Oslo pays.").strength
    assert not find("drones ~p oslo", "Drones", "Riga. Oslo pays.").strength
    for query in ("drones ~s riga", "drones NEAR/100 riga", "title:(drones ~p riga)"):
        assert not find(query, "Drones", "Riga.").strength


def test_a_count_within_reach_keeps_only_the_places_of_the_crowd() -> None:
    text = "Kyiv. Oslo pays. Riga and Oslo agree. Nothing. Kyiv waits."
    found = find("(kyiv OR oslo OR riga){2 ~s}", "", text)
    assert [text.split()[place.first - 1000] for place in found.places] == ["Riga", "Oslo"]


def test_the_nearest_of_several_is_joined() -> None:
    text = "drones one two riga drones three four drones"
    (place,) = find("riga NEAR/9 drones", "", text).places
    assert (place.first, place.last) == (1003, 1004)


def test_a_far_match_behind_many_others_is_not_lost() -> None:
    text = "Riga. " * 400 + "Riga pays Oslo."
    assert find("riga ~s oslo", "", text).strength
    assert find("oslo ~s riga", "", text).strength


WORDS = ("ab", "abba", "bab", "cab", "dab", "x", "y", "z")
TERMS = ("ab", "bab", "cab", "a*", "*ab", "*b*", "a*a", '"ab cab"', '"a* bab"', '"x y"', "dab")
CONCEPTS = {"one": ["ab", "cab", "ab cab"], "two": ["a*", "dab bab", "x y"], "three": ["*ab"]}
STATED = {
    "source": ("gazette", "evening gazette", "courier"),
    "url": ("sport", "news"),
    "lang": ("en", "de"),
    "country": ("ua", "de", ""),
}
QUERIES = 200
ARTICLES = 50


def a_query(dice: random.Random, depth: int = 3) -> str:
    if depth == 0 or dice.random() < 0.2:
        return a_leaf(dice)
    left, right = a_query(dice, depth - 1), a_query(dice, depth - 1)
    one, other, field = an_operand(dice), an_operand(dice), dice.choice(("title", "lead", "body"))
    name = dice.choice(list(STATED))
    reach = dice.choice(("~s", "~p", f"NEAR/{dice.randint(1, 5)}"))
    return dice.choice(
        (
            f"({left}) OR ({right})",
            f"({left}) AND ({right})",
            f"({left}) AND NOT ({right})",
            f"NOT ({left})",
            f"{field}:({left})",
            f"({left})^2",
            f"{one} {reach} {other}",
            f"{one} {reach} NOT {other}",
            f"{field}:({one} {reach} {other})",
            f"{one}{{{dice.randint(1, 5)}}}",
            f"{one}{{{dice.randint(2, 4)} {reach}}}",
            f'{name}:"{dice.choice(STATED[name]) or "fr"}"',
        )
    )


def a_leaf(dice: random.Random) -> str:
    return dice.choice((*TERMS, *(f"#{name}" for name in CONCEPTS)))


def an_operand(dice: random.Random) -> str:
    return a_leaf(dice) if dice.random() < 0.7 else f"({a_leaf(dice)} OR {a_leaf(dice)})"


def prose(dice: random.Random, sentences: int) -> str:
    """Sentences of one to seven words, with capitals, so that each ends where it should."""
    return " ".join(
        " ".join(dice.choices(WORDS, k=dice.randint(1, 7))).capitalize() + "."
        for _ in range(dice.randint(0, sentences))
    )


def test_ten_thousand_pairs_agree() -> None:
    dice = random.Random(20_260_101)
    drawn = (a_query(dice) for _ in range(10 * QUERIES))
    queries = [query for query in drawn if not parse(query, tuple(CONCEPTS))[1]][:QUERIES]  # some can never hold
    assert len(queries) == QUERIES
    tables = [
        f"[topics.t{number}]\ntitle = 'T'\nbias = -1\nclauses = [{{ query = '{query}', weight = 90 }}]"
        for number, query in enumerate(queries)
    ]
    lists = "\n".join(f"{name} = '{', '.join(terms)}'" for name, terms in CONCEPTS.items())
    topics = load_topics({"topics.toml": "\n".join(tables), "concepts/names.toml": lists})
    trees = [parse(query, tuple(CONCEPTS))[0] for query in queries]
    outcomes = {True: 0, False: 0}
    for _ in range(ARTICLES):
        title, text = prose(dice, 2), prose(dice, dice.choice((3, 25)))
        stated = {name: dice.choice(values) for name, values in STATED.items()}
        verdicts = topics.judge(
            title,
            text,
            language=stated["lang"],
            source=stated["source"],
            url=stated["url"],
            country=stated["country"],
        )
        plain = a_text(title, text, stated, CONCEPTS)
        for query, tree, verdict in zip(queries, trees, verdicts, strict=True):
            assert tree is not None
            expected = holds(tree, plain)
            outcomes[expected] += 1
            assert verdict.matched is expected, (query, title, text, stated)
    assert min(outcomes.values()) > QUERIES * ARTICLES / 5
