"""What a feed may state of the way to it: request headers, a login, cookies, a proxy.

Each check gives its value back, or raises ValueError with what to write instead; none shows the value, which may be a
secret.
"""

import re
from urllib.parse import urlsplit

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_OURS = frozenset(
    "accept-encoding connection content-length host if-modified-since if-none-match te transfer-encoding".split()
)


def request_headers(table: dict[str, str]) -> dict[str, str]:
    """Headers by name that can be sent as they are (RFC 9110 section 5.5)."""
    for name, value in table.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a header; letters, digits and hyphens, no blanks and no colon")
        if name.lower() in _OURS:
            raise ValueError(f"{name!r} is a header that each visit sets by itself; take it out")
        if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value) or value != value.strip():
            raise ValueError(f"the value of {name!r} cannot be sent; one line without blanks around it")
    return table


def basic_login(text: str) -> str:
    """A login for basic authentication (RFC 7617)."""
    if text and ":" not in text:
        raise ValueError('is no login; write "user:password", best as a secret')
    return text


def cookie(text: str) -> str:
    """The value of a cookie (RFC 6265 section 4.1.1)."""
    if re.search(r'[^\x21-\x7e]|[",;\\]', text):
        raise ValueError("is no value of a cookie; copy what stands between its = and the next semicolon")
    return text


def cookie_names(table: dict[str, str]) -> dict[str, str]:
    """Cookies whose names can be sent (RFC 6265 section 4.1.1: tokens)."""
    for name in table:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a cookie; copy what stands before its =")
    return table


def proxy_address(text: str) -> str:
    """The address of an HTTP proxy."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme == "http" and bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/")
    except ValueError:
        usable = False
    if text and not usable:
        raise ValueError("is no address of an HTTP proxy; write one such as http://proxy.example:3128")
    return text
