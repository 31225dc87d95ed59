"""Pages looked at again over a week: edits become versions, trifles do not, deleted pages are noted."""

from collections.abc import Callable
from concurrent.futures import CancelledError
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from monitor.evidence import text_hash
from monitor.evidence.warc import records
from monitor.jobs.poll import poll
from monitor.jobs.refetch import AT_ONCE, next_due, refetch
from monitor.jobs.toolbox import Extraction
from monitor.jobs.verifying import verify
from monitor.model import Failure, Proof
from monitor.store import Refetch, Version
from tests.fakes import NOON, HereExtractor
from tests.unit.jobs.conftest import FEEDS, MATCHING, Bench
from tests.unit.store.searched import holding

URL = "https://news.example/a"
BODY = (
    "Three NASAMS batteries were promised to the air defence of the capital on Monday, the ministry said.",
    "Crews have been training for two months at a range in the east, and a second group will follow in spring.",
    "The minister called it the largest delivery of the year and thanked the partners who had paid for it.",
)


def page(*paragraphs: str, title: str = "NASAMS for the capital") -> str:
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"


@pytest.fixture
def followed(bench: Bench, publish: Callable[..., None]) -> Bench:
    """One article that matches, read from its page at noon."""
    bench.change(feeds={feed.name: replace(feed, pages="always") for feed in FEEDS})
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    bench.web.pages[URL] = page(*BODY)
    poll(bench.tools)
    refetch(bench.tools)
    bench.web.asked.clear()
    return bench


def _versions(bench: Bench) -> tuple[Version, ...]:
    with bench.store.read() as shelves:
        (found,) = shelves.articles.history(URL)
        return shelves.versions.of(found.item.article)


def _standing(bench: Bench) -> Refetch:
    article = _versions(bench)[0].article
    with bench.store.read() as shelves:
        found = shelves.versions.standing(article)
    assert found is not None
    return found


def test_it_is_looked_at_by_the_schedule_and_then_no_more(followed: Bench) -> None:
    looked = []
    for hour in range(24 * 9):
        if refetch(followed.tools).looked:
            looked.append(hour)
        followed.clock.forward(hours=1)
    assert looked == [1, 6, 24, 24 * 7]
    assert [request.url for request in followed.web.asked] == [URL] * 4
    assert {(request.purpose, request.feed, request.robots) for request in followed.web.asked} == {
        ("page", "courier", True)
    }
    assert _standing(followed).due_at is None
    assert len(_versions(followed)) == 1


def test_after_a_long_downtime_it_is_looked_at_once(followed: Bench) -> None:
    followed.clock.forward(days=2)
    assert [refetch(followed.tools).looked for _ in range(3)] == [1, 0, 0]
    assert _standing(followed).due_at == NOON + timedelta(days=7)


