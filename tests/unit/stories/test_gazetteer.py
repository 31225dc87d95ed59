"""The gazetteer's tables: no form stands for two things."""

from collections import defaultdict

import pytest

from monitor.stories.gazetteer import ARMS, CAPITALS, CONCEPTS, PLACES, ROUND_UPS, STOP
from monitor.stories.terms import stem_of
from monitor.words import fold


@pytest.mark.parametrize("table", [PLACES, CONCEPTS.strip() + ARMS], ids=["places", "words"])
def test_no_form_stands_for_two_things(table: str) -> None:
    meaning: dict[str, set[str]] = defaultdict(set)
    for line in table.strip().replace("\n ", " ").splitlines():
        name, *forms = line.split()
        for form in (name, *forms):
            meaning[stem_of(fold(form))].add(name)
    assert {stem: names for stem, names in meaning.items() if len(names) > 1} == {}


def test_what_is_passed_over_has_no_meaning_elsewhere() -> None:
    forms = {fold(form) for table in (PLACES, CONCEPTS) for form in table.split()}
    assert {fold(word) for word in STOP} & forms == set()
    assert all(phrase.startswith(" ") for phrase in ROUND_UPS)


def test_every_capital_and_its_state_are_places() -> None:
    names = {line.split()[0] for line in PLACES.strip().replace("\n ", " ").splitlines()}
    assert set(CAPITALS) | set(CAPITALS.values()) <= names
