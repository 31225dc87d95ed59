"""What the index is asked for a query, and what the matcher decides."""

import pytest

from monitor.model import AllOf, AnyOf, Ask, Term
from monitor.topics.asking import Question, stated
from monitor.topics.concepts import read_concepts
from monitor.topics.query import parse

WORDS = (
    "launch",
    "launched",
    "launcher",
    "launchers",
    "laundry",
    "gave",
    "gives",
    "ракета",
    "ракети",
    "ракетою",
    "ракурс",
    "copter",
    "dron",
    "dronow",
    "dronami",
    "dront",
    "mozna",
    "mozny",
    "moznych",
    "mozek",
    "lodz",
    "lodzi",
)
CONCEPTS, _ = read_concepts({"concepts/uk.toml": 'missile = "ракета"', "concepts/all.toml": 'heli = "*copter, uav"'})


def look(wanted: str) -> list[str]:
    if "*" in wanted:
        return [word for word in WORDS if word.endswith(wanted[1:])]
    return [word for word in WORDS if word.startswith(wanted)]


def question(query: str, *languages: str) -> Question:
    node, mistakes = parse(query, CONCEPTS.names)
    assert node is not None, mistakes
    return Question(node, CONCEPTS, frozenset(languages))


def words_of(ask: Ask | None) -> set[str]:
    if ask is None:
        return set()
    if isinstance(ask, Term):
        return {" ".join(ask.words) + ("*" if ask.prefix else "")}
    return {word for part in ask.parts for word in words_of(part)}


@pytest.mark.parametrize(
    ("query", "languages", "words"),
    [
        ("launcher", ("en",), {"launcher", "launchers"}),
        ("F-16", (), {"f 16", "f16"}),
        ("give", ("en",), {"give", "gives", "gave", "given"}),
        ("прем'єр", ("uk",), {"прем'єр", "прем'*"}),
        ("launchers", ("en", "uk"), {"launcher", "launchers"}),
        ("ракетою", ("uk",), {"ракета", "ракети", "ракетою"}),
        ("ракетою", (), {"ракетою"}),
        ("#missile", (), {"ракета", "ракети", "ракетою"}),
        ("#heli", (), {"copter", "uav"}),
        ("launch*", ("en",), {"launch", "launched", "launcher", "launchers"}),
        ("zeppelin*", ("en",), {"zeppelin*"}),
        ('"two launchers"', ("en",), {"two launchers"}),
        ("ЩОСЬ", ("uk",), {"щось"}),
        ("dron", ("pl",), {"dron", "dronow", "dronami"}),
        ("dronów", ("pl",), {"dron", "dronow", "dronami"}),
        ("dronow", ("pl",), {"dron", "dronow", "dronami"}),
        ("možná", ("cs",), {"mozna", "mozny", "moznych"}),
        ("łodzi", ("pl",), {"lodzi", "lodz"}),
    ],
)
def test_a_word_stands_for_its_forms(query: str, languages: tuple[str, ...], words: set[str]) -> None:
    assert words_of(question(query, *languages).ask(look)[0]) == words


@pytest.mark.parametrize(
    ("query", "exact"),
    [
        ("a AND b", True),
        ("a OR (b AND NOT c)", True),
        ("title:a", True),
        ("a^2", True),
        ("lead:a", False),
        ("a NEAR/3 b", False),
        ("a ~s NOT b", False),
        ("a{2}", False),
        ("a AND lang:uk", False),
        ("a AND NOT b{2}", False),
        ("#heli", False),
        ("US", False),
        ("us", True),
    ],
)
def test_what_the_index_cannot_say_is_known(query: str, exact: bool) -> None:
    ask, sure = question(query).ask(look)
    assert ask is not None
    assert sure is exact


def test_what_must_not_occur_is_left_out_only_where_the_index_is_sure() -> None:
    ask, _ = question("a AND NOT b").ask(look)
    assert isinstance(ask, AllOf)
    assert [words_of(part) for part in ask.without] == [{"b"}]
    ask, _ = question("a AND NOT b{2}").ask(look)
    assert isinstance(ask, AllOf)
    assert ask.without == ()


@pytest.mark.parametrize("query", ["NOT a", "lang:uk", "a OR lang:uk"])
def test_where_any_article_may_hold_it_the_index_is_not_asked(query: str) -> None:
    assert question(query).ask(look) == (None, False)


def test_the_matcher_decides() -> None:
    near = question("launcher NEAR/2 norway", "en")
    assert near.holds("", "Launchers for Norway were promised.", language="en")
    assert not near.holds("", "Launchers were promised by the government of Norway.", language="en")
    assert question("lang:uk AND source:courier").holds("", "", language="uk", source="Northern Courier")


def test_a_language_that_all_must_have() -> None:
    assert stated(question("lang:UK AND a").node) == {"lang": "uk"}
    assert stated(question("lang:uk OR a").node) == {}


def test_a_place_in_the_article() -> None:
    assert question("title:a").ask(look)[0] == AnyOf((Term(("a",), False, "title"),))


def test_closeness_is_said_where_both_parts_are_asked_for() -> None:
    def within(query: str) -> int:
        ask, exact = question(query).ask(look)
        assert isinstance(ask, AllOf)
        assert not exact
        return ask.within

    assert within("a NEAR/3 b") == 3
    assert within("a ~s b") == 0
    assert within("a NEAR/3 NOT b") == 0


def test_languages_share_what_was_looked_up() -> None:
    asked = []

    def counted(wanted: str) -> list[str]:
        asked.append(wanted)
        return look(wanted)

    question("launchers AND launched", "en", "de", "fr").ask(counted)
    assert asked == ["laun"]
