"""Links of news searches (Google News, Google Alerts, Bing News), led back to the publisher where the link tells him.

No private interface is asked and nothing is fetched: what a link does not hold stays as it is, and the item is told by
its title and outlet.
"""

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

_ARTICLES = re.compile(r"/(?:rss/)?(?:articles|read)/([\w=-]{16,2000})\Z")
_MOST_ADDRESS = 2_000


def publishers_address(link: str) -> str:
    """The address behind a search's link; the link itself where it is no such link or hides the address."""
    if "google." not in link and "bing.com" not in link:
        return link
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    host = parts.hostname or ""
    if host.endswith("bing.com") and parts.path.lower().startswith("/news/apiclick"):
        return _parameter(parts.query, "url") or link
    if re.fullmatch(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}", host) and parts.path == "/url":
        return _parameter(parts.query, "url") or _parameter(parts.query, "q") or link
    if host == "news.google.com":
        found = _ARTICLES.search(parts.path)
        return (_embedded(found[1]) if found else "") or _parameter(parts.query, "url") or link
    return link


def _parameter(query: str, name: str) -> str:
    return next((value for value in parse_qs(query).get(name, ()) if _is_address(value)), "")


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and text.isprintable() and " " not in text


def _embedded(token: str) -> str:
    """The address in the token of a Google News link as it was until 2024; "" for the later ones, which hold none.

    A protocol buffer: 08 13, then field 4 (22) with the length of the address as a varint and the address.
    """
    try:
        data = base64.urlsafe_b64decode(token.rstrip("=") + "=" * (-len(token.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return ""
    if data[:3] != b"\x08\x13\x22" or len(data) < 5:
        return ""
    size, start = data[3], 4
    if size & 0x80:
        size, start = (size & 0x7F) | data[4] << 7, 5
    address = data[start : start + size]
    if size > _MOST_ADDRESS or len(address) < size:
        return ""
    try:
        text = address.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if _is_address(text) else ""
