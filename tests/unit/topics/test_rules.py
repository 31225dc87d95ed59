"""Topics are read from TOML and every mistake is told with file, line, column, what was expected, the nearest word."""

import pytest

from monitor.topics.concepts import Concepts, read_concepts
from monitor.topics.rules import read_rules


def concepts() -> Concepts:
    return read_concepts({"concepts/en.toml": 'drone = "drone, uav"\nsupply = "deliver"'})[0]


def told(text: str, **more: str) -> list[str]:
    return [str(problem) for problem in read_rules({"topics.toml": text, **more}, concepts())[1]]


GOOD = """
[topics.drones]
title = "Drones"
threshold = 0.6
bias = -2
clauses = [
    { name = "named", query = '#drone ~s #supply', weight = 3 },
    { query = '#drone', weight = 1.5, required = true },
]
"""


def test_a_topic_is_read() -> None:
    (rule,), problems = read_rules({"topics.toml": GOOD}, concepts())
    assert problems == []
    assert (rule.topic.name, rule.topic.title, rule.threshold, rule.bias) == ("drones", "Drones", 0.6, -2.0)
    assert [(clause.name, clause.weight, clause.required) for clause in rule.clauses] == [
        ("named", 3.0, False),
        ("#drone", 1.5, True),
    ]


def test_a_mistake_in_a_query_names_its_line_and_column() -> None:
    assert told(GOOD.replace("#drone ~s #supply", "#drone ~s #suply")) == [
        (
            "topics.toml: line 7, column 42 (topics.drones · clause 1 'named'): "
            "unknown concept '#suply' — did you mean 'supply'?"
        )
    ]


def test_a_trailing_or_is_told() -> None:
    (problem,) = told(GOOD.replace("#drone ~s #supply", "#drone OR"))
    assert "line 7, column 41" in problem
    assert "found the end, expected NOT, (" in problem


def test_an_escaped_query_is_placed_where_it_is_written() -> None:
    (problem,) = told('[topics.x]\ntitle = \'X\'\nclauses = [{ query = "\\"a b\\" adn c", weight = 1 }]')
    assert "line 3, column 31 (topics.x · clause 1): found 'adn'" in problem


def test_all_mistakes_of_all_topics_are_told_together() -> None:
    text = """
[topics.one]
title = "One"
clauses = [{ query = "#dron", weight = 1 }, { query = "titel:x", weight = 1 }, { query = "", weight = 1 }]

[topics.two]
titel = "Two"
clauses = []
threshold = 2.0
"""
    problems = "\n".join(told(text))
    for expected in (
        "unknown concept '#dron' — did you mean 'drone'?",
        "unknown field 'titel:' — did you mean 'title'?",
        "the query is empty",
        "line 7, column 10 (topics.two · titel): unknown key 'titel' — did you mean 'title'?",
        "topics.two · title: is missing",
        "line 9, column 13 (topics.two · threshold): found 2.0",
    ):
        assert expected in problems


def test_a_topic_without_a_positive_clause_is_empty() -> None:
    assert "the topic is empty" in told("[topics.x]\ntitle = 'X'\nclauses = []")[0]
    problems = "\n".join(told("[topics.x]\ntitle = 'X'\nclauses = [{ query = 'a' }]"))
    assert "the clause has no effect" in problems


def test_a_topic_that_no_article_can_match_is_a_mistake() -> None:
    written = "[topics.x]\ntitle = 'X'\nclauses = [{ query = 'a', weight = 3 }, { query = 'b', weight = -2 }]"
    (problem,) = told(written)
    assert problem.startswith(
        "topics.toml: line 1, column 1 (topics.x): nothing can ever match: its weights above 0 make"
    )
    assert "make 3 together, and from bias -4 to threshold 0.5 it takes 4 — raise weights" in problem
    assert not told(written.replace("= 3", "= 4"))
    assert not told(written.replace("[topics.x]", "[topics.x]\nbias = -3"))
    assert not told(written.replace("[topics.x]", "[topics.x]\nthreshold = 0.2"))


