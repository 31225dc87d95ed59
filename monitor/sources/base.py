"""What a kind of source owes: a body in, a `FeedPage` or a named reason why there is none out.

A source is pure: it neither fetches nor remembers, and it never raises for what a server may send.
"""

from datetime import datetime
from typing import Protocol

from monitor.model import Feed, FeedPage, Fresh, Unreadable

MOST_ENTRIES = 2_000  # per document; the first ones are kept, which by custom are the newest
MOST_HTML = 400_000  # characters of a summary or content; a long book is no news
MOST_TITLE = 1_000  # characters


class Source(Protocol):
    """One way of reading what a feed's address answers with."""

    def read(self, feed: Feed, visit: Fresh) -> FeedPage | Unreadable:
        """The document as entries, in its own order and without word-for-word repeats of an entry."""
        ...

    def pointers(self, feed: Feed, visit: Fresh, since: datetime | None) -> tuple[str, ...]:
        """Addresses that have to be visited too before `read` can tell all, and are handed to it as `visit.parts`.

        `since` is the last visit that succeeded. Few, and one level only; most kinds have none.
        """
        ...
