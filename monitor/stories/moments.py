"""When an article was published, where nobody says so: its address or its first lines often do. Pure."""

from datetime import UTC, date, datetime
from re import IGNORECASE
from re import compile as pattern

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_NAMES = "|".join(_MONTHS)
_IN_ADDRESS = (
    pattern(r"(?<!\d)(?P<y>(?:19|20)\d\d)[/_-](?P<m>\d\d?)[/_-]?(?P<d>\d\d)(?!\d)"),
    pattern(r"(?<!\d)(?P<y>(?:19|20)\d\d)/(?P<m>\d\d?)/(?P<d>\d)(?=/|$)"),
    pattern(r"(?<!\d)(?P<y>20[0-4]\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),
    pattern(rf"(?<!\d)(?P<y>(?:19|20)\d\d)/(?P<m>{_NAMES})/(?P<d>\d\d?)(?!\d)", IGNORECASE),
    pattern(r"(?<!\d)(?P<y>(?:19|20)\d\d)[/-](?P<m>\d\d)(?!\d)"),
)
_IN_TEXT = (
    pattern(rf"\b(?P<d>\d{{1,2}}) (?P<m>{_NAMES})[a-z]*\.?,? (?P<y>20\d\d)\b", IGNORECASE),
    pattern(rf"\b(?P<m>{_NAMES})[a-z]*\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?, (?P<y>20\d\d)\b", IGNORECASE),
    pattern(r"(?<!\d)(?P<d>\d\d)\.(?P<m>\d\d)\.(?P<y>20\d\d)(?!\d)"),
)
_FIRST_LINES = 300  # characters
_MIDDLE = 15  # the day taken where only the month is known


def moment_of(published: datetime | None, url: str, text: str) -> datetime | None:
    """The stated moment; else noon of the day in the address, or in the first lines; None where there is none."""
    if published is not None:
        return published
    for expression in _IN_ADDRESS:
        for match in expression.finditer(url):
            if day := _day(match.groupdict()):
                return day
    for expression in _IN_TEXT:
        for match in expression.finditer(text[:_FIRST_LINES]):
            if day := _day(match.groupdict()):
                return day
    return None


def _day(parts: dict[str, str]) -> datetime | None:
    month = parts["m"]
    number = int(month) if month.isdigit() else _MONTHS[month.lower()]
    try:
        day = date(int(parts["y"]), number, int(parts.get("d") or _MIDDLE))
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
