"""The kinds "feed" and "jsonfeed": whichever of the two a body is, it is read as that, so that nobody need know."""

from monitor.model import Feed, FeedPage, Fresh, Unreadable
from monitor.sources.document import open_document
from monitor.sources.feed import read_feed
from monitor.sources.jsonfeed import read_jsonfeed


class Syndication:
    """Reads RSS, Atom, RDF and JSON Feed, told apart by the body and not by its media type."""

    def read(self, feed: Feed, visit: Fresh) -> FeedPage | Unreadable:
        """The document's entries, or what the body is instead of a feed."""
        document = open_document(visit)
        if isinstance(document, Unreadable):
            return document
        reader = read_jsonfeed if document.form == "json" else read_feed
        return reader(feed, visit, document.text, document.remark)
