"""What matches leaves evidence, what does not leaves none; and nothing is lost for want of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.evidence import Vault
from monitor.jobs.poll import poll
from monitor.jobs.rejudge import rejudge
from monitor.jobs.verifying import verify
from monitor.model import Exhibit, NoticeKind, Proof
from monitor.topics import load_topics
from tests.unit.jobs.conftest import BORING, MATCHING, Bench

PAGE = (
    "<html><head><title>A</title></head><body><article><h1>Air defence for the capital</h1>{}</article></body></html>"
)


def _exhibits(bench: Bench) -> list[Exhibit]:
    with bench.store.read() as shelves:
        return list(shelves.exhibits.all())


def _pages(bench: Bench) -> None:
    """Let the courier's pages be fetched."""
    feeds = {name: replace(feed, pages="always") for name, feed in bench.tools.feeds.items()}
    bench.change(feeds=feeds)
    paragraphs = "".join(f"<p>{MATCHING} Part {number} of the delivery follows.</p>" for number in range(6))
    bench.web.pages["https://news.example/1"] = PAGE.format(paragraphs)
    bench.web.pages["https://news.example/2"] = PAGE.format(f"<p>{BORING}</p>" * 6).replace(
        "Air defence", "Opening hours"
    )


def test_only_what_matches_leaves_its_pages_answer(bench: Bench, publish: Callable[..., None]) -> None:
    _pages(bench)
    publish("courier", ("1", "Air defence for the capital", MATCHING), ("2", "Library hours", BORING))
    poll(bench.tools)
    (kept,) = _exhibits(bench)
    assert (kept.proof, kept.url, kept.status, kept.number) == (Proof.PAGE, "https://news.example/1", 200, 1)
    assert not verify(bench.store, bench.tools.evidence).wrong


def test_what_is_known_from_the_feed_alone_leaves_the_feeds_answer_once(
    bench: Bench, publish: Callable[..., None]
) -> None:
    publish("courier", ("1", "Air defence", MATCHING), ("2", "Library", BORING), ("3", "Drones fly", "Many drones."))
    poll(bench.tools)
    one, other = _exhibits(bench)
    assert {one.proof, other.proof} == {Proof.FEED}
    assert one.response == other.response
    assert one.url == "https://courier.example/feed"


def test_a_second_round_goes_on_with_the_chain_and_an_edit_is_evidence_of_its_own(
    bench: Bench, publish: Callable[..., None]
) -> None:
    publish("courier", ("1", "Air defence", MATCHING))
    poll(bench.tools)
    bench.clock.forward(days=1)
    publish("courier", ("1", "Air defence", MATCHING + "Two more will follow in spring."))
    poll(bench.tools, force=True)
    first, second = _exhibits(bench)
    assert first.article == second.article
    assert (first.file, second.file) == ("2026-03-02.warc.gz", "2026-03-03.warc.gz")
    assert first.text_hash != second.text_hash
    done = verify(bench.store, bench.tools.evidence)
    assert (done.wrong, done.texts, done.head) == ([], 2, second.link)


def test_a_disk_that_is_full_costs_the_evidence_and_not_the_match(
    bench: Bench, publish: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "blocked").write_text("a file where the folder should be")
    bench.change(evidence=Vault(tmp_path / "blocked"))
    publish("courier", ("1", "Air defence", MATCHING))
    assert poll(bench.tools).matched == 1
    (kept,) = _exhibits(bench)
    assert kept.proof is Proof.MISSING
    assert "could not be written" in kept.problem
    done = verify(bench.store, bench.tools.evidence)
    assert (done.missing, done.wrong) == (1, [])
    publish("courier", ("2", "Air defence again", f"{MATCHING} Twice."))
    poll(bench.tools, force=True)
    with bench.store.read() as shelves:
        (told,) = shelves.notices.of("Evidence")
    assert (told.kind, told.words, told.closed_at) == (NoticeKind.NO_EVIDENCE, kept.problem, None)
    (tmp_path / "blocked").unlink()
    publish("courier", ("3", "Air defence a third time", f"{MATCHING} Thrice."))
    poll(bench.tools, force=True)
    with bench.store.read() as shelves:
        (told,) = shelves.notices.of("Evidence")
    assert told.closed_at is not None


def test_what_comes_to_match_later_leaves_its_text(bench: Bench, publish: Callable[..., None]) -> None:
    publish("courier", ("1", "Library hours", BORING))
    poll(bench.tools)
    assert not _exhibits(bench)
    libraries = '[topics.libraries]\ntitle = "Libraries"\nbias = -2\nclauses = [{ query = "library", weight = 6 }]'
    bench.change(topics=load_topics({"topics.toml": libraries}))
    rejudge(bench.tools, None)
    (kept,) = _exhibits(bench)
    assert (kept.proof, kept.response) == (Proof.TEXT, -1)
    assert not verify(bench.store, bench.tools.evidence).wrong


@pytest.fixture
def unlucky(bench: Bench) -> Bench:
    """Fails between the file and the commit, once."""
    failed: list[str] = []

    def passing(point: str) -> None:
        if point == "evidence: file written" and not failed:
            failed.append(point)
            raise KeyboardInterrupt

    bench.change(passing=passing)
    return bench


def test_what_was_written_and_not_committed_is_taken_off(unlucky: Bench, publish: Callable[..., None]) -> None:
    publish("courier", ("1", "Air defence", MATCHING))
    with pytest.raises(KeyboardInterrupt):
        poll(unlucky.tools)
    done = verify(unlucky.store, unlucky.tools.evidence)
    assert (done.exhibits, done.wrong, len(done.remarks)) == (0, [], 1)
    poll(unlucky.tools, force=True)
    done = verify(unlucky.store, unlucky.tools.evidence)
    assert (done.exhibits, done.wrong) == (1, [])
