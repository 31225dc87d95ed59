"""Verdicts: scores, evidence that adds up, the passage, and robustness against any text."""

import math
import pickle
import time

import pytest

from monitor.errors import ConfigError
from monitor.model import Verdict
from monitor.topics import TopicSet, load_topics

TOPICS = """
[topics.drones]
title = "Drones for Ukraine"
description = "All about them."
threshold = 0.6
bias = -3.0
clauses = [
    { name = "Ukraine", query = '#ukraine', required = true },
    { name = "football", query = '#sport', veto = true },
    { name = "delivered", query = '#drone ~s #supply', weight = 5 },
    { name = "headline", query = 'title:#drone', weight = 2 },
    { name = "no coalition", query = 'NOT coalition', weight = -0.5 },
]

[topics.any]
title = "Anything"
clauses = [{ query = 'zebra*', weight = 8 }]
"""
FILES = {
    "topics.toml": TOPICS,
    "concepts/en.toml": 'drone = "drone"\nsupply = "deliver, send"\nsport = "football"',
    "concepts/uk.toml": 'drone = "дрон"\nsupply = "передати, передав"',
    "concepts/names.toml": 'ukraine = "ukrain*, україн*"',
}


@pytest.fixture(scope="module")
def topics() -> TopicSet:
    return load_topics(FILES)


def drones(topics: TopicSet, title: str, text: str, **stated: str) -> Verdict:
    return topics.judge(title, text, **stated)[0]


def test_there_is_a_verdict_for_each_topic_in_order(topics: TopicSet) -> None:
    assert [topic.name for topic in topics.topics] == ["drones", "any"]
    assert [verdict.topic for verdict in topics.judge("", "")] == ["drones", "any"]
    assert topics.topics[0].description == "All about them."


def test_a_matching_article_carries_its_reasons(topics: TopicSet) -> None:
    text = "It was raining. Denmark will send drones to Ukraine. The end."
    verdict = drones(topics, "Drones on their way", text)
    assert verdict.matched
    assert verdict.passage == "Denmark will send drones to Ukraine."
    found = {(piece.clause, piece.term, piece.field) for piece in verdict.evidence}
    assert ("delivered", "send … drones", "lead") in found
    assert ("headline", "Drones", "title") in found
    assert ("Ukraine", "Ukraine", "lead") in found
    delivered = next(piece for piece in verdict.evidence if piece.clause == "delivered")
    assert text[delivered.position :].startswith("send drones")
    assert len(verdict.rule) == 12


def test_the_evidence_adds_up_to_the_score(topics: TopicSet) -> None:
    verdict = drones(topics, "Drones", "They send drones to Ukraine. " * 10)
    raw = -3.0 + sum(piece.weight for piece in verdict.evidence)
    assert verdict.score == pytest.approx(1 / (1 + math.exp(-raw)), abs=1e-3)


def test_what_is_absent_is_evidence_without_a_term(topics: TopicSet) -> None:
    verdict = drones(topics, "", "Ukraine.")
    assert [(piece.term, piece.weight) for piece in verdict.evidence if piece.clause == "no coalition"] == [("", -0.5)]


def test_required_and_veto_clauses_decide_alone(topics: TopicSet) -> None:
    assert drones(topics, "Drones", "They send drones.").score == 0.0
    assert drones(topics, "Drones", "They send drones to Ukraine at a football match.").score == 0.0


def test_a_verdict_that_does_not_match_has_no_passage(topics: TopicSet) -> None:
    verdict = drones(topics, "", "Ukraine is a country.")
    assert not verdict.matched
    assert verdict.passage == ""


def test_the_passage_takes_in_a_neighbour_that_adds_to_it(topics: TopicSet) -> None:
    text = "Rain in Ukraine. They send drones. They deliver drones too. More rain."
    assert drones(topics, "", text).passage == "They send drones. They deliver drones too."


def test_the_passage_of_a_title_only_match_is_the_beginning_of_the_text(topics: TopicSet) -> None:
    assert topics.judge("A zebra. Zebras!", "One. Two. Three.")[1].passage == "One. Two."
    assert topics.judge("A zebra. Zebras!", "")[1].passage == "A zebra. Zebras!"


def test_inflected_forms_match_in_known_and_unknown_language(topics: TopicSet) -> None:
    for language in ("uk", ""):
        verdict = drones(topics, "", "Литва передала Україні тисячу дронів. Данія передав дронами.", language=language)
        assert any(piece.clause == "delivered" for piece in verdict.evidence)


def test_a_topic_set_can_go_to_another_process(topics: TopicSet) -> None:
    again: TopicSet = pickle.loads(pickle.dumps(topics))
    assert again.judge("Drones", "Send drones to Ukraine.") == topics.judge("Drones", "Send drones to Ukraine.")


def test_strengths_are_what_the_weights_multiply(topics: TopicSet) -> None:
    strengths = topics.strengths("Drones", "Ukraine.")
    assert strengths["drones"]["headline"] == pytest.approx(0.85)
    assert strengths["drones"]["delivered"] == 0.0


def test_topics_whose_terms_do_not_occur_are_judged_as_if_read(topics: TopicSet) -> None:
    silent = topics.judge("", "Nothing of interest.")
    assert silent == topics.judge("", "")
    assert [(piece.clause, piece.weight) for piece in silent[0].evidence] == [("no coalition", -0.5)]


def test_topics_that_ask_for_the_outlet_are_always_judged() -> None:
    topic = "[topics.x]\ntitle='X'\nclauses=[{ query = 'source:gazette OR title:zebra', weight = 9 }]"
    (verdict,) = load_topics({"topics.toml": topic}).judge("", "Nothing.", source="The Gazette")
    assert verdict.matched


def test_mistakes_of_topics_and_concepts_are_told_together() -> None:
    with pytest.raises(ConfigError) as caught:
        load_topics({**FILES, "concepts/xx.toml": 'a = "#b"', "more.toml": "[topics.y]\ntitle='Y'\nclauses=[]"})
    assert {problem.file for problem in caught.value.problems} == {"concepts/xx.toml", "more.toml"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\x00\ufeff",
        "drone " * 170_000,
        "d" * 1_000_000,
        "ukraine drone send " * 50_000,
        "." * 1_000_000,
        "شراء طائرات بدون طيار لأوكرانيا " * 1000,
        "קנה רחפנים " * 1000,
        "d\u0301\u0302\u0303" * 100_000,
        "🛩️👩‍👩‍👧‍👦🇺🇦" * 10_000,
        "\ud800 lone surrogate drone",
        "İ" * 10_000,
        "無人機をウクライナに送る。" * 2_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_no_text_is_too_odd_or_slow(topics: TopicSet, text: str) -> None:
    started = time.process_time()
    verdicts = topics.judge(text, text, language="en", source=text[:1000], url=text[:1000])
    assert len(verdicts) == 2
    assert all(0.0 <= verdict.score <= 1.0 for verdict in verdicts)
    assert time.process_time() - started < 1.0  # generous: the machine may be busy; the aim is 50 ms


def test_first_words_cut_off_are_no_headline(topics: TopicSet) -> None:
    text = "Drones for Ukraine were promised by three states on Monday, the ministers said. More follows."
    cut = topics.judge("Drones for Ukraine were promised…", text, language="en")
    assert cut == topics.judge("", text, language="en")
    assert cut != topics.judge("Drones for Ukraine were promised", text, language="en")