def test_a_bug_on_one_page_is_noted_and_keeps_no_other_from_being_looked_at(
    followed: Bench, publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    publish("courier", ("a", "NASAMS for the capital", MATCHING), ("b", "NASAMS for the harbour", MATCHING))
    followed.web.pages[URL[:-1] + "b"] = page(*BODY, title="NASAMS for the harbour")
    poll(followed.tools, force=True)
    refetch(followed.tools)
    followed.clock.forward(hours=8)

    def broken(extractor: HereExtractor, work: Extraction) -> Any:
        raise (KeyError("a bug") if work.entry.link == URL else CancelledError)

    monkeypatch.setattr(HereExtractor, "start", broken)
    done = refetch(followed.tools)
    assert (done.looked, done.failed) == (2, 1)
    assert "please report this as a bug" in capsys.readouterr().out
    assert _standing(followed).problem == "a bug of the program: KeyError"
    assert _standing(followed).due_at == NOON + timedelta(hours=24)
    assert refetch(followed.tools).looked == 1  # the one that was cut short by the end of the program stays due


def test_the_same_page_is_not_read_again(followed: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Extraction] = []
    start = HereExtractor.start

    def noting(extractor: HereExtractor, work: Extraction) -> Any:
        read.append(work)
        return start(extractor, work)

    monkeypatch.setattr(HereExtractor, "start", noting)
    edited = page(BODY[0].replace("Three", "5"), *BODY[1:])
    for hours, body, times in ((1, page(*BODY), 1), (5, page(*BODY), 1), (18, edited, 2), (24 * 6, edited, 2)):
        followed.clock.forward(hours=hours)
        followed.web.pages[URL] = body
        assert refetch(followed.tools).looked == 1
        assert len(read) == times
    assert len(_versions(followed)) == 2


def test_a_page_that_is_as_before_while_its_article_is_not_is_read(followed: Bench) -> None:
    for hours in (1, 5):
        followed.clock.forward(hours=hours)
        refetch(followed.tools)
        article = _standing(followed).article
        with followed.store.begin() as shelves:
            stored = shelves.articles.get(article)
            assert stored is not None
            edited = replace(stored.article, text=f"{stored.article.text} Nobody was hurt in the south of the country.")
            shelves.articles.revise(edited, "another", stored.verdicts, followed.clock())
    followed.clock.forward(hours=18)
    assert refetch(followed.tools).changed == 1
    assert "Nobody was hurt" not in _versions(followed)[-1].text


def test_an_edit_becomes_a_version_and_is_judged_anew(followed: Bench) -> None:
    followed.clock.forward(hours=1)
    followed.web.pages[URL] = page(BODY[0].replace("Three", "5"), *BODY[1:], "A drone hit the depot. Two were hurt.")
    done = refetch(followed.tools)
    assert (done.looked, done.changed) == (1, 1)
    old, new = _versions(followed)
    assert old.text.startswith("Three NASAMS")
    assert new.text.startswith("5 NASAMS")
    assert new.seen_at == NOON + timedelta(hours=1)
    assert new.reason.startswith("figures none → 5; ")
    with followed.store.read() as shelves:
        stored = shelves.articles.get(new.article)
        assert stored is not None
        assert {one.topic for one in stored.verdicts if one.matched} == {"air-defence", "drones"}
        assert stored.article.found_at == NOON
        assert [hit.article.id for hit in holding(shelves, "depot")] == [new.article]
        (history,) = shelves.articles.history(URL)
        assert "drones" in history.item.reason
        first, second = shelves.exhibits.of(new.article)
    assert (first.proof, second.proof, second.text_hash) == (Proof.PAGE, Proof.PAGE, text_hash(new.title, new.text))
    kept = followed.tools.evidence.read(second.file, second.start, second.end)
    assert b"A drone hit the depot" in next(one.body for one in records(kept) if one.kind == "response")
    assert not verify(followed.store, followed.tools.evidence).wrong


def test_a_trifle_leaves_no_trace(followed: Bench) -> None:
    followed.clock.forward(hours=1)
    followed.web.pages[URL] = page("Updated 5 minutes ago", *BODY, "128 comments")
    assert refetch(followed.tools).changed == 0
    assert len(_versions(followed)) == 1


def test_a_page_that_is_gone_twice_is_deleted_and_asked_no_more(followed: Bench) -> None:
    del followed.web.pages[URL]  # a 404
    followed.clock.forward(hours=1)
    assert refetch(followed.tools).gone == 0
    assert _standing(followed).gone_at is None
    followed.clock.forward(hours=1)
    assert refetch(followed.tools).gone == 1
    assert _standing(followed).gone_at == NOON + timedelta(hours=2)
    article = _versions(followed)[0].article
    with followed.store.read() as shelves:
        _, gone = shelves.exhibits.of(article)
    assert (gone.proof, gone.status, gone.url) == (Proof.GONE, 404, URL)
    kept = {one.kind: one for one in records(followed.tools.evidence.read(gone.file, gone.start, gone.end))}
    assert kept["response"].body.startswith(b"HTTP/1.1 404")
    assert b"HTTP 404 Not Found\nNo page at this address on two looks" in kept["metadata"].body
    assert not verify(followed.store, followed.tools.evidence).wrong
    followed.clock.forward(days=30)
    assert refetch(followed.tools).looked == 0
    assert _versions(followed)[-1].text


def test_a_page_that_comes_back_was_not_deleted(followed: Bench) -> None:
    body = followed.web.pages.pop(URL)
    followed.clock.forward(hours=1)
    refetch(followed.tools)
    followed.web.pages[URL] = body
    followed.clock.forward(hours=1)
    assert refetch(followed.tools).gone == 0
    standing = _standing(followed)
    assert (standing.missing, standing.gone_at, standing.due_at) == (0, None, NOON + timedelta(hours=6))


@pytest.mark.parametrize("failure", [Failure.ROBOTS, Failure.TIMEOUT, Failure.DNS])
def test_a_page_that_cannot_be_read_waits_for_its_next_time(followed: Bench, failure: Failure) -> None:
    followed.web.pages[URL] = failure
    followed.clock.forward(hours=1)
    done = refetch(followed.tools)
    assert (done.failed, done.gone) == (1, 0)
    standing = _standing(followed)
    assert (standing.problem, standing.due_at) == (str(failure), NOON + timedelta(hours=6))


def test_a_file_in_the_pages_place_is_asked_for_no_more(followed: Bench) -> None:
    followed.web.pages[URL] = Failure.NO_PAGE
    followed.clock.forward(hours=1)
    assert refetch(followed.tools).failed == 0
    assert (_standing(followed).problem, _standing(followed).due_at) == (str(Failure.NO_PAGE), None)


def test_a_link_to_a_file_is_never_asked_for(bench: Bench, publish: Callable[..., None]) -> None:
    bench.change(feeds={feed.name: replace(feed, pages="always") for feed in FEEDS})
    publish("courier", ("film.mp4", "NASAMS for the capital", MATCHING))
    poll(bench.tools)
    for hours in (0, 1, 6):
        bench.clock.forward(hours=hours)
        assert refetch(bench.tools).looked == 0
    assert not [request for request in bench.web.asked if request.url.endswith(".mp4")]


def test_another_page_in_its_place_is_no_version(followed: Bench) -> None:
    followed.clock.forward(hours=1)
    followed.web.pages[URL] = page(
        "Welcome to our new site, where all older stories can be found by searching for them once more.",
        "Readers who had an account can go on using it, and need not register again before the summer.",
        title="Welcome",
    )
    assert refetch(followed.tools).changed == 0
    assert len(_versions(followed)) == 1
    assert _standing(followed).problem == "another page stands in its place"


def test_a_feed_without_pages_or_no_longer_followed_is_left_alone(followed: Bench) -> None:
    followed.change(feeds={})
    followed.clock.forward(hours=1)
    assert refetch(followed.tools).looked == 0
    assert followed.web.asked == []
    assert _standing(followed).due_at is None


def test_switched_off_nothing_is_asked(followed: Bench) -> None:
    followed.change(limits=replace(followed.tools.limits, refetch=()))
    followed.clock.forward(days=1)
    assert refetch(followed.tools).looked == 0
    assert followed.web.asked == []


def test_the_cost_of_a_round_has_a_bound(bench: Bench, publish: Callable[..., None]) -> None:
    bench.change(feeds={feed.name: replace(feed, pages="always") for feed in FEEDS})
    many = AT_ONCE + 10
    publish("courier", *((f"n{number}", f"NASAMS for town {number}", MATCHING) for number in range(many)))
    for number in range(many):
        text = [one.replace("capital", f"town of {number} bridges") for one in BODY]
        bench.web.pages[f"https://news.example/n{number}"] = page(*text, title=f"NASAMS for town {number}")
    while poll(bench.tools, force=True).new:
        pass
    refetch(bench.tools)
    refetch(bench.tools)
    bench.clock.forward(hours=2)
    assert [refetch(bench.tools).looked for _ in range(3)] == [AT_ONCE, 10, 0]


def test_the_next_time_is_the_first_that_is_still_to_come() -> None:
    spans = (timedelta(hours=1), timedelta(hours=6))
    assert next_due(NOON, NOON, spans) == NOON + spans[0]
    assert next_due(NOON, NOON + timedelta(hours=2), spans) == NOON + spans[1]
    assert next_due(NOON, NOON + timedelta(hours=6), spans) is None


def test_a_headline_that_changed_on_the_page_alone_is_a_version(followed: Bench) -> None:
    for hours, title in ((1, "NASAMS for the capital"), (5, "Six NASAMS batteries for the capital and the south")):
        followed.clock.forward(hours=hours)
        followed.web.pages[URL] = page(*BODY, title=title)
        refetch(followed.tools)
    old, new = _versions(followed)
    assert (old.title, new.title) == ("NASAMS for the capital", "Six NASAMS batteries for the capital and the south")
    assert new.reason == "headline"
    followed.clock.forward(hours=18)
    assert (refetch(followed.tools).looked, len(_versions(followed))) == (1, 2)  # the new headline stands


def test_a_page_that_always_had_another_headline_than_its_feed_is_not_edited(
    bench: Bench, publish: Callable[..., None]
) -> None:
    bench.change(feeds={feed.name: replace(feed, pages="always") for feed in FEEDS})
    publish("courier", ("a", "NASAMS for the capital", MATCHING))
    bench.web.pages[URL] = page(*BODY, title="Norway's ministry keeps its promise to Kyiv")
    poll(bench.tools)
    refetch(bench.tools)
    for hours in (1, 5):
        bench.clock.forward(hours=hours)
        assert (refetch(bench.tools).looked, len(_versions(bench))) == (1, 1)


def test_the_headline_of_an_article_from_an_older_archive_is_noted_first_and_compared_then(followed: Bench) -> None:
    article = _versions(followed)[0].article
    with followed.store.begin() as shelves:
        shelves.articles.note_headline(article, "")
    for hours, title in ((1, "Norway's ministry keeps its promise"), (5, "Norway's ministry takes its promise back")):
        followed.clock.forward(hours=hours)
        followed.web.pages[URL] = page(*BODY, title=title)
        refetch(followed.tools)
    assert [one.title for one in _versions(followed)] == [
        "NASAMS for the capital",
        "Norway's ministry takes its promise back",
    ]


def test_an_edit_in_the_feed_does_not_bring_back_a_headline_that_the_page_has_changed(
    followed: Bench, publish: Callable[..., None]
) -> None:
    followed.clock.forward(hours=1)
    followed.web.pages[URL] = page(*BODY, title="Six NASAMS batteries for the capital and the south")
    refetch(followed.tools)
    publish("courier", ("a", "NASAMS for the capital", f"{MATCHING} Two more are to follow."))
    poll(followed.tools)
    assert _versions(followed)[-1].title == "Six NASAMS batteries for the capital and the south"
    publish("courier", ("a", "Capital gets its NASAMS on Friday", MATCHING))
    followed.clock.forward(hours=1)
    poll(followed.tools)
    assert _versions(followed)[-1].title == "Capital gets its NASAMS on Friday"


def test_an_article_of_several_pages_is_compared_as_a_whole(bench: Bench, publish: Callable[..., None]) -> None:
    bench.change(feeds={feed.name: replace(feed, pages="always") for feed in FEEDS})
    publish("courier", ("long-story", "NASAMS for the capital", MATCHING))
    first = "https://news.example/long-story"
    bench.web.pages[first] = page(*BODY, '<a href="/long-story?page=2">2</a>')
    bench.web.pages[f"{first}?page=2"] = page(*(f"On the {day} day crews loaded {day} trucks." for day in ("2", "3")))
    poll(bench.tools)
    refetch(bench.tools)
    bench.clock.forward(hours=1)
    done = refetch(bench.tools)
    assert (done.looked, done.changed) == (1, 0)
    bench.web.pages[f"{first}?page=2"] = page(*(f"On the {day} day crews loaded 65 trucks." for day in ("2", "3")))
    bench.clock.forward(hours=6)
    assert refetch(bench.tools).changed == 1
