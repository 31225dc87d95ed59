"""What a feed's address answers with, read: `KINDS[feed.kind].read(feed, visit)`."""

from monitor.sources.base import Source
from monitor.sources.page import Page
from monitor.sources.sitemap import Sitemap
from monitor.sources.syndication import Syndication

KINDS: dict[str, Source] = {"feed": Syndication(), "jsonfeed": Syndication(), "sitemap": Sitemap(), "page": Page()}

__all__ = ["KINDS", "Source"]
