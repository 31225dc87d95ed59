"""The order in which articles arrive changes little of the stories: shuffled several times, placed, compared.

Two figures for each set: BCubed F1 against the known stories in the worst order, and BCubed F1 of each shuffled order
against the order as given (what of the grouping is the same). Floors are what was measured, less a little; they may
rise and never fall.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from monitor.cli.lab import grouping
from tests.quality.test_stories import EVAL, START, bcubed, own_reports

SEEDS = (1, 2, 3)
FLOORS = {"own": (0.915, 0.95), "wn-big": (0.83, 0.90)}  # (worst order, least agreement)

Line = Mapping[str, Any]


def _own() -> tuple[list[Line], list[str]]:
    reports = sorted(own_reports(), key=lambda report: report[0])
    lines: list[Line] = [
        {"title": title, "text": text, "date": (START + timedelta(hours=hours)).isoformat()}
        for hours, _, _, title, text in reports
    ]
    return lines, [story for _, story, *_ in reports]


def _placed(lines: Sequence[Line], order: Sequence[int]) -> list[str]:
    """The story in which each line was placed when they came in that order."""
    labels = [""] * len(lines)
    with grouping() as group:
        for number in order:
            labels[number] = group(lines[number])["story"]
    return labels


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
    right, same = _worst(*_own())
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
