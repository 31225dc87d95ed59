"""The last 14 days in numbers and in bars."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.digests.trend import DAYS, by_day, trends
from tests.builders import TOPICS, a_digest

END = datetime(2026, 3, 30, 5, 0, tzinfo=UTC)  # 08:00 in Kyiv, the day after the clocks went forward
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def test_a_day_ends_at_the_hour_of_the_digest() -> None:
    begun = [END, END - HOUR, END - DAY + HOUR, END - DAY - HOUR, END - 20 * DAY, END + HOUR]
    days = by_day(begun, END, "Europe/Kyiv")
    assert (len(days), days[-2:], sum(days)) == (DAYS, (1, 3), 4)


@pytest.mark.parametrize(("minute", "place"), [(-1, -3), (1, -2)])
def test_clocks_that_go_forward_move_nothing(minute: int, place: int) -> None:
    # 08:00 of the 28th was 06:00 UTC, an hour later than 08:00 of the days after.
    begun = [datetime(2026, 3, 28, 6, 0, tzinfo=UTC) + timedelta(minutes=minute)]
    assert by_day(begun, END, "Europe/Kyiv")[place] == 1


def test_bars_stand_against_the_busiest_day_and_no_story_is_the_lowest() -> None:
    digest = a_digest(trends=((TOPICS[0].name, (0,) * 10 + (1, 4, 8, 0)), (TOPICS[1].name, (0,) * 14), ("other", (9,))))
    first, second = trends(digest)
    assert first.bars == "▁▁▁▁▁▁▁▁▁▁▂▅█▁"
    assert first.heights[-4:] == (4, 14, 28, 1)
    assert (first.total, first.words) == (13, "13 stories, at most 8 a day")
    assert (second.bars, second.words) == ("▁" * 14, "no story")


def test_nothing_at_all_is_no_chart() -> None:
    assert trends(a_digest()) == ()
    assert trends(a_digest(trends=((TOPICS[0].name, (0,) * 14),))) == ()
