"""An entry and its page become an article: `extract(entry, page, identity=…, found_at=…)`."""

from monitor.extract.article import extract

__all__ = ["extract"]
