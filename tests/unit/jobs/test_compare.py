"""The sitemap laid beside what the feed has shown."""

from datetime import timedelta

import pytest

from monitor.jobs.compare import compare
from monitor.jobs.poll import poll
from monitor.model import Comparison
from tests.fakes import NOON
from tests.unit.jobs.conftest import FEEDS, Bench
from tests.unit.jobs.test_heal import _feed

COURIER = FEEDS[0]


def _compare(bench: Bench, *, force: bool = False) -> list[Comparison]:
    return compare(bench.tools, lambda _seconds: None, force=force)


@pytest.fixture
def read(bench: Bench) -> Bench:
    """A feed that was read for three days and showed five articles; its sitemap lists eight of these days."""
    bench.change(feeds={COURIER.name: COURIER})
    for hour in (0, 2, 30, 50, 60):
        bench.web.pages[COURIER.url] = _feed(hour, *([hour - 2] if hour == 2 else []))
        bench.clock.now = NOON + timedelta(hours=hour, minutes=10)
        poll(bench.tools, force=True)
    bench.clock.now = NOON + timedelta(hours=80)
    return bench


def _sitemap(bench: Bench, dated: str) -> None:
    urls = "".join(
        f"<url><loc>https://courier.example/{hour}</loc>"
        f"{dated.format((NOON + timedelta(hours=hour)).isoformat())}</url>"
        for hour in (2, 30, 50, 60, 61, 62, 63, 64, 79, -900)
    )
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    bench.web.pages["https://courier.example/robots.txt"] = "Sitemap: https://courier.example/map.xml"
    bench.web.pages["https://courier.example/map.xml"] = f"<urlset {news}>{urls}</urlset>"


@pytest.mark.parametrize(
    "dated", ["<lastmod>{}</lastmod>", "<news:news><news:publication_date>{}</news:publication_date></news:news>"]
)
def test_the_share_that_was_never_shown(read: Bench, dated: str) -> None:
    _sitemap(read, dated)
    (one,) = _compare(read)
    assert (one.listed, one.shown, one.missed, one.problem) == (8, 4, 0.5, "")
    assert one.sitemap == "https://courier.example/map.xml"
    assert _compare(read) == [], "once a week"
    assert len(_compare(read, force=True)) == 1
    read.clock.forward(days=8)
    assert len(_compare(read)) == 1
    with read.store.read() as shelves:
        assert shelves.backfills.comparisons().keys() == {"courier"}


def test_a_site_without_a_sitemap_says_so_and_a_new_feed_is_left_alone(read: Bench, bench: Bench) -> None:
    (one,) = _compare(read)
    assert (one.listed, one.problem) == (0, "no sitemap with dates of these days was found")
    bench.change(feeds={FEEDS[1].name: FEEDS[1]})
    assert _compare(bench, force=True) == []
