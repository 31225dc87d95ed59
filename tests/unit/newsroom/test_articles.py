"""The sample articles keep what the demo promises, and broken ones are refused with a clear word."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from monitor.newsroom.articles import (
    ARTICLES,
    ArticleError,
    Edition,
    SampleArticle,
    moment,
    parse_article,
    read_edition,
    read_outlets,
)

OPENED = datetime(2026, 3, 5, 6, 30, 12, tzinfo=UTC)
TOPICS = ("drone-coalition", "co-production", "air-defence")
GOOD = """\
Title: A headline
Published: day -1 09:30
Language: en
Topics: air-defence, co-production

One.

Two
lines.
"""


@pytest.fixture(scope="module")
def edition() -> Edition:
    return read_edition(ARTICLES, OPENED)


def words(article: SampleArticle) -> list[str]:
    return " ".join(article.paragraphs).split()


def retelling(edition: Edition, how: str) -> tuple[SampleArticle, SampleArticle]:
    """The original and its only retelling of the kind `how`."""
    by_name = {f"{article.outlet}/{article.slug}": article for article in edition.first}
    (copy,) = (article for article in edition.first if article.retells.endswith(f" {how}"))
    return by_name[copy.retells.split()[0]], copy


def test_enough_articles_languages_outlets_and_feed_formats(edition: Edition) -> None:
    assert len(edition.first) >= 44
    assert {article.language for article in edition.first} >= {"en", "uk", "de", "pl", "ro"}
    assert len(edition.outlets) >= 5
    assert {outlet.feed for outlet in edition.outlets} == {"rss", "rdf", "atom", "jsonfeed"}
    assert {outlet.charset for outlet in edition.outlets} == {"utf-8", "windows-1251"}
    assert {outlet.metadata for outlet in edition.outlets} == {"json-ld", "opengraph", "none"}
    assert {article.outlet for article in edition.first} == {outlet.name for outlet in edition.outlets}


def test_every_text_has_the_length_of_a_news_item(edition: Edition) -> None:
    lengths = {article.slug: len(words(article)) for article in edition.first}
    assert {slug: length for slug, length in lengths.items() if not 120 <= length <= 450} == {}


def test_topics_are_covered_and_the_rest_is_the_majority(edition: Edition) -> None:
    counts = Counter(topic for article in edition.first for topic in article.topics)
    assert set(counts) == set(TOPICS)
    assert all(counts[topic] >= 4 for topic in TOPICS)
    assert sum(len(article.topics) > 1 for article in edition.first) >= 3
    assert sum(not article.topics for article in edition.first) > len(edition.first) / 2


def test_stories_of_each_topic_do_not_all_come_from_copies(edition: Edition) -> None:
    originals = Counter(topic for article in edition.first if not article.retells for topic in article.topics)
    assert all(originals[topic] >= 4 for topic in TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_near_misses_of_each_topic(topic: str) -> None:
    notes = (re.search(r"^Note: (.*)$", path.read_text("utf-8"), re.M) for path in ARTICLES.glob("*/*.txt"))
    assert sum(bool(note and "near miss of" in note[1] and topic in note[1]) for note in notes) >= 4


def test_ordinary_noise_is_printed_too() -> None:
    assert sum("\nNote: noise\n" in path.read_text("utf-8") for path in ARTICLES.glob("*/*.txt")) >= 6


def test_articles_spread_over_three_days_and_none_is_from_the_future(edition: Edition) -> None:
    times = [article.updated or article.published for article in edition.first + edition.corrected]
    assert all(time is not None and OPENED - timedelta(hours=72) < time < OPENED for time in times)
    assert len({time.date() for time in times if time}) >= 3


def test_verbatim_copy(edition: Edition) -> None:
    original, copy = retelling(edition, "verbatim")
    assert (copy.title, copy.paragraphs) == (original.title, original.paragraphs)


def test_edited_copy_changes_some_words_and_the_headline(edition: Edition) -> None:
    original, copy = retelling(edition, "edited")
    before, after = words(original), words(copy)
    kept = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
    assert 0.05 <= 1 - kept / len(before) <= 0.12
    assert copy.title != original.title


def test_cut_copy_is_the_first_half(edition: Edition) -> None:
    original, copy = retelling(edition, "cut")
    assert copy.paragraphs == original.paragraphs[: len(copy.paragraphs)]
    assert 0.4 <= len(words(copy)) / len(words(original)) <= 0.6


def test_rewrite_is_in_another_language(edition: Edition) -> None:
    original, copy = retelling(edition, "rewrite")
    assert copy.language != original.language
    assert copy.topics == original.topics


def test_one_article_is_corrected_in_headline_and_figure(edition: Edition) -> None:
    ((before, after),) = (pair for pair in zip(edition.first, edition.corrected, strict=True) if pair[0] != pair[1])
    assert (before.outlet, before.slug, before.published) == (after.outlet, after.slug, after.published)
    assert before.title != after.title
    assert re.findall(r"\d+", before.summary) != re.findall(r"\d+", after.summary)
    assert before.updated is not None
    assert after.updated is not None
    assert after.updated > before.updated


def test_one_page_of_each_trouble(edition: Edition) -> None:
    troubles = Counter(article.page for article in edition.first if article.page != "whole")
    assert troubles == {"broken": 1, "wall": 1, "truncated": 1, "meta-charset": 1}


def test_an_article_is_read_as_written() -> None:
    article = parse_article(GOOD, "paper", "slug", OPENED, "slug.txt")
    assert article.title == "A headline"
    assert article.paragraphs == ("One.", "Two lines.")
    assert article.topics == {"air-defence", "co-production"}
    assert article.published == datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
    assert article.updated is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day 0 20:00", datetime(2026, 3, 5, 6, 30, tzinfo=UTC)),
        ("day 0 08:00", datetime(2026, 3, 4, 18, 30, tzinfo=UTC)),
        ("2026-01-02T03:04:05+02:00", datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)),
    ],
)
def test_moment(text: str, expected: datetime) -> None:
    assert moment(text, OPENED, "x.txt") == expected


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("Title: A headline", "Title:", "x.txt: header Title is missing or empty"),
        ("Language: en\n", "", "x.txt: header Language is missing or empty"),
        ("day -1 09:30", "yesterday", "x.txt: 'yesterday' is neither"),
        ("day -1 09:30", "2026-01-02T03:04", "x.txt: '2026-01-02T03:04' is neither"),
        ("Topics:", "Topic:", r"x.txt: unknown headers \['Topic'\]"),
        ("Topics:", "Page: torn\nTopics:", "x.txt: Page is 'torn'; possible are whole"),
        ("One.\n\nTwo\nlines.\n", "", "x.txt: no text below the headers"),
    ],
)
def test_a_broken_article_is_refused(old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    with pytest.raises(ArticleError, match=complaint):
        parse_article(GOOD.replace(old, new), "paper", "slug", OPENED, "x.txt")


OUTLET = """[[outlet]]
name = "paper"
title = "Paper"
tagline = ""
language = "en"
country = "GB"
feed = "rss"
feed_path = "/feed"
path = "/{slug}"
template = "wire.html"
"""


def test_an_edit_needs_a_first_version(tmp_path: Path) -> None:
    (tmp_path / "outlets.toml").write_text(OUTLET)
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper" / "slug.v2.txt").write_text(GOOD)
    with pytest.raises(ArticleError, match=r"without a first version.*slug"):
        read_edition(tmp_path, OPENED)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no .*outlet.* table"),
        (OUTLET.replace('"rss"', '"gopher"'), "unknown feed format 'gopher'"),
        (OUTLET + 'colour = "red"\n', "outlet paper: .*colour"),
    ],
)
def test_broken_outlets_are_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "outlets.toml"
    path.write_text(text)
    with pytest.raises(ArticleError, match=complaint):
        read_outlets(path)
