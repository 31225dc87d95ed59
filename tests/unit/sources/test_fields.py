"""Titles, addresses and language tags."""

from collections.abc import Iterator

import pytest

from monitor.model import Entry
from monitor.sources.fields import absolute, author_names, headline, language_code, one_line, without_repeats
from tests.builders import an_entry


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-US", "en"), ("UK_ua", "uk"), ("ua", "uk"), ("eng", "en"), ("", ""), ("english", ""), ("nb-NO", "no")],
)
def test_language_tags(tag: str, code: str) -> None:
    assert language_code(tag) == code


def test_helpers_take_anything() -> None:
    assert headline("<" * 5_000)
    assert absolute("//x.example/1", "https://y.example/") == "https://x.example/1"
    assert absolute("https://[x", "https://y.example/") == ""
    assert one_line(" a\n\tb ") == "a b"


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("desk@ridge.example (Ida Kern)", "Ida Kern"),
        ("Ida Kern (desk@ridge.example)", "Ida Kern"),
        ("(Ida Kern", "Ida Kern"),
        ("Ida Kern (mailto:desk@ridge.example)", "Ida Kern"),
        ("Ida Kern (mailto:&#100;esk&#64;ridge.example)", "Ida Kern"),
        ("&lt;p&gt;Ida Kern&lt;/p&gt;", "Ida Kern"),
        ("Vera Holm (now) and Ida Kern (earlier)", "Vera Holm (now) and Ida Kern (earlier)"),
    ],
)
def test_a_name_keeps_the_brackets_within_it(stated: str, name: str) -> None:
    assert author_names([stated]) == (name,)


def test_word_for_word_repeats_are_left_out() -> None:
    first, second = an_entry(id="1"), an_entry(id="2")

    def entries() -> Iterator[Entry]:
        yield from (first, second, first)

    assert list(without_repeats(entries())) == [first, second]
