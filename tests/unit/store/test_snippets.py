"""What is found, shown."""

import pytest

from monitor.model import Term
from monitor.store.snippets import snippet


def _marked(text: str, *words: str) -> tuple[str, list[str]]:
    shown, marks = snippet(text, [Term((word,)) for word in words])
    return shown, [shown[start:end] for start, end in marks]


def test_a_short_text_is_shown_whole_with_every_word_marked() -> None:
    assert _marked("Drones for Kyiv.\nMore drones!", "drones", "kyiv") == (
        "Drones for Kyiv. More drones!",
        ["Drones", "Kyiv", "drones"],
    )


def test_a_beginning_marks_the_whole_word() -> None:
    shown, ((start, end),) = snippet("The launchers came", [Term(("launch",), prefix=True)])
    assert shown[start:end] == "launchers"


def test_the_stretch_with_most_of_the_words_is_shown() -> None:
    filler = "Nothing of interest was said about the weather. " * 20
    text = f"{filler}Drones were named once. {filler}Then drones for Kyiv from Riga came. {filler}"
    shown, marked = _marked(text, "drones", "kyiv", "riga")
    assert marked == ["drones", "Kyiv", "Riga"]
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= 250


@pytest.mark.parametrize("text", ["", "x" * 5000, "слово " * 500, "a\n" * 400])
def test_any_text_has_a_snippet(text: str) -> None:
    shown, marks = snippet(text, [Term(("слово",)), Term(("a",))])
    assert len(shown) <= 250
    assert all(0 <= start < end <= len(shown) for start, end in marks)
