"""When a digest is due: five cron fields read in the reader's zone. Pure; knows no clock and no store.

A schedule names *wall times* (08:00 on the 23rd), and each wall time is due once, whatever the clocks do:

- a wall time that the clocks show twice (autumn) is due the first time;
- one that they skip (spring) is due at the first moment after the gap, as Debian's cron has it.

So wall times never go backwards in time, and the latest of them that has passed is always well defined.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from msgspec import Struct

from monitor.errors import nearest

_EXAMPLE = "an example: '0 8 * * *' is every day at 08:00"
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


class Due(Struct, frozen=True):
    """A digest that should be made: the moment, and the wall time that names it for ever."""

    at: datetime  # UTC
    local: str  # wall time in the schedule's zone, "2026-11-23T08:00"


def check_schedule(cron: str, zone: str) -> str:
    """What is wrong with a schedule, in one sentence with the way out; "" when nothing is."""
    if zone not in available_timezones():
        hint = nearest(zone, sorted(available_timezones())) or "use an IANA name such as 'Europe/Kyiv'"
        return f"unknown time zone '{zone}'; {hint}"
    if len(cron.split()) != 5:
        return f"'{cron}' has {len(cron.split())} fields instead of 5 (minute hour day month weekday); {_EXAMPLE}"
    try:
        next(CronSim(cron, datetime(2026, 1, 1)))  # noqa: DTZ001 - wall time
    except CronSimError as error:
        return f"'{cron}': {str(error)[0].lower()}{str(error)[1:]}; {_EXAMPLE}"
    except StopIteration:
        return f"'{cron}' never comes; {_EXAMPLE}"
    return ""


def due(cron: str, zone: str, *, after: datetime | None, now: datetime) -> Due | None:
    """The latest due time that is not after `now`, if it is later than `after`; None when there is none.

    Only the latest: a program that slept through ten due times owes one digest over the whole gap, not ten.
    The schedule must have passed `check_schedule`.
    """
    latest = _latest(cron, zone, now)
    return latest if after is None or latest.at > after else None


def previous(cron: str, zone: str, at: datetime) -> datetime:
    """The latest due time strictly before `at`, in UTC; where the usual window of a digest due at `at` begins."""
    return _latest(cron, zone, at - timedelta(microseconds=1)).at


def following(cron: str, zone: str, at: datetime) -> datetime:
    """The earliest due time strictly after `at`, in UTC."""
    place = ZoneInfo(zone)
    before = at.astimezone(place).replace(tzinfo=None, fold=0) - _DAY  # whatever the clocks do in between
    return next(moment for wall in CronSim(cron, before) if (moment := _moment(wall, place)) > at)


def _latest(cron: str, zone: str, now: datetime) -> Due:
    place = ZoneInfo(zone)
    local = now.astimezone(place)
    start = local.replace(tzinfo=None, fold=0, microsecond=0) + _SECOND
    if local.fold:  # the repeated hour: wall times of its first run have passed, though they read later
        start += _offset(local.replace(fold=0)) - _offset(local)
    for wall in _walls_before(cron, start):
        at = _moment(wall, place)
        if at <= now:
            return Due(at, wall.isoformat(timespec="minutes"))
    raise ValueError(f"the schedule '{cron}' has no time before {now}")


def _walls_before(cron: str, start: datetime) -> Iterator[datetime]:
    """Naive wall times, latest first; cronsim's own handling of zones is not used: it yields both runs of an hour."""
    return iter(CronSim(cron, start, reverse=True))


def _moment(wall: datetime, place: ZoneInfo) -> datetime:
    aware = wall.replace(tzinfo=place)
    while aware.astimezone(UTC).astimezone(place) != aware:  # the clocks skip it
        aware = (aware.replace(tzinfo=None) + _MINUTE).replace(tzinfo=place)
    return aware.astimezone(UTC)


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()
