"""The door to the web: visits feeds and pages, safely and politely, and says what came of it."""

from monitor.fetch.client import Fetcher
from monitor.fetch.options import FetchOptions

__all__ = ["FetchOptions", "Fetcher"]
