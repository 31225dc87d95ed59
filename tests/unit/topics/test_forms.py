"""The forms of the words looked for, from the dictionaries of languages without a stemming algorithm."""

from functools import cache
from pathlib import Path

import pytest

from monitor.cache import CacheFolder
from monitor.topics import forms as forms_module
from monitor.topics.forms import Forms, keep_forms
from monitor.topics.inflect import DICTIONARIES, root

TERMS = {
    "bg": ("завод", "радар", "противоракетен"),
    "hr": ("tvornica",),
    "lv": ("raķete",),
    "mk": ("завод",),
    "sk": ("výroba", "protidronový"),
    "sl": ("tovarna",),
    "uk": ("дрон", "зібрати", "спроможність", "ракета"),
}


@cache
def forms(language: str) -> Forms:
    return Forms(TERMS[language], language)


@pytest.mark.parametrize(
    ("language", "term", "word"),
    [
        ("uk", "дрон", "Дронами"),
        ("uk", "зібрати", "зберемо"),
        ("uk", "спроможність", "спроможностей"),
        ("bg", "завод", "заводът"),
        ("bg", "радар", "радари"),
        ("lv", "raķete", "raķetēm"),
        ("sk", "výroba", "výrobou"),
        ("sl", "tovarna", "tovarne"),
        ("mk", "завод", "заводот"),
        ("hr", "tvornica", "tvornice"),
    ],
)
def test_a_form_leads_to_its_root(language: str, term: str, word: str) -> None:
    assert forms(language).root_of(word) == root(term, language)


@pytest.mark.parametrize(
    ("language", "term", "word"), [("sk", "protidronový", "protidronové"), ("bg", "противоракетен", "противоракетна")]
)
def test_what_no_dictionary_knows_is_told_by_its_last_part_or_without_its_end(
    language: str, term: str, word: str
) -> None:
    assert forms(language).root_of(word) == root(term, language)


@pytest.mark.parametrize("word", ["ракетка", "ракетник", "дро", "завод", "Dron", "", "ё" * 50])
def test_another_word_has_no_root_though_it_begins_alike(word: str) -> None:
    assert forms("uk").root_of(word) == ""


def test_each_dictionary_is_tried() -> None:
    """The records are read from simplemma's files, whose form may change with a new version."""
    assert TERMS.keys() == DICTIONARIES


def test_what_was_collected_is_kept_and_leads_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Forms(TERMS["mk"], "mk")
    monkeypatch.setattr(forms_module, "_cache", None)
    keep_forms(CacheFolder([tmp_path]))
    kept = Forms(TERMS["mk"], "mk")
    monkeypatch.setattr(forms_module, "_collected", lambda *_: pytest.fail("read again"))
    recalled = Forms(TERMS["mk"], "mk")
    assert vars(made) == vars(kept) == vars(recalled)
    with pytest.raises(pytest.fail.Exception, match="read again"):
        Forms([*TERMS["mk"], "радар"], "mk")
