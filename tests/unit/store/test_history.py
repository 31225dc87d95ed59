"""Why something is, or is not, in a digest."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from monitor.model import Copy, Receipt
from monitor.store import Delivery, Fate, Outcome, Store, Told
from tests.builders import NOW, a_digest, a_message, an_article, an_entry
from tests.unit.store.keeping import MISSING, an_address, keep, keep_one

KEY = "daily@2026-11-23T08:00"


@pytest.mark.parametrize(
    "asked", ["https://courier.example/news/1", "http://www.courier.example/news/1/?utm_source=feed#top", "id"]
)
def test_an_item_is_found_by_any_form_of_its_address_and_by_id(store: Store, asked: str) -> None:
    article = keep_one(store, 1, NOW)
    keep_one(store, 2, NOW)
    with store.read() as shelves:
        (history,) = shelves.articles.history(article if asked == "id" else asked)
    assert (history.item.article, history.item.fate) == (article, Fate.MATCHED)
    assert history.stored is not None
    assert history.stored.story == article
    assert history.told == ()


@pytest.mark.parametrize("asked", ["https://courier.example/other", "ffffffffffffffff", "", "no address"])
def test_what_was_never_seen_has_no_history(store: Store, asked: str) -> None:
    keep_one(store, 1, NOW)
    with store.begin() as shelves:
        shelves.articles.remember(Outcome("courier", "id:9", an_entry(link=""), "c0", None, Fate.EMPTY, "", NOW))
        assert shelves.articles.history(asked) == []


def test_every_feed_that_showed_it_answers_also_under_the_pages_own_address(store: Store) -> None:
    with store.begin() as shelves:
        article = keep(shelves, an_article(url=an_address(1), found_at=NOW))
        moved = an_entry(feed="aggregator", link="https://aggregator.example/go?to=1")
        later = NOW + timedelta(hours=1)
        shelves.articles.remember(
            Outcome("aggregator", "id:1", moved, "c0", article, Fate.SAME, "its page names it", later)
        )
        found = shelves.articles.history(an_address(1))
        other_way = shelves.articles.history(moved.link)
    assert [(one.item.feed, one.item.fate) for one in found] == [
        ("northern-courier", Fate.MATCHED),
        ("aggregator", Fate.SAME),
    ]
    assert [one.item.feed for one in other_way] == ["aggregator"]
    assert other_way[0].stored == found[0].stored


def test_an_item_without_article_says_so(store: Store) -> None:
    entry = an_entry(link=an_address(7))
    with store.begin() as shelves:
        shelves.articles.remember(Outcome("courier", "id:7", entry, "c0", None, Fate.EMPTY, "the page was empty", NOW))
        (history,) = shelves.articles.history(an_address(7))
    assert (history.item.reason, history.item.article, history.stored, history.told) == (
        "the page was empty",
        "",
        None,
        (),
    )


def test_it_leads_to_the_digests_that_told_its_story(store: Store) -> None:
    opener = keep_one(store, 1, NOW)
    copy = Copy(opener, opener, 0.97, "97 % of its words")
    repeated = keep_one(store, 2, NOW, placement=copy)
    near_miss = keep_one(store, 3, NOW, verdicts=MISSING)
    receipt = Receipt(KEY, NOW + timedelta(minutes=1), "250 ok")
    with store.begin() as shelves:
        stories = tuple(shelves.stories.untold("daily", ["air-defence"], NOW - timedelta(days=1), NOW))
        shelves.outbox.put(a_message(), a_digest(stories=stories))
        waiting = shelves.articles.history(repeated)[0].told
        shelves.outbox.postpone(KEY, NOW, "no connection")
        late = shelves.articles.history(repeated)[0].told
        shelves.outbox.delivered(receipt)
        (history,) = shelves.articles.history(repeated)
        assert shelves.articles.history(near_miss)[0].told == ()
        shelves.outbox.refuse(KEY, "too late", NOW)  # changes nothing any more
        assert shelves.articles.history(repeated)[0].told == history.told
    assert history.stored is not None
    assert history.stored.placement == copy
    assert waiting == (Told("daily", KEY, NOW, Delivery.WAITING),)
    assert late == (replace(waiting[0], problem="no connection"),)
    assert history.told == (Told("daily", KEY, NOW, Delivery.DELIVERED, receipt),)
