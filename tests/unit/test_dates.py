"""The forms in which feeds and pages write their dates."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import dates
from monitor.dates import FAR, ago, credible, http_date, parse, settled, span, stated_day
from monitor.model import Entry
from tests.builders import NOW, an_entry
from tests.dateforms import FORMS


@pytest.mark.parametrize(("text", "moment"), FORMS)
def test_a_form_is_read(text: str, moment: datetime) -> None:
    assert parse(text, now=NOW) == moment


def test_there_are_many_forms() -> None:
    assert len({text for text, _ in FORMS}) >= 200


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "yesterday", "2026", "2026-11", "2027-01", "1988-06", "2016-13",
     "2016-02-30", "31 Jun 2016", "1989-12-31", "0001-01-01T00:00:00Z",
     "Thu, 01 Jan 1970 00:00:00 GMT", "Tue, 01 Jan 1980 00:00:00 GMT", "Tue, 30 Nov 1999 00:00:00 +0100",
     "not 12 a date 2012", "2099-01-01", "2016-06-29T25:61:00", "9" * 400, "１２"],
)  # fmt: skip
def test_what_states_no_possible_moment_is_none(text: str) -> None:
    assert parse(text, now=NOW) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [("2016", datetime(2016, 1, 1, 12, tzinfo=UTC)), ("2016-06", datetime(2016, 6, 1, 12, tzinfo=UTC)),
     (" 2025-12 ", datetime(2025, 12, 1, 12, tzinfo=UTC)), ("2026-10", datetime(2026, 10, 1, 12, tzinfo=UTC))],
)  # fmt: skip
def test_a_month_or_year_that_is_over_counts_by_its_first_day(text: str, moment: datetime) -> None:
    assert parse(text, now=NOW) == moment


def test_a_clock_may_be_a_day_ahead() -> None:
    assert parse((NOW + timedelta(hours=23)).isoformat(), now=NOW) == NOW + timedelta(hours=23)
    assert parse((NOW + timedelta(hours=25)).isoformat(), now=NOW) is None


def test_credible_leaves_the_unknown_unknown() -> None:
    assert credible(None, now=NOW) is None
    assert credible(datetime.max.replace(tzinfo=UTC), now=NOW) is None


@pytest.mark.parametrize("zone", ["GMT", "UTC", "+0000", "-0330", "+1445"])
@pytest.mark.parametrize("day", ["Sun, 22 Nov 2026", "1 Jan 2026", "Tue, 29 Feb 2028", "30 Feb 2024", "0 May 2024"])
def test_the_short_way_reads_mail_dates_as_the_long_one(day: str, zone: str) -> None:
    short, long = f"{day} 23:59:58 {zone}", f"{day} 23:59:58  ({zone})"
    assert parse(short, now=datetime(2029, 1, 1, tzinfo=UTC)) == parse(long, now=datetime(2029, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0001-01-01T00:00:00",
        "0000-00-00 00:00:00",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "-0001-11-30T00:00:00+00:00",
        "Wed, 30 Nov -0001 00:00:00 +0000",
        "0",
        "now",
        "today 15:07",
        "15:07",
        "Wed",
        "June 2016",
        "99/99/9999",
        "Wed, 31 Jun 2016 15:07:41 GMT",
        "2016-13-01",
        "Invalid Date",
        "null",
    ],
)
def test_what_publishers_write_for_nothing_is_none(text: str) -> None:
    assert parse(text, now=NOW) is None


MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2026, 1, 1))  # noqa: DTZ001 - the zone is drawn apart
OFFSETS = st.integers(-14 * 4 + 1, 14 * 4 + 3).map(lambda quarters: timedelta(minutes=15 * quarters))


@given(MOMENTS, OFFSETS, st.booleans())
def test_the_usual_forms_take_a_short_way_to_the_same_moment(naive: datetime, offset: timedelta, exact: bool) -> None:
    moment = naive.replace(tzinfo=timezone(offset), microsecond=naive.microsecond if exact else 0)
    stamp = moment.isoformat()
    assert parse(stamp, now=NOW) == dates._stamp(stamp) == dates._iso(stamp) == moment
    mail = format_datetime(moment)
    assert parse(mail, now=NOW) == dates._mail(mail) == dates._spoken(mail) == moment.replace(microsecond=0)


def _dated(*days: float | None) -> list[Entry]:
    return [an_entry(id=str(day), published=None if day is None else NOW + timedelta(days=day)) for day in days]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((-1, 0.5, None), (-1, 0.5, None)),
        ((-1, 3, -2), (-1, None, -2)),  # a lone one
        ((3,), (None,)),
        ((3, None), (None, None)),
        ((3, 4, None), (3, 4, None)),  # the publisher's clock
        ((), ()),
    ],
)
def test_a_future_date_is_kept_only_where_all_are_ahead(
    given: tuple[float | None, ...], kept: tuple[float | None, ...]
) -> None:
    found = settled(_dated(*given), NOW)
    assert [entry.published for entry in found] == [entry.published for entry in _dated(*kept)]


def test_a_future_update_is_unknown() -> None:
    (entry,) = settled([an_entry(published=NOW, updated=NOW + timedelta(days=9))], NOW)
    assert (entry.published, entry.updated) == (NOW, None)


def test_the_clock_of_a_whole_feed_may_be_far_ahead() -> None:
    text = (NOW + timedelta(days=200)).isoformat()
    assert parse(text, now=NOW) is None
    assert parse(text, now=NOW, ahead=FAR) == NOW + timedelta(days=200)
    assert parse("2099-01-01", now=NOW, ahead=FAR) is None


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7200, "2 h"), (200_000, "2 d")]
)
def test_spans_in_their_largest_unit(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_ago_looks_both_ways() -> None:
    assert ago(None, NOW) == "never"
    assert ago(NOW - timedelta(seconds=0.4), NOW) == "now"
    assert ago(NOW - timedelta(minutes=4), NOW) == "4 min ago"
    assert ago(NOW + timedelta(hours=3), NOW) == "in 3 h"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 23 Nov 2026 12:00:00 GMT", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("Monday, 23-Nov-26 12:00:00 GMT", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("Mon Nov 23 12:00:00 2026", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        *((text, None) for text in ("", "0", "-1", "soon", "Mon, 99 Nov 2026", "Fri, 31 Dec 9999 23:59:59 -2359")),
        ("Mon, 23 Nov 99999999999999 12:00:00 GMT", None),
    ],
)
def test_an_http_date(text: str, expected: datetime | None) -> None:
    assert http_date(text) == expected


def test_a_day_may_stand_in_numbers_with_blanks() -> None:
    assert parse("Sat, 11 04 2026 08:51:49 +0100", now=NOW) == datetime(2026, 4, 11, 7, 51, 49, tzinfo=UTC)
    assert parse("11 04 20", now=NOW) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://ridge.example/2026/11/22/ferries", 22),
        ("https://ridge.example/news/2026-11-21-ferries.html", 21),
        ("https://ridge.example/20261120/ferries", 20),
        ("https://ridge.example/2026/11/5/ferries", 5),
        ("https://ridge.example/sport/2026-1-2-holm-beaten", None),
        ("https://ridge.example/2026/11/ferries", None),
        ("https://ridge.example/2026/13/41/ferries", None),
        ("https://ridge.example/2027/01/01/ferries", None),
        ("https://ridge.example/id/1202611220", None),
        ("https://ridge.example/?d=2026-11-22", None),
    ],
)
def test_the_day_in_an_address(url: str, day: int | None) -> None:
    assert stated_day(url, NOW) == (datetime(2026, 11, day, 12, tzinfo=UTC) if day else None)
