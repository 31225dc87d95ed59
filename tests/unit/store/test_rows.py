"""What the archive answers with."""

import pytest

from monitor.model import Copy, Joins, Opens, Placement
from monitor.store import StoredArticle
from tests.builders import an_article


@pytest.mark.parametrize(
    ("placement", "story"),
    [(None, ""), (Opens("a"), "a"), (Joins("b", "why"), "b"), (Copy("c", "d", 0.9, "why"), "c")],
)
def test_the_story_is_that_of_the_placement(placement: Placement | None, story: str) -> None:
    stored = StoredArticle(an_article(), "c0", (), (), "Courier", placement, forgotten=False)
    assert stored.story == story
