"""Folding, words, sentences, shingles and plain text."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import words as words_module
from monitor.words import (
    first_word,
    fold,
    folded_words,
    in_a_line,
    plain,
    plain_words,
    sentences,
    shingles,
    spellings,
    whole,
    word_spans,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Drohne", "drohne"),
        ("GROẞE Straße", "grosse strasse"),
        ("dronów Łotwa Đà Øre", "dronow lotwa da ore"),
        ("Київ їжак Йод ґанок", "київ їжак йод ґанок"),
        ("ёлка", "елка"),
        ("IRIS–T", "iris-t"),
        ("прем’єр", "прем'єр"),
        ("Ｐａｔｒｉｏｔ", "patriot"),
        ("cafe\u0301", "cafe"),
        ("Украї\u0301на Rüstungs\u00adindustrie", "україна rustungsindustrie"),
    ],
)
def test_equal_words_fold_alike(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_words_know_where_they_stand() -> None:
    text = "S-300 п'ять о’clock, 1.5 km"
    found = words(text)
    assert word_spans(text) == [(word.start, word.end) for word in found]
    assert plain_words(text) == [text[word.start : word.end] for word in found]
    assert [word.folded for word in found] == ["s", "300", "п'ять", "о'clock", "1", "5", "km"]
    assert all(fold(text[word.start : word.end]) == word.folded for word in found)


@pytest.mark.parametrize("word", ["об'єкт", "обʼєкт", "об’єкт", "об`єкт", "об‘єкт", "об´єкт", "об\u00ad'є\u0301кт"])
def test_a_word_is_one_whatever_its_apostrophe_and_where_it_may_be_broken(word: str) -> None:
    assert folded_words(f"({word})") == ["об'єкт"]
    assert folded_words(unicodedata.normalize("NFD", f"Київський {word} й")) == ["київський", "об'єкт", "й"]
    assert folded_words("«Rock`n» ‘we’ `you`") == ["rock'n", "we", "you"]
    assert whole(f"Украї\u0301\u00adна-{word}") == "Україна-об'єкт"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Smith met Dr. Who. They left.", ["Mr. Smith met Dr. Who.", "They left."]),
        ("Line one\nLine two", ["Line one", "Line two"]),
        ("Це 5 млн. євро. Далі.", ["Це 5 млн. євро.", "Далі."]),
        ("「一」。二。", ["「一」。", "二。"]),
        ("He said “Go.” She went.", ["He said “Go.”", "She went."]),
        ("Version 1.5 is out. Yes.", ["Version 1.5 is out.", "Yes."]),
        ("  \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@pytest.mark.parametrize("text", ["." * 200_000, ".'" * 100_000, "!? " * 60_000, "a." + " " * 200_000, "\n" * 200_000])
def test_sentences_take_time_in_proportion_to_the_text(text: str) -> None:
    started = time.process_time()
    sentences(text)
    assert time.process_time() - started < 2.0


def test_a_line_shows_nothing_but_what_can_be_read() -> None:
    assert in_a_line(" Bad\x1b[31m\r\n\tgate\u202eway\x00 ") == "Bad [31m gate way"
    assert in_a_line("Київ — 5 °C") == "Київ — 5 °C"


def test_shingles() -> None:
    assert list(shingles(["a", "b", "c"], 2)) == ["a b", "b c"]
    assert list(shingles(["a"], 2)) == ["a"]
    assert list(shingles([], 2)) == []


def test_plain_text_of_html() -> None:
    assert plain("<p>One&amp;two</p><script>x</script><p>Three<br>four</p>") == "One&two\nThree\nfour"
    assert plain("no  markup") == "no markup"


HTML = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<br/>",
        "<B>",
        "</b>",
        '<a href="x&amp;y">',
        "</a>",
        "&amp;",
        "&",
        "lt;",
        "&lt",
        "&#39;",
        " ",
        "\n",
        "слово",
        "word",
        "<",
        ">",
        '"',
        "<img src='a' alt=\"b c\">",
        "<!-- c -->",
        "<script>",
        "</script>",
        "<p class=x>",
        "<svg/>",
        "<li >",
        "</ p>",
        "<p/",
        "&nbsp;",
        "<title>",
        "<![CDATA[",
        "<?php",
        "\u2028",
        '<p a="1"b="2">',
        "<o:p>",
    ]
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(HTML, max_size=9))
def test_tags_are_taken_away_as_a_parser_does(pieces: list[str]) -> None:
    html = "".join(pieces)
    assert plain(html) == words_module._plain_by_parser(html)


def test_every_letter_folds_as_the_standard_decomposes_it() -> None:
    """The rule spelt out, letter by letter: Unicode NFKD without marks and places to break a word."""
    for code in (*range(0x3000), *range(0xF900, 0x10000)):
        letter = chr(code)
        folded = letter.translate(words_module._DASHES).casefold()
        parts = [one if one in "йїў" else unicodedata.normalize("NFKD", one) for one in folded]
        kept = "".join(one for one in "".join(parts) if one in "йїў" or not unicodedata.combining(one))
        for old, new in ("łl", "øo", "đd", "ёе", "’'"):
            kept = kept.replace(old, new)
        if len(unicodedata.normalize("NFC", letter)) == 1 and unicodedata.normalize("NFC", letter) == letter:
            kept = "" if letter in "\u00ad\u034f\u2060" else kept
            assert fold(f"-{letter}" * 150) == f"-{kept}" * 150, hex(code)


def test_whole_texts_are_not_kept_in_memory() -> None:
    before = words_module._remembered_fold.cache_info().currsize
    for number in range(50):
        fold(f"A long text, number {number}. " * 40)
    assert words_module._remembered_fold.cache_info().currsize == before


@given(st.text() | st.text("aßéŁłż№…½’'ʼ`´‘_-–«» йёЁїґŉŀĳİKｆ²\u00ad\u0301\u0306\n5"))
@settings(max_examples=500, deadline=None)
def test_words_folded_at_once_are_those_folded_one_by_one(text: str) -> None:
    alone = [word.folded for word in words(text)]
    assert folded_words(text) == alone
    assert first_word(text) == (alone[0] if alone else "")


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("F-16", "F16"),
        ("covid19", "covid-19"),
        ("air defence S-300", "air defence S300"),
        ("f-16-coalition", ""),
        ("s-400*", ""),
        ("type 45", ""),
        ("A1B2", ""),
        ("2026", ""),
    ],
)
def test_a_designation_has_two_spellings(text: str, other: str) -> None:
    assert spellings(text) == ((text, other) if other else (text,))
