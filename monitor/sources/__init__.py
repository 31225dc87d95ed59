"""What a feed's address answers with, read: `KINDS[feed.kind].read(feed, visit)`."""

from monitor.kinds import Kinds
from monitor.sources.base import Source

KINDS: Kinds[Source] = Kinds(
    {
        "feed": "monitor.sources.syndication:Syndication",
        "jsonfeed": "monitor.sources.syndication:Syndication",
        "sitemap": "monitor.sources.sitemap:Sitemap",
        "page": "monitor.sources.page:Page",
    },
    make=lambda kind: kind(),
)

__all__ = ["KINDS", "Source"]
