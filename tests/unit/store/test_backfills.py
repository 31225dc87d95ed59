"""Orders, climbs, gaps and comparisons come back; what a backfill brought is known as that."""

from datetime import timedelta

from msgspec.structs import replace

from monitor.model import Backfill, Climb, ClimbState, Comparison, Gap, Via
from monitor.store import Store
from tests.builders import NOW, an_article
from tests.unit.store.keeping import keep

JOB = Backfill("key", "courier since 2026-01-01", NOW - timedelta(days=9), NOW, NOW, tell=True)
CLIMB = Climb(
    "key", "courier", "pages", ClimbState.STOPPED, (("https://c.example/?paged=3", "feed", 3, "m"),), NOW,
    documents=2, found=20, new=18, matched=2, failed=(("https://c.example/x", "too slow"),), failures=1, words="w",
)  # fmt: skip


def test_orders_and_climbs_come_back_and_a_new_order_begins_anew(store: Store) -> None:
    with store.begin() as shelves:
        assert shelves.backfills.job("key") is None
        shelves.backfills.begin(JOB)
        shelves.backfills.note(CLIMB, replace(CLIMB, rung="sitemap", cursor=()))
        shelves.backfills.put(replace(JOB, asked=5, ended_at=NOW))
    with store.read() as shelves:
        assert shelves.backfills.job("key") == replace(JOB, asked=5, ended_at=NOW)
        assert shelves.backfills.climbs("key")[0] == CLIMB
    with store.begin() as shelves:
        shelves.backfills.begin(JOB)
        assert shelves.backfills.climbs("key") == []


def test_of_very_many_failures_the_first_are_kept(store: Store) -> None:
    many = tuple((f"https://c.example/{number}", "gone") for number in range(200))
    with store.begin() as shelves:
        shelves.backfills.note(replace(CLIMB, failed=many, failures=200))
        (kept,) = shelves.backfills.climbs("key")
    assert (len(kept.failed), kept.failures) == (50, 200)


def test_gaps_that_wait_and_those_of_a_window(store: Store) -> None:
    gap = Gap("courier", NOW, NOW - timedelta(hours=9), NOW - timedelta(hours=2))
    healed = replace(gap, feed="herald", recovered=3, closed=True, healed_at=NOW)
    with store.begin() as shelves:
        shelves.backfills.put_gap(gap)
        shelves.backfills.put_gap(healed)
        assert shelves.backfills.gaps(NOW - timedelta(hours=1), NOW) == [gap, healed]
        assert shelves.backfills.gaps(NOW, NOW + timedelta(hours=1)) == [gap]


def test_comparisons_come_back_one_a_feed(store: Store) -> None:
    with store.begin() as shelves:
        shelves.backfills.compare(Comparison("courier", NOW, "https://c.example/s.xml", 10, 9))
        shelves.backfills.compare(Comparison("courier", NOW, "https://c.example/s.xml", 12, 9))
        assert shelves.backfills.comparisons()["courier"].listed == 12


def test_what_was_tagged_is_known(store: Store) -> None:
    article = an_article()
    with store.begin() as shelves:
        keep(shelves, article, identity="entry-1")
        assert shelves.backfills.told_late([article.id]) == set()
        shelves.backfills.tag("northern-courier", ["entry-1"], [article.id], Via.TOLD)
        assert shelves.backfills.told_late([article.id, "other"]) == {article.id}
        assert shelves.backfills.published("northern-courier", NOW - timedelta(days=1), NOW) == [article.published]
