"""Figures of labelled texts."""

import json

import pytest

from monitor.errors import ConfigError
from monitor.model import Verdict
from monitor.topics.quality import Labelled, calibration, calibration_error, figures, measure, read_labels, wilson


def a_label(name: str, *topics: str, language: str = "en") -> Labelled:
    return Labelled(name, f"Headline of {name}", "", language, frozenset(topics))


def verdicts(**scores: float) -> tuple[Verdict, ...]:
    return tuple(Verdict(topic, score, 0.5) for topic, score in scores.items())


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 100, 0.7222, 0.8749)],
)
def test_wilson_s_interval(right: int, of: int, low: float, high: float) -> None:
    rate = wilson(right, of)
    assert rate is not None
    assert (rate.value, rate.low, rate.high) == pytest.approx((right / of, low, high), abs=5e-5)


def test_nothing_to_count_has_no_rate() -> None:
    assert wilson(0, 0) is None
    empty = figures([(False, False)] * 3)
    assert (empty.precision, empty.recall, empty.f1) == (None, None, None)


def test_figures_of_counts() -> None:
    found = figures([(True, True)] * 6 + [(True, False)] * 2 + [(False, True)] * 4 + [(False, False)] * 8)
    assert (found.texts, found.relevant, found.found) == (20, 8, 10)
    assert found.precision is not None
    assert found.precision.value == 0.6
    assert found.recall is not None
    assert found.recall.value == 0.75
    assert found.f1 is not None
    assert found.f1.value == pytest.approx(2 * 0.6 * 0.75 / 1.35)
    assert 0.3 < found.f1.low < found.f1.value < found.f1.high < 0.95


def test_more_labels_make_the_interval_of_f1_narrower_and_the_same_labels_the_same() -> None:
    few, many = [(True, True), (True, False), (False, True), (False, False)] * 5, 20
    wide, narrow = figures(few).f1, figures(few * many).f1
    assert wide is not None
    assert narrow is not None
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)
    assert figures(few).f1 == wide


@pytest.mark.parametrize(("pairs", "low", "high"), [([(True, True)] * 20, 0.83, 1), ([(True, False)] * 20, 0, 0.17)])
def test_few_labels_prove_no_perfect_f1(pairs: list[tuple[bool, bool]], low: float, high: float) -> None:
    found = figures([*pairs, (False, False)]).f1
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.01)


def test_a_set_is_measured_by_topic_and_by_language() -> None:
    quality = measure(
        [
            (a_label("1", "air"), verdicts(air=0.9, drones=0.1)),
            (a_label("2", "air", language="de"), verdicts(air=0.2, drones=0.1)),
            (a_label("3", language="de"), verdicts(air=0.1, drones=0.7)),
            (a_label("4", "drones"), verdicts(air=0.1, drones=0.8)),
        ]
    )
    assert {name: (one.relevant, one.found) for name, one in quality.topics.items()} == {
        "air": (2, 1),
        "drones": (1, 2),
    }
    assert (quality.any_topic.relevant, quality.any_topic.found) == (3, 3)
    assert {name: one.texts for name, one in quality.languages.items()} == {"en": 2, "de": 2}
    assert quality.macro_f1 == pytest.approx(2 / 3)
    assert [(one.id, one.wanted, one.verdict.topic) for one in quality.mistakes] == [
        ("2", True, "air"),
        ("3", False, "drones"),
    ]


def test_a_score_that_keeps_its_word_is_calibrated() -> None:
    assert calibration_error([(0.8, True)] * 4 + [(0.8, False)]) == pytest.approx(0)
    assert calibration_error([(0.9, False), (0.1, True), (1.0, True)]) == pytest.approx(0.6)
    assert calibration_error([]) == 0


def test_labels_are_read() -> None:
    lines = [
        '{"id": "a", "title": "T", "text": "x", "topics": ["air"], "origin": "mine"}',
        "",
        '{"text":"y","topics":[]}',
    ]
    assert read_labels("l.jsonl", lines, ["air"]) == (
        Labelled("a", "T", "x", "", frozenset({"air"})),
        Labelled("3", "", "y", "", frozenset()),
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{", "line 1, column 2: is not JSON"),
        pytest.param("[" * 100_000, "line 1: is no JSON that can be read", id="brackets without end"),
        pytest.param('{"title":' + "9" * 6_000 + "}", "line 1: is no JSON that can be read", id="an endless number"),
        ("[1]", "line 1: found list, expected an object"),
        ({"title": "T"}, "topics: expected a list of topic names"),
        ({"title": "T", "topics": ["air-defense"]}, "unknown topic 'air-defense' — did you mean 'air-defence'?"),
        ({"title": "", "text": "", "topics": []}, "neither a title nor a text"),
        ({"title": 7, "text": "", "topics": []}, "title: found int"),
    ],
)
def test_a_line_of_no_use_is_named(row: object, words: str) -> None:
    line = row if isinstance(row, str) else json.dumps(row)
    with pytest.raises(ConfigError) as raised:
        read_labels("labels.jsonl", [line], ["air-defence"])
    assert words in str(raised.value)
    assert str(raised.value).startswith("The file of labelled texts has 1 mistake:\n  labels.jsonl: ")


def test_no_labels_at_all_are_a_mistake() -> None:
    with pytest.raises(ConfigError, match="there is no labelled text"):
        read_labels("labels.jsonl", ["", " "], ["air"])


def test_bins_say_which_share_of_a_score_belongs() -> None:
    low, high = calibration([(0.12, False), (0.18, False), (0.95, True), (1.0, True), (0.91, False)])
    assert (low.low, low.high, low.texts, low.share.value) == (0.1, 0.2, 2, 0.0)
    assert low.mean == pytest.approx(0.15)
    assert (high.low, high.texts) == (0.9, 3)
    assert high.share.value == pytest.approx(2 / 3)
    assert high.share.low < 2 / 3 < high.share.high
    assert calibration([]) == ()
