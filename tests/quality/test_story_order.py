"""The order in which articles arrive changes little of the stories: shuffled several times, placed, compared.

Two figures for each set: BCubed F1 against the known stories in the worst order, and BCubed F1 of each shuffled order
against the order as given (what of the grouping is the same). Floors are what was measured, less a little; they may
rise and never fall.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest

from tests.quality.test_stories import EVAL, bcubed, labelled, own_lines

SEEDS = (1, 2, 3)
FLOORS = {"own": (0.958, 0.975), "wn-big": (0.874, 0.965)}  # (worst order, least agreement)

Line = Mapping[str, Any]


def _placed(lines: Sequence[Line], order: Sequence[int]) -> list[str]:
    """The story in which each line stands in the end when they came in that order."""
    labels = labelled([lines[number] for number in order])[1]
    return [label for _, label in sorted(zip(order, labels, strict=True))]


def _worst(lines: Sequence[Line], gold: Sequence[str]) -> tuple[float, float]:
    """(BCubed F1 in the worst order, least agreement with the order as given)."""
    given = _placed(lines, range(len(lines)))
    figures = []
    for seed in SEEDS:
        order = list(range(len(lines)))
        Random(seed).shuffle(order)
        labels = _placed(lines, order)
        figures.append((bcubed(list(zip(gold, labels, strict=True))), bcubed(list(zip(given, labels, strict=True)))))
    return min(right for right, _ in figures), min(same for _, same in figures)


def test_own_reports_in_any_order() -> None:
    right, same = _worst(*own_lines())
    assert right >= FLOORS["own"][0]
    assert same >= FLOORS["own"][1]


@pytest.mark.skipif(not EVAL.is_dir(), reason="no evaluation data beside the project")
def test_a_public_set_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EVAL)
    import score_clustering  # type: ignore[import-not-found]

    articles, gold = score_clustering.load("wn-big")
    right, same = _worst([{**article, "date": article["published"]} for article in articles], gold)
    assert right >= FLOORS["wn-big"][0]
    assert same >= FLOORS["wn-big"][1]
