"""What every kind of source owes, run over all of `KINDS`."""

import pytest

from monitor.model import FeedPage, Unreadable
from monitor.sources import KINDS
from tests.builders import NOW, a_feed, a_fresh

BODIES = [
    b"",
    b"\x00\xff\xfe",
    b"<",
    b"{",
    b"[]",
    b"<rss/>",
    b"<rss><channel></channel></rss>",
    b"<html></html>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id></entry></feed>",
    b"<rss><channel><item><pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate></item></channel></rss>",
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1}, {"id": 1}]}',
    "Їжа".encode("utf-16"),
    b"\x1f\x8b",
]


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("body", BODIES)
def test_a_source_answers_and_never_raises(kind: str, body: bytes) -> None:
    feed = a_feed(kind=kind)
    visit = a_fresh(body=body)
    answer = KINDS[kind].read(feed, visit)
    assert answer == KINDS[kind].read(feed, visit)
    if isinstance(answer, Unreadable):
        assert answer.reason
        return
    assert isinstance(answer, FeedPage)
    assert len(set(answer.entries)) == len(answer.entries)
    for entry in answer.entries:
        assert entry.feed == feed.name
        assert entry.link == "" or entry.link.startswith(("http://", "https://"))
        assert "\n" not in entry.title
        for moment in (entry.published, entry.updated):
            assert moment is None or (
                moment.tzinfo is not None and moment.year >= 2000 and moment <= NOW.replace(day=24)
            )
