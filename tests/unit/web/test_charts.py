"""Bars for every day, numbers beside them."""

from datetime import date

from monitor.stories import Spike
from monitor.topics.quality import calibration
from monitor.web.charts import SQUARE, days, dots

UNTIL = date(2026, 11, 25)


def test_each_day_has_its_bar_and_the_tallest_is_the_busiest() -> None:
    chart = days({date(2026, 11, 25): 4, date(2026, 11, 23): 1, date(2026, 10, 1): 9}, UNTIL, 14)
    assert len(chart.bars) == 14
    assert chart.bars[-1].day == UNTIL
    assert (chart.most, chart.total) == (4, 5)
    assert chart.bars[-1].high == 64
    assert chart.bars[-3].label == "Mon 23 Nov: 1 story"
    assert chart.bars[-2].high == 0
    assert [words for _, words in chart.ticks] == ["16 Nov", "23 Nov"]


def test_a_quiet_time_has_no_bars_to_see() -> None:
    chart = days({}, UNTIL, 5)
    assert (chart.most, chart.total) == (0, 0)
    assert not any(bar.high for bar in chart.bars)


def test_one_story_among_hundreds_can_still_be_seen() -> None:
    chart = days({UNTIL: 500, date(2026, 11, 24): 1}, UNTIL, 3)
    assert chart.bars[-2].high >= 2


def test_a_day_with_a_spike_says_by_how_much() -> None:
    chart = days({UNTIL: 9}, UNTIL, 3, {UNTIL: Spike(8, 6, 1.25, 1e-4)})
    assert [bar.spike for bar in chart.bars] == ["", "", "8 within 6 hours, where 1.2 are usual"]
    assert chart.bars[-1].label == "Wed 25 Nov: 9 stories – a spike: 8 within 6 hours, where 1.2 are usual"


def test_scores_that_mean_what_they_say_lie_on_the_diagonal() -> None:
    pairs = [(0.25, number < 5) for number in range(20)] + [(0.75, number < 15) for number in range(20)]
    low, high = dots(calibration(pairs))
    assert (low.x, low.y) == (SQUARE * 0.25, SQUARE * 0.75)
    assert (high.x, high.y) == (SQUARE * 0.75, SQUARE * 0.25)
    assert low.high < low.y < low.low
    assert low.label == "scores of 20% to 30%: 25% of 20 marked as relevant"
    assert dots([]) == []
