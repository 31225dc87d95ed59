"""Dates as feeds and pages write them, in any of the usual forms and some fifty languages (see `months`).

RFC 822/2822 with zone names, ISO 8601 and W3CDTF, `2016/6/29 15:07:41`, `29.06.2016`, `June 29, 2016`,
`29 червня 2016`, `2016. június 29.`, epoch seconds. What cannot be told is None, never "now"; so is what cannot be true
(before 1990, the zero dates of databases, the future).
A time without a zone is taken as UTC; a day without a time as its noon, which no zone moves to another day.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from monitor.model import Entry
from monitor.months import ENGLISH, in_latin, month_of

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # as old as the Web
_ZERO = datetime(1999, 11, 30, tzinfo=UTC)  # what PHP makes of 0000-00-00, in any zone
SLACK = timedelta(days=1)  # how far ahead a clock may be
FAR = timedelta(days=366)  # how far ahead the clock of a whole feed may be

# Hours from UTC. Names that mean several zones have their meaning in news from Europe and North America.
_ZONES = {
    **dict.fromkeys(("utc", "gmt", "ut", "z", "wet", "utc/gmt"), 0.0),
    **dict.fromkeys(("cet", "met", "mez", "bst", "west", "wat"), 1.0),
    **dict.fromkeys(("cest", "mest", "mesz", "eet", "cat", "sast"), 2.0),
    **dict.fromkeys(("eest", "msk", "fet", "trt", "eat", "мск"), 3.0),
    **dict.fromkeys(("samt", "gst", "azt", "msd", "get"), 4.0),
    **dict.fromkeys(("pkt", "uzt", "yekt"), 5.0),
    "ist": 5.5,
    **dict.fromkeys(("ict", "wib"), 7.0),
    **dict.fromkeys(("hkt", "sgt", "awst", "pht", "myt", "wita"), 8.0),
    **dict.fromkeys(("jst", "kst", "wit"), 9.0),
    "acst": 9.5,
    "aest": 10.0,
    "aedt": 11.0,
    "nzst": 12.0,
    "nzdt": 13.0,
    **dict.fromkeys(("brt", "art", "adt"), -3.0),
    "nst": -3.5,
    "ndt": -2.5,
    **dict.fromkeys(("ast", "edt"), -4.0),
    **dict.fromkeys(("est", "cdt"), -5.0),
    **dict.fromkeys(("cst", "mdt"), -6.0),
    **dict.fromkeys(("mst", "pdt"), -7.0),
    **dict.fromkeys(("pst", "akdt"), -8.0),
    "akst": -9.0,
    "hst": -10.0,
}
# What Americans write, whose distance from UTC the season tells.
_SEASONAL = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
_TIME = (
    r"(?P<hour>\d{1,2})(?:[:.hч]| ?(?:h|[时時시]) ?)(?P<minute>\d{2}|\d(?=:\d)|(?<=:)\d(?!\d))"
    r"(?:[:.](?P<second>\d{2}|(?<=:)\d(?!\d))(?:[.,](?P<fraction>\d{1,9}))?)?"
)
_HALF = r"(?:(?P<eastern>오전|오후|上午|下午|午前|午後)\s*)?"  # of the day
_CLOCK = re.compile(
    rf"(?<![\d.+:-]){_HALF}{_TIME}(?![\d.]*[./]\d)\s*(?P<half>[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(?:[^\W\d_]{2,12}[.,]*\s)?(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?"
    rf"(?:(?:\s*[Tt,]?\s*|[_-]|\sat\s){_HALF}(?P<hour>\d{{1,2}})[:h](?P<minute>\d{{1,2}})"
    r"(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?!\d)\s*(?P<half>[AaPp]\.?[Mm]\b\.?)?|[Tt](?P<h>\d{2})(?!:))?\s*(?P<rest>.*)\Z",
    re.DOTALL,
)
_BASIC = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:T?(\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d+)?)?\s*(?P<rest>\D.*)?\Z",
    re.DOTALL,
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?:[./] ?|:(?=\d\d:\d\d )| ?[年년] ?)(?P<month>\d{1,2})(?:[./:] ?| ?[月월] ?)"
    r"(?P<day>\d{1,2})(?: ?[日일])?(?!\d)"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?P<mark>\. ?|[/-]| (?=\d\d \d{4}))(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?!\d)"
)
_NAMED = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.|-го|-е)?[\s.,/-]*(?:de |of |d['’]|ta['’] )?\s*"
    r"(?P<name>[^\W\d_]{3,})\.?[\s.,/-]*(?:de |del )?\s*(?P<year>\d{4}|\d{2}(?!\d|:))"
)
_YEAR_NAME_DAY = re.compile(  # Lithuanian, Hungarian, and what programmers write
    r"(?<!\d)(?P<year>\d{4})(?:\s*m\.|[.,/-])?\s*(?P<name>[^\W\d_]{3,})\.?[\s/-]+(?P<day>\d{1,2})(?![\d:])"
)
_YEAR_DAY_NAME = re.compile(  # Latvian
    r"(?<!\d)(?P<year>\d{4})\.?\s*gada\s+(?P<day>\d{1,2})\.?\s*(?P<name>[^\W\d_]{3,})"
)
_VIETNAMESE = re.compile(
    r"(?<!\d)(?P<day>\d{1,2}) (?:tháng|thg) (?P<month>\d{1,2}),?(?: năm)? (?P<year>\d{4})", re.IGNORECASE
)
_WHOLE_TIME = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>0[1-9]|1[0-2]))?\Z", re.ASCII)
_ORDINAL = re.compile(r"(?P<year>\d{4})-?(?:W(?P<week>\d\d)-?(?P<weekday>[1-7])|(?P<days>[0-3]\d\d))\Z")
_NAME_FIRST = re.compile(
    r"(?P<name>[^\W\d_]{3,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,|\s)\s*(?:.*\s)?(?P<year>\d{4})(?!\d)", re.DOTALL
)
_OFFSET = re.compile(
    r":?(?:(?:GMT|UTC?)\s*)?[+−-]?(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\d)", re.IGNORECASE
)
# The form that nearly every feed uses (RFC 2822 section 3.3), in one step; all of it is read below as well.
_MAIL = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{{1,2}}) ({'|'.join(ENGLISH)}) (\d{{4}})"
    r" ([01]\d|2[0-3]):([0-5]\d):([0-5]\d) (?:GMT|UTC|([+-])(0\d|1[0-4])([0-5]\d))\Z",
    re.ASCII,
)
_STAMP = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)\Z", re.ASCII
)
_AMERICAN = re.compile(r"\d:\d\d(?::\d\d)? ?[AP]M\b")  # with slashes, as programs write it; 11/23/2026 shows it too
_GLUE = re.compile(r"\A[:_-](?=\d)")  # between a day and its time
_EASTERN = {"오전": "am", "上午": "am", "午前": "am", "오후": "pm", "下午": "pm", "午後": "pm"}
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?\Z")
_PLACE = re.compile(r"\b(?:Africa|America|Asia|Atlantic|Australia|Europe|Pacific)/[A-Z][A-Za-z_]+\b")
# /2026/11/22/, /2026-11-22-, /20261122/, _2026_11_22; one digit only between strokes, as "2026-1-2" is also a score
_IN_ADDRESS = re.compile(
    r"(?<!\d)(20\d\d)(?:([/_.-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)|/(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])/)",
    re.ASCII,
)
_ZONE_NAME = re.compile(r"[^\W\d_]{1,5}")


def parse(text: str, *, now: datetime, ahead: timedelta = SLACK) -> datetime | None:
    """The moment that `text` states, aware and in UTC; None where it states none or an impossible one.

    `now` (aware) bounds the future: what lies further `ahead` is no date of a publication. Who can see the other dates
    of a feed asks with `FAR` and lets `settled` decide.
    """
    squeezed = in_latin(" ".join(text.replace("\u00ad", "").split())[:120])
    if not squeezed:
        return None
    try:
        moment = (
            _mail(squeezed)
            or _stamp(squeezed)
            or _epoch(squeezed)
            or _whole(squeezed, now)
            or _ordinal(squeezed)
            or _iso(squeezed)
            or _basic(squeezed)
            or _spoken(squeezed)
        )
    except (ValueError, OverflowError):
        return None
    return credible(moment, now=now, ahead=ahead)


def credible(moment: datetime | None, *, now: datetime, ahead: timedelta = SLACK) -> datetime | None:
    """`moment` in UTC, or None when nothing can have been published then."""
    if moment is None:
        return None
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment if EARLIEST <= moment <= now + ahead and abs(moment - _ZERO) > timedelta(hours=14) else None


def stated_day(url: str, now: datetime) -> datetime | None:
    """Noon of the day that stands in the address of an article; None when none does, or one that cannot be."""
    for match in _IN_ADDRESS.finditer(urlsplit(url).path):
        try:
            day = datetime(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6]), 12, tzinfo=UTC)
        except ValueError:
            continue
        if credible(day, now=now):
            return day
    return None


def settled(entries: Sequence[Entry], now: datetime) -> tuple[Entry, ...]:
    """The entries of one document, dates in the future made unknown where only some entries have them.

    A lone one was mistyped, or is that of an event: when the item was found says more. Where all that are dated lie
    ahead, the publisher's clock is wrong, and their order still holds.
    """
    limit = now + SLACK
    dated = [entry.published for entry in entries if entry.published]
    if len(dated) > 1 and min(dated) > limit:
        return tuple(entries)
    return tuple(
        entry
        if (entry.published is None or entry.published <= limit) and (entry.updated is None or entry.updated <= limit)
        else replace(entry, published=_until(entry.published, limit), updated=_until(entry.updated, limit))
        for entry in entries
    )


def _until(moment: datetime | None, limit: datetime) -> datetime | None:
    return moment if moment is not None and moment <= limit else None


def _mail(text: str) -> datetime | None:
    match = _MAIL.match(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    moment = datetime(int(year), ENGLISH.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    if sign is None:
        return moment
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return moment - offset if sign == "+" else moment + offset


def _stamp(text: str) -> datetime | None:
    """The other usual form (RFC 3339 section 5.6), likewise in one step."""
    return datetime.fromisoformat(text).astimezone(UTC) if _STAMP.match(text) else None


def _whole(text: str, now: datetime) -> datetime | None:
    """The first day of a month or a year that stands alone (W3CDTF); of one not over yet, finding says more."""
    match = _WHOLE_TIME.match(text)
    if match is None:
        return None
    year, month = int(match["year"]), int(match["month"] or 0)
    over = (year, month) < (now.year, now.month) if month else year < now.year
    return datetime(year, month or 1, 1, 12, tzinfo=UTC) if over else None


def _ordinal(text: str) -> datetime | None:
    """ISO 8601 by week or by day of the year."""
    match = _ORDINAL.match(text)
    if match is None:
        return None
    if match["week"]:
        day = date.fromisocalendar(int(match["year"]), int(match["week"]), int(match["weekday"]))
    else:
        day = date(int(match["year"]), 1, 1) + timedelta(days=int(match["days"]) - 1)
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.match(text):
        return None
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds >= 1e11 else seconds, UTC)


def _iso(text: str) -> datetime | None:
    """ISO 8601 and W3CDTF, with the space, missing zeros and double zones that feeds put into them."""
    match = _ISO.match(text)
    if not match or match["day"] is None:  # a month is no moment
        return None
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if match["hour"] is None and match["h"] is None:
        return datetime(year, month, day, 12, tzinfo=UTC)
    half = match["half"] or _EASTERN.get(match["eastern"] or "", "")
    clock = _clock(match, half) if match["hour"] else timedelta(hours=int(match["h"]))
    return _moment(year, month, day, clock, match["rest"])


def _basic(text: str) -> datetime | None:
    match = _BASIC.match(text)
    if not match:
        return None
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if match[4] is None:
        return datetime(year, month, day, 12, tzinfo=UTC)
    clock = timedelta(hours=int(match[4]), minutes=int(match[5]), seconds=int(match[6] or 0))
    return _moment(year, month, day, clock, match["rest"] or "")


def _spoken(text: str) -> datetime | None:
    """Day, month and year in any other order, the time wherever it stands."""
    found = _day(text)
    if found is None:
        return None
    (year, month, day), (start, end) = found
    rest, behind = f"{text[:start]} \n {_GLUE.sub('', text[end:])}", ""
    clock = _CLOCK.search(rest)
    if clock is None and ":" in text[start:end]:  # "Nov 3 10:00:00 2026": the time stands within the date
        rest, behind = text[start:end], text[end:].strip()
        clock = _CLOCK.search(rest)
    if clock is None:
        return datetime(year, month, day, 12, tzinfo=UTC)
    half = clock["half"] or _EASTERN.get(clock["eastern"] or "", "")
    return _moment(year, month, day, _clock(clock, half), behind or rest[clock.end() :])


def _day(text: str) -> tuple[tuple[int, int, int], tuple[int, int]] | None:
    for pattern in (_YEAR_FIRST, _YEAR_DAY_NAME, _YEAR_NAME_DAY, _NAMED, _NAME_FIRST, _VIETNAMESE, _DAY_FIRST):
        for match in pattern.finditer(text):
            month = month_of(match["name"]) if "name" in match.groupdict() else int(match["month"])
            day = int(match["day"])
            if pattern is _DAY_FIRST and (month > 12 >= day or (match["mark"] == "/" and _AMERICAN.search(text))):
                day, month = month, day
            if month and 1 <= month <= 12 and 1 <= day <= 31:
                return (_century(match["year"]), month, day), match.span()
    return None


def _century(year: str) -> int:
    if len(year) > 2:
        return int(year) - 543 if int(year) > 2400 else int(year)  # Thailand counts from the death of the Buddha
    return 2000 + int(year) if int(year) < 70 else 1900 + int(year)


def _clock(match: re.Match[str], half: str = "") -> timedelta:
    hour = int(match["hour"])
    if half:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    if hour > 24 or int(match["minute"]) > 59:
        raise ValueError(match.group())
    microseconds = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    return timedelta(
        hours=hour, minutes=int(match["minute"]), seconds=int(match["second"] or 0), microseconds=microseconds
    )


def _moment(year: int, month: int, day: int, clock: timedelta, rest: str) -> datetime:
    found = _PLACE.search(rest) if "/" in rest else None
    place = found.group() if found else _SEASONAL.get(rest.strip(" ().\n")[:3].rstrip(" \n.,)"))
    if place and not _OFFSET.match(rest.strip(" (\n")):
        try:
            return (datetime(year, month, day, tzinfo=ZoneInfo(place)) + clock).astimezone(UTC)
        except (ZoneInfoNotFoundError, ValueError):
            pass
    return datetime(year, month, day, tzinfo=timezone(_zone(rest))) + clock


def _zone(rest: str) -> timedelta:
    """What follows a time, as the distance from UTC; nothing known counts as UTC."""
    offset = _OFFSET.match(rest.strip(" (\n"))
    if offset:
        size = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        if size >= timedelta(hours=15):
            return timedelta()
        return size if offset["sign"] == "+" else -size
    for name in _ZONE_NAME.findall(rest):
        if name.casefold() in _ZONES:
            return timedelta(hours=_ZONES[name.casefold()])
    return timedelta()


@lru_cache(maxsize=4_096)  # servers send the same date until there is news
def http_date(text: str) -> datetime | None:
    """An HTTP date (RFC 9110 section 5.6.7), aware and in UTC; None when it is none, as in the common `Expires: 0`."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, in the largest fitting unit: "4 min ago"; "never" for None; "in 4 min" for the future; "now"."""
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    if round(seconds) == 0:
        return "now"
    words = span(abs(seconds))
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def span(seconds: float) -> str:
    """A span of time in its largest fitting unit."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
