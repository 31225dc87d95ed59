"""What a publisher asks of those who read a feed: how often to come, when not to, and where to be told instead.

Pure; hears the words and hands on what they mean. What to make of it is for `pacing`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

from monitor.sources.fields import absolute, relation

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*!#$&+.^`|~-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s\",;]*))?)*)")  # RFC 8288
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]*))", re.IGNORECASE)


def wished_pause(ttl: str) -> timedelta | None:
    """RSS 2.0 `ttl`, in minutes; what is no number or longer than a week is no wish."""
    text = ttl.strip()
    return timedelta(minutes=int(text)) if text.isascii() and text.isdigit() and 0 < int(text) <= 10_080 else None


def update_every(period: str, frequency: str) -> timedelta | None:
    """RSS 1.0 module `sy`: `updatePeriod` over `updateFrequency`, which are daily and once where the other is given."""
    period, frequency = period.strip().lower(), frequency.strip()
    if not period and not frequency:
        return None
    length = _PERIODS.get(period or "daily")
    times = int(frequency) if re.fullmatch(r"[0-9]{1,6}", frequency) else 0 if frequency else 1
    return length / times if length and times else None


def skipped_hours(stated: Iterable[str]) -> frozenset[int]:
    """RSS 2.0 `skipHours`, 0-23 in GMT; RSS 0.91 counted to 24, which is midnight."""
    numbers = (int(text) for text in map(str.strip, stated) if re.fullmatch(r"[0-9]{1,2}", text))
    return frozenset(number % 24 for number in numbers if number <= 24)


def skipped_days(stated: Iterable[str]) -> frozenset[int]:
    """RSS 2.0 `skipDays`, the English names of days; 0 = Monday."""
    return frozenset(_DAYS.index(name) for name in (text.strip().lower() for text in stated) if name in _DAYS)


def hub_and_self(links: Iterable[tuple[str, str]], headers: Mapping[str, str], base: str) -> tuple[str, str]:
    """(hub, topic) of WebSub section 4: the `Link` header goes before the document's (rel, href); "" for none."""
    found = {"hub": "", "self": ""}
    for rel, href in [*_header_links(headers.get("link", "")), *links]:
        for name in map(relation, rel.split()):
            if name in found and not found[name]:
                found[name] = absolute(href, base)
    return found["hub"], found["self"]


def _header_links(header: str) -> list[tuple[str, str]]:
    pairs = []
    for target, parameters in _LINK.findall(header[:8_000]):
        rel = _REL.search(parameters)
        if rel:
            pairs.append((rel[1] or rel[2] or "", target))
    return pairs
