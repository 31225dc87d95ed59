"""Moments and spans as a reader says them: local, short, in English whatever the machine's locale."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# Not strftime's, which follow the machine's locale.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = "January February March April May June July August September October November December".split()
_SHORT = timedelta(hours=22)  # a day may be an hour or two short
_LONG = timedelta(hours=47)  # two days, one of which may be an hour short


def long_day(at: datetime, zone: str) -> str:
    """The local day, written out: "Monday 23 November 2026"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"


def days(start: datetime, end: datetime, zone: str) -> str:
    """The local day on which a span ends; of a part of a day also the time, of two days and more from which to which.

    "Monday 23 November 2026"; "Monday 23 November 2026, 14:35"; "16 – 23 November 2026".
    """
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    if end - start < _LONG:
        return long_day(end, zone) + (f", {last:%H:%M}" if is_part_of_a_day(start, end) else "")
    parts = [f"{first.day}", _MONTHS[first.month - 1], f"{first.year}"]
    while len(parts) > 1 and first.year == last.year and (len(parts) > 2 or first.month == last.month):
        parts.pop()
    return f"{' '.join(parts)} – {last.day} {_MONTHS[last.month - 1]} {last.year}"


def is_part_of_a_day(start: datetime, end: datetime) -> bool:
    """Whether the day alone does not name a span, for others may end on the same."""
    return end - start < _SHORT


def short_day(at: datetime, zone: str) -> str:
    """The local day as subjects have it: "Mon 23 Nov"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_DAYS[local.weekday()][:3]} {local.day} {_MONTHS[local.month - 1][:3]}"


def moment(at: datetime, zone: str) -> str:
    """Day and time: "Mon 23 Nov 08:00"."""
    return f"{short_day(at, zone)} {at.astimezone(ZoneInfo(zone)):%H:%M}"


def report_time(at: datetime, zone: str, *, seen_from: datetime) -> str:
    """When a report came out, as short as `seen_from` allows: "06:40", "Sun 18:40", "12 Nov", "12 Nov 2025"."""
    local, today = at.astimezone(ZoneInfo(zone)), seen_from.astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if timedelta(0) < today.date() - local.date() < timedelta(days=7):
        return f"{_DAYS[local.weekday()][:3]} {local:%H:%M}"
    day = f"{local.day} {_MONTHS[local.month - 1][:3]}"
    return day if local.year == today.year else f"{day} {local.year}"


def span(length: timedelta) -> str:
    """A length of time in its two largest units: "2 days 3 h", "1 day", "45 min"."""
    minutes = round(length.total_seconds() / 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    units = [f"{days} day{'s' if days != 1 else ''}" if days else "", f"{hours} h" if hours else ""]
    if not days:
        units.append(f"{minutes} min" if minutes else "")
    return " ".join(unit for unit in units if unit) or "less than a minute"
