"""A small correction of a rule, learned from marks, and used only where it helps."""

import json
import sys

import pytest
from msgspec.structs import replace

from monitor.errors import MonitorError
from monitor.model import Evidence, Verdict
from monitor.topics import load_topics
from monitor.topics.learn import (
    FURTHEST,
    LearnedTopics,
    Model,
    Sample,
    TooFewMarksError,
    learn,
    read_models,
    words_of,
    write_models,
)

TOPICS = """
[topics.air]
title = "Air"
bias = -3
clauses = [
    { name = "launchers", query = "launcher", weight = 6 },
    { name = "drills", query = "drill", weight = 1 },
    { name = "ceremony", query = "parade", weight = -0.2 },
    { name = "toys", query = "toy", veto = true },
]

[topics.soup]
title = "Soup"
clauses = [{ query = "leek", weight = 9 }]
"""
RULES = load_topics({"topics.toml": TOPICS})
ABOUT = "A launcher was shown to the press in town {number}. "
BELONGS = ABOUT + "The ministry will deliver it to the brigade before winter."
PARADE = ABOUT + "It was a parade with a brass band and children."


def a_sample(text: str, *, relevant: bool) -> Sample:
    return Sample(relevant, RULES.judge("", text)[0], words_of("", text))


def samples(yes: int = 20, no: int = 20) -> list[Sample]:
    wanted = [a_sample(BELONGS.format(number=number), relevant=True) for number in range(yes)]
    return wanted + [a_sample(PARADE.format(number=number), relevant=False) for number in range(no)]


def a_model(**overrides: object) -> Model:
    rule = RULES.judge("", "")[0].rule
    model = Model(rule=rule, marks=34, bias=0.0, clauses={}, words={"parade": -1.5, "winter": 0.5})
    return replace(model, **overrides)


def test_what_a_rule_gets_wrong_is_learned() -> None:
    learned = learn(samples())
    assert learned.before.f1 is not None
    assert learned.after.f1 is not None
    assert learned.before.precision is not None
    assert (learned.before.precision.value, learned.after.f1.value) == (0.5, 1.0)
    assert learned.better
    assert learned.model.marks == 40
    assert "band" in learned.model.words or "parade" in learned.model.words
    assert len(learned.model.words) <= 20


def test_what_chance_decides_is_not_kept() -> None:
    texts = [ABOUT.format(number=number) for number in range(40)]
    learned = learn([a_sample(text, relevant=number % 3 > 0) for number, text in enumerate(texts)])
    assert not learned.better


def test_a_rule_that_is_right_is_left_alone() -> None:
    wrong = [a_sample(f"A drill in town {number}.", relevant=False) for number in range(20)]
    learned = learn(samples(no=0) + wrong)
    assert learned.before.f1 is not None
    assert learned.before.f1.value == 1
    assert not learned.better


def test_marks_that_are_as_the_rule_says_change_nothing() -> None:
    marked = [a_sample(f"A launcher in town {number}.", relevant=number < 23) for number in range(30)]  # it says 0.77
    marked += [a_sample(f"A drill in town {number}.", relevant=number < 1) for number in range(11)]  # 0.09
    topics = LearnedTopics(RULES, {"air": learn([*marked, *marked]).model})
    for text in ("A launcher in town.", "A drill in town."):
        assert abs(topics.judge("", text)[0].evidence[-1].weight) < 0.02


@pytest.mark.parametrize(("yes", "no"), [(14, 15), (36, 4), (0, 40)])
def test_too_few_marks_are_refused(yes: int, no: int) -> None:
    with pytest.raises(TooFewMarksError, match=rf"{yes + no} marked articles, .*learning needs 30, 5 of either kind"):
        learn(samples(yes, no))


def test_learning_again_gives_the_same() -> None:
    assert learn(samples()) == learn(samples())


def test_without_scikit_learn_the_trouble_is_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(MonitorError, match=r"scikit-learn, which is not installed; install news-monitor\[learning\]"):
        learn(samples())


