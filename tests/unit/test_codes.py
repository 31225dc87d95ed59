"""Codes of languages and countries, and what somebody meant who wrote none."""

import pytest

from monitor.codes import country_hint, is_country, is_language, language_hint, language_meant
from monitor.extract.language import LANGUAGES
from monitor.topics.inflect import LANGUAGES as INFLECTED


def test_every_language_that_is_told_or_has_forms_has_a_code_here() -> None:
    assert all(map(is_language, LANGUAGES))
    assert all(map(is_language, INFLECTED))


@pytest.mark.parametrize("code", ["", "xx", "ukr", "UK", "english"])
def test_what_is_no_languages_code(code: str) -> None:
    assert not is_language(code)


@pytest.mark.parametrize("code", ["ua", "gb", "eu", "int", "tw"])
def test_what_is_a_countrys_code(code: str) -> None:
    assert is_country(code)


@pytest.mark.parametrize("code", ["", "uk", "en", "zz", "UA", "usa"])
def test_what_is_no_countrys_code(code: str) -> None:
    assert not is_country(code)


@pytest.mark.parametrize(
    ("said", "code"),
    [("English", "en"), ("ger", "de"), ("deu", "de"), ("pt-BR", "pt"), ("ua", "uk"), ("Deutsch", "de"), ("uk", "uk")],
)
def test_the_language_that_was_meant(said: str, code: str) -> None:
    meant = language_meant(said)
    assert meant is not None
    assert meant[0] == code


@pytest.mark.parametrize("said", ["", "names", "my-words", "xx"])
def test_other_words_mean_no_language(said: str) -> None:
    assert language_meant(said) is None


def test_hints_name_the_nearest() -> None:
    assert language_hint("ukranian") == "did you mean 'uk' (Ukrainian)?"
    assert language_hint("xx") == "two letters of ISO 639-1, such as 'uk' or 'en'"
    assert country_hint("UK") == "did you mean 'gb' (United Kingdom)?"
    assert country_hint("Germny") == "did you mean 'de' (Germany)?"
    assert country_hint("zz") == "two letters of ISO 3166-1, such as 'ua', or 'eu' or 'int'"
