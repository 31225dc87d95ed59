"""Corrections: a headline or figures that changed, shown as they were told and as they are; nothing else is one."""

import pytest

from monitor.stories.corrections import correction
from tests.builders import an_article

TITLE = "Netherlands pays for 40 interceptors"
TEXT = "The cabinet will pay 165 million euros for 40 missiles, which arrive in 3 parts before winter."


def _changes(text: str, title: str = TITLE) -> tuple[tuple[str, str], ...] | None:
    found = correction(TITLE, TEXT, an_article(title=title, text=text), "Daily")
    return found.figures if found else None


def test_figures_are_shown_with_what_they_count() -> None:
    assert _changes(TEXT.replace("165 million", "58 million").replace("40 missiles", "14 missiles")) == (
        ("165 million", "58 million"),
        ("40 missiles", "14 missiles"),
    )


def test_a_changed_headline_is_shown_as_it_was_told() -> None:
    found = correction(TITLE, TEXT, an_article(title="Netherlands pays for 14 interceptors", text=TEXT), "Daily")
    assert found is not None
    assert (found.headline, found.now, found.figures) == (TITLE, "Netherlands pays for 14 interceptors", ())


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("before winter", "before Christmas"),
        TEXT + " A second batch of 20 is planned.",
        TEXT.replace("165 million euros", "a large sum"),
        TEXT.replace("165", "165.0"[:3]),
    ],
)
def test_other_edits_are_none(text: str) -> None:
    assert _changes(text) is None


def test_a_headline_in_other_type_is_none() -> None:
    assert _changes(TEXT, "NETHERLANDS PAYS for 40 interceptors!") is None


def test_the_same_figure_grouped_otherwise_and_times_of_day_are_none() -> None:
    told, now = "Some 1,200 people came at 14:05 today.", "Some 1.200 people came at 15:20 today."
    assert correction(TITLE, told, an_article(title=TITLE, text=now), "Daily") is None


@pytest.mark.parametrize(
    ("told", "now", "changes"),
    [
        ("It costs 1.5 million euros.", "It costs 15 million euros.", (("1.5 million", "15 million"),)),
        ("Koszt to 2,5 mln zł.", "Koszt to 25 mln zł.", (("2,5 mln", "25 mln"),)),
        ("Rise of 3.5% was seen.", "Rise of 35% was seen.", (("3.5 was", "35 was"),)),
        ("Зібрали 1 000 дронів.", "Зібрали 1 200 дронів.", (("1 000 дронів", "1 200 дронів"),)),
        ("Зібрали 1.000 дронів.", "Зібрали 1 000 дронів.", None),
        ("Зібрали 1 000 дронів.", "Зібрали 1\u00a0000 дронів.", None),
        ("Es kostet 2,5 Millionen.", "Es kostet 2.5 Millionen.", None),
    ],
)
def test_a_figure_is_its_value_not_its_digits(told: str, now: str, changes: tuple[tuple[str, str], ...] | None) -> None:
    found = correction(TITLE, told, an_article(title=TITLE, text=now), "Daily")
    assert (found.figures if found else None) == changes
