"""Where an article that is spread over several pages goes on.

An address is believed only where nothing but the number of the page differs: `rel="next"` alone leads to other articles
on many sites.
"""

import re
from urllib.parse import urljoin, urlsplit

from monitor import links
from monitor.model import Fresh

MOST_PAGES = 5  # of one article
_NUMBER = re.compile(
    r"(?:[?&](?:page|p|pg|pagina|seite|strana|str|sivu|sayfa)=|/(?:page|seite|pagina|strona|str|p)[/-]?|[/_,-](?:page-?)?)"
    r"(?P<number>\d{1,2})(?P<rest>/?|\.(?:s?html?|php|aspx?))$",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?:/|\.(?:s?html?|php|aspx?))$", re.IGNORECASE)
_WEB = ("http", "https")
_HREF = re.compile(rb"href\s*=\s*[\"']?([^\"'\s>]{1,2000})", re.IGNORECASE)


def next_page(page: Fresh) -> str:
    """The address of the page after this one of the same article; "" when there is none."""
    stem, number = _parted(page.url)
    name = stem.rpartition("/")[2].rpartition("?")[2].encode("ascii", "ignore")
    if "/" not in stem or len(name) < 4 or (name not in page.body and b'="?' not in page.body):
        return ""
    wanted = str(number + 1).encode()
    for match in _HREF.finditer(page.body):
        href = match.group(1)
        if wanted not in href or (name not in href and not href.startswith(b"?")):
            continue
        address = _absolute(page.url, href.decode("ascii", "ignore").replace("&amp;", "&"))
        if address and _parted(address) == (stem, number + 1):
            return address
    return ""


def _absolute(base: str, href: str) -> str:
    try:
        address = urljoin(base, href).partition("#")[0]
        return address if links.host_of(address) == links.host_of(base) and urlsplit(address).scheme in _WEB else ""
    except ValueError:
        return ""


def _parted(url: str) -> tuple[str, int]:
    """(address without the page's number and its ending, the number); a page without one is the first."""
    bare = url.partition("#")[0].partition("://")[2]
    match = _NUMBER.search(bare)
    if match and 1 < int(match["number"]) <= 4 * MOST_PAGES:
        return _ENDING.sub("", bare[: match.start()]), int(match["number"])
    return _ENDING.sub("", bare), 1
