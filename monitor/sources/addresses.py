"""What an article's address says of itself: whether it looks like one at all, and its section."""

import re
from urllib.parse import urlsplit

_NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|authors?|category|categories|kategorie|search|login|signin|register|subscribe|newsletter|about|"
    r"contacts?|privacy|terms|impressum|datenschutz|video|videos|podcasts?|gallery|photos?|page)(?:/|\Z)",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|pdf|mp[34]|zip|css|js|xml|rss|ics)\Z", re.IGNORECASE)


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
