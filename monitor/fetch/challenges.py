"""Bot walls that refuse: answers of 401, 403, 429, 503 and the like by which a shield before a site asks for a browser.

A shield names itself in a header or in the page that it sends along; of that no more is read than tells. Walls that are
sent as if they were the page (status 200) are seen where pages are read.
"""

import asyncio
from collections.abc import Mapping

import aiohttp

from monitor.fetch.decoding import Decoder, OverLimitError, UndecodableError
from monitor.shields import MOST, shield

_STATUSES = frozenset((401, 403, 405, 406, 429, 503))
_SECONDS = 3.0  # for them to come
_HEADERS = (  # name, what is in its value, who says so
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    ("x-amzn-waf-action", "captcha", "captcha of AWS WAF"),
    ("x-amzn-waf-action", "challenge", "AWS WAF challenge"),
    ("x-datadome", "", "DataDome challenge"),
    ("x-dd-b", "", "DataDome challenge"),
    ("x-sucuri-block", "", "Sucuri block"),
    ("server", "ddos-guard", "DDoS-Guard challenge"),
)


async def challenge(response: aiohttp.ClientResponse) -> str:
    """Which bot wall a refusal is, in words; "" for one that is none."""
    if response.status not in _STATUSES:
        return ""
    return of_headers(response.headers) or shield((await _beginning(response)).decode("latin-1"))


def of_headers(headers: Mapping[str, str]) -> str:
    """What the headers of a refusal say."""
    found = (says for name, part, says in _HEADERS if name in headers and part in headers[name].lower())
    return next(found, "")


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    """As much of the page as comes soon; what goes wrong with it is no news, for it was refused anyway."""
    if "html" not in response.headers.get("Content-Type", "").lower():
        return b""
    try:
        decoder = Decoder(response.headers.get("Content-Encoding", ""), MOST)
    except UndecodableError:
        return b""
    try:
        async with asyncio.timeout(_SECONDS):
            async for chunk in response.content.iter_any():
                decoder.feed(chunk)
    except (OverLimitError, UndecodableError, TimeoutError, aiohttp.ClientError, OSError):
        pass
    return decoder.so_far
