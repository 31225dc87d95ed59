"""Dates as feeds and pages write them, in any of the usual forms and a dozen languages.

RFC 822/2822 with zone names, ISO 8601 and W3CDTF, `2016/6/29 15:07:41`, `29.06.2016`, `June 29, 2016`,
`29 червня 2016`, epoch seconds. What cannot be told is None, never "now"; so is what cannot be true (before 2000,
epoch 0, the future).
A time without a zone is taken as UTC; a day without a time as its noon, which no zone moves to another day.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
SLACK = timedelta(days=1)  # how far ahead a clock may be

# Hours from UTC. Names that mean several zones have their meaning in news from Europe and North America.
_ZONES = {
    **dict.fromkeys(("utc", "gmt", "ut", "z", "wet", "utc/gmt"), 0.0),
    **dict.fromkeys(("cet", "mez", "bst", "west", "wat", "ist/ie"), 1.0),
    **dict.fromkeys(("cest", "mesz", "eet", "cat", "sast"), 2.0),
    **dict.fromkeys(("eest", "msk", "trt", "eat", "мск"), 3.0),
    **dict.fromkeys(("samt", "gst", "azt", "msd", "get"), 4.0),
    **dict.fromkeys(("pkt", "uzt", "yekt"), 5.0),
    "ist": 5.5,
    **dict.fromkeys(("hkt", "sgt", "awst"), 8.0),
    **dict.fromkeys(("jst", "kst"), 9.0),
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
# The first letters tell the month in every language listed; a longer beginning goes before a shorter one.
_MONTHS = (
    # en de nl fr it es pt pl cs sk ro sv no da fi hu tr lt lv et, uk ru be bg sr, el
    "jan jän gen ene sty led ian tam oca sau янв яну січ студ јан ιαν",
    "feb fév fev fév lut úno uno hel şub sub vas veeb фев лют лютага φεβ",
    "mar mär maa märz mrz mrt bře bre kov kas mär мар бер сак μαρ",
    "apr avr abr kwi dub huh nis bal апр кві крас απρ",
    "mai may mag maj mei květ kvet tou gegu мая май мај трав тра μαι μαϊ",
    "jun juin giu czer čer cer iun kes haz birž birz jūn juun июн юни чер чэр јун ιουν",
    "jul juil lug lip čvc cvc červenec cervenec iul hei tem liep jūl juul июл юли лип ліп јул ιουλ",
    "aug aoû aou ago sie srp elo ağu agu rugp авг сер жні αυγ αύγ",
    "sep set wrz zář zar syy eyl rugs сен сеп вер σεπ",
    "oct okt ott out paź paz říj rij lok eki spal окт жов кас οκτ",
    "nov lis noi marras kasım kasim lapkr ноя лис ноем νοε",
    "dec déc dez dic gru pro jou ara gruod det дек гру сне дец δεκ",
)
_PREFIXES = sorted(
    ((prefix, number) for number, names in enumerate(_MONTHS, 1) for prefix in names.split()),
    key=lambda pair: -len(pair[0]),
)
# Names whose beginnings would be taken for another month.
_WHOLE = {
    "marraskuu": 11, "marraskuuta": 11, "kasim": 11, "kasım": 11, "listopad": 11, "listopada": 11, "listopadu": 11,
    "června": 6, "červen": 6, "červenec": 7, "července": 7, "juillet": 7, "juil": 7, "luty": 2, "lutego": 2,
    "листопада": 11, "листопад": 11, "липня": 7, "липень": 7, "лип": 7, "лис": 11, "лист": 11,
    "sierpnia": 8, "sierpień": 8, "srpna": 8, "srpen": 8, "серпня": 8, "серпень": 8,
    "червня": 6, "червень": 6, "лютага": 2, "kovo": 3, "kovas": 3, "vasario": 2, "vasaris": 2,
    "sausio": 1, "birželio": 6, "liepos": 7, "rugpjūčio": 8, "rugsėjo": 9, "spalio": 10, "lapkričio": 11,
    "balandžio": 4, "gegužės": 5, "gruodžio": 12, "kas": 10, "kastrychnika": 10, "кастрычніка": 10,
    "красавіка": 4, "сакавіка": 3, "студзеня": 1, "траўня": 5, "снежня": 12, "prosince": 12, "prosinec": 12,
}  # fmt: skip

_TIME = r"(?P<hour>\d{1,2})[:.hч](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
_CLOCK = re.compile(rf"(?<![\d.+:-]){_TIME}(?![\d.]*[./]\d)\s*(?P<half>[ap]\.?m\b\.?)?", re.IGNORECASE)
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?"
    rf"(?:\s*[Tt,]?\s*{_TIME.replace('[:.hч]', ':')}|[Tt](?P<h>\d{{2}})(?!:))?\s*(?P<rest>.*)\Z",
    re.DOTALL,
)
_BASIC = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?\s*(?P<rest>\D.*)?\Z", re.DOTALL
)
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>\d{4})[./年](?P<month>\d{1,2})[./月](?P<day>\d{1,2})日?(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.|-го|-е)?[\s.,/-]*(?:de |of |d')?\s*(?P<name>[^\W\d_]{3,})\.?"
    r"[\s.,/-]*(?:de |del )?\s*(?P<year>\d{4}|\d{2}(?!\d|:))"
)
_LITHUANIAN = re.compile(r"(?P<year>\d{4})\s*m\.\s*(?P<name>[^\W\d_]{3,})\s+(?P<day>\d{1,2})(?!\d)")
_NAME_FIRST = re.compile(
    r"(?P<name>[^\W\d_]{3,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,|\s)\s*(?:.*\s)?(?P<year>\d{4})(?!\d)", re.DOTALL
)
_OFFSET = re.compile(
    r"(?:(?:GMT|UTC?)\s*)?(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\d)", re.IGNORECASE
)
# The form that nearly every feed uses (RFC 2822 section 3.3), in one step; all of it is read below as well.
_ABBREVIATED = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MAIL = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{{1,2}}) ({'|'.join(_ABBREVIATED)}) (\d{{4}})"
    r" ([01]\d|2[0-3]):([0-5]\d):([0-5]\d) (?:GMT|UTC|([+-])(0\d|1[0-4])([0-5]\d))\Z",
    re.ASCII,
)
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?\Z")
_ZONE_NAME = re.compile(r"[^\W\d_]{1,5}")


def parse(text: str, *, now: datetime) -> datetime | None:
    """The moment that `text` states, aware and in UTC; None where it states none or an impossible one.

    `now` (aware) bounds the future: what lies more than a day ahead is no date of a publication.
    """
    squeezed = " ".join(text.replace("\u00ad", "").split())[:120]
    if not squeezed:
        return None
    try:
        moment = _mail(squeezed) or _epoch(squeezed) or _iso(squeezed) or _basic(squeezed) or _spoken(squeezed)
    except (ValueError, OverflowError):
        return None
    return credible(moment, now=now)


def credible(moment: datetime | None, *, now: datetime) -> datetime | None:
    """`moment` in UTC, or None when nothing can have been published then."""
    if moment is None:
        return None
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment if EARLIEST <= moment <= now + SLACK else None


def _mail(text: str) -> datetime | None:
    match = _MAIL.match(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    moment = datetime(
        int(year), _ABBREVIATED.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC
    )
    if sign is None:
        return moment
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return moment - offset if sign == "+" else moment + offset


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.match(text):
        return None
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds >= 1e11 else seconds, UTC)


def _iso(text: str) -> datetime | None:
    """ISO 8601 and W3CDTF, with the space, missing zeros and double zones that feeds put into them."""
    match = _ISO.match(text)
    if not match:
        return None
    if match["day"] is None:
        return None  # a month is no moment
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if match["hour"] is None and match["h"] is None:
        return datetime(year, month, day, 12, tzinfo=UTC)
    return _moment(
        year, month, day, _clock(match) if match["hour"] else timedelta(hours=int(match["h"])), match["rest"]
    )


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
    rest = f"{text[:start]} \n {text[end:]}"
    clock = _CLOCK.search(rest)
    if clock is None and ":" in text[start:end]:  # "Nov 3 10:00:00 2026": the time stands within the date
        rest = text[start:end]
        clock = _CLOCK.search(rest)
    if clock is None:
        return datetime(year, month, day, 12, tzinfo=UTC)
    return _moment(year, month, day, _clock(clock, clock["half"] or ""), rest[clock.end() :])


def _day(text: str) -> tuple[tuple[int, int, int], tuple[int, int]] | None:
    for pattern in (_YEAR_FIRST, _LITHUANIAN, _NAMED, _NAME_FIRST, _DAY_FIRST):
        for match in pattern.finditer(text):
            month = _month(match["name"]) if "name" in match.groupdict() else int(match["month"])
            day = int(match["day"])
            if pattern is _DAY_FIRST and month > 12 >= day:
                day, month = month, day  # only an American would write 11/23/2026
            if month and 1 <= month <= 12 and 1 <= day <= 31:
                return (_century(match["year"]), month, day), match.span()
    return None


@lru_cache(maxsize=4_096)
def _month(name: str) -> int:
    """1–12 for a month's name or abbreviation, 0 for another word."""
    folded = name.casefold()
    if folded in _WHOLE:
        return _WHOLE[folded]
    return next((number for prefix, number in _PREFIXES if folded.startswith(prefix)), 0)


def _century(year: str) -> int:
    return int(year) if len(year) > 2 else 2000 + int(year) if int(year) < 70 else 1900 + int(year)


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
