"""What is typed, understood; what is found, shown."""

import pytest

from monitor.store.searchwords import Query, Term, parse, snippet


def _terms(*words: str) -> tuple[Term, ...]:
    return tuple(Term(tuple(word.split())) for word in words)


@pytest.mark.parametrize(
    ("typed", "groups", "without"),
    [
        ("air defence", [_terms("air"), _terms("defence")], ()),
        ('"air defence" Kyiv', [_terms("air defence"), _terms("kyiv")], ()),
        ('"air defence', [_terms("air defence")], ()),
        ("drones OR дрони Latvia", [_terms("drones", "дрони"), _terms("latvia")], ()),
        ("a OR b OR c", [_terms("a", "b", "c")], ()),
        ("OR a OR", [_terms("a")], ()),
        ("OR OR", [], ()),
        ("launcher -missile", [_terms("launcher")], _terms("missile")),
        ('-"air show" jets', [_terms("jets")], _terms("air show")),
        ("launch*", [(Term(("launch",), prefix=True),)], ()),
        ('"air def"*', [(Term(("air", "def"), prefix=True),)], ()),
        ("co-production", [_terms("co production")], ()),
        ("F-16 -C300", [_terms("f 16", "f16")], _terms("c300", "c 300")),
        ("Zażółć Łódź", [_terms("zazolc"), _terms("lodz")], ()),
        ("об’єкт", [_terms("об'єкт")], ()),
        ("and AND or NOT", [_terms("and"), _terms("and"), _terms("or"), _terms("not")], ()),
        ('* - "" ( ) -- ++ ^ :', [], ()),
        ("", [], ()),
    ],
)
def test_parse(typed: str, groups: list[tuple[Term, ...]], without: tuple[Term, ...]) -> None:
    assert parse(typed) == Query(tuple(groups), without)


def _marked(text: str, typed: str) -> tuple[str, list[str]]:
    shown, marks = snippet(text, parse(typed))
    return shown, [shown[start:end] for start, end in marks]


def test_a_short_text_is_shown_whole_with_every_word_marked() -> None:
    assert _marked("Drones for Kyiv.\nMore drones!", "drones kyiv") == (
        "Drones for Kyiv. More drones!",
        ["Drones", "Kyiv", "drones"],
    )


def test_a_beginning_marks_the_whole_word() -> None:
    assert _marked("The launchers came", "launch*")[1] == ["launchers"]


def test_the_stretch_with_most_of_the_words_is_shown() -> None:
    filler = "Nothing of interest was said about the weather. " * 20
    text = f"{filler}Drones were named once. {filler}Then drones for Kyiv from Riga came. {filler}"
    shown, marked = _marked(text, "drones Kyiv Riga")
    assert marked == ["drones", "Kyiv", "Riga"]
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= 250


@pytest.mark.parametrize("text", ["", "x" * 5000, "слово " * 500, "a\n" * 400])
def test_any_text_has_a_snippet(text: str) -> None:
    shown, marks = snippet(text, parse("слово a -b"))
    assert len(shown) <= 250
    assert all(0 <= start < end <= len(shown) for start, end in marks)
