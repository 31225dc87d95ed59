"""What the pages of the topics show."""

from tests.unit.web.visiting import Visitor


def test_topics_show_their_volume_with_the_numbers_beside(visitor: Visitor) -> None:
    shown = visitor.get("/topics").text
    assert shown.count('<svg class="chart"') == 3
    assert "The numbers" in shown
