"""Ways into the past of a feed: `KINDS` by name, in the order in which the ladder tries them.

"wayback" and "list" need to be told more, and are made by the job; see `wayback` and `addresses`.
"""

from monitor.backfill.base import Ask, Found, Rung, Step, ask_of, within
from monitor.backfill.pages import Pages, progress
from monitor.backfill.sitemaps import Sitemaps

KINDS: dict[str, Rung] = {"pages": Pages(), "sitemap": Sitemaps()}
LADDER = (*KINDS, "wayback")

__all__ = ["KINDS", "LADDER", "Ask", "Found", "Rung", "Step", "ask_of", "progress", "within"]
