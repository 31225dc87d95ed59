"""The door to the web: visits feeds and pages, safely and politely, and says what came of it."""

from typing import TYPE_CHECKING, Any

from monitor.fetch.options import FetchOptions

if TYPE_CHECKING:
    from monitor.fetch.client import Fetcher

__all__ = ["FetchOptions", "Fetcher"]


def __getattr__(name: str) -> Any:
    """`Fetcher` is imported when it is first asked for: whoever only reads the options waits for no HTTP library."""
    if name != "Fetcher":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from monitor.fetch.client import Fetcher

    return Fetcher
