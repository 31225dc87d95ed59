"""The kinds "feed" and "jsonfeed": whichever of the two a body is, it is read as that, so that nobody need know."""

from datetime import datetime

from monitor.model import Feed, FeedPage, Fresh, Unreadable
from monitor.sources.document import open_body, understand
from monitor.sources.feed import read_feed
from monitor.sources.jsonfeed import read_jsonfeed
from monitor.sources.plainfeed import read_plain


class Syndication:
    """Reads RSS, Atom, RDF and JSON Feed, told apart by the body and not by its media type.

    `quick` reads the usual shapes of RSS and Atom the short way (`plainfeed`); the answers are the same without it.
    """

    def __init__(self, *, quick: bool = True) -> None:
        self._quick = quick

    def read(self, feed: Feed, visit: Fresh) -> FeedPage | Unreadable:
        """The document's entries, or what the body is instead of a feed."""
        opened = open_body(visit)
        if isinstance(opened, Unreadable):
            return opened
        page = read_plain(feed, visit, opened.text, opened.remark) if self._quick else None
        if page is not None:
            return page
        document = understand(opened)
        if isinstance(document, Unreadable):
            return document
        reader = read_jsonfeed if document.form == "json" else read_feed
        return reader(feed, visit, document.text, document.remark)

    def pointers(self, feed: Feed, visit: Fresh, since: datetime | None) -> tuple[str, ...]:
        """None: a feed says all itself."""
        return ()
