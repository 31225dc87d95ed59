"""Pages out of WARC files, for the feeds of their sites; how far a file is read is kept."""

from datetime import timedelta
from pathlib import Path

from monitor.jobs.filling import Patient
from monitor.jobs.warcfill import WarcWay
from monitor.model import ClimbState, Via, Window
from tests.fakes import NOON
from tests.faults.pastworld import posts, warc
from tests.unit.jobs.conftest import FEEDS, Bench

SPAN = Window(NOON - timedelta(days=30), NOON)


def _way(bench: Bench, file: Path, span: Window = SPAN) -> WarcWay:
    with bench.store.read() as shelves:
        climbs = {climb.feed: climb for climb in shelves.backfills.climbs("job")}
    web = Patient(bench.web, lambda _seconds: None)
    return WarcWay(bench.tools, web, FEEDS, span, Via.BACKFILL, "job", [file], climbs)


def test_pages_go_to_the_feed_of_their_site_and_nothing_is_asked_for(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "c.warc.gz"
    made = posts("news", 12, NOON - timedelta(hours=1), timedelta(days=4))
    warc(file, made, "https://www.courier.example", others=60, damaged=0.1)
    shares: list[float] = []
    _way(bench, file).run(shares.append)
    with bench.store.read() as shelves:
        climbs = {climb.feed: climb for climb in shelves.backfills.climbs("job")}
        assert shelves.articles.has_items("courier")
    within = sum(post.at >= SPAN.start for post in made)
    assert (climbs["courier"].found, climbs["courier"].new) == (within, within)
    assert climbs["courier"].state is ClimbState.COVERED
    assert climbs[""].state is ClimbState.ENDED, "some of it could not be read"
    assert climbs[""].failures == len(climbs[""].failed) > 0
    assert "damaged record" in climbs[""].failed[0][1]
    assert bench.web.asked == []


def test_it_goes_on_where_it_was(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "c.warc.gz"
    made = posts("news", 150, NOON - timedelta(hours=1), timedelta(hours=4))
    warc(file, made, "https://courier.example", damaged=0)
    stops = iter([False, False, True])
    bench.change(stopping=lambda: next(stops, True))
    _way(bench, file).run(lambda _share: None)
    with bench.store.read() as shelves:
        climbs = {climb.feed: climb for climb in shelves.backfills.climbs("job")}
    bench.change(stopping=lambda: False)
    assert 0 < climbs["courier"].new < 150
    assert climbs[""].cursor[0][2] > 0
    way = _way(bench, file)
    way.run(lambda _share: None)
    assert (way.climbs["courier"].new, way.climbs["courier"].found) == (150, 150)
    _way(bench, file).run(lambda _share: None)  # what is done is not done again
