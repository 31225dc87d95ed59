"""What one reading of a feed brings."""

from datetime import timedelta

from msgspec.structs import replace

from monitor.jobs.ingest import extraction, finish
from monitor.jobs.planning import choose_pages, plan
from monitor.model import Entry, Feed, FeedPage, FeedState
from tests.fakes import NOON
from tests.unit.jobs.conftest import BORING, Bench

FEED = Feed("courier", "https://courier.example/feed")
STATE = FeedState("courier", NOON + timedelta(hours=1), etag='"v1"', body_hash="abc")


def _page(*entries: Entry) -> FeedPage:
    return FeedPage("Courier", "https://courier.example/", "en", entries)


def _entry(guid: str, link: str = "", title: str = "A headline") -> Entry:
    return Entry("courier", guid, link, title)


def test_why_a_page_was_left_alone_is_kept(bench: Bench) -> None:
    entry = replace(_entry("2", "https://news.example/b", title="Library opens later"), summary=BORING)
    with bench.store.read() as shelves:
        work = choose_pages(plan(shelves, FEED, _page(entry), STATE, NOON), bench.tools.topics)
    article = bench.tools.extractor.start(extraction(bench.tools, work, work.items[0], None))()
    finish(bench.tools, [(work, {work.items[0]: article})])
    with bench.store.read() as shelves:
        (told,) = shelves.articles.history("https://news.example/b")
    assert told.item.reason.endswith("its page was left alone")
    assert told.stored is not None
    assert told.stored.article.problem == "left alone: nothing in headline and summary speaks for any topic"


def test_an_article_says_that_its_link_is_no_page(bench: Bench) -> None:
    entries = (
        _entry("1", "https://news.example/film.mp4", title="NASAMS seen in a film"),
        replace(_entry("2", "https://news.example/play?2", title="NASAMS heard of"), file=True),
        _entry("3", "", title="NASAMS without a link"),
    )
    problems = {}
    for pages in ("always", "never"):
        with bench.store.read() as shelves:
            work = plan(shelves, replace(FEED, pages=pages), _page(*entries), STATE, NOON)
        problems[pages] = [extraction(bench.tools, work, item, None).problem for item in work.items]
    no_page = "its link is that of a file and no page"
    assert problems == {"always": [no_page, no_page, ""], "never": ["", "", ""]}
