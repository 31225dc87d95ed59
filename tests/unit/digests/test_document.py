"""The digest for machines: every fact in its place, nothing that depends on the reader."""

import json
from datetime import timedelta
from typing import Any

from monitor.digests.document import document
from monitor.digests.present import present
from monitor.model import Copy, Digest, Opens
from tests.builders import NOW, a_coverage, a_digest, a_report, a_story, a_verdict, an_article


def read(digest: Digest) -> Any:
    return json.loads(document(digest, present(digest)))


def test_the_frame() -> None:
    digest = read(a_digest())
    assert (digest["version"], digest["key"]) == (1, "daily@2026-11-23T08:00")
    assert digest["subscription"] == {"name": "daily", "title": "Daily digest"}
    assert digest["window"] == {"start": "2026-11-22T06:00:00Z", "end": "2026-11-23T06:00:00Z"}
    assert digest["summary"] == "1 story"
    assert [topic["name"] for topic in digest["topics"]] == ["drone-coalition", "co-production", "air-defence"]


def test_a_story_with_its_reports_and_what_made_it_match() -> None:
    first = a_report(placement=Opens("s"))
    copy = a_report(
        article=an_article(url="https://herald.example/2", found_at=NOW - timedelta(hours=1), published=None),
        outlet="Herald",
        placement=Copy("s", first.article.id, 0.9, "copy"),
    )
    (story,) = read(a_digest(stories=(a_story(id="s", reports=(first, copy)),)))["stories"]
    assert (story["id"], story["rank"], story["headline"]) == ("s", 1, first.article.title)
    assert story["topics"] == [{"name": "air-defence", "score": 0.82, "threshold": 0.5}]
    assert story["terms"][0] == {"words": "launchers", "places": ["headline"]}
    assert story["first_published"] == "2026-11-23T03:00:00Z"
    told = [(report["outlet"], report["own_words"], report["published"]) for report in story["reports"]]
    assert told == [("Northern Courier", True, "2026-11-23T03:00:00Z"), ("Herald", False, None)]


def test_stories_come_in_their_ranks() -> None:
    other = a_report(article=an_article(url="https://herald.example/3"), verdicts=(a_verdict(topic="co-production"),))
    stories = read(a_digest(stories=(a_story(), a_story(reports=(other,)))))["stories"]
    assert [story["rank"] for story in stories] == [1, 2]
    assert [story["topics"][0]["name"] for story in stories] == ["air-defence", "co-production"]


def test_what_could_not_be_read_is_named() -> None:
    blind = a_coverage(read=11, failed=(("Herald", "too slow", None),), unvisited=("Post",))
    coverage = read(a_digest(coverage=blind))["coverage"]
    assert (coverage["feeds"], coverage["read"]) == (12, 11)
    assert coverage["failed"] == [{"outlet": "Herald", "problem": "too slow"}]
    assert coverage["unvisited"] == ["Post"]


def test_equal_digests_give_equal_texts() -> None:
    assert document(a_digest(), present(a_digest())) == document(a_digest(), present(a_digest()))
