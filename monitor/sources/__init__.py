"""What a feed's address answers with, read: `KINDS[feed.kind].read(feed, visit)`."""

from monitor.sources.base import Source
from monitor.sources.syndication import Syndication

KINDS: dict[str, Source] = {"feed": Syndication(), "jsonfeed": Syndication()}

__all__ = ["KINDS", "Source"]