def test_a_verdict_shows_the_rule_and_what_was_learned() -> None:
    topics = LearnedTopics(RULES, {"air": a_model()})
    text = PARADE.format(number=1)
    rule, corrected = RULES.judge("", text)[0], topics.judge("", text)[0]
    assert corrected.evidence[: len(rule.evidence)] == rule.evidence
    name = f"learned from 34 marks; the rule alone says {rule.score:.2f}"
    assert corrected.evidence[len(rule.evidence) :] == (Evidence(name, "", "body", 0, -1.5),)
    assert corrected.score < rule.score
    assert corrected.rule.startswith(rule.rule + "+")
    assert topics.judge("", text)[1] == RULES.judge("", text)[1]
    assert topics.topics == RULES.topics


def test_what_is_let_in_has_a_passage_and_what_is_put_out_has_none() -> None:
    inwards = LearnedTopics(RULES, {"air": a_model(words={"parade": 2.0})})
    outwards = LearnedTopics(RULES, {"air": a_model(words={"winter": -9.0})})
    low = load_topics({"topics.toml": TOPICS.replace("weight = 6", "weight = 2")})
    lifted = LearnedTopics(low, {"air": replace(a_model(words={"parade": 9.0}), rule=low.judge("", "")[0].rule)})
    parade, winter = PARADE.format(number=1), BELONGS.format(number=1)
    assert not low.judge("", parade)[0].matched
    assert (lifted.judge("", parade)[0].matched, lifted.judge("", parade)[0].passage) == (
        True,
        "A launcher was shown to the press in town 1.",
    )
    assert inwards.judge("", parade)[0].passage == RULES.judge("", parade)[0].passage
    assert (outwards.judge("", winter)[0].matched, outwards.judge("", winter)[0].passage) == (False, "")


@pytest.mark.parametrize("weight", [50.0, -50.0])
def test_a_correction_has_a_limit(weight: float) -> None:
    (*_, last) = LearnedTopics(RULES, {"air": a_model(bias=weight)}).judge("", ABOUT)[0].evidence
    assert abs(last.weight) == FURTHEST


@pytest.mark.parametrize("text", ["", "A winter parade.".replace("parade", "ball"), "A toy launcher on parade."])
def test_silence_and_vetoes_are_not_overridden(text: str) -> None:
    topics = LearnedTopics(RULES, {"air": a_model(bias=2.0)})
    rule, corrected = RULES.judge("", text)[0], topics.judge("", text)[0]
    assert replace(corrected, rule=rule.rule) == rule


def test_a_required_word_alone_is_nothing_to_correct() -> None:
    rules = load_topics(
        {"topics.toml": TOPICS.replace("clauses = [", 'clauses = [{ query = "brigade", required = true },', 1)}
    )
    model = a_model(bias=2.0, rule=rules.judge("", "")[0].rule)
    topics = LearnedTopics(rules, {"air": model})
    for text, corrected in (("The brigade held a ball.", False), ("The brigade has a launcher.", True)):
        rule = rules.judge("", text)[0]
        assert rule.evidence
        assert (topics.judge("", text)[0].score > rule.score) is corrected


def test_a_model_of_another_rule_is_not_used() -> None:
    topics = LearnedTopics(RULES, {"air": a_model(rule="000000000000"), "gone": a_model()})
    assert topics.learned == frozenset()
    assert topics.judge("", ABOUT) == RULES.judge("", ABOUT)


def test_models_come_back_from_their_text() -> None:
    models = {"air": learn(samples()).model, "soup": a_model()}
    assert read_models(write_models(models)) == models
    assert json.loads(write_models(models))["soup"]["words"] == {"parade": -1.5, "winter": 0.5}


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"air": 1}', '{"air": {"rule": "x"}}', write_models({"air": a_model(bias="x")})],
)
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_models(text)


def test_words_are_folded_and_short_ones_left_out() -> None:
    assert words_of("Öl in Łódź", "12 NASAMS-2 to Kyiv") == frozenset({"lodz", "nasams", "kyiv"})


def test_a_verdict_without_correction_keeps_everything_else() -> None:
    verdict = LearnedTopics(RULES, {"air": a_model(words={})}).judge("", ABOUT)[0]
    assert isinstance(verdict, Verdict)
    assert verdict.score == pytest.approx(RULES.judge("", ABOUT)[0].score)
