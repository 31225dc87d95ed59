"""Inflected forms of one word share a root; unknown languages compare as written."""

import pytest

from monitor.topics.inflect import (
    KEEPS_BEGINNING,
    LANGUAGES,
    accented,
    bare_spans,
    bare_words,
    has_forms,
    kin,
    odd_forms,
    root,
    spellings,
)
from monitor.words import fold


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Drohne", "Drohnen"),
        ("pl", "dron", "dronów"),
        ("ru", "коалиция", "коалиции"),
        ("uk", "коаліція", "коаліції"),
        ("uk", "Київ", "Києві"),
        ("cs", "výroba", "výroby"),
        ("sk", "výroba", "výroby"),
        ("bg", "завод", "заводът"),
        ("hr", "tvornica", "tvornice"),
        ("lt", "dronas", "dronų"),
        ("ro", "rachetă", "rachete"),
        ("en", "delivery", "deliveries"),
    ],
)
def test_forms_of_one_word_share_their_root(language: str, one: str, other: str) -> None:
    assert root(one, language) == root(other, language)


def test_forms_that_no_rule_tells_are_listed() -> None:
    assert odd_forms("give", "en") == ("gave", "given")
    assert odd_forms("give", "sv") == odd_forms("deliver", "en") == ()
    assert odd_forms("senken", "de") == ("senkt", "senkte", "senkten", "gesenkt")
    assert odd_forms("spenden", "de") == ("spendet", "spendete", "spendeten", "gespendet")
    assert odd_forms("liefern", "de")[::3] == ("liefert", "geliefert")
    assert odd_forms("ankundigen", "de")[3] == "angekundigt"
    assert odd_forms("den", "de") == odd_forms("zins", "de") == ()


def test_words_of_an_unknown_language_are_only_folded() -> None:
    assert root("Älgen", "xx") == "algen"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_that_is_named_can_be_asked(language: str) -> None:
    assert root("Ukraina", language)


def test_kin_are_the_languages_that_are_mistaken_for_each_other() -> None:
    assert kin("uk") == {"uk", "ru", "bg"}
    assert kin("de") == {"de"}
    assert kin("") == LANGUAGES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l’Ukraine d'Odessa", ["Ukraine", "Odessa"]),
        ("dell'Ucraina all'Aia", ["Ucraina", "Aia"]),
        ("Ukraine's NATO’s", ["Ukraine", "NATO"]),
        ("п'ять прем’єр", ["п'ять", "прем’єр"]),
        ("rock'n'roll l' s'", ["rock'n'roll", "l", "s"]),
    ],
)
def test_bare_spans_are_freed_from_what_an_apostrophe_ties_to_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in bare_spans(text)] == bare_words(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Galatasaray'dan UKRAYNA’YA O'Brien", "tr", ["Galatasaray", "UKRAYNA", "O'Brien"]),
        ("dla offshore'u z Trump'em", "pl", ["dla", "offshore", "z", "Trump"]),
        ("Ukrayna'ya", "", ["Ukrayna'ya"]),
        ("п'ять", "uk", ["п'ять"]),
    ],
)
def test_endings_behind_an_apostrophe_are_left_out_where_a_language_writes_them_so(
    text: str, language: str, expected: list[str]
) -> None:
    assert [text[start:end] for start, end in bare_spans(text, language)] == bare_words(text, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EU", ("EU", "E.U")),
        ("A.I.", ("A.I.", "AI")),
        ("U.S", ("U.S", "US")),
        ("F-16", ("F-16", "F16")),
        ("eu", ("eu",)),
        ("EU law", ("EU law",)),
    ],
)
def test_an_abbreviation_is_written_with_points_and_without(text: str, expected: tuple[str, ...]) -> None:
    assert spellings(text) == expected


def test_turkish_capitals_have_their_own_small_letters() -> None:
    assert root("TRANSFERİ", "tr") == root("transferi", "tr")
    assert root("IŞIK", "tr") == root("ışık", "tr")


@pytest.mark.parametrize(
    ("one", "many", "language"),
    [("hogar", "hogares", "es"), ("juez", "jueces", "es"), ("foyer", "foyers", "fr"), ("crisis", "crises", "en")],
)
def test_plurals_that_the_stem_does_not_tell(one: str, many: str, language: str) -> None:
    assert many in odd_forms(one, language)
    assert language == "en" or one in odd_forms(many, language)


@pytest.mark.parametrize(
    "word",
    "Drohnen:de drones:en armées:fr łódzkich:pl öarna:sv ракетами:ru společností:cs producátori:ro élites:es vårt:sv"
    " østlige:no ærlige:da italiane:it gamyklos:lt".split(),
)
def test_a_stem_keeps_the_first_two_letters_where_that_is_said(word: str) -> None:
    raw, language = word.split(":")
    assert language in KEEPS_BEGINNING or language == "de"
    assert root(raw, language)[:2] == fold(raw)[:2]


def test_a_prefix_is_stripped_only_where_nothing_is_said_of_beginnings() -> None:
    assert root("gewonnen", "nl")[:2] != "ge"
    assert "nl" not in KEEPS_BEGINNING


def test_what_a_word_without_accents_may_have_been() -> None:
    assert accented("dronow", "pl") == ["dronow", "dronów", "drońow", "drońów"]
    assert accented("lodz", "pl")[0] == "lodz"
    assert {"lódź", "lodź", "lódż"} <= set(accented("lodz", "pl"))
    assert accented("launchers", "en") == ["launchers"]
    assert accented("", "pl") == [""]
    assert len(accented("aaaaaaaa", "pt")) <= 48


@pytest.mark.parametrize(("word", "forms"), [("прем'єр", True), ("drone", True), ("f16", False), ("'", False)])
def test_words_of_letters_have_forms(word: str, forms: bool) -> None:
    assert has_forms(word) == forms
    assert root("Об’єктом", "uk") == root("об'єкт", "uk") == "об'єкт"
