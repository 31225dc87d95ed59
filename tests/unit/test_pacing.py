"""When a feed is visited again, and when it is our own network that is down."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Entry, Failed, Failure, Feed, FeedPage, FeedState, Fresh, Request, Unchanged, Visit
from monitor.pacing import LONGEST, network_is_down, next_visit

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
FEED = Feed("courier", "http://courier.test/feed", interval=HALF_HOUR)
STATE = FeedState("courier", due_at=NOW)
REQUEST = Request(FEED.url, "feed", "courier")


def fresh(**headers: str) -> Fresh:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fresh(REQUEST, FEED.url, 200, named, b"", NOW)


def failed(kind: Failure = Failure.STATUS, url: str = FEED.url, retry_after: timedelta | None = None) -> Failed:
    return Failed(replace(REQUEST, url=url), kind, "", NOW, retry_after=retry_after)


def page(*hours_ago: float | None, ttl: timedelta | None = None) -> FeedPage:
    """A document with an entry of each age; None for one without a date."""
    dates = [None if hours is None else NOW - timedelta(hours=hours) for hours in hours_ago]
    entries = tuple(Entry("courier", str(number), "", "", published=date) for number, date in enumerate(dates))
    return FeedPage("Courier", "", "", entries, ttl)


DEEP = page(1, 24 * 30)  # so deep that no wish makes us miss anything


def wait(visit: Visit, document: FeedPage | None = None, *, failures: int = 0, jitter: float = 0.0) -> timedelta:
    state = replace(STATE, failures=failures)
    return next_visit(state, FEED, visit, document, now=NOW, jitter=jitter) - NOW


@pytest.mark.parametrize("visit", [fresh(), Unchanged(REQUEST, NOW)])
def test_without_a_hint_the_interval_counts(visit: Visit) -> None:
    assert wait(visit, None) == HALF_HOUR


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"cache_control": "public, max-age=7200"}, 120),
        ({"cache_control": 'Max-Age="7200"'}, 120),
        ({"cache_control": "max-age=7200", "age": "3600"}, 60),
        ({"cache_control": "max-age=60"}, 30),  # never sooner than the interval
        ({"cache_control": "s-maxage=7200"}, 30),  # meant for shared caches
        ({"cache_control": "no-cache, max-age=7200"}, 30),
        ({"expires": "Mon, 23 Nov 2026 15:00:00 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 180),
        ({"expires": "Mon, 23 Nov 2026 15:00:00 GMT", "date": "Mon, 23 Nov 2026 14:50:00 GMT"}, 30),
        ({"expires": "0", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 30),
        ({"expires": "Thu, 19 Nov 1981 08:52:00 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 30),
        (
            {
                "cache_control": "max-age=3600",
                "expires": "Mon, 23 Nov 2026 20:00:00 GMT",
                "date": "Mon, 23 Nov 2026 12:00:00 GMT",
            },
            60,
        ),
        ({"cache_control": "max-age=999999999"}, 24 * 60),
        ({"cache_control": "max-age=soon", "age": "old"}, 30),
    ],
)
def test_cache_headers_lengthen_the_wait(headers: dict[str, str], minutes: int) -> None:
    assert wait(fresh(**headers), DEEP) == timedelta(minutes=minutes)


@pytest.mark.parametrize(("hours", "expected"), [(3, 3), (48, 24)])
def test_ttl_lengthens_the_wait_up_to_a_day(hours: int, expected: int) -> None:
    assert wait(fresh(), replace(DEEP, ttl=timedelta(hours=hours))) == timedelta(hours=expected)


@pytest.mark.parametrize(
    ("ages", "hours"),
    [
        ((1, 2, 6), 3.0),  # six hours deep: after three, half of it may have gone by
        ((0.1, 0.2), 0.5),  # a busy feed: the interval stays
        ((1, None), 2.0),  # how deep it is cannot be told
        ((), 2.0),
        ((-5, -1), 0.5),  # dates in the future tell nothing good
    ],
)
def test_a_wish_is_heard_only_as_far_as_nothing_is_missed(ages: tuple[float | None, ...], hours: float) -> None:
    assert wait(fresh(), page(*ages, ttl=timedelta(hours=20))) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 30), (2, 60), (3, 120), (6, 960), (7, 1440), (8, 1440), (10**6, 1440)]
)
def test_failures_back_off_and_are_never_given_up(failures: int, minutes: int) -> None:
    assert wait(failed(), failures=failures) == timedelta(minutes=minutes)


def test_an_unreadable_body_backs_off_like_a_failure() -> None:
    assert wait(fresh(cache_control="max-age=36000"), None, failures=3) == timedelta(hours=2)


@pytest.mark.parametrize(
    ("asked", "failures", "expected"),
    [
        (timedelta(hours=5), 1, timedelta(hours=5)),
        (timedelta(seconds=10), 1, HALF_HOUR),
        (timedelta(hours=1), 4, timedelta(hours=4)),
        (timedelta(days=30), 1, LONGEST),
    ],
)
def test_retry_after_is_kept(asked: timedelta, failures: int, expected: timedelta) -> None:
    assert wait(failed(retry_after=asked), failures=failures) == expected


def test_jitter_only_lengthens_and_stays_within_a_day() -> None:
    assert wait(fresh(), jitter=1.0) == HALF_HOUR * 1.1
    assert wait(fresh(), jitter=0.5) == HALF_HOUR * 1.05
    assert wait(failed(), failures=50, jitter=1.0) == LONGEST


def urls(count: int) -> list[str]:
    return [f"http://outlet-{number}.test/feed" for number in range(count)]


@pytest.mark.parametrize("kind", [Failure.DNS, Failure.CONNECT, Failure.TIMEOUT])
def test_the_network_is_down_when_nothing_answers(kind: Failure) -> None:
    assert network_is_down([failed(kind, url) for url in urls(3)])


@pytest.mark.parametrize(
    "visits",
    [
        [],
        [failed(Failure.DNS, url) for url in urls(2)],
        [failed(Failure.DNS, f"http://one.test/{number}") for number in range(5)],
        [*(failed(Failure.DNS, url) for url in urls(5)), fresh()],
        [*(failed(Failure.DNS, url) for url in urls(5)), Unchanged(REQUEST, NOW)],
        [*(failed(Failure.DNS, url) for url in urls(5)), failed(Failure.STATUS)],
        [*(failed(Failure.DNS, url) for url in urls(5)), failed(Failure.TLS)],
    ],
)
def test_the_network_is_up_when_anyone_answers_or_too_few_were_asked(visits: list[Visit]) -> None:
    assert not network_is_down(visits)
