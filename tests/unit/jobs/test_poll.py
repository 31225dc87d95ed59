"""A round of polling, on a fake web."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import Mock

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import OperationalError

from monitor.errors import StoreError
from monitor.jobs import poll as polling
from monitor.jobs.poll import poll
from monitor.jobs.toolbox import Extraction
from monitor.model import Article, Failure, Feed, Verdict, Window
from monitor.store import Fate
from monitor.store.articles import Articles
from monitor.store.engine import DRIVER
from tests.fakes import HereExtractor
from tests.unit.jobs.conftest import BORING, FEEDS, MATCHING, Bench

Publish = Callable[..., None]


def test_a_round_reads_archives_and_judges(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Library hours", BORING))
    publish("herald", ("c", "Tram timetable", BORING))
    done = poll(bench.tools)
    assert (done.due, done.read, done.new, done.matched, done.failed) == (2, 2, 3, 1, {})
    with bench.store.read() as shelves:
        known = shelves.articles.known("courier", ["id:a", "id:b"])
    assert known["id:a"].fate is Fate.MATCHED
    assert known["id:b"].fate is Fate.NOT_MATCHED


def test_nothing_is_visited_before_it_is_due(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    publish("herald", ("c", "Tram timetable", BORING))
    poll(bench.tools)
    assert poll(bench.tools).due == 0
    bench.clock.forward(hours=2)
    assert poll(bench.tools).due == 2


def test_known_entries_are_not_ingested_again(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    publish("courier", ("b", "Library hours", BORING), ("a", "NASAMS for the capital", MATCHING))
    done = poll(bench.tools, force=True)
    assert (done.new, done.edited) == (1, 0)


def test_an_edited_entry_is_revised_and_keeps_its_earlier_words(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "Two NASAMS batteries promised", MATCHING))
    poll(bench.tools)
    bench.clock.forward(hours=1)
    publish("courier", ("a", "Three NASAMS batteries promised", MATCHING))
    done = poll(bench.tools, force=True)
    assert (done.new, done.edited, done.matched) == (0, 1, 1)
    with bench.store.read() as shelves:
        (history,) = shelves.articles.history("https://news.example/a")
    stored = history.stored
    assert stored is not None
    assert stored.article.title == "Three NASAMS batteries promised"
    assert [revision.title for revision in stored.revisions] == ["Two NASAMS batteries promised"]


def test_one_page_in_two_feeds_is_one_article(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    publish("herald", ("a", "NASAMS for the capital", MATCHING))
    done = poll(bench.tools)
    assert (done.new, done.matched) == (1, 1)
    with bench.store.read() as shelves:
        fates = {name: shelves.articles.known(name, ["id:a"])["id:a"].fate for name in ("courier", "herald")}
    assert set(fates.values()) == {Fate.MATCHED, Fate.SAME}


def test_a_failing_feed_stops_nobody_and_backs_off(bench: Bench, publish: Publish) -> None:
    bench.web.pages["https://courier.example/feed"] = Failure.TLS
    publish("herald", ("c", "NASAMS for the capital", MATCHING))
    done = poll(bench.tools)
    assert done.read == 1
    assert "Courier" in done.failed
    with bench.store.read() as shelves:
        state = shelves.feeds.states()["courier"]
    assert state.failures == 1
    assert Failure.TLS in state.problem
    assert state.due_at > bench.clock()


def test_an_unreadable_feed_is_named_and_read_again_when_it_is_well(bench: Bench, publish: Publish) -> None:
    bench.web.pages["https://courier.example/feed"] = "<html><body>We are moving house</body></html>"
    publish("herald", ("c", "Tram timetable", BORING))
    assert "Courier" in poll(bench.tools).failed
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    assert poll(bench.tools, force=True).matched == 1
    with bench.store.read() as shelves:
        assert shelves.feeds.states()["courier"].problem == ""


def test_when_nothing_answers_no_feed_is_blamed(bench: Bench, publish: Publish) -> None:
    feeds = [Feed(f"f{n}", f"https://f{n}.example/feed", pages="never") for n in range(4)]
    bench.change(feeds={feed.name: feed for feed in feeds})
    bench.web.pages = {feed.url: Failure.DNS for feed in feeds}
    done = poll(bench.tools)
    assert done.offline
    with bench.store.read() as shelves:
        assert {state.failures for state in shelves.feeds.states().values()} == {0}
        window = Window(bench.clock() - timedelta(hours=1), bench.clock())
        coverage = shelves.feeds.coverage(window, feeds)
    assert (coverage.read, coverage.failed, coverage.unvisited) == (0, (), ())
    assert coverage.offline == window


def test_an_equal_body_is_not_parsed_again_but_its_validators_are_kept(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    publish("herald", ("c", "Tram timetable", BORING))
    poll(bench.tools)
    bench.web.headers["https://courier.example/feed"] = {
        "etag": '"v2"',
        "last-modified": "Mon, 02 Mar 2026 11:00:00 GMT",
    }
    assert poll(bench.tools, force=True).unchanged == 2
    with bench.store.read() as shelves:
        state = shelves.feeds.states()["courier"]
    assert (state.etag, state.last_modified) == ('"v2"', "Mon, 02 Mar 2026 11:00:00 GMT")
    poll(bench.tools, force=True)
    assert [request.etag for request in bench.web.asked if request.feed == "courier"][-1] == '"v2"'


def test_a_long_feed_is_worked_off_over_several_rounds(bench: Bench, publish: Publish) -> None:
    bench.change(feeds={name: replace(feed, pages="always") for name, feed in bench.tools.feeds.items()})
    publish("courier", *((f"n{n}", f"Notice number {n}", BORING + str(n)) for n in range(90)))
    publish("herald", ("c", "Tram timetable", BORING))
    first = poll(bench.tools)
    assert (first.new, first.left_over) == (41, 50)
    second, third = poll(bench.tools), poll(bench.tools)
    assert (second.new, second.left_over) == (40, 10)
    assert (third.new, third.left_over) == (10, 0)
    assert poll(bench.tools).due == 0


def test_what_waits_for_its_page_is_not_lost_when_the_feed_drops_it(bench: Bench, publish: Publish) -> None:
    bench.change(feeds={name: replace(feed, pages="always") for name, feed in bench.tools.feeds.items()})
    publish("courier", *((f"n{n}", f"Notice number {n}", BORING + str(n)) for n in range(90)))
    assert poll(bench.tools).left_over == 50
    bench.web.pages.clear()
    assert not poll(bench.tools).new
    publish("courier", ("last", "The last notice", BORING))
    assert [poll(bench.tools, force=True).new for _ in range(3)] == [40, 11, 0]
    with bench.store.read() as shelves:
        assert len(shelves.articles.remembered(None)) == 91


def test_pages_are_fetched_and_a_missing_page_leaves_the_feed_text(bench: Bench, publish: Publish) -> None:
    feed = FEEDS[0]
    bench.change(feeds={"courier": Feed(feed.name, feed.url, feed.title)})
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Missing page about NASAMS", MATCHING))
    paragraphs = "".join(f"<p>{MATCHING}{n} {BORING}</p>" for n in range(6))
    page = f"<html><head><title>x</title></head><body><article><h1>NASAMS</h1>{paragraphs}</article></body></html>"
    bench.web.pages["https://news.example/a"] = page
    done = poll(bench.tools)
    assert (done.pages, done.new, done.matched) == (2, 2, 2)
    with bench.store.read() as shelves:
        (read,) = shelves.articles.history("https://news.example/a")
        (missing,) = shelves.articles.history("https://news.example/b")
    assert read.stored is not None
    assert "every ten minutes" in read.stored.article.text
    assert missing.stored is not None
    assert "404" in missing.stored.article.problem


def test_an_article_of_several_pages_is_read_as_one(bench: Bench, publish: Publish) -> None:
    feed = FEEDS[0]
    bench.change(feeds={"courier": Feed(feed.name, feed.url, feed.title)})
    publish("courier", ("long-story", "NASAMS for the capital", MATCHING))
    said = [
        [f"On page {n} the ministry counted {n}{m} launchers and named every town." for m in range(5)] for n in "123"
    ]
    for number, lines in enumerate(said, 1):
        mark = "" if number == 1 else f"?page={number}"
        following = f'<p><a rel="next" href="/long-story?page={number + 1}">{number + 1}</a></p>' if number < 3 else ""
        text = "".join(f"<p>{line}</p>" for line in ["NASAMS were promised to every town of the coast.", *lines])
        page = f"<html><body><article><h1>NASAMS</h1>{text}{following}</article></body></html>"
        bench.web.pages[f"https://news.example/long-story{mark}"] = page
    poll(bench.tools)
    with bench.store.read() as shelves:
        (read,) = shelves.articles.history("https://news.example/long-story")
    assert read.stored is not None
    assert read.stored.article.text.split("\n") == [
        "NASAMS were promised to every town of the coast.",
        *(line for lines in said for line in lines),
    ]


def test_a_bug_met_by_one_feed_is_reported_and_the_others_go_on(
    bench: Bench, publish: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    class Tripping:
        def read(self, feed: Feed, visit: object) -> object:
            raise ZeroDivisionError("a bug of ours")

    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    publish("herald", ("c", "NASAMS for the harbour", MATCHING))
    bench.change(
        sources={**bench.tools.sources, "tripping": Tripping()},
        feeds={"courier": Feed("courier", FEEDS[0].url, "Courier", kind="tripping"), "herald": FEEDS[1]},
    )
    done = poll(bench.tools)
    assert done.read == 1
    assert "ZeroDivisionError" in done.failed["Courier"]
    with bench.store.read() as shelves:
        assert shelves.feeds.states()["courier"].failures == 1


def test_an_archive_that_fails_in_the_middle_of_a_round_is_no_bug_of_its_feeds(
    bench: Bench, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    with monkeypatch.context() as meanwhile:
        lost = OperationalError(None, None, DRIVER.OperationalError("disk I/O error"))
        meanwhile.setattr(Articles, "has_items", Mock(side_effect=lost))
        with pytest.raises(StoreError):
            poll(bench.tools)
    assert poll(bench.tools).new == 1


def test_a_bug_met_in_judging_costs_only_its_own_feed(bench: Bench, publish: Publish) -> None:
    rules = bench.tools.topics

    class Tripping:
        topics = rules.topics

        def judge(self, title: str, text: str, **about: str) -> tuple[Verdict, ...]:
            if "harbour" in title:
                raise ZeroDivisionError("a bug of ours")
            return rules.judge(title, text, **about)

    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    publish("herald", ("c", "NASAMS for the harbour", MATCHING))
    bench.change(topics=Tripping())
    done = poll(bench.tools)
    assert (done.read, done.matched) == (1, 1)
    assert "ZeroDivisionError" in done.failed["Herald"]
    bench.change(topics=rules)
    assert poll(bench.tools, force=True).matched == 1


def test_many_readings_are_ingested_in_several_portions(
    bench: Bench, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "ITEMS_AT_ONCE", 3)
    points: list[str] = []
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "Bridge opened", "It rained."))
    publish("herald", ("c", "NASAMS for the harbour", MATCHING), ("d", "Bridge closed", "It snowed."))
    bench.change(passing=points.append)
    assert (poll(bench.tools).new, points.count("ingest: committed")) == (4, 2)
    monkeypatch.undo()
    publish("courier", ("e", "NASAMS for the river", MATCHING))
    publish("herald", ("f", "NASAMS for the coast", MATCHING))
    assert (poll(bench.tools, force=True).new, points.count("ingest: committed")) == (2, 3)


def test_an_aggregators_item_joins_the_outlets_own(bench: Bench, publish: Publish) -> None:
    headline = "Three NASAMS batteries promised to the capital"
    publish("courier", ("a", headline, MATCHING))
    bench.web.pages["https://herald.example/feed"] = (
        "<rss version='2.0'><channel><title>Search</title><item><guid>x</guid><link>https://search.example/rd/1</link>"
        f"<title>{headline} - Courier</title><source url='https://courier.example'>Courier</source>"
        "<description>Three NASAMS batteries promised to the capital&amp;nbsp;Courier</description></item>"
        "</channel></rss>"
    )
    assert poll(bench.tools).matched == 2
    with bench.store.read() as shelves:
        stories = shelves.stories.recent(bench.clock() - timedelta(hours=1), bench.clock())
    assert [{report.outlet for report in story.reports} for story in stories] == [{"Courier"}]


def _with_pages(bench: Bench, *outlets: str) -> None:
    """Feeds that give headlines only; what matches stands on their pages."""
    bench.change(feeds={name: Feed(name, f"https://{name}.example/feed", name.title()) for name in outlets})
    for name in outlets:
        address = f"https://{name}.example/a"
        item = f"<item><guid>{name}-1</guid><link>{address}</link><title>The ministry reports</title></item>"
        bench.web.pages[f"https://{name}.example/feed"] = f"<rss version='2.0'><channel>{item}</channel></rss>"
        paragraphs = f"<p>{MATCHING}</p>" * 4
        bench.web.pages[address] = f"<html><body><article><h1>x</h1>{paragraphs}</article></body></html>"


def test_a_network_that_goes_in_the_middle_of_a_round_costs_no_article(bench: Bench) -> None:
    _with_pages(bench, "courier", "herald")
    online = dict(bench.web.pages)

    def passing(point: str) -> None:
        if point == "poll: planned":
            bench.web.pages = dict.fromkeys(online, Failure.DNS)

    bench.change(passing=passing)
    done = poll(bench.tools)
    assert (done.offline, done.new) == (True, 0)
    bench.change(passing=lambda _point: None)
    bench.web.pages = online
    assert poll(bench.tools).matched == 2


def test_a_page_that_cannot_be_reached_while_others_can_is_done_without(bench: Bench) -> None:
    _with_pages(bench, "courier", "herald")
    bench.web.pages["https://herald.example/a"] = Failure.TIMEOUT
    done = poll(bench.tools)
    assert (done.offline, done.new, done.matched) == (False, 2, 1)


def test_two_known_entries_that_come_to_share_a_page_do_not_block_their_feed(bench: Bench) -> None:
    def entries(link: str) -> str:
        return "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><link>https://courier.example/{link or guid}</link>"
            f"<title>Library {guid} {link}</title></item>"
            for guid in ("1", "2")
        )

    bench.change(feeds={"courier": Feed("courier", "https://courier.example/feed", "Courier")})
    for link in ("", "live"):
        bench.web.pages["https://courier.example/feed"] = f"<rss version='2.0'><channel>{entries(link)}</channel></rss>"
        done = poll(bench.tools, force=True)
        assert done.read == 1
    assert done.edited == 2


def test_a_bug_met_in_extraction_stops_no_other_feed(bench: Bench, publish: Publish) -> None:
    class Tripping(HereExtractor):
        def start(self, work: Extraction) -> Callable[[], Article]:
            if work.entry.feed == "courier":
                raise ZeroDivisionError("a bug of ours")
            answer: Callable[[], Article] = super().start(work)
            return answer

    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    publish("herald", ("c", "NASAMS for the harbour", MATCHING))
    bench.change(extractor=Tripping())
    done = poll(bench.tools)
    assert (done.read, done.matched) == (1, 1)
    assert "ZeroDivisionError" in done.failed["Courier"]


@pytest.mark.parametrize(
    ("now", "problem"),
    [
        (Failure.TIMEOUT, str(Failure.TIMEOUT)),
        ("<iframe src='/_Incapsula_Resource?x=1'>Incapsula incident ID: 1</iframe>", "Imperva challenge"),
        ("<noscript>You need to enable JavaScript to run this app.</noscript>", "page that needs JavaScript"),
    ],
)
def test_an_edit_whose_page_cannot_be_read_keeps_the_text_that_is_known(
    bench: Bench, now: Failure | str, problem: str
) -> None:
    _with_pages(bench, "courier", "herald")
    poll(bench.tools)
    feed = str(bench.web.pages["https://courier.example/feed"])
    bench.web.pages["https://courier.example/feed"] = feed.replace("The ministry", "On Monday the ministry")
    bench.web.pages["https://courier.example/a"] = (
        now if isinstance(now, Failure) else f"<html><body>{now}</body></html>"
    )
    done = poll(bench.tools, force=True)
    assert (done.edited, done.matched) == (1, 1)
    with bench.store.read() as shelves:
        (answer,) = shelves.articles.history("https://courier.example/a")
    assert answer.stored is not None
    assert answer.stored.article.title == "On Monday the ministry reports"
    assert "NASAMS" in answer.stored.article.text
    assert problem in answer.stored.article.problem


def test_entries_that_all_point_to_the_front_page_are_told_apart(bench: Bench) -> None:
    _with_pages(bench, "courier")
    items = "".join(
        f"<item><guid>{guid}</guid><link>https://courier.example/</link><title>{title}</title>"
        f"<description>{text}</description></item>"
        for guid, title, text in (
            ("1", "Library hours", BORING),
            ("2", "NASAMS for the capital", MATCHING),
            ("3", "Air defence of the harbour", "A crew was trained to guard the harbour with its air defence."),
        )
    )
    bench.web.pages["https://courier.example/feed"] = f"<rss version='2.0'><channel>{items}</channel></rss>"
    done = poll(bench.tools)
    assert (done.new, done.matched, done.pages) == (3, 2, 0)
    with bench.store.read() as shelves:
        stories = shelves.stories.recent(bench.clock() - timedelta(hours=1), bench.clock())
    assert len(stories) == 2


def test_a_paused_feed_is_left_alone_and_visited_again_when_it_is_resumed(bench: Bench, publish: Publish) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    publish("herald", ("c", "Tram timetable", BORING))
    with bench.store.begin() as shelves:
        shelves.pauses.pause("courier", bench.clock())
    assert (poll(bench.tools).due, poll(bench.tools, force=True).due) == (1, 1)
    with bench.store.begin() as shelves:
        shelves.pauses.resume("courier")
    assert poll(bench.tools).matched == 1
