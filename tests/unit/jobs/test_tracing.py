"""Why nothing is known of an address; the ways of what is known are tested where they are shown, in cli and web."""

from datetime import timedelta

import pytest

from monitor.jobs.tracing import traces, unseen
from monitor.model import Feed, FeedState
from monitor.store import open_store
from tests.builders import NOW


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://www.gazette.example/news/1", "Followed there: gazette (last read at noon), sport (not read yet)."),
        ("https://m.gazette.example/news/1", "Followed there: gazette (last read at noon), sport (not read yet)."),
        ("https://thegazette.example/1", "`monitor feeds add thegazette.example` looks for one."),
        ("gazette", "neither an address (https://…) nor the id"),
    ],
)
def test_what_was_never_seen_is_told_by_the_feeds_of_its_site(url: str, words: str) -> None:
    feeds = [
        Feed("gazette", "https://gazette.example/rss"),
        Feed("sport", "https://feeds.gazette.example/sport"),
        Feed("courier", "https://courier.example/rss"),
    ]
    with open_store("sqlite://").begin() as shelves:
        shelves.feeds.sync(feeds, NOW)
        shelves.feeds.save(FeedState("gazette", NOW, succeeded_at=NOW))
        assert traces(shelves, url, timedelta(7), str) == []
        assert words in unseen(feeds, shelves, url, lambda _moment: "at noon")
