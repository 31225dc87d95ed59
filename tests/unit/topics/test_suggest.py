"""Drafting a topic from examples."""

import tomllib

import pytest

from monitor.errors import MonitorError
from monitor.topics import load_topics
from monitor.topics.suggest import Example, suggest

CONCEPTS = {
    "concepts/en.toml": 'hospital = "field hospital, mobile clinic"\nboat = "boat, ferry"\n',
    "concepts/de.toml": 'hospital = "Feldlazarett"\n',
}
PLACES = "Riga Oslo Turin Porto Bergen Lyon Graz Tartu Cork Ghent Malmo Vaasa".split()
EXAMPLES = [
    Example(f"{place} sends tents", f"Surgeons from {place} pack a field hospital. The operating theatre is new.", "en")
    for place in PLACES[:6]
]
OTHERS = [
    Example(
        f"{place} opens a bridge",
        f"The mayor of {place} took a boat. A theatre stands where cranes are operating.",
        "en",
    )
    for place in PLACES * 2
]


def a_draft(name: str = "field-hospitals") -> str:
    return suggest(name, 'Field "hospitals"', EXAMPLES, OTHERS, CONCEPTS)


def test_the_draft_loads_and_parts_the_examples_from_the_others() -> None:
    topics = load_topics({"draft.toml": a_draft(), **CONCEPTS})
    assert [(topic.name, topic.title) for topic in topics.topics] == [("field-hospitals", 'Field "hospitals"')]
    assert all(topics.judge(one.title, one.text, language="en")[0].matched for one in EXAMPLES)
    assert not any(topics.judge(one.title, one.text, language="en")[0].matched for one in OTHERS)


def test_the_draft_says_what_it_stands_on() -> None:
    text = a_draft()
    assert "# A draft from 6 examples against 24 other articles" in text
    assert "finds 6 of these examples and 0 of the others" in text
    assert "# in 100% of the examples, 2% of the others" in text


def test_concepts_come_first_and_their_words_are_not_repeated() -> None:
    clauses = tomllib.loads(a_draft())["topics"]["field-hospitals"]["clauses"]
    assert clauses[0]["query"] == "#hospital"
    assert "#boat" not in str(clauses)
    found = {clause["name"]: clause["query"] for clause in clauses}
    assert '"operating theatre"' in found["phrases"]
    assert "field hospital" not in found["phrases"]
    assert "surgeons" in found["words"]
    assert not {"field", "hospital", "riga", "theatre"} & set(found["words"].split(" OR "))


def test_everyday_words_are_known_from_others_of_the_same_language() -> None:
    german = [Example(f"Zelte {n}", f"Ärzte packen heute auch wieder Zelte ein, Nummer {n}.", "de") for n in range(6)]
    everyday = [Example("Brücke", "Heute packen auch wieder alle mit an.", "de")] * 12
    clauses = tomllib.loads(suggest("zelte", "Zelte", german, [*everyday, *OTHERS], CONCEPTS))["topics"]["zelte"][
        "clauses"
    ]
    assert {"arzte", "zelte"} <= set(clauses[-1]["query"].split(" OR "))
    assert not {"heute", "auch", "wieder", "packen"} & set(clauses[-1]["query"].split(" OR "))


def test_concepts_that_cannot_be_read_do_not_help_and_do_not_hinder() -> None:
    text = suggest("tents", "Tents", EXAMPLES, OTHERS, {})
    assert "#" not in "".join(clause["query"] for clause in tomllib.loads(text)["topics"]["tents"]["clauses"])


@pytest.mark.parametrize("name", ["Zelte in Köln", 'a "b"', "a.b"])
def test_a_name_of_any_kind_can_be_read_back(name: str) -> None:
    assert list(tomllib.loads(a_draft(name))["topics"]) == [name]


def test_too_few_examples_are_refused() -> None:
    with pytest.raises(MonitorError, match="2 example articles; a draft needs 3"):
        suggest("x", "X", EXAMPLES[:2], OTHERS, CONCEPTS)


def test_examples_like_all_others_give_no_draft() -> None:
    with pytest.raises(MonitorError, match="nothing tells these examples"):
        suggest("x", "X", OTHERS[:12], OTHERS, CONCEPTS)


def test_words_that_long_examples_hold_for_their_length_alone_are_left_out() -> None:
    """Each of the others holds one of ten everyday words; each example is ten times as long and holds them all."""
    everyday = "increasing known these part high step noted large often small".split()
    filler = "Cranes lift stones beside water. "
    others = [Example(f"Bridge {n}", f"{filler * 2}{everyday[n % 10]}", "en") for n in range(40)]
    examples = [Example(f"Tents {n}", f"Surgeons. {filler * 20}{' is '.join(everyday)}", "en") for n in range(6)]
    words = suggest("x", "X", examples, others, {}).split("query = '")[-1]
    assert "surgeons" in words
    assert not set(everyday) & set(words.split())


def test_a_word_that_a_few_examples_may_hold_by_chance_is_left_out() -> None:
    others = [Example(f"Bridge {n}", "Cranes lift stones" + " which" * (n % 8 == 0), "en") for n in range(40)]
    examples = [Example(f"Tents {n}", "Surgeons pack boxes" + " which" * (n % 2), "en") for n in range(6)]
    assert "which" not in suggest("x", "X", examples, others, {})