def test_no_topic_an_unknown_table_and_a_topic_in_two_files() -> None:
    assert told("") == ["topics.toml: there is no topic — add a table [topics.NAME]"]
    assert "unknown table 'topic'" in told("[topic.x]")[0]
    assert "a topic of this name exists in another file" in told(GOOD, **{"more.toml": GOOD})[0]
    assert "is not valid TOML" in told("[topics")[0]
    assert "expected a table" in told("topics.x = 1")[0]


def test_a_clause_is_not_required_and_a_veto() -> None:
    assert "not both" in told(GOOD.replace("required = true", "required = true, veto = true"))[0]


def test_the_hash_changes_with_what_is_judged_and_not_with_what_is_shown() -> None:
    def hash_of(text: str) -> str:
        return read_rules({"topics.toml": text}, concepts())[0][0].hash

    assert hash_of(GOOD) == hash_of(GOOD.replace('title = "Drones"', 'title = "UAVs"'))
    assert hash_of(GOOD) != hash_of(GOOD.replace("weight = 3", "weight = 2"))
    other = read_concepts({"concepts/en.toml": 'drone = "drone"\nsupply = "deliver"'})[0]
    assert hash_of(GOOD) != read_rules({"topics.toml": GOOD}, other)[0][0].hash


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("clauses = [{ query = '', weight = 1 }]", "line 3, column 23", "the query is empty"),
        ("clauses = [{ query = 'zebra OR', weight = 1 }]", "line 3, column 31", "found the end"),
        ("clauses = [{ query = 'zebra^0', weight = 1 }]", "line 3, column 29", "a weight is above 0"),
        ("clauses = [{ query = '\"zebra', weight = 1 }]", "line 3, column 23", "found a quote that is not closed"),
        ("clauses = []", "line 1, column 1", "the topic is empty"),
    ],
)
def test_a_mistake_says_where_it_stands(line: str, place: str, message: str) -> None:
    text = f"[topics.x]\ntitle = 'X'\n{line}"
    _, problems = read_rules({"topics.toml": text}, Concepts({}))
    assert len(problems) == 1
    assert problems[0].where.startswith(place)
    assert message in problems[0].message


def test_items_of_a_list_are_numbered_from_one() -> None:
    wrong = told("[topics.x]\ntitle = 'X'\nclauses = [{ query = 'a', weight = 1 }, { query = 'b', weight = 'x' }]")
    assert wrong == [
        "topics.toml: line 3, column 66 (topics.x · clauses[2].weight): found 'x': input should be a valid number"
    ]


def test_the_same_mistake_in_two_topics_is_told_with_a_place_each() -> None:
    clause = "clauses = [{ query = 'a adn b', weight = 1 }]"
    wrong = told(f"[topics.x]\ntitle = 'X'\n{clause}\n[topics.y]\ntitle = 'Y'\n{clause}\n")
    assert [problem.split(": ")[1] for problem in wrong] == [
        "line 3, column 25 (topics.x · clause 1)",
        "line 6, column 25 (topics.y · clause 1)",
    ]


def test_a_query_over_lines_and_one_in_a_table_of_its_own_have_their_places() -> None:
    clauses = 'clauses = [{ query = """\na OR\n  b c""", weight = 1 }]'
    assert "line 5, column 5 (topics.x · clause 1): found 'c'" in told(f"[topics.x]\ntitle = 'X'\n{clauses}")[0]
    table = "[topics.x]\ntitle = 'X'\n[[topics.x.clauses]]\nquery = 'a'\nweight = 1\n"
    (problem,) = told(f"{table}[[topics.x.clauses]]\nweight = 1\nquery = 'a b'\n")
    assert "line 8, column 12 (topics.x · clause 2): found 'b'" in problem


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e308", "-1001"])
def test_weights_and_biases_are_numbers_that_can_be_added(value: str) -> None:
    (weight,) = told(f"[topics.x]\ntitle = 'X'\nclauses = [{{ query = 'a', weight = {value} }}]")
    assert "line 3, column 36 (topics.x · clauses[1].weight): found" in weight
    assert "input should be " in weight
    (bias,) = told(f"[topics.x]\ntitle = 'X'\nbias = {value}\nclauses = [{{ query = 'a', weight = 1 }}]")
    assert "line 3, column 8 (topics.x · bias): found" in bias
