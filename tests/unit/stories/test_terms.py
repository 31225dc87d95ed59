"""Terms: one script, inflections joined, names and places joined across languages."""

import pytest

from monitor.stories.terms import Kind, consonants, is_round_up, kind, sketch, stem_of
from monitor.words import fold


def _keys(text: str, sort: Kind) -> set[int]:
    return {key for key in sketch(text, "", None).terms if kind(key) is sort}


@pytest.mark.parametrize(
    ("one", "other"),
    [("drones", "drone"), ("дроны", "дронов"), ("ракета", "ракети"), ("launcher", "launchers"), ("завод", "заводом")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem_of(fold(one)) == stem_of(fold(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Rheinmetall", "Рейнметалл"), ("Frederiksen", "Фредериксен"), ("Bofors", "Бофорс")],
)
def test_a_name_sounds_the_same_in_both_scripts(one: str, other: str) -> None:
    assert consonants(fold(one)) == consonants(fold(other))
    assert _keys(one, Kind.NAME) & _keys(other, Kind.NAME)


@pytest.mark.parametrize("other", ["Данія", "Dänemark", "Danemark", "Дания", "Danish", "Dania"])
def test_a_place_is_the_same_in_every_language(other: str) -> None:
    assert _keys("Denmark", Kind.PLACE) == _keys(other, Kind.PLACE) != set()


def test_figures_are_read_as_every_country_writes_them() -> None:
    assert _keys("1,200 shells", Kind.FIGURE) == _keys("1 200 снарядів", Kind.FIGURE) == _keys("1200", Kind.FIGURE)
    assert _keys("3,5", Kind.FIGURE) == _keys("3.5", Kind.FIGURE)
    assert _keys("3.5", Kind.FIGURE) != _keys("35", Kind.FIGURE)


def test_a_designation_is_one_term_however_it_is_written() -> None:
    assert _keys("Mi-8", Kind.NAME) == _keys("Mi 8".replace(" ", "-"), Kind.NAME) == _keys("Mi8", Kind.NAME) != set()
    assert _keys("Т-72", Kind.NAME) == _keys("T-72", Kind.NAME)


def test_headline_words_count_more_and_are_marked() -> None:
    drawn = sketch("Quarry flooded", "The quarry was full of water by noon.", None)
    (quarry,) = [key for key, word in drawn.shown.items() if word == "Quarry" and kind(key) is Kind.WORD]
    (water,) = [key for key, word in drawn.shown.items() if word == "water"]
    assert drawn.terms[quarry] > drawn.terms[water]
    assert quarry in drawn.headline
    assert water not in drawn.headline


def test_stop_words_and_single_digits_are_no_terms() -> None:
    assert sketch("The and of в на и der 5", "", None).terms == {}


def test_an_overview_is_known_by_its_headline() -> None:
    assert is_round_up("Monday evening briefing: seven things")
    assert is_round_up("Головне за день: 12 листопада")
    assert not is_round_up("Ministers brief parliament on launchers")
