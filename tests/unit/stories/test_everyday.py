"""Everyday words of several languages: no form stands for two things, none for what the gazetteer knows otherwise."""

from collections import defaultdict

from monitor.stories.everyday import ELSEWHERE, EVERYDAY
from monitor.stories.gazetteer import ARMS, CONCEPTS, PLACES, STOP
from monitor.stories.terms import stem_of
from monitor.words import fold


def test_no_form_stands_for_two_things() -> None:
    meaning: dict[str, set[str]] = defaultdict(set)
    for table in (EVERYDAY, ELSEWHERE, CONCEPTS, ARMS, PLACES):
        for line in table.strip().replace("\n ", " ").splitlines():
            name, *forms = line.split()
            for form in (name, *forms):
                meaning[stem_of(fold(form))].add(name)
    assert {stem: names for stem, names in meaning.items() if len(names) > 1} == {}


def test_no_form_is_passed_over() -> None:
    forms = {fold(form) for form in f"{EVERYDAY} {ELSEWHERE}".split()}
    assert {fold(word) for word in STOP} & forms == set()
