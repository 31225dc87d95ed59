"""What publishers ask, and how far it is heard."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Entry, FeedPage
from monitor.pacing.hints import after_skipped, cache_lifetime, reach, skipped_days, skipped_hours, wish

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)


def page(*hours_ago: float | None, **facts: object) -> FeedPage:
    """A document with an entry of each age; None for one without a date."""
    dates = [None if hours is None else NOW - hours * HOUR for hours in hours_ago]
    entries = tuple(Entry("courier", str(number), "", "", published=date) for number, date in enumerate(dates))
    return FeedPage("Courier", "", "", entries, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, 0),
        ({"cache-control": "public, max-age=7200"}, 120),
        ({"cache-control": 'Max-Age="7200"'}, 120),
        ({"cache-control": "max-age=7200", "age": "3600"}, 60),
        ({"cache-control": "max-age=60", "age": "3600"}, 0),
        ({"cache-control": "s-maxage=7200"}, 0),  # meant for shared caches
        ({"cache-control": "no-cache, max-age=7200"}, 0),
        ({"expires": "Mon, 23 Nov 2026 15:00:00 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 180),
        ({"expires": "Mon, 23 Nov 2026 15:00:00 GMT"}, 0),
        ({"expires": "0", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 0),
        ({"expires": "Thu, 19 Nov 1981 08:52:00 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 0),
        (
            {
                "cache-control": "max-age=3600",
                "expires": "Mon, 23 Nov 2026 20:00:00 GMT",
                "date": "Mon, 23 Nov 2026 12:00:00 GMT",
            },
            60,
        ),
        ({"cache-control": "max-age=soon", "age": "old"}, 0),
    ],
)
def test_the_lifetime_that_cache_headers_state(headers: dict[str, str], minutes: int) -> None:
    assert cache_lifetime(headers) == timedelta(minutes=minutes)


def test_the_longest_wish_counts() -> None:
    headers = {"cache-control": "max-age=600"}
    assert wish(headers, page(1)) == timedelta(minutes=10)
    assert wish(headers, page(1, ttl=HOUR)) == HOUR
    assert wish(headers, page(1, ttl=HOUR, update_every=3 * HOUR)) == 3 * HOUR


@pytest.mark.parametrize(
    ("ages", "hours"),
    [
        ((1, 2, 3, 4, 5), 3),  # half of it is three hours old
        ((0.1, 0.2), 0.2),
        ((1, 2, 3, 2000), 3),  # one old entry that stays on top says nothing
        ((5, 4, 3, 2, 1), 3),  # in any order
        ((1, None), 2),  # cannot be told
        ((), 2),
        ((-5, -1), 0),  # dates in the future tell nothing good
    ],
)
def test_in_what_time_half_of_a_document_is_replaced(ages: tuple[float | None, ...], hours: float) -> None:
    assert reach(page(*ages), NOW) == hours * HOUR


NIGHT = frozenset({0, 1, 2, 3})
WEEKEND = frozenset({5, 6})


def test_hours_and_days_to_skip_are_believed_unless_the_entries_disprove_them() -> None:
    at_eleven, at_two, sunday = page(1, skip_hours=NIGHT), page(1, 10, skip_hours=NIGHT), page(20, skip_days=WEEKEND)
    assert skipped_hours(at_eleven) == NIGHT
    assert skipped_hours(at_two) == frozenset()
    assert skipped_days(sunday) == frozenset()
    assert skipped_days(page(1, skip_days=WEEKEND)) == WEEKEND
    assert skipped_hours(page(1, None, skip_hours=NIGHT)) == frozenset()
    assert skipped_hours(page(skip_hours=NIGHT)) == frozenset()
    assert skipped_days(page(None, skip_days=WEEKEND)) == frozenset()


def test_who_skips_every_hour_is_not_believed() -> None:
    assert skipped_hours(page(1, skip_hours=frozenset(range(24)))) == frozenset()
    assert skipped_days(page(1, skip_days=frozenset(range(7)))) == frozenset()


def test_the_first_moment_after_what_is_skipped() -> None:
    half_past_one = NOW.replace(hour=1, minute=30)
    assert after_skipped(NOW, NIGHT, WEEKEND) == NOW
    assert after_skipped(half_past_one, NIGHT, frozenset()) == NOW.replace(hour=4)
    friday_night = datetime(2026, 11, 28, 0, 10, tzinfo=UTC)
    assert after_skipped(friday_night, NIGHT, WEEKEND) == datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
