"""What the pages of the feeds show."""

from monitor.app import App
from tests.unit.web.visiting import Visitor


def test_every_feed_has_its_line(app: App, visitor: Visitor) -> None:
    assert visitor.get("/feeds").text.count('<tr class="rank') == len(app.settings.feeds)
