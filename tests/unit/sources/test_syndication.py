"""A body is read as what it is, whatever kind the configuration names."""

import pytest

from monitor.model import FeedPage, Unreadable
from monitor.sources import KINDS
from tests.builders import a_feed, a_fresh

RSS = b"<rss><channel><item><guid>1</guid></item></channel></rss>"
JSON = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"}]}'


@pytest.mark.parametrize("kind", ["feed", "jsonfeed"])
@pytest.mark.parametrize("body", [RSS, JSON])
def test_either_kind_reads_either_form(kind: str, body: bytes) -> None:
    page = KINDS[kind].read(a_feed(kind=kind), a_fresh(body=body))
    assert isinstance(page, FeedPage)
    assert [entry.id for entry in page.entries] == ["1"]


def test_what_is_neither_is_named() -> None:
    assert KINDS["feed"].read(a_feed(), a_fresh(body=b"hello")) == Unreadable("not a feed", "hello")
