"""Bars for every day, numbers beside them."""

from datetime import date

from monitor.web.charts import days, numbers

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
    assert numbers(chart) == []


def test_one_story_among_hundreds_can_still_be_seen() -> None:
    chart = days({UNTIL: 500, date(2026, 11, 24): 1}, UNTIL, 3)
    assert chart.bars[-2].high >= 2
    assert numbers(chart) == [(UNTIL, 500), (date(2026, 11, 24), 1)]
