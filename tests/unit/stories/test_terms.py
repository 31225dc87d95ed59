"""Terms: one script, inflections joined, names and places joined across languages."""

import pytest

from monitor.stories.terms import Kind, consonants, is_round_up, keys_of, kind, ruled_from, sketch, state_of, stem_of
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


@pytest.mark.parametrize("other", ["повінь", "наводнение", "Hochwasser", "powódź", "inundación"])
def test_an_everyday_word_is_the_english_one_in_every_language(other: str) -> None:
    assert _keys("flood", Kind.WORD) == _keys(other, Kind.WORD) != set()


@pytest.mark.parametrize("other", ["Ризі", "Рига", "Rīgā", "Ryga"])
def test_a_place_elsewhere_is_the_english_one_in_every_language(other: str) -> None:
    assert _keys("Riga", Kind.WORD) == _keys(other, Kind.WORD) != set()


def test_an_everyday_word_may_still_be_a_name() -> None:
    assert len(_keys("Governor", Kind.NAME)) == 1  # as in the name of a prize or a ship
    assert _keys("flood", Kind.NAME) == set()


def test_a_capital_stands_for_its_state_but_no_city_of_the_war() -> None:
    (berlin,), (germany,), (kyiv,) = (_keys(place, Kind.PLACE) for place in ("Берлін", "Deutschland", "Kyiv"))
    assert state_of(berlin) == germany == state_of(germany)
    assert state_of(kyiv) == kyiv


def test_figures_are_read_as_every_country_writes_them() -> None:
    assert _keys("1,200 shells", Kind.FIGURE) == _keys("1 200 снарядів", Kind.FIGURE) == _keys("1200", Kind.FIGURE)
    assert _keys("3,5", Kind.FIGURE) == _keys("3.5", Kind.FIGURE)
    assert _keys("3.5", Kind.FIGURE) != _keys("35", Kind.FIGURE)


def test_a_designation_is_one_term_however_it_is_written() -> None:
    assert _keys("Mi-8", Kind.NAME) == _keys("Mi 8".replace(" ", "-"), Kind.NAME) == _keys("Mi8", Kind.NAME) != set()
    assert _keys("Т-72", Kind.NAME) == _keys("T-72", Kind.NAME)
    assert _keys("Х-101", Kind.NAME) == _keys("Kh-101", Kind.NAME) == _keys("Ch-101", Kind.NAME)


def test_the_number_in_a_designation_is_no_figure() -> None:
    assert _keys("Two F-16 jets and 300 shells", Kind.FIGURE) == _keys("300", Kind.FIGURE)
    assert _keys("S-300 launchers", Kind.FIGURE) == set()


def test_headline_words_count_more_and_are_marked() -> None:
    drawn = sketch("Quarry flooded", "The quarry was full of water by noon.", None)
    (quarry,) = [key for key, word in drawn.shown.items() if word == "Quarry" and kind(key) is Kind.WORD]
    (water,) = [key for key, word in drawn.shown.items() if word == "water"]
    assert drawn.terms[quarry] > drawn.terms[water]
    assert quarry in drawn.headline
    assert water not in drawn.headline


def test_stop_words_and_single_digits_are_no_terms() -> None:
    assert sketch("The and of в на и der 5", "", None).terms == {}
    assert sketch("și pentru zwei weitere дві кожна které", "", None).terms == {}


def test_an_overview_is_known_by_its_headline() -> None:
    assert is_round_up("Monday evening briefing: seven things")
    assert is_round_up("Головне за день: 12 листопада")
    assert is_round_up("The week in Ukraine's defence: three plants and a halt")
    assert not is_round_up("Ministers brief parliament on launchers")
    assert not is_round_up("White House briefing: no decision on launchers this week")


def test_what_explains_at_any_time_is_no_report_of_an_event() -> None:
    assert is_round_up("Explained: how the Drone Coalition works")
    assert is_round_up("Що таке IRIS-T і навіщо вона Україні")
    assert not is_round_up("Minister explained how the coalition works")


def test_a_state_is_ruled_from_its_capital_also_in_war() -> None:
    (kyiv,), (ukraine,), (lviv,) = (keys_of(word) for word in ("Києва", "Ukraine", "Lviv"))
    assert ruled_from(kyiv) == ukraine == ruled_from(ukraine)
    assert state_of(kyiv) == kyiv
    assert ruled_from(lviv) == lviv
