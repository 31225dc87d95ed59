"""What the pages of the topics show."""

import re
from zoneinfo import ZoneInfo

import pytest

from monitor.app import App
from monitor.stories import Spike
from monitor.web import topicpages
from tests.unit.web.visiting import Visitor


def test_topics_show_their_volume_with_the_numbers_beside(visitor: Visitor) -> None:
    shown = visitor.get("/topics").text
    assert shown.count('<svg class="chart"') == 3
    assert "The numbers" in shown


def test_a_topic_shows_whether_its_scores_mean_what_they_say(app: App, visitor: Visitor) -> None:
    assert "Nothing was marked for this topic yet" in visitor.get("/topics/air-defence").text
    with app.store.begin() as shelves:
        found = shelves.articles.latest(None, limit=30)
        for number, one in enumerate(found):
            shelves.marks.put(one.article.id, ["air-defence"], relevant=number % 2 == 0, at=app.toolbox.now())
    shown = visitor.get("/topics/air-defence").text
    with app.store.begin() as shelves:
        assert sum(shelves.marks.remove(one.article.id) for one in found) == len(found)
    assert f"what the {len(found)} marked articles say" in shown
    assert shown.count("<circle") == shown.count("<tr><td>") - shown.count('<td class="number">') % 1 - len(
        re.findall(r"<tr><td>\d{4}-", shown)
    )
    assert visitor.get("/topics/nothing").status == 404


def test_a_spike_is_marked(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    today = app.toolbox.now().astimezone(ZoneInfo(app.settings.subscriptions[0].zone)).date()
    monkeypatch.setattr(topicpages, "daily", lambda *_: {today: Spike(12, 6, 1.5, 1e-6)})
    monkeypatch.setattr(topicpages, "YOUNG", 0)
    shown = visitor.get("/topics/co-production").text
    assert "a spike: 12 within 6 hours, where 1.5 are usual" in shown
    assert "<td>12 within 6 hours, where 1.5 are usual</td>" in shown


def test_many_topics_come_in_pages(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.topicpages.TOPICS", 2)
    first, second = visitor.get("/topics").text, visitor.get("/topics?page=2").text
    assert [first.count("<figure>"), second.count("<figure>")] == [2, len(app.toolbox.topics.topics) - 2]
    assert ("page=2" in first, "page=3" in second) == (True, False)
