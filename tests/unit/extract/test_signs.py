"""The signs of walls: enough of them, and none that fits anything."""

import pytest

from monitor.extract.signs import KINDS


@pytest.mark.parametrize("reason", KINDS)
def test_a_wall_has_several_independent_signs(reason: str) -> None:
    signs = KINDS[reason]
    assert len(signs.title) + len(signs.text) + len(signs.markup) >= 3


@pytest.mark.parametrize("reason", KINDS)
def test_no_sign_fits_an_empty_or_a_plain_text(reason: str) -> None:
    signs = KINDS[reason]
    for pattern in (*signs.title, *signs.text, *signs.markup):
        for text in ("", "The minister said that two more launchers would arrive before winter."):
            assert not pattern.search(text), pattern.pattern
