"""The small print says what was seen and what was not."""

from datetime import timedelta

import pytest

from monitor.digests.coverage import coverage_view, warning
from monitor.model import Coverage, Window
from tests.builders import NOW, a_coverage, a_digest, a_subscription

TOO_OLD = "2 of the matching were published too long ago to be told as news."


def test_an_ordinary_day() -> None:
    view = coverage_view(a_digest())
    assert view.period == "Covers Sun 22 Nov 08:00 to Mon 23 Nov 08:00 (Europe/Kyiv)."
    assert view.longer == ""
    assert view.feeds == "All 12 feeds were read."
    assert view.entries == "240 new entries, 231 read in full on their own page; 9 matched."


@pytest.mark.parametrize(
    ("coverage", "feeds", "entries"),
    [
        (Coverage(), "0 of 0 feeds were read.", "No new entries were found."),
        (Coverage(feeds=1, read=1), "The only feed was read.", "No new entries were found."),
        (
            Coverage(feeds=3, read=1, entries=1, articles=1, matched=1),
            "1 of 3 feeds was read.",
            "1 new entry, 1 read in full on its own page; 1 matched.",
        ),
        (
            Coverage(feeds=2_000, read=1_999, entries=12_345, articles=9_876, matched=50, too_old=2),
            "1,999 of 2,000 feeds were read.",
            "12,345 new entries, 9,876 read in full on their own page; 50 matched. " + TOO_OLD,
        ),
    ],
)
def test_numbers_in_words(coverage: Coverage, feeds: str, entries: str) -> None:
    view = coverage_view(a_digest(coverage=coverage))
    assert (view.feeds, view.entries) == (feeds, entries)


@pytest.mark.parametrize(
    ("schedule", "back", "longer"),
    [
        ("0 8 * * *", timedelta(days=1), ""),
        ("0 8 * * *", timedelta(hours=5), ""),
        ("0 8 * * MON", timedelta(days=7), ""),
        ("0 8 * * *", timedelta(days=2, hours=3), "It covers 2 days 3 h instead of the usual 1 day, because"),
        ("0 * * * *", timedelta(hours=5), "It covers 5 h instead of the usual 1 h, because"),
    ],
)
def test_a_longer_window_says_so_and_why(schedule: str, back: timedelta, longer: str) -> None:
    digest = a_digest(subscription=a_subscription(schedule=schedule), window=Window(NOW - back, NOW))
    told = coverage_view(digest).longer
    assert told.startswith(longer)
    assert bool(told) == bool(longer)
    assert not told or told.endswith("and Mon 23 Nov 08:00.")


def test_a_late_digest_over_its_usual_window_needs_no_excuse() -> None:
    window = Window(NOW - timedelta(days=1), NOW + timedelta(hours=2))
    assert coverage_view(a_digest(window=window)).longer == ""


def test_the_day_of_25_hours_is_a_usual_day() -> None:
    end = NOW.replace(month=10, day=25)
    window = Window(end - timedelta(hours=25), end)
    assert coverage_view(a_digest(window=window)).longer == ""


def test_long_lists_are_cut_and_counted() -> None:
    failed = tuple((f"Outlet {number}", "too slow\r\n" * 90) for number in range(30))
    view = coverage_view(a_digest(coverage=a_coverage(failed=failed, unvisited=("A", "B\x00"))))
    assert len(view.failed) + view.more_failed == 30
    assert all(len(problem) <= 160 and "\n" not in problem for _, problem in view.failed)
    assert (view.unvisited, view.more_unvisited) == (("A", "B"), 0)


@pytest.mark.parametrize(
    ("feeds", "read", "words"),
    [
        (64, 64, ""),
        (64, 32, ""),
        (64, 31, "Only 31 of 64 feeds could be read"),
        (
            64,
            0,
            "None of the 64 feeds could be read. When all fail at once, the cause is most likely the monitor's own",
        ),
        (0, 0, "No feed is configured"),
    ],
)
def test_a_digest_that_may_miss_much_warns(feeds: int, read: int, words: str) -> None:
    said = warning(Coverage(feeds=feeds, read=read))
    assert said.startswith(words)
    assert bool(said) == bool(words)
