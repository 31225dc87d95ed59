"""What an article's address says of itself: whether it looks like one at all, and the day that stands in it."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from monitor import dates

# /2026/11/22/, /2026-11-22-, /20261122/, _2026_11_22
_DAY = re.compile(r"(?<!\d)(20\d\d)([/_.-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|authors?|category|categories|kategorie|search|login|signin|register|subscribe|newsletter|about|"
    r"contacts?|privacy|terms|impressum|datenschutz|video|videos|podcasts?|gallery|photos?|page)(?:/|\Z)",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|pdf|mp[34]|zip|css|js|xml|rss|ics)\Z", re.IGNORECASE)


def stated_day(url: str, now: datetime) -> datetime | None:
    """Noon of the day that stands in the address; None when none does, or one that cannot be."""
    for match in _DAY.finditer(urlsplit(url).path):
        try:
            day = datetime(int(match[1]), int(match[3]), int(match[4]), 12, tzinfo=UTC)
        except ValueError:
            continue
        if dates.credible(day, now=now):
            return day
    return None


def looks_like_an_article(url: str) -> bool:
    """Whether the path is one that articles have: a long slug, a number or a day, and no section's name."""
    path = urlsplit(url).path.rstrip("/")
    last = path.rpartition("/")[2]
    if not last or _FILE.search(last) or _NO_ARTICLE.search(path):
        return False
    return last.count("-") + last.count("_") >= 2 or re.search(r"\d{4,}", path) is not None


def section(url: str) -> str:
    """The host and the first folders that are no numbers: equal for the articles of one section."""
    parts = urlsplit(url)
    folders = [folder for folder in parts.path.split("/")[1:-1] if not folder.isdigit()]
    return "/".join([parts.netloc.lower(), *folders[:2]])
