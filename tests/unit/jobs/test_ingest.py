"""What one reading of a feed brings."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from msgspec.structs import replace

from monitor.jobs.ingest import extraction, finish
from monitor.jobs.planning import choose_pages, plan
from monitor.jobs.poll import poll
from monitor.model import Entry, Feed, FeedPage, FeedState
from monitor.store import open_store
from tests.fakes import NOON
from tests.unit.jobs.conftest import BORING, MATCHING, Bench, rss

Publish = Callable[..., None]

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


FISH = "Trawlers returned to the pier with herring, and the smokehouse sold out before lunch on Tuesday again."
ROAD = "Engineers closed a lane of the northern road to mend its drains; buses take another way until Friday."


def _naming(headline: str, text: str, canonical: str) -> str:
    paragraphs = "".join(f"<p>{text} {headline} {number}.</p>" for number in range(5))
    head = f'<link rel="canonical" href="{canonical}"><title>{headline}</title>'
    return f"<html><head>{head}</head><body><article><h1>{headline}</h1>{paragraphs}</article></body></html>"


STORIES = {"fish": ("Herring is back at the pier", FISH), "road": ("A lane closed for drains", ROAD)}


@pytest.mark.parametrize("together", [True, False])
def test_articles_whose_pages_name_their_section_are_all_kept(bench: Bench, publish: Publish, together: bool) -> None:
    bench.change(feeds={"courier": Feed("courier", FEED.url, "Courier", pages="always")})
    for slug, (headline, text) in STORIES.items():
        bench.web.pages[f"https://news.example/{slug}"] = _naming(headline, text, "https://news.example/section/")
    items = [(slug, headline, text) for slug, (headline, text) in STORIES.items()]
    for shown in (items,) if together else (items[1:], items):
        publish("courier", *shown)
        poll(bench.tools, force=True)
    with bench.store.read() as shelves:
        kept = [shelves.articles.history(f"https://news.example/{slug}")[0].stored for slug in STORIES]
    assert [one.article.title for one in kept if one] == [headline for headline, _ in STORIES.values()]
    publish("courier", *items)
    assert poll(bench.tools, force=True).new == 0


def test_an_article_is_read_though_another_page_gave_its_address_as_its_own(bench: Bench, publish: Publish) -> None:
    bench.change(feeds={"courier": Feed("courier", FEED.url, "Courier", pages="always")})
    for slug, (headline, text) in STORIES.items():
        bench.web.pages[f"https://news.example/{slug}"] = _naming(headline, text, "https://news.example/road")
    items = [(slug, headline, text) for slug, (headline, text) in STORIES.items()]
    for shown in (items[:1], items, items):
        publish("courier", *shown)
        poll(bench.tools, force=True)
    with bench.store.read() as shelves:
        kept = {one.article.title: one.article.url for one in shelves.articles.remembered(None)}
    assert kept == dict.fromkeys([headline for headline, _ in STORIES.values()], "https://news.example/road")


def test_one_article_at_two_addresses_is_one_whatever_its_headline_in_the_feed(bench: Bench, publish: Publish) -> None:
    bench.change(feeds={"courier": Feed("courier", FEED.url, "Courier", pages="always")})
    for slug in ("fish", "promoted"):
        bench.web.pages[f"https://news.example/{slug}"] = _naming(*STORIES["fish"], "https://news.example/fish")
    publish("courier", ("fish", "Herring is back at the pier", FISH), ("promoted", "What sold out on Tuesday", FISH))
    assert poll(bench.tools).new == 1


@pytest.mark.parametrize("what", ["guid", "link"])
def test_names_without_end_are_stored_on_a_server_too(
    bench: Bench, publish: Callable[..., None], server_url: str, what: str
) -> None:
    longest = urlsafe_b64encode(Random(7).randbytes(6_000)).decode()  # nothing makes it shorter
    guid, link = (longest, "x") if what == "guid" else ("x", longest)
    body = rss(("GUID", "NASAMS for the capital", MATCHING)).replace(
        "https://news.example/GUID", f"https://n.ex/{link}"
    )
    bench.web.pages["https://courier.example/feed"] = body.replace("GUID", guid)
    publish("herald", ("c", "Tram timetable", BORING))
    store = open_store(server_url)
    bench.change(store=store)
    try:
        done, again = poll(bench.tools), poll(bench.tools, force=True)
    finally:
        store.close()
    assert (done.read, done.new, done.failed) == (2, 2, {})
    assert (again.unchanged, again.new) == (2, 0)
